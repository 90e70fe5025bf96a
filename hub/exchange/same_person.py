"""An amendment stays with its child, if it is still about the same person.

A partner who corrects a birth date speaks of the same child; one who moves a referral to another person's
key does not, and then its child is decided as if the record were new.
"""

from __future__ import annotations

import polars as pl

from hub.exchange.frames import opened_row
from hub.hub import Hub
from hub.landing.keyring import Hasher
from hub.store.batches import BatchRow
from hub.store.vaulting import vault_place


def held_children(hub: Hub, batch: BatchRow, held: pl.DataFrame, records: pl.DataFrame) -> pl.DataFrame:
    """`index` and `held_child`, for each of `records` whose earlier version was about the same person."""
    hasher = hub.keyring.hasher("person")
    known = held.with_columns(held_person=_persons(hub, batch, held, hasher)).drop("key_id", "sealed")
    same = (pl.col("person") == pl.col("held_person")) | pl.col("is_same_version")
    return (
        records.join(known, on="reference").filter(same.fill_null(value=False)).select("index", "held_child")
    )


def _persons(hub: Hub, batch: BatchRow, held: pl.DataFrame, hasher: Hasher) -> pl.Series:
    """The person key of each held record, hashed; opened only for those whose version differs."""
    persons: list[bytes | None] = []
    for row in held.iter_rows(named=True):
        if row["sealed"] is None:
            persons.append(None)
            continue
        place = vault_place(batch.partner, batch.feed, row["reference"])
        details = opened_row(row["sealed"], hub.keyring, key_id=row["key_id"], place=place)
        person = details.get("person_reference")
        persons.append(hasher.one(person) if person else None)
    return pl.Series(persons, dtype=pl.Binary)
