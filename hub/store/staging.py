"""The temporary tables through which a batch passes into the record, in one transaction."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

import polars as pl
import sqlalchemy as sa

from hub.store import bulk
from hub.store.record_tables import RECORDS
from hub.store.tables import Instant
from schemas.fields import plain_fields
from schemas.kinds import KINDS


@dataclass(frozen=True)
class Staged:
    """A batch on its way in: its records and the identity keys they bring."""

    kind: str
    partner: str
    feed: str
    records: sa.Table
    keys: sa.Table

    @property
    def target(self) -> sa.Table:
        return RECORDS[self.kind]

    @property
    def plain(self) -> tuple[str, ...]:
        return tuple(name for name in plain_fields(KINDS[self.kind]) if name != "reference")


def records_table(kind: str) -> sa.Table:
    target = RECORDS[kind]
    fields = (
        sa.Column(name, target.c[name].type) for name in plain_fields(KINDS[kind]) if name != "reference"
    )
    return bulk.temporary(
        "staged_record",
        sa.Column("reference", sa.Text, nullable=False),
        sa.Column("message", sa.BigInteger, nullable=False),
        sa.Column("row", sa.BigInteger, nullable=False),
        sa.Column("part", sa.BigInteger, nullable=False),
        sa.Column("child_id", sa.Text, nullable=False),
        sa.Column("is_new_child", sa.Boolean, nullable=False),
        sa.Column("version_hash", sa.LargeBinary, nullable=False),
        sa.Column("content_hash", sa.LargeBinary, nullable=False),
        sa.Column("ordered_at", Instant, nullable=False),
        # Within the batch: "newest", "older", or "repeat" of a row already there.
        sa.Column("standing", sa.Text, nullable=False),
        sa.Column("safety", sa.Boolean, nullable=False),
        sa.Column("key_id", sa.Text, nullable=False),
        sa.Column("sealed", sa.LargeBinary, nullable=False),
        sa.Column("bucket", sa.Text, nullable=True),
        *fields,
    )


def keys_table() -> sa.Table:
    return bulk.temporary(
        "staged_key",
        sa.Column("reference", sa.Text, nullable=False),
        sa.Column("child_id", sa.Text, nullable=False),
        sa.Column("is_new_child", sa.Boolean, nullable=False),
        sa.Column("identifier", sa.LargeBinary, nullable=False),
        sa.Column("with_birth_date", sa.LargeBinary, nullable=False),
    )


def stage(
    connection: sa.Connection,
    kind: str,
    partner: str,
    feed: str,
    frames: Iterable[tuple[pl.DataFrame, pl.DataFrame]],
) -> Staged:
    """Load record frames and key frames, chunk by chunk, then index what the merge looks up."""
    staged = Staged(kind, partner, feed, records_table(kind), keys_table())
    bulk.make(connection, staged.records)
    bulk.make(connection, staged.keys)
    for records, keys in frames:
        bulk.load(connection, staged.records, [records.with_columns(bucket=pl.lit(None, dtype=pl.String))])
        bulk.load(connection, staged.keys, [keys])
    # Made once the rows are in. Without it the planner may scan all staged rows for each record we hold.
    connection.exec_driver_sql("CREATE INDEX staged_record_by_reference ON staged_record (reference)")
    if connection.dialect.name == "postgresql":
        connection.exec_driver_sql("ANALYZE staged_record")
        connection.exec_driver_sql("ANALYZE staged_key")
    return staged


def drop(connection: sa.Connection, staged: Staged) -> None:
    bulk.drop(connection, staged.records)
    bulk.drop(connection, staged.keys)
