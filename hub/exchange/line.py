"""The line to a partner: the one place where the hub opens it, and where the breaker is asked first.

What came of it is counted in a transaction of its own, and the partner's own error goes on as it was.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any
from zoneinfo import ZoneInfo

from connectors.contract import Connector
from connectors.errors import CredentialsRefusedError, PartnerRefusedError, PartnerUnavailableError
from hub import breakers
from hub.exchange.runs import held_by
from hub.hub import Hub
from hub.store import breakers as store
from quality.reports.wording import long_moment
from schemas.breaker import LEFT_ALONE_FOR, WAITED_FOR, Breaker, BreakerState, LineEvent


@contextmanager
def partner_line(hub: Hub, partner: str) -> Iterator[Any]:
    """The partner's client, for a run. Raises at once where the partner is left alone."""
    line = _Line.of(hub, partner, (held_by(hub).direction,))
    was = line.ask()
    try:
        with line.connected() as client:
            yield client
    except Exception as fault:
        # What the partner said is what must be told, also where it cannot be counted.
        with suppress(Exception):
            line.count_fault(fault, was)
        raise
    line.count_success(was)


@contextmanager
def checked_line(hub: Hub, partner: str) -> Iterator[Any]:
    """The same for a person who looks: always tried, and what goes well closes every breaker."""
    line = _Line.of(hub, partner, breakers.directions(hub.connector(partner)))
    try:
        with line.connected() as client:
            yield client
    except CredentialsRefusedError:
        # The partner counts it, so it counts here.
        with suppress(Exception):
            line.count(LineEvent.REFUSED_US, line.ways)
        raise
    breakers.close(hub, partner, line.ways)


@dataclass(frozen=True)
class _Line:
    hub: Hub
    connector: Connector
    partner: str
    # The directions it speaks for.
    ways: tuple[str, ...]
    settings: Any
    # Of these settings: with others everything begins anew.
    settings_hash: bytes

    @classmethod
    def of(cls, hub: Hub, partner: str, ways: tuple[str, ...]) -> _Line:
        settings = hub.partner_settings(partner)
        hashed = breakers.settings_hash(hub, settings)
        return cls(hub, hub.connector(partner), partner, ways, settings, hashed)

    def connected(self) -> Any:
        return self.connector.connect(self.settings)

    def ask(self) -> Breaker:
        """The breaker, which lets us through; half open, it lets nobody else."""
        with self.hub.store.reading() as connection:
            found = store.get(connection, self.partner, self.ways[0], self.settings_hash)
        if found.state is BreakerState.CLOSED:
            return found
        self._check(found)
        return self._try_once()

    def _try_once(self) -> Breaker:
        asked: list[Breaker] = []

        def tried(found: Breaker) -> Breaker:
            # Asked again under the lock: of two workers at once one tries.
            self._check(found)
            asked.append(found.after(LineEvent.TRIED_ONCE, self.hub.clock()))
            return asked[0]

        self._move(self.ways, tried)
        return asked[0]

    def _check(self, found: Breaker) -> None:
        if found.is_waiting(self.hub.clock()):
            raise _left_alone(self, found)

    def count_fault(self, fault: Exception, was: Breaker) -> None:
        event, wait = _event(fault)
        if event is LineEvent.REFUSED_US:
            # An account is locked for both directions.
            self.count(event, breakers.directions(self.connector))
        elif event is not LineEvent.NO_VERDICT or breakers.is_open(was):
            self.count(event, self.ways, wait)

    def count_success(self, was: Breaker) -> None:
        """A line that was well and is well leaves nothing to write."""
        if breakers.is_open(was) or was.failures or was.refusals:
            self.count(LineEvent.WENT_WELL, self.ways)

    def count(self, event: LineEvent, ways: tuple[str, ...], wait: timedelta = LEFT_ALONE_FOR) -> None:
        self._move(ways, lambda found: found.after(event, self.hub.clock(), wait=wait))

    def _move(self, ways: tuple[str, ...], change: Callable[[Breaker], Breaker]) -> None:
        with self.hub.store.transaction() as connection:
            store.move(connection, self.partner, ways, self.settings_hash, change)


def _event(fault: Exception) -> tuple[LineEvent, timedelta]:
    """What a fault says of the line, and how long the partner asks to be left alone."""
    match fault:
        case CredentialsRefusedError():
            return LineEvent.REFUSED_US, LEFT_ALONE_FOR
        case PartnerRefusedError():
            return LineEvent.ANSWERED, LEFT_ALONE_FOR
        case PartnerUnavailableError(retry_after=timedelta() as wait) if wait > WAITED_FOR:
            return LineEvent.ASKED_TO_WAIT, wait
        case PartnerUnavailableError():
            return LineEvent.FAILED, LEFT_ALONE_FOR
        case _:
            return LineEvent.NO_VERDICT, LEFT_ALONE_FOR


def _left_alone(line: _Line, found: Breaker) -> PartnerUnavailableError | CredentialsRefusedError:
    way, why, since = line.ways[0], breakers.because(found), _said(line, found.since)
    if found.until is None:
        return CredentialsRefusedError(
            f"{line.partner}: {way} is stopped since {since}: {why}.",
            fix="ask the partner whether the account is locked, and put the right sign-in into the settings: "
            "once they change, the next run tries. Where they were right and the partner has put it right, "
            f"run `hub check {line.partner}`, or `hub breakers close {line.partner} {way}`.",
        )
    return PartnerUnavailableError(
        f"{line.partner}: {way} is left alone until {_said(line, found.until)}, since {since}: {why}.",
        fix="nothing tonight: what is due is carried over, and the next run after that tries once. Once the "
        f"partner says that it is mended, `hub check {line.partner}` tries at once and ends the wait.",
        retry_after=found.until - line.hub.clock(),
    )


def _said(line: _Line, when: datetime | None) -> str:
    return long_moment(when.astimezone(ZoneInfo(line.hub.settings.timezone))) if when else "some time"
