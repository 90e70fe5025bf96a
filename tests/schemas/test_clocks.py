import itertools
import pickle
from enum import StrEnum
from pathlib import Path

import pytest

from schemas.clocks import (
    BUSINESS_MOVES,
    HELD_MOVES,
    HELD_OPEN,
    TRANSPORT_MOVES,
    BusinessState,
    HeldState,
    ImpossibleMoveError,
    Moves,
    TransportState,
    check_may_move,
    diagram,
    initial_state,
    may_move,
    terminal_states,
)

PAGE = Path(__file__).parents[2] / "docs" / "reference" / "clocks.md"
CLOCKS = [
    pytest.param(TRANSPORT_MOVES, id="transport"),
    pytest.param(BUSINESS_MOVES, id="business"),
    pytest.param(HELD_MOVES, id="held"),
]

# One row a state; x marks a move. Written apart from the tables in the code, so that neither can drift alone.
TRANSPORT = """
from     to: queued sent received accepted refused unknown
queued       .      x    .        .        .       .
sent         .      .    x        x        x       x
received     x      .    .        x        x       x
unknown      x      x    x        x        x       .
refused      x      .    .        .        .       .
accepted     .      .    .        .        .       .
"""

BUSINESS = """
from              to: ref inf acc wai off sta dna com end dec wit exp
referred              .   x   x   x   x   x   .   .   .   x   x   x
information_requested x   .   x   x   x   x   .   .   .   x   x   x
accepted              .   x   .   x   x   x   x   .   .   x   x   x
waiting               .   .   .   .   x   x   x   .   .   x   x   x
offered               .   .   .   x   .   x   x   .   .   x   x   x
started               .   .   .   .   .   .   x   x   x   .   x   .
did_not_attend        .   .   .   x   x   x   .   x   x   .   x   .
completed             .   .   .   .   .   .   .   .   .   .   .   .
ended_early           .   .   .   .   .   .   .   .   .   .   .   .
declined              .   .   .   .   .   .   .   .   .   .   .   .
withdrawn             .   .   .   .   .   .   .   .   .   .   .   .
expired               .   .   .   .   .   .   .   .   .   .   .   .
"""
HELD = """
from              to: new ack pro wai exp rel gon dis fix bac
new                   .   x   x   x   x   x   .   x   x   .
acknowledged          .   .   x   x   x   x   .   x   x   .
in_progress           .   .   .   x   x   x   .   x   x   .
waiting_for_next_file .   .   x   .   x   x   .   x   x   .
explained             .   .   .   .   .   x   .   x   x   x
released              .   .   .   .   .   .   x   .   .   .
gone_on               .   .   .   .   .   .   .   .   .   .
discarded             .   .   .   .   .   .   .   .   .   x
fixed                 .   .   .   .   .   .   .   .   .   x
came_back             .   x   x   x   x   x   .   x   x   .
"""
HELD_COLUMNS = (
    "new",
    "acknowledged",
    "in_progress",
    "waiting_for_next_file",
    "explained",
    "released",
    "gone_on",
    "discarded",
    "fixed",
    "came_back",
)
BUSINESS_COLUMNS = (
    "referred",
    "information_requested",
    "accepted",
    "waiting",
    "offered",
    "started",
    "did_not_attend",
    "completed",
    "ended_early",
    "declined",
    "withdrawn",
    "expired",
)
TRANSPORT_COLUMNS = ("queued", "sent", "received", "accepted", "refused", "unknown")


def cells(drawn: str, columns: tuple[str, ...]) -> list[tuple[str, str, bool]]:
    rows = [line.split() for line in drawn.strip().splitlines()[1:]]
    return [
        (state, to, mark == "x") for state, *marks in rows for to, mark in zip(columns, marks, strict=True)
    ]


TRANSPORT_CELLS = cells(TRANSPORT, TRANSPORT_COLUMNS)
BUSINESS_CELLS = cells(BUSINESS, BUSINESS_COLUMNS)
HELD_CELLS = cells(HELD, HELD_COLUMNS)


@pytest.mark.parametrize(("current", "new", "legal"), TRANSPORT_CELLS)
def test_the_transport_clock_moves_as_drawn(current, new, legal):
    assert may_move(TRANSPORT_MOVES, TransportState(current), TransportState(new)) is legal


@pytest.mark.parametrize(("current", "new", "legal"), BUSINESS_CELLS)
def test_the_business_clock_moves_as_drawn(current, new, legal):
    assert may_move(BUSINESS_MOVES, BusinessState(current), BusinessState(new)) is legal


