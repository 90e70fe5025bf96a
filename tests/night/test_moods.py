"""Every partner in every mood that it plays: the night ends in time, and a calm one makes all of it good."""

from __future__ import annotations

from pathlib import Path

import pytest

from connectors.errors import PartnerUnavailableError
from simulators.moods import MOODS, Kind
from tests.night.moody_nights import NIGHTS, SIMULATORS, MoodyNights, Said, peak_memory

# The courts' second night brings news of the first, so that something can be out of order.
WHICH_NIGHT = {"police": 1, "courts": 2, "yjs": 1}
PLAYED = [(partner, mood) for partner in NIGHTS for mood in SIMULATORS[partner].plays]
# Of the slowest: signing in, one call with its file, and a second; and our own work on a busy machine.
LONGEST_STEP = 5 + 3 + 4 + 1 + 15
MOST_MEMORY = 300_000_000

# What shows in the ledger that the mood was played.
SHOWS_AS = {
    ("police", "duplicating"): "duplicate",
    ("police", "reordering"): "superseded",
    ("police", "lying_about_counts"): "rejected",
    ("police", "cut_short"): "rejected",
    ("courts", "duplicating"): "duplicate",
    ("courts", "reordering"): "superseded",
    ("courts", "cut_short"): "rejected",
}


@pytest.fixture(scope="module")
def calm(tmp_path_factory: pytest.TempPathFactory) -> dict[str, tuple[Said, set[tuple[object, ...]]]]:
    """What is known and handed over where nobody was ever in a mood."""
    known = {}
    for partner in NIGHTS:
        nights = MoodyNights.of(partner, tmp_path_factory.mktemp(partner))
        nights.night(WHICH_NIGHT[partner])
        assert nights.faults == []
        known[partner] = nights.said(), set(nights.handed_over())
    return known


@pytest.mark.parametrize(("partner", "mood"), PLAYED)
def test_a_night_in_a_mood_ends_in_time_and_a_calm_one_makes_it_good(
    tmp_path: Path, calm: dict[str, tuple[Said, set[tuple[object, ...]]]], partner: str, mood: str
) -> None:
    nights = MoodyNights.of(partner, tmp_path)
    with peak_memory() as most:
        nights.night(WHICH_NIGHT[partner], **{partner: mood})

    cut_off = MOODS[mood].kind is Kind.LINE and mood != "slow"
    assert [type(fault) for fault in nights.faults] == [PartnerUnavailableError] * len(nights.faults)
    assert bool(nights.faults) == cut_off
    assert max(nights.seconds) <= LONGEST_STEP
    assert most[0] < MOST_MEMORY
    assert nights.unbalanced() == []
    assert SHOWS_AS.get((partner, mood)) in {None, *nights.buckets()}

    nights.night(WHICH_NIGHT[partner])
    assert nights.faults == []
    assert nights.unbalanced() == []
    known, handed_over = calm[partner]
    assert nights.said() == known
    assert nights.records() == len(known)
    assert set(nights.handed_over()) >= handed_over
    assert max(nights.handed_over().values()) == 1
