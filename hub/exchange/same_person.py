"""An amendment stays with its child, unless it says that it is about somebody else.

A partner who corrects a birth date speaks of the same child, under the same person key; one who moves a
referral to another person's key does not, and then its child is decided as if the record were new. Where
there is no key to compare, the birth dates are.
"""

from __future__ import annotations

from datetime import date
from typing import Any

import polars as pl

from hub.hub import Consultation, Hub
from hub.landing.keyring import Hasher
from hub.store.audit import AuditEvent, Event
from hub.store.batches import BatchRow
from hub.store.vaulting import vault_place

HELD = {"held_person": pl.Binary, "held_born_on": pl.Date}


def held_children(hub: Hub, batch: BatchRow, held: pl.DataFrame, records: pl.DataFrame) -> pl.DataFrame:
    """`index` and `held_child`, for each of `records` whose earlier version was about the same person."""
    known = pl.concat([held.drop("key_id", "sealed"), _persons(hub, batch, held)], how="horizontal")
    same_person = pl.col("person") == pl.col("held_person")
    born_alike = pl.col("born_on") == pl.col("held_born_on")
    # What says nothing of the person speaks for nobody else.
    same = pl.col("is_same_version") | pl.coalesce(same_person, born_alike, pl.lit(value=True))
    return records.join(known, on="reference").filter(same).select("index", "held_child")


def _persons(hub: Hub, batch: BatchRow, held: pl.DataFrame) -> pl.DataFrame:
    """Whom each held record is about; opened only where the version differs."""
    others = held["sealed"].len() - held["sealed"].null_count()
    if not others:
        return pl.DataFrame({name: [None] * held.height for name in HELD}, schema=HELD)
    about = (batch.partner, batch.feed, batch.batch_id, others)
    opened = hub.consulting(AuditEvent(Event.CONSULTATION, "compared with what we hold", *about))
    hasher = hub.keyring.hasher("person")
    rows = (_person(opened, batch, row, hasher) for row in held.iter_rows(named=True))
    return pl.DataFrame(list(rows), schema=HELD, orient="row")


def _person(
    opened: Consultation, batch: BatchRow, row: dict[str, Any], hasher: Hasher
) -> tuple[bytes | None, date | None]:
    if row["sealed"] is None:
        return None, None
    place = vault_place(batch.partner, batch.feed, row["reference"])
    details = opened.row(row["sealed"], key_id=row["key_id"], place=place)
    person, born = details.get("person_reference"), details.get("born_on")
    return hasher.one(person) if person else None, date.fromisoformat(born) if born else None
