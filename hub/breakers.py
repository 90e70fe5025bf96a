"""The breakers as people meet them: where each stands now, why, and how a person closes one."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime
from typing import Any

import orjson
from pydantic import SecretStr
from pydantic_settings import BaseSettings

from connectors.contract import Connector
from connectors.errors import MisconfiguredError
from hub.hub import Hub
from hub.store import breakers
from hub.store.audit import Audit, AuditEvent, Event, NoChild
from hub.store.breakers import Standing
from hub.store.leases import PULL, PUSH
from schemas.breaker import Breaker, BreakerState, LineEvent

WHY = {
    LineEvent.FAILED: "{failures} tries in a row failed",
    LineEvent.FAILED_TOO_OFTEN: "{failures} tries in a row failed",
    LineEvent.ASKED_TO_WAIT: "they asked for it",
    LineEvent.REFUSED_US: "our sign-in was refused",
    LineEvent.REFUSED_US_AGAIN: "our sign-in was refused twice",
}


def because(breaker: Breaker) -> str:
    return WHY[breaker.why].format(failures=breaker.failures) if breaker.why else ""


def directions(connector: Connector) -> tuple[str, ...]:
    return ((PULL,) if connector.pulls else ()) + ((PUSH,) if connector.pushes else ())


def settings_hash(hub: Hub, settings: BaseSettings) -> bytes:
    """A keyed hash of a partner's settings, secrets among them: it shows that they changed, not to what."""
    said = orjson.dumps(settings.model_dump(), default=_plain, option=orjson.OPT_SORT_KEYS)
    return hub.keyring.hasher("breaker").one(said.decode())


def _plain(value: Any) -> Any:
    return value.get_secret_value() if isinstance(value, SecretStr) else str(value)


def now(hub: Hub, standings: Iterable[Standing]) -> list[tuple[Standing, Breaker]]:
    """Each as the next run will find it: other settings than it was counted under begin anew."""
    return [(one, _now(hub, one)) for one in standings]


def _now(hub: Hub, one: Standing) -> Breaker:
    try:
        return one.now(settings_hash(hub, hub.partner_settings(one.partner)))
    except MisconfiguredError:
        # Not connected any more, or its settings are gone: where it stood is all that is known.
        return one.breaker


def close(hub: Hub, partner: str, ways: Iterable[str]) -> bool:
    """For `hub.actor`, who answers for it: the audit says who. Whether any was not closed already."""
    wanted, at = set(ways), hub.clock()
    with hub.store.reading() as connection:
        standings = [one for one in breakers.standings(connection) if one.partner == partner]
    found = [(one, breaker) for one, breaker in now(hub, standings) if one.direction in wanted]
    for one, breaker in found:
        if is_open(breaker) or breaker.failures or breaker.refusals:
            with hub.deciding(_closed(one, breaker)) as connection:
                breakers.move(
                    connection,
                    partner,
                    (one.direction,),
                    one.settings,
                    lambda was: was.after(LineEvent.CLOSED_BY_HAND, at),
                )
    return any(is_open(breaker) for _, breaker in found)


def is_open(breaker: Breaker) -> bool:
    return breaker.state is not BreakerState.CLOSED


def _closed(one: Standing, breaker: Breaker) -> Audit:
    if not is_open(breaker):
        return NoChild("what was counted of a line is forgotten")
    # Of no child's record; but who let the hub call a partner again must be known.
    action = "breaker closed by hand"
    return AuditEvent(Event.ALTERATION, action, one.partner, subject=one.direction, records=0)


def words(breaker: Breaker, at: datetime) -> str:
    """Its state for a listing, as it stands at this moment."""
    if is_open(breaker) and not breaker.is_waiting(at):
        return "one try is due"
    return breaker.state.replace("_", " ")