@pytest.mark.parametrize(("current", "new", "legal"), HELD_CELLS)
def test_the_life_of_a_held_row_moves_as_drawn(current, new, legal):
    assert may_move(HELD_MOVES, HeldState(current), HeldState(new)) is legal


def test_an_open_row_can_be_fixed_by_data_and_decided_by_a_person():
    assert set(HELD_OPEN) == {"new", "acknowledged", "in_progress", "waiting_for_next_file", "came_back"}
    assert all(
        HELD_MOVES[state] >= {HeldState.FIXED, HeldState.RELEASED, HeldState.DISCARDED} for state in HELD_OPEN
    )


@pytest.mark.parametrize(
    ("drawn", "states"),
    [
        pytest.param(TRANSPORT_CELLS, TransportState, id="transport"),
        pytest.param(BUSINESS_CELLS, BusinessState, id="business"),
        pytest.param(HELD_CELLS, HeldState, id="held"),
    ],
)
def test_the_drawing_has_a_cell_for_every_pair_of_states(drawn, states: type[StrEnum]):
    assert {(current, new) for current, new, _ in drawn} == set(itertools.product(states, states))


@pytest.mark.parametrize(
    ("moves", "start", "ends"),
    [
        pytest.param(TRANSPORT_MOVES, "queued", {"accepted"}, id="transport"),
        pytest.param(
            BUSINESS_MOVES,
            "referred",
            {"completed", "ended_early", "declined", "withdrawn", "expired"},
            id="business",
        ),
        pytest.param(HELD_MOVES, "new", {"gone_on"}, id="held"),
    ],
)
def test_a_clock_starts_and_ends_where_it_should(moves, start, ends):
    assert initial_state(moves) == start
    assert terminal_states(moves) == ends


@pytest.mark.parametrize("moves", CLOCKS)
def test_every_state_can_be_reached_from_the_start(moves: Moves[StrEnum]):
    assert reached_from(moves, initial_state(moves)) == set(moves)


@pytest.mark.parametrize("moves", CLOCKS)
def test_every_state_can_come_to_an_end(moves: Moves[StrEnum]):
    stuck = [state for state in moves if not reached_from(moves, state) & terminal_states(moves)]
    assert stuck == []


@pytest.mark.parametrize("moves", CLOCKS)
def test_a_table_has_every_state_once(moves: Moves[StrEnum]):
    assert set(moves) == set(type(initial_state(moves)))


def reached_from(moves: Moves[StrEnum], start: StrEnum) -> set[StrEnum]:
    reached, at_edge = {start}, [start]
    while at_edge:
        new = moves[at_edge.pop()] - reached
        reached |= new
        at_edge.extend(new)
    return reached


def test_an_impossible_move_says_from_where_to_where_and_what_to_do():
    with pytest.raises(ImpossibleMoveError) as refused:
        check_may_move(BUSINESS_MOVES, BusinessState.DECLINED, BusinessState.STARTED)
    assert "BusinessState cannot go from declined to started" in str(refused.value)
    assert "Park the update" in str(refused.value)


def test_a_possible_move_passes_in_silence():
    check_may_move(TRANSPORT_MOVES, TransportState.UNKNOWN, TransportState.SENT)


def test_an_impossible_move_survives_the_way_between_two_processes():
    error = ImpossibleMoveError(TransportState.ACCEPTED, TransportState.SENT)
    assert str(pickle.loads(pickle.dumps(error))) == str(error)  # noqa: S301 - our own bytes


@pytest.mark.parametrize("moves", CLOCKS)
def test_the_page_shows_the_diagram_of_today(moves: Moves[StrEnum]):
    assert f"```mermaid\n{diagram(moves)}\n```" in PAGE.read_text(), "paste diagram() into the page"


def test_the_page_shows_the_three_and_the_breaker_and_no_fifth():
    assert PAGE.read_text().count("```mermaid") == 4


@pytest.mark.parametrize("moves", CLOCKS)
def test_the_page_says_what_every_state_means(moves: Moves[StrEnum]):
    page = PAGE.read_text()
    assert [state for state in moves if f"\n| `{state}` | " not in page] == []


def test_a_diagram_is_drawn_in_the_order_of_its_table():
    drawn = diagram(TRANSPORT_MOVES).splitlines()
    assert drawn[:3] == ["stateDiagram-v2", "    [*] --> queued", "    queued --> sent"]
    assert drawn[-1] == "    accepted --> [*]"
