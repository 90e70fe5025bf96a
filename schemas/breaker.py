"""The breaker: when a partner is left alone, for how long, and what ends it.

One stands in each direction of each partner; the hub keeps where. It is a table of moves like the clocks, and
what happens on the line moves it.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum

from schemas.clocks import Moves

FAILURES = 5
REFUSALS = 2
LEFT_ALONE_FOR = timedelta(minutes=10)
# What a partner asks for beyond this is not waited for on the line.
WAITED_FOR = timedelta(seconds=120)
# Whatever a partner asks for: the next night tries.
LONGEST = timedelta(days=1)
# Clocks of two machines; one that is further behind has been put back, and the wait counts as over.
CLOCKS_AGREE_WITHIN = timedelta(minutes=1)


class BreakerState(StrEnum):
    CLOSED = "closed"
    OPEN = "open"
    HALF_OPEN = "half_open"
    STOPPED = "stopped"


class LineEvent(StrEnum):
    WENT_WELL = "went well"
    # They said no to something else than our sign-in: the line is there.
    ANSWERED = "answered"
    FAILED = "failed"
    FAILED_TOO_OFTEN = "failed too often"
    ASKED_TO_WAIT = "asked to wait"
    REFUSED_US = "refused us"
    REFUSED_US_AGAIN = "refused us again"
    # A fault of our own: it says nothing of the partner.
    NO_VERDICT = "no verdict"
    TRIED_ONCE = "tried once"
    CLOSED_BY_HAND = "closed by hand"
    SETTINGS_CHANGED = "settings changed"


_S, _E = BreakerState, LineEvent
_CLOSES = {_E.CLOSED_BY_HAND: _S.CLOSED, _E.SETTINGS_CHANGED: _S.CLOSED}
_STOPS = {_E.REFUSED_US_AGAIN: _S.STOPPED}
_BAD = dict.fromkeys((_E.FAILED, _E.FAILED_TOO_OFTEN, _E.ASKED_TO_WAIT, _E.REFUSED_US), _S.OPEN)

# Closed lets every run through. An event that is not in a state's line leaves it there.
BREAKER_EVENTS: Mapping[BreakerState, Mapping[LineEvent, BreakerState]] = {
    _S.CLOSED: {_E.FAILED_TOO_OFTEN: _S.OPEN, _E.ASKED_TO_WAIT: _S.OPEN} | _STOPS,
    # A run that had begun before it opened may still end well.
    _S.OPEN: {_E.TRIED_ONCE: _S.HALF_OPEN, _E.WENT_WELL: _S.CLOSED} | _STOPS | _CLOSES,
    # No verdict: the next run may try at once. Tried once more: the run that tried was killed.
    _S.HALF_OPEN: {_E.WENT_WELL: _S.CLOSED, _E.ANSWERED: _S.CLOSED, _E.NO_VERDICT: _S.OPEN}
    | _BAD
    | _STOPS
    | _CLOSES,
    _S.STOPPED: _CLOSES,
}
BREAKER_MOVES: Moves[BreakerState] = {
    state: frozenset(after.values()) - {state} for state, after in BREAKER_EVENTS.items()
}

_FORGETS_FAILURES = (_E.WENT_WELL, _E.ANSWERED, _E.REFUSED_US, *_CLOSES)
_FORGETS_REFUSALS = (_E.WENT_WELL, *_CLOSES)


@dataclass(frozen=True)
class Breaker:
    """`since` is when the partner was first left alone. Without an `until` only a person ends it."""

    state: BreakerState = BreakerState.CLOSED
    failures: int = 0
    refusals: int = 0
    why: LineEvent | None = None
    since: datetime | None = None
    moved_at: datetime | None = None
    until: datetime | None = None

    def is_waiting(self, now: datetime) -> bool:
        """Whether nobody may call the partner now."""
        if self.state is BreakerState.STOPPED:
            return True
        if self.moved_at is None or self.until is None:
            return False
        return self.moved_at - CLOCKS_AGREE_WITHIN <= now < self.until

    def after(self, event: LineEvent, now: datetime, *, wait: timedelta = LEFT_ALONE_FOR) -> Breaker:
        """Where it stands once this has happened. `wait` is what a partner asked for."""
        failures, refusals = self._counted(event)
        named = _named(event, failures, refusals)
        state = BREAKER_EVENTS[self.state].get(named, self.state)
        if state is BreakerState.CLOSED:
            return Breaker(failures=failures, refusals=refusals, moved_at=now)
        opens = named in _BAD or named in _STOPS
        return Breaker(
            state,
            failures,
            refusals,
            why=named if opens and state is not self.state else self.why,
            since=self.since or now,
            moved_at=now,
            until=self._until(state, named, now, min(wait, LONGEST)),
        )

    def _counted(self, event: LineEvent) -> tuple[int, int]:
        failures = 0 if event in _FORGETS_FAILURES else self.failures
        refusals = 0 if event in _FORGETS_REFUSALS else self.refusals
        failed = event in (LineEvent.FAILED, LineEvent.ASKED_TO_WAIT)
        return failures + failed, refusals + (event is LineEvent.REFUSED_US)

    def _until(
        self, state: BreakerState, event: LineEvent, now: datetime, wait: timedelta
    ) -> datetime | None:
        if state is BreakerState.STOPPED:
            return None
        if state is self.state and event is not LineEvent.TRIED_ONCE:
            return self.until
        return now if event is LineEvent.NO_VERDICT else now + wait


def _named(event: LineEvent, failures: int, refusals: int) -> LineEvent:
    """The fifth failure in a row, and the second refusal, are events of their own."""
    if event is LineEvent.FAILED and failures >= FAILURES:
        return LineEvent.FAILED_TOO_OFTEN
    if event is LineEvent.REFUSED_US and refusals >= REFUSALS:
        return LineEvent.REFUSED_US_AGAIN
    return event
