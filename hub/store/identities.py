"""Which child an identity key belongs to. Set-based: a batch's keys are looked up in one statement."""

from __future__ import annotations

import dataframely as dy
import polars as pl
import sqlalchemy as sa

from hub.store import bulk
from hub.store.record_tables import RECORDS
from hub.store.tables import identity_key, vault
from schemas.kinds import kind_name

Columns = dict[str, pl.DataType | type[pl.DataType]]
KNOWN_KEY: Columns = {"identifier": pl.Binary, "with_birth_date": pl.Binary, "known_child": pl.String}
KNOWN_RECORD: Columns = {
    "reference": pl.String,
    "held_child": pl.String,
    "is_same_version": pl.Boolean,
    "key_id": pl.String,
    "sealed": pl.Binary,
}

ANSWERED: Columns = {
    "referral_from": pl.String,
    "referral_reference": pl.String,
    "feed": pl.String,
    "answered_child": pl.String,
    "key_id": pl.String,
    "sealed": pl.Binary,
}


def known_keys(connection: sa.Connection, keys: pl.DataFrame) -> pl.DataFrame:
    """For each `identifier` that we know: what it was known with, and whose it is."""
    if keys.is_empty() or connection.execute(sa.select(identity_key.c.child_id).limit(1)).first() is None:
        return pl.DataFrame(schema=KNOWN_KEY)
    asked = bulk.temporary("asked_key", sa.Column("identifier", sa.LargeBinary, nullable=False))
    bulk.make(connection, asked)
    bulk.load(connection, asked, [keys.select("identifier").unique().sort("identifier")])
    query = sa.select(identity_key).join(asked, asked.c.identifier == identity_key.c.identifier)
    rows = connection.execute(query).all()
    bulk.drop(connection, asked)
    return pl.DataFrame(
        [tuple(row) for row in rows],
        schema=KNOWN_KEY,
        orient="row",
    )


def known_records(
    connection: sa.Connection, kind: type[dy.Schema], partner: str, feed: str, versions: pl.DataFrame
) -> pl.DataFrame:
    """For each `reference` of this feed that we hold: its child, and its sealed half where we hold another
    version than the `version_hash` asked about (for the same version nothing has to be opened).
    """
    held = RECORDS[kind_name(kind)]
    ours = (held.c.partner == partner) & (held.c.feed == feed)
    if (
        versions.is_empty()
        or connection.execute(sa.select(held.c.reference).where(ours).limit(1)).first() is None
    ):
        return pl.DataFrame(schema=KNOWN_RECORD)
    asked = bulk.temporary(
        "asked_version",
        sa.Column("reference", sa.Text, nullable=False),
        sa.Column("version_hash", sa.LargeBinary, nullable=False),
    )
    bulk.make(connection, asked)
    bulk.load(connection, asked, [versions.unique("reference", keep="last", maintain_order=True)])
    is_same = held.c.version_hash == asked.c.version_hash
    query = (
        sa.select(
            held.c.reference,
            held.c.child_id,
            is_same,
            vault.c.key_id,
            sa.case((is_same, None), else_=vault.c.sealed),
        )
        .join(asked, asked.c.reference == held.c.reference)
        .join(vault, _same_record(vault, held))
        .where(ours)
    )
    rows = connection.execute(query).all()
    bulk.drop(connection, asked)
    return pl.DataFrame([tuple(row) for row in rows], schema=KNOWN_RECORD, orient="row")


def held_references(connection: sa.Connection, kind: type[dy.Schema], partner: str, feed: str) -> set[str]:
    """Of every record of this feed that we hold."""
    held = RECORDS[kind_name(kind)]
    query = sa.select(held.c.reference).where(held.c.partner == partner, held.c.feed == feed)
    return set(connection.execute(query).scalars())


def answered_referrals(connection: sa.Connection, answers: pl.DataFrame) -> pl.DataFrame:
    """For each `referral_from` and `referral_reference` that we hold as a referral: its feed, its child, and
    its sealed half.
    """
    referral = RECORDS["referral"]
    if answers.is_empty():
        return pl.DataFrame(schema=ANSWERED)
    asked = bulk.temporary(
        "asked_referral",
        sa.Column("referral_from", sa.Text, nullable=False),
        sa.Column("referral_reference", sa.Text, nullable=False),
    )
    bulk.make(connection, asked)
    bulk.load(connection, asked, [answers.select("referral_from", "referral_reference").unique()])
    is_answered = (referral.c.partner == asked.c.referral_from) & (
        referral.c.reference == asked.c.referral_reference
    )
    query = (
        sa.select(
            asked.c.referral_from,
            asked.c.referral_reference,
            referral.c.feed,
            referral.c.child_id,
            vault.c.key_id,
            vault.c.sealed,
        )
        .join(referral, is_answered)
        .join(vault, _same_record(vault, referral))
    )
    rows = connection.execute(query).all()
    bulk.drop(connection, asked)
    return pl.DataFrame([tuple(row) for row in rows], schema=ANSWERED, orient="row")


def _same_record(one: sa.Table, other: sa.Table) -> sa.ColumnElement[bool]:
    return sa.and_(*(one.c[name] == other.c[name] for name in ("partner", "feed", "reference")))
