"""Where the breakers stand. What was counted under other settings of the partner counts no longer."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from typing import Any

import sqlalchemy as sa
from sqlalchemy.dialects import postgresql, sqlite

from hub.store.control_tables import breaker
from schemas.breaker import Breaker, BreakerState, LineEvent

_ABOUT = ("state", "failures", "refusals", "why", "since", "moved_at", "until")


@dataclass(frozen=True)
class Standing:
    """A breaker, and under which settings it came there."""

    partner: str
    direction: str
    breaker: Breaker
    settings: bytes

    def now(self, settings: bytes) -> Breaker:
        return self.breaker if self.settings == settings else Breaker()


def get(connection: sa.Connection, partner: str, direction: str, settings: bytes) -> Breaker:
    row = connection.execute(sa.select(breaker).where(_is(partner, direction))).mappings().first()
    return _standing(dict(row)).now(settings) if row else Breaker()


def move(
    connection: sa.Connection,
    partner: str,
    directions: Iterable[str],
    settings: bytes,
    change: Callable[[Breaker], Breaker],
) -> None:
    """Locked until the transaction ends, so that of two at once the second sees what the first has done."""
    # In one order, or two workers would wait for each other.
    for direction in sorted(directions):
        _say_it_is_there(connection, partner, direction)
        query = sa.select(breaker).where(_is(partner, direction)).with_for_update()
        row = connection.execute(query).mappings().one()
        now = change(_standing(dict(row)).now(settings))
        # A driver might write down an enumeration's name.
        words = {"state": now.state.value, "why": now.why.value if now.why else None}
        said = {name: getattr(now, name) for name in _ABOUT} | words | {"settings": settings}
        connection.execute(breaker.update().where(_is(partner, direction)).values(**said))


def standings(connection: sa.Connection) -> list[Standing]:
    query = sa.select(breaker).order_by(breaker.c.partner, breaker.c.direction)
    return [_standing(dict(row)) for row in connection.execute(query).mappings()]


def _standing(row: dict[str, Any]) -> Standing:
    about = {name: row[name] for name in _ABOUT}
    words = {"state": BreakerState(row["state"]), "why": LineEvent(row["why"]) if row["why"] else None}
    return Standing(row["partner"], row["direction"], Breaker(**(about | words)), row["settings"])


def _say_it_is_there(connection: sa.Connection, partner: str, direction: str) -> None:
    dialect: Any = postgresql if connection.dialect.name == "postgresql" else sqlite
    never = {"state": BreakerState.CLOSED.value, "failures": 0, "refusals": 0, "settings": b""}
    row = {"partner": partner, "direction": direction, **never}
    connection.execute(dialect.insert(breaker).values(**row).on_conflict_do_nothing())


def _is(partner: str, direction: str) -> sa.ColumnElement[bool]:
    return (breaker.c.partner == partner) & (breaker.c.direction == direction)
