"""The clocks: how far a message has come, what became of the request itself, and the life of a held row.

Each is one table of moves. Its first state is where the clock starts; a state without moves is where it ends.
"""

from collections.abc import Mapping
from enum import StrEnum
from typing import TypeVar

State = TypeVar("State", bound=StrEnum)
Moves = Mapping[State, frozenset[State]]


class TransportState(StrEnum):
    QUEUED = "queued"
    SENT = "sent"
    RECEIVED = "received"
    ACCEPTED = "accepted"
    REFUSED = "refused"
    UNKNOWN = "unknown"


class BusinessState(StrEnum):
    REFERRED = "referred"
    INFORMATION_REQUESTED = "information_requested"
    ACCEPTED = "accepted"
    WAITING = "waiting"
    OFFERED = "offered"
    STARTED = "started"
    DID_NOT_ATTEND = "did_not_attend"
    COMPLETED = "completed"
    ENDED_EARLY = "ended_early"
    DECLINED = "declined"
    WITHDRAWN = "withdrawn"
    EXPIRED = "expired"


class HeldState(StrEnum):
    NEW = "new"
    ACKNOWLEDGED = "acknowledged"
    IN_PROGRESS = "in_progress"
    WAITING_FOR_NEXT_FILE = "waiting_for_next_file"
    EXPLAINED = "explained"
    RELEASED = "released"
    GONE_ON = "gone_on"
    DISCARDED = "discarded"
    FIXED = "fixed"
    CAME_BACK = "came_back"


_T = TransportState
_B = BusinessState
_H = HeldState

TRANSPORT_MOVES: Moves[TransportState] = {
    _T.QUEUED: frozenset({_T.SENT}),
    _T.SENT: frozenset({_T.RECEIVED, _T.ACCEPTED, _T.REFUSED, _T.UNKNOWN}),
    # Unknown: they answered, and nobody can read it. A person may queue again what they never accepted.
    _T.RECEIVED: frozenset({_T.ACCEPTED, _T.REFUSED, _T.UNKNOWN, _T.QUEUED}),
    # Look again before sending again: the partner may have it, and only the answer was lost.
    _T.UNKNOWN: frozenset({_T.RECEIVED, _T.ACCEPTED, _T.REFUSED, _T.SENT, _T.QUEUED}),
    # A person queues it again once what the partner refused has been put right.
    _T.REFUSED: frozenset({_T.QUEUED}),
    _T.ACCEPTED: frozenset(),
}

# The request may be taken back, or run out of time, at any step before help begins.
_BEFORE_HELP = frozenset({_B.DECLINED, _B.WITHDRAWN, _B.EXPIRED})
# A partner reports once a night and may have gone through several steps in the day, so steps may be skipped.
_TOWARDS_HELP = frozenset({_B.WAITING, _B.OFFERED, _B.STARTED})

BUSINESS_MOVES: Moves[BusinessState] = {
    _B.REFERRED: frozenset({_B.INFORMATION_REQUESTED, _B.ACCEPTED}) | _TOWARDS_HELP | _BEFORE_HELP,
    _B.INFORMATION_REQUESTED: frozenset({_B.REFERRED, _B.ACCEPTED}) | _TOWARDS_HELP | _BEFORE_HELP,
    _B.ACCEPTED: frozenset({_B.INFORMATION_REQUESTED, _B.DID_NOT_ATTEND}) | _TOWARDS_HELP | _BEFORE_HELP,
    _B.WAITING: frozenset({_B.OFFERED, _B.STARTED, _B.DID_NOT_ATTEND}) | _BEFORE_HELP,
    _B.OFFERED: frozenset({_B.WAITING, _B.STARTED, _B.DID_NOT_ATTEND}) | _BEFORE_HELP,
    _B.DID_NOT_ATTEND: frozenset(
        {_B.WAITING, _B.OFFERED, _B.STARTED, _B.COMPLETED, _B.ENDED_EARLY, _B.WITHDRAWN}
    ),
    _B.STARTED: frozenset({_B.DID_NOT_ATTEND, _B.COMPLETED, _B.ENDED_EARLY, _B.WITHDRAWN}),
    _B.COMPLETED: frozenset(),
    _B.ENDED_EARLY: frozenset(),
    _B.DECLINED: frozenset(),
    _B.WITHDRAWN: frozenset(),
    _B.EXPIRED: frozenset(),
}

# What a person may decide of a row that waits, whatever they have said of it before.
_DECIDED = frozenset({_H.EXPLAINED, _H.RELEASED, _H.DISCARDED})
_IN_HAND = frozenset({_H.ACKNOWLEDGED, _H.IN_PROGRESS, _H.WAITING_FOR_NEXT_FILE})

HELD_MOVES: Moves[HeldState] = {
    _H.NEW: _IN_HAND | _DECIDED | {_H.FIXED},
    _H.ACKNOWLEDGED: _IN_HAND - {_H.ACKNOWLEDGED} | _DECIDED | {_H.FIXED},
    _H.IN_PROGRESS: frozenset({_H.WAITING_FOR_NEXT_FILE, _H.FIXED}) | _DECIDED,
    _H.WAITING_FOR_NEXT_FILE: frozenset({_H.IN_PROGRESS, _H.FIXED}) | _DECIDED,
    # Closed, and what it said is kept: it may still be fixed by data, or decided otherwise.
    _H.EXPLAINED: frozenset({_H.RELEASED, _H.DISCARDED, _H.FIXED, _H.CAME_BACK}),
    _H.RELEASED: frozenset({_H.GONE_ON}),
    _H.GONE_ON: frozenset(),
    # The row itself stays closed: what came back is another row, of the same record, held by the same rule.
    _H.DISCARDED: frozenset({_H.CAME_BACK}),
    _H.FIXED: frozenset({_H.CAME_BACK}),
    _H.CAME_BACK: _IN_HAND | _DECIDED | {_H.FIXED},
}

# A row in one of these waits for somebody; in any other it is closed.
HELD_OPEN = (_H.NEW, _H.CAME_BACK, *(state for state in HELD_MOVES if state in _IN_HAND))


class ImpossibleMoveError(ValueError):
    def __init__(self, current: StrEnum, new: StrEnum) -> None:
        super().__init__(current, new)
        self.current = current
        self.new = new

    def __str__(self) -> str:
        return (
            f"a {type(self.current).__name__} cannot go from {self.current} to {self.new}. "
            "Park the update with its evidence, and ask the partner which of the two is so."
        )


def initial_state(moves: Moves[State]) -> State:
    return next(iter(moves))


def terminal_states(moves: Moves[State]) -> frozenset[State]:
    return frozenset(state for state, after in moves.items() if not after)


def may_move(moves: Moves[State], current: State, new: State) -> bool:
    """Answer whether the clock may go on. To stay is no move: the caller drops the same news twice."""
    return new in moves[current]


def states_before(moves: Moves[State], new: State) -> tuple[State, ...]:
    return tuple(state for state, after in moves.items() if new in after)


def check_may_move(moves: Moves[State], current: State, new: State) -> None:
    if not may_move(moves, current, new):
        raise ImpossibleMoveError(current, new)


def diagram(moves: Moves[State]) -> str:
    """Draw the table as a Mermaid state diagram, in the order of the table."""
    arrows = [f"[*] --> {initial_state(moves)}"]
    for state, after in moves.items():
        arrows += [f"{state} --> {new}" for new in moves if new in after] or [f"{state} --> [*]"]
    return "\n".join(["stateDiagram-v2", *(f"    {arrow}" for arrow in arrows)])
