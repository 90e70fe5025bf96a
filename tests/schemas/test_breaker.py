"""The breaker's rules, without a partner and without a clock."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from schemas.breaker import BREAKER_MOVES, LONGEST, Breaker, BreakerState, LineEvent
from schemas.clocks import diagram

PAGE = Path(__file__).parents[2] / "docs" / "reference" / "clocks.md"
NOW = datetime(2026, 11, 23, 4, 30, tzinfo=UTC)
S, E = BreakerState, LineEvent

# Written apart from the table in the code, so that neither can drift alone. A dot: it stays where it is.
DRAWN = """
                  closed    open      half_open stopped
went_well         .         closed    closed    .
answered          .         .         closed    .
failed            .         .         open      .
failed_too_often  open      .         open      .
asked_to_wait     open      .         open      .
refused_us        .         .         open      .
refused_us_again  stopped   stopped   stopped   .
no_verdict        .         .         open      .
tried_once        .         half_open .         .
closed_by_hand    .         closed    closed    closed
settings_changed  .         closed    closed    closed
"""
CELLS = [
    (state, event, state if cell == "." else cell)
    for event, *cells in (line.split() for line in DRAWN.strip().splitlines()[1:])
    for state, cell in zip(DRAWN.split()[:4], cells, strict=True)
]


def test_the_drawing_has_every_event_in_every_state() -> None:
    assert {(state, event) for state, event, _ in CELLS} == {(s.value, e.name.lower()) for s in S for e in E}


@pytest.mark.parametrize(("state", "event", "becomes"), CELLS)
def test_it_moves_as_drawn(state: str, event: str, becomes: str) -> None:
    assert Breaker(S(state), moved_at=NOW, until=NOW).after(E[event.upper()], NOW).state == becomes


def after(*events: LineEvent, wait: timedelta = timedelta(minutes=10)) -> Breaker:
    breaker = Breaker()
    for event in events:
        breaker = breaker.after(event, NOW, wait=wait)
    return breaker


@pytest.mark.parametrize(
    ("events", "state"),
    [
        ([E.FAILED] * 4, S.CLOSED),
        ([E.FAILED] * 5, S.OPEN),
        ([*[E.FAILED] * 4, E.WENT_WELL, E.FAILED], S.CLOSED),
        ([*[E.FAILED] * 4, E.ANSWERED, E.FAILED], S.CLOSED),
        ([E.REFUSED_US], S.CLOSED),
        ([E.REFUSED_US] * 2, S.STOPPED),
        # Nothing but a sign-in that went well shows that it is right again.
        ([E.REFUSED_US, E.FAILED, E.ANSWERED, E.REFUSED_US], S.STOPPED),
        ([E.REFUSED_US, E.WENT_WELL, E.REFUSED_US], S.CLOSED),
        ([E.REFUSED_US] * 2 + [E.WENT_WELL], S.STOPPED),
        ([*[E.REFUSED_US] * 2, E.CLOSED_BY_HAND, E.REFUSED_US], S.CLOSED),
    ],
)
def test_what_counts_is_what_comes_in_a_row(events: list[LineEvent], state: BreakerState) -> None:
    assert after(*events).state is state


@pytest.mark.parametrize(
    ("asked_for", "kept"), [(timedelta(hours=1), timedelta(hours=1)), (timedelta.max, LONGEST)]
)
def test_a_partner_is_left_alone_for_as_long_as_they_ask_and_never_for_ever(
    asked_for: timedelta, kept: timedelta
) -> None:
    assert after(E.ASKED_TO_WAIT, wait=asked_for).until == NOW + kept


def test_it_says_since_when_however_often_it_was_tried_meanwhile() -> None:
    later = NOW + timedelta(minutes=20)
    tried = after(*[E.FAILED] * 5).after(E.TRIED_ONCE, later).after(E.FAILED, later)
    assert (tried.since, tried.until, tried.failures) == (NOW, later + timedelta(minutes=10), 6)


@pytest.mark.parametrize(
    ("minutes", "waits"), [(0, True), (9.9, True), (10, False), (-0.5, True), (-2, False), (-60, False)]
)
def test_it_waits_ten_minutes_and_not_for_a_clock_that_went_back(minutes: float, waits: bool) -> None:
    assert after(*[E.FAILED] * 5).is_waiting(NOW + timedelta(minutes=minutes)) is waits


def test_the_page_shows_the_diagram_of_today_and_what_each_state_means() -> None:
    page = PAGE.read_text()
    assert f"```mermaid\n{diagram(BREAKER_MOVES)}\n```" in page
    assert [state for state in S if f"\n| `{state}` | " not in page] == []
