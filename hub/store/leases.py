"""One worker for each partner and direction, for the length of a run.

A lease's number travels with the run from step to step, and each step's try counts one up. Every commit of
a run first holds its lease: a worker that stood still while another took over commits nothing. Its row stays
locked until the commit, so nobody takes over in between.
"""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

import sqlalchemy as sa
from sqlalchemy.dialects import postgresql, sqlite
from sqlalchemy.exc import OperationalError

from hub.store.control_tables import lease

PULL, PUSH = "pull", "push"
TAKE_WITHIN_SECONDS = 5.0
LOCK_NOT_AVAILABLE = "55P03"


@dataclass(frozen=True)
class Lease:
    partner: str
    direction: str
    number: int
    attempt: int

    @property
    def tag(self) -> str:
        """Names what this very attempt writes, so that no other attempt's is mixed with it."""
        return f"{self.partner}.{self.number}.{self.attempt}"


class LeaseBusyError(Exception):
    def __init__(self, partner: str, direction: str, until: datetime | None = None) -> None:
        self.until = until
        when = f" until {until:%H:%M} UTC at the latest" if until else ""
        super().__init__(
            f"{partner}: another {direction} run is at work{when}. What to do: let it end. If it was killed, "
            f"wait until then, or free the lease with `hub leases end {partner} {direction}`."
        )


class LeaseLostError(Exception):
    def __init__(self, partner: str, direction: str) -> None:
        super().__init__(
            f"{partner}: a later {direction} run has taken over, so this one stopped and changed nothing. "
            "What to do: nothing; the later run goes on with the same records."
        )


def take(
    connection: sa.Connection, partner: str, direction: str, *, holder: str, now: datetime, length: timedelta
) -> Lease:
    """A new run's lease. The same holder may take it again, and by that stops its own earlier attempts."""
    try:
        row = _made_and_locked(connection, partner, direction, now)
    except LeaseBusyError:
        if not _cut_off(connection, partner, direction, now):
            raise
        row = _made_and_locked(connection, partner, direction, now)
    ahead = row["until"] - now
    # One that lasts longer than any lease was taken by a clock that has gone back since.
    if row["holder"] != holder and timedelta(0) < ahead <= length:
        raise LeaseBusyError(partner, direction, row["until"])
    number = row["number"] + 1
    changes = {"number": number, "attempt": 1, "holder": holder, "taken_at": now, "until": now + length}
    connection.execute(lease.update().where(_is(partner, direction)).values(**changes))
    return Lease(partner, direction, number, 1)


def resume(
    connection: sa.Connection, partner: str, direction: str, number: int, *, now: datetime, length: timedelta
) -> Lease:
    """The lease of a run for its next step, or for another try of one."""
    row = _locked(connection, partner, direction)
    if row["number"] != number:
        raise LeaseLostError(partner, direction)
    attempt = row["attempt"] + 1
    changes = {"attempt": attempt, "until": now + length}
    connection.execute(lease.update().where(_is(partner, direction)).values(**changes))
    return Lease(partner, direction, number, attempt)


def hold(connection: sa.Connection, held: Lease, *, now: datetime, length: timedelta) -> None:
    """Hold the lease until this transaction ends; `LeaseLostError` where it is another's by now."""
    done = connection.execute(lease.update().where(_held_by(held)).values(until=now + length))
    if done.rowcount != 1:
        raise LeaseLostError(held.partner, held.direction)


def check(connection: sa.Connection, held: Lease) -> None:
    """Is it still ours? Asked before anything is sent; the commit after it asks again, and binds."""
    if connection.execute(sa.select(lease.c.number).where(_held_by(held))).first() is None:
        raise LeaseLostError(held.partner, held.direction)


def end(connection: sa.Connection, held: Lease, *, now: datetime) -> None:
    """Give it back, if it is still ours."""
    connection.execute(lease.update().where(_held_by(held)).values(until=now))


def end_by_hand(connection: sa.Connection, partner: str, direction: str, *, now: datetime) -> bool:
    """Free it whoever holds it; whoever that is can commit nothing more."""
    changes = {"until": now, "number": lease.c.number + 1}
    done = connection.execute(lease.update().where(_is(partner, direction)).values(**changes))
    return done.rowcount == 1


def listing(connection: sa.Connection) -> list[dict[str, Any]]:
    query = sa.select(lease).order_by(lease.c.partner, lease.c.direction)
    return [dict(row) for row in connection.execute(query).mappings()]


def _made_and_locked(
    connection: sa.Connection, partner: str, direction: str, now: datetime
) -> dict[str, Any]:
    dialect: Any = postgresql if connection.dialect.name == "postgresql" else sqlite
    nobody = {"number": 0, "attempt": 0, "holder": "", "taken_at": now, "until": now}
    row = {"partner": partner, "direction": direction, **nobody}
    with _not_for_ever(connection, partner, direction):
        # It, too, waits for whoever is in the middle of a commit.
        connection.execute(dialect.insert(lease).values(**row).on_conflict_do_nothing())
        return _row(connection, partner, direction)


def _locked(connection: sa.Connection, partner: str, direction: str) -> dict[str, Any]:
    """The lease's row. Whoever is in the middle of a commit keeps it; then the run is at work."""
    with _not_for_ever(connection, partner, direction):
        return _row(connection, partner, direction)


def _row(connection: sa.Connection, partner: str, direction: str) -> dict[str, Any]:
    query = sa.select(lease).where(_is(partner, direction)).with_for_update()
    return dict(connection.execute(query).mappings().one())


@contextmanager
def _not_for_ever(connection: sa.Connection, partner: str, direction: str) -> Iterator[None]:
    """What waits longer than a commit takes is undone and said; what came before it stands."""
    if connection.dialect.name != "postgresql":
        yield
        return
    connection.exec_driver_sql(f"SET LOCAL lock_timeout = '{int(TAKE_WITHIN_SECONDS * 1000)}ms'")
    try:
        with connection.begin_nested():
            yield
    except OperationalError as fault:
        if getattr(fault.orig, "sqlstate", None) == LOCK_NOT_AVAILABLE:
            raise LeaseBusyError(partner, direction) from None
        raise


def _cut_off(connection: sa.Connection, partner: str, direction: str, now: datetime) -> bool:
    """End the session of a worker that stands still in a commit and whose lease has run out.

    The server itself ends one that says nothing within a transaction, but not one that stands in a COPY.
    """
    if connection.dialect.name != "postgresql":
        return False
    # Whoever holds a row's lock has written its transaction's number on it.
    ended = connection.execute(
        sa.text(
            "SELECT pg_terminate_backend(pid) FROM lease JOIN pg_locks ON locktype = 'transactionid' "
            "AND granted AND transactionid = lease.xmax "
            "WHERE partner = :partner AND direction = :direction AND until < :now"
        ),
        {"partner": partner, "direction": direction, "now": now},
    )
    return bool(ended.scalars().all())


def _is(partner: str, direction: str) -> sa.ColumnElement[bool]:
    return (lease.c.partner == partner) & (lease.c.direction == direction)


def _held_by(held: Lease) -> sa.ColumnElement[bool]:
    mine = (lease.c.number == held.number) & (lease.c.attempt == held.attempt)
    return _is(held.partner, held.direction) & mine
