"""Whose referral a status update answers: its child is that referral's child, unless the birth dates differ.

Who answers a referral says by its reference which child is meant, and needs no identifier for it. Where the
birth dates differ one of the two references is wrong, and a person decides.
"""

from __future__ import annotations

from datetime import date
from typing import Any

import dataframely as dy
import polars as pl

from hub.exchange.released import WAIVED
from hub.hub import Consultation, Hub
from hub.landing.keyring import Hasher
from hub.store.audit import AuditEvent, Event
from hub.store.batches import BatchRow
from hub.store.vaulting import vault_place

RULE = "HUB-M03"
REFERRAL = ("referral_from", "referral_reference")
REFERRED = {"referred_person": pl.Binary, "referred_born_on": pl.Date}
DECIDED = ("index", "answered_child", "referral_agrees")


def answers_a_referral(kind: type[dy.Schema]) -> bool:
    return set(REFERRAL) <= kind.columns().keys()


def said(frame: pl.DataFrame, kind: type[dy.Schema]) -> list[pl.Expr]:
    """By what the referral is found that each record answers; null where it answers none."""
    own = REFERRAL if answers_a_referral(kind) else ()
    # A person has compared the two birth dates, and it is the referral's child all the same.
    waived = pl.col(WAIVED).str.split(" ").list.contains(RULE) if WAIVED in frame.columns else pl.lit(None)
    return [
        *(pl.col(name) if name in own else pl.lit(None, dtype=pl.String).alias(name) for name in REFERRAL),
        waived.cast(pl.Boolean).fill_null(value=False).alias("same_child"),
    ]


def unless_settled(answers: pl.DataFrame, held: pl.DataFrame) -> pl.DataFrame:
    """The same version as ours was compared when it came."""
    settled = held.filter("is_same_version").select("reference").with_columns(settled=pl.lit(value=True))
    return (
        answers.join(settled.unique(), on="reference", how="left", maintain_order="left")
        .with_columns(same_child=pl.col("same_child") | pl.col("settled").fill_null(value=False))
        .drop("settled")
    )


def children(hub: Hub, batch: BatchRow, records: pl.DataFrame, referrals: pl.DataFrame) -> pl.DataFrame:
    """`index`, `answered_child` and `referral_agrees`, for each of `records` that answers one of `referrals`.

    Two feeds of a sender may use one reference for two children; such an answer goes by its identifiers.
    """
    one_child = pl.col("answered_child").n_unique().over(REFERRAL) == 1
    known = referrals.filter(one_child).unique(REFERRAL, keep="first", maintain_order=True)
    # Opened only where there is something to compare.
    doubted = known.join(
        records.filter(~pl.col("same_child")), on=REFERRAL, how="semi", maintain_order="left"
    )
    on_file = pl.concat([doubted.select(REFERRAL), _referred(hub, batch, doubted)], how="horizontal")
    born_alike = (pl.col("born_on") == pl.col("referred_born_on")).fill_null(value=True)
    # Whoever referred and now corrects the birth date speaks of the same child, under their own key.
    own_key = (pl.col("person") == pl.col("referred_person")) & (pl.col("referral_from") == batch.partner)
    return (
        records.join(known, on=REFERRAL)
        .join(on_file, on=REFERRAL, how="left")
        .with_columns(referral_agrees=pl.col("same_child") | born_alike | own_key.fill_null(value=False))
        .select(DECIDED)
    )


def _referred(hub: Hub, batch: BatchRow, referrals: pl.DataFrame) -> pl.DataFrame:
    """Whom each of these referrals is about: the sender's key of the person, hashed, and the birth date."""
    if referrals.is_empty():
        return pl.DataFrame(schema=REFERRED)
    about = (batch.partner, batch.feed, batch.batch_id, referrals.height)
    opened = hub.consulting(AuditEvent(Event.CONSULTATION, "compared with the referral it answers", *about))
    hasher = hub.keyring.hasher("person")
    rows = (_person(opened, row, hasher) for row in referrals.iter_rows(named=True))
    return pl.DataFrame(list(rows), schema=REFERRED, orient="row")


def _person(opened: Consultation, row: dict[str, Any], hasher: Hasher) -> tuple[bytes | None, date | None]:
    place = vault_place(row["referral_from"], row["feed"], row["referral_reference"])
    details = opened.row(row["sealed"], key_id=row["key_id"], place=place)
    person, born = details.get("person_reference"), details.get("born_on")
    return hasher.one(person) if person else None, date.fromisoformat(born) if born else None


def claimed_keys(keys: pl.DataFrame, taken: pl.DataFrame, known: pl.DataFrame) -> pl.DataFrame:
    """`index`, `identifier`, `with_birth_date` and `known_child`: the keys that these answers bring to their
    referrals' children. What is somebody's already stays so, and what two would claim is nobody's.
    """
    of_answers = keys.join(taken, on="index").rename({"answered_child": "known_child"})
    alone = pl.col("known_child").n_unique().over("with_birth_date") == 1
    return of_answers.filter(alone).join(known, on=["identifier", "with_birth_date"], how="anti")
