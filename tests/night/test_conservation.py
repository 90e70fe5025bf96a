"""One record removed inside any hop makes the night red, and the ledger names it."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import Any

import polars as pl
import pytest

from hub.exchange import opening, outgoing, record, translate
from hub.landing.landing import Landing
from hub.ledger.balance import EQUATIONS, UnbalancedError, gaps
from hub.store import books
from schemas.hops import PLACE, Hop
from tests.world import World, referral

Fault = Callable[[pytest.MonkeyPatch], None]


def _lost_between_opening_and_translating(patch: pytest.MonkeyPatch) -> None:
    whole = opening._with_problems
    patch.setattr(opening, "_with_problems", lambda frame, verdict: whole(frame, verdict)[1:])


def _lost_in_the_translation(patch: pytest.MonkeyPatch) -> None:
    whole = translate._set_aside
    patch.setattr(translate, "_set_aside", lambda frame, verdict: whole(frame, verdict)[1:])


def _lost_while_matching(patch: pytest.MonkeyPatch) -> None:
    whole = Landing.read_frame

    def short(landing: Landing, batch: str, hop: str, number: int) -> pl.DataFrame:
        frame = whole(landing, batch, hop, number)
        is_carried = hop.startswith("translated~") and not hop.endswith("-tally")
        return frame[1:] if is_carried else frame

    patch.setattr(Landing, "read_frame", short)


def _lost_on_the_way_into_the_record(patch: pytest.MonkeyPatch) -> None:
    whole = record.matched_frames

    def short(*about: Any) -> Iterator[tuple[pl.DataFrame, pl.DataFrame]]:
        for frame, keys in whole(*about):
            yield frame[1:], keys

    patch.setattr(record, "matched_frames", short)


def _doubled_on_the_way_into_the_record(patch: pytest.MonkeyPatch) -> None:
    whole = record.matched_frames

    def twice(*about: Any) -> Iterator[tuple[pl.DataFrame, pl.DataFrame]]:
        for frame, keys in whole(*about):
            yield pl.concat([frame, frame[:1]]), keys

    patch.setattr(record, "matched_frames", twice)


@pytest.mark.parametrize(
    ("fault", "hop", "what"),
    [
        (_lost_between_opening_and_translating, Hop.TRANSLATED, "lost"),
        (_lost_in_the_translation, Hop.MATCHED, "lost"),
        (_lost_while_matching, Hop.MATCHED, "lost"),
        (_lost_on_the_way_into_the_record, Hop.RECORDED, "lost"),
        (_doubled_on_the_way_into_the_record, Hop.RECORDED, "doubled"),
    ],
)
def test_a_record_lost_inside_a_hop_is_named(
    sqlite_world: World, monkeypatch: pytest.MonkeyPatch, fault: Fault, hop: Hop, what: str
) -> None:
    world = sqlite_world
    world.police_send(referral(1), referral(2), referral(3))
    with monkeypatch.context() as patch:
        fault(patch)
        with pytest.raises(UnbalancedError, match=f"police, referrals, hop {hop}"):
            world.pull()
        with world.hub.store.reading() as connection:
            (gap,) = books.gaps_of(connection, world.hub.night)

    assert (gap["partner"], gap["feed"], gap["hop"], gap["fault"]) == ("police", "referrals", hop, what)
    # The first row of the file, below its header.
    assert gap["record"].endswith(":0:2:0")


@pytest.mark.parametrize("fault", [_lost_while_matching, _lost_on_the_way_into_the_record])
def test_once_the_fault_is_mended_the_next_run_takes_the_batch_to_its_end(
    sqlite_world: World, monkeypatch: pytest.MonkeyPatch, fault: Fault
) -> None:
    world = sqlite_world
    world.police_send(referral(1), referral(2))
    with monkeypatch.context() as patch:
        fault(patch)
        with pytest.raises(UnbalancedError):
            world.pull()
    world.pull()

    with world.hub.store.reading() as connection:
        assert books.gaps_of(connection, world.hub.night) == []
    assert world.ledger()["recorded"] == {"matched": 2, "new": 2}


def test_a_message_lost_before_it_is_handed_over_is_named(
    sqlite_world: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    world = sqlite_world
    world.police_send(referral(1), referral(2))
    world.pull()
    whole = outgoing._records
    monkeypatch.setattr(outgoing, "_records", lambda *about: whole(*about)[1:])
    with pytest.raises(UnbalancedError, match="yjs, worklist, hop outgoing"):
        world.push()
    with world.hub.store.reading() as connection:
        (gap,) = books.gaps_of(connection, world.hub.night)
    assert "NMP-R-0000001" in gap["record"]


@pytest.mark.parametrize(
    ("hop", "buckets", "difference"),
    [
        (Hop.RECEIVED, {"received": 3, "opened": 1, "rejected": 1, "duplicate": 1}, 0),
        (Hop.RECEIVED, {"received": 3, "opened": 2}, 1),
        (
            Hop.TRANSLATED,
            {"opened_records": 5, "released": 1, "translated": 4, "held": 1, "out_of_scope": 1},
            0,
        ),
        (Hop.MATCHED, {"translated": 4, "matched": 4, "for_review": 1}, -1),
        (
            Hop.RECORDED,
            {"matched": 5, "new": 1, "changed": 1, "unchanged": 1, "superseded": 1, "deleted": 1},
            0,
        ),
        (Hop.OUTGOING, {"due": 3, "carried_over": 2, "sent": 4, "waiting": 1}, 0),
        (Hop.ACKNOWLEDGED, {"sent": 4, "accepted": 1, "received": 1, "refused": 1}, 1),
    ],
)
def test_each_hop_has_its_equation(hop: Hop, buckets: dict[str, int], difference: int) -> None:
    assert EQUATIONS[hop].difference(buckets) == difference


def test_gaps_tell_lost_doubled_and_strange_records_apart() -> None:
    def places(*rows: int) -> pl.DataFrame:
        return pl.DataFrame(
            [(0, row, 0) for row in rows], schema=dict.fromkeys(PLACE, pl.Int64), orient="row"
        )

    assert gaps("b", places(2, 3, 4), places(2, 3, 3, 9)) == {
        "b:0:4:0": "lost",
        "b:0:3:0": "doubled",
        "b:0:9:0": "out of nowhere",
    }
