"""Rows that a hop holds, as they wait for a person: what they say sealed, why they wait in words."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import Any

import polars as pl

from hub.exchange.frames import sealed_rows
from hub.hub import Hub
from hub.store import held
from hub.store.batches import BatchRow
from quality.suites.matching import DATA_DESK
from schemas.clocks import HELD_MOVES, initial_state
from schemas.hops import PLACE, Consequence, Hop, RecordKey, Verdict

# Each rule that holds a row, with its words.
Reasons = list[tuple[str, str]]


def held_rows(
    hub: Hub,
    batch: BatchRow,
    hop: Hop,
    waiting: pl.DataFrame,
    says: Iterable[str],
    reasons: Sequence[Reasons],
) -> list[dict[str, Any]]:
    """`waiting` has the places, `reference` and `safety` beside the columns it `says`; they are sealed."""
    keys = [RecordKey(batch.batch_id, *place) for place in waiting.select(PLACE).iter_rows()]
    sealed = sealed_rows(waiting, says, hub.keyring, map(held.place, keys))
    common = {
        "batch_id": batch.batch_id,
        "partner": batch.partner,
        "feed": batch.feed,
        "night": hub.night,
        "hop": hop.value,
        # Which child it is about is ours to say, and nothing a partner can answer alone.
        "owner": DATA_DESK if hop is Hop.MATCHED else batch.partner,
        "state": initial_state(HELD_MOVES).value,
        "held_at": hub.clock(),
        "key_id": hub.keyring.current,
    }
    about = waiting.select(*PLACE, "reference", "safety").iter_rows(named=True)
    return [
        common | row | {"sealed": secret, **_said(why)}
        for row, secret, why in zip(about, sealed, reasons, strict=True)
    ]


def _said(why: Reasons) -> dict[str, str]:
    return {"rules": " ".join(rule for rule, _ in why), "words": " ".join(words for _, words in why)}


def reasons_of(waiting: pl.DataFrame, verdict: Verdict) -> list[Reasons]:
    """For each waiting row the rules that hold it."""
    holding = (*verdict.of(Consequence.HOLD_ROW), *verdict.of(Consequence.REJECT_BATCH))
    held_by = [
        (finding.rule, finding.words, set(finding.places.select(PLACE).iter_rows()))
        for finding in holding
        if finding.places is not None
    ]
    return [
        [(rule, words) for rule, words, places in held_by if place in places]
        for place in waiting.select(PLACE).iter_rows()
    ]
