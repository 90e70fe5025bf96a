"""What a person decides of a held row, from the shell or from Airflow: one way for both."""

from __future__ import annotations

from dataclasses import dataclass

from hub.hub import Hub
from hub.reasons import check_names_nobody, checked_reason
from hub.store import held
from hub.store.audit import AuditEvent, Event
from schemas.clocks import HELD_MOVES, HeldState, ImpossibleMoveError
from schemas.hops import RecordKey

# These close the row, so whoever comes after must be able to read why.
NEEDS_A_REASON = frozenset({HeldState.EXPLAINED, HeldState.RELEASED, HeldState.DISCARDED})
# As they are said at the shell. What is not here, no person can do.
VERBS = {
    HeldState.ACKNOWLEDGED: "acknowledge",
    HeldState.IN_PROGRESS: "start",
    HeldState.WAITING_FOR_NEXT_FILE: "wait",
    HeldState.EXPLAINED: "explain",
    HeldState.RELEASED: "release",
    HeldState.DISCARDED: "discard",
}


class UnknownHeldRowError(LookupError):
    def __init__(self, key: str) -> None:
        super().__init__(key)
        self.key = key

    def __str__(self) -> str:
        return f"no held row has the key {self.key}; `hub held list` shows them"


class HeldRowStandsElsewhereError(Exception):
    """The row cannot go there from where it is: what else it can do is said."""

    def __init__(self, key: str, current: HeldState, new: HeldState) -> None:
        super().__init__(key, current, new)
        self.key, self.current, self.new = key, current, new

    def __str__(self) -> str:
        return (
            f"The row {self.key} is {words(self.current)} and cannot become {words(self.new)}. "
            f"What to do: {_possible(self.current)}"
        )


@dataclass(frozen=True)
class Move:
    state: HeldState
    why: str | None = None
    with_whom: str | None = None


def decide(hub: Hub, key: RecordKey, move: Move) -> None:
    """Move the row for `hub.actor`, and keep who, when and why."""
    today = hub.clock().date()
    why = checked_reason(move.why, today=today) if move.why or move.state in NEEDS_A_REASON else None
    check_names_nobody(move.with_whom or "", today=today)
    with hub.store.reading() as connection:
        row = held.one(connection, key)
    if row is None:
        raise UnknownHeldRowError(str(key))
    kind = Event.ERASURE if move.state is HeldState.DISCARDED else Event.ALTERATION
    event = AuditEvent(kind, f"held row {move.state}", row["partner"], row["feed"], str(key))
    try:
        with hub.deciding(event) as connection:
            whose = _with_whom(hub, move, row["owner"])
            held.move(connection, key, move.state, by=hub.actor, now=hub.clock(), why=why, with_whom=whose)
    except ImpossibleMoveError as refused:
        raise HeldRowStandsElsewhereError(str(key), HeldState(refused.current), move.state) from None


def possible(state: HeldState) -> list[str]:
    """What a person may do with a row in this state, as it is said at the shell."""
    return [verb for after, verb in VERBS.items() if after in HELD_MOVES[state]]


def words(state: HeldState) -> str:
    return state.replace("_", " ")


def _with_whom(hub: Hub, move: Move, owner: str) -> str | None:
    """Who has it in hand: whoever took it, unless they say another; while it waits for a file, its owner."""
    if move.state in NEEDS_A_REASON:
        return None
    theirs = move.state is HeldState.WAITING_FOR_NEXT_FILE
    return move.with_whom or (owner if theirs else hub.actor)


def _possible(state: HeldState) -> str:
    verbs = possible(state)
    if verbs:
        return f"of `hub held`, what is possible now is: {', '.join(verbs)}."
    return "nothing is possible any more; `hub held show` says what was decided, and by whom."
