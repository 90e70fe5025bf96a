"""Each of 1,000 audit events tampered with, in each way there is: every one is found."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from datetime import UTC, datetime, timedelta
from itertools import cycle

import pytest
import sqlalchemy as sa

from hub.landing.keyring import Hasher
from hub.store import audit
from hub.store.audit import AuditEvent, Event
from hub.store.control_tables import audit_event
from hub.store.engine import Connection, Store
from hub.store.migrate import upgrade

EVENTS = 1000
NOON = datetime(2026, 11, 23, 12, 0, tzinfo=UTC)
HASHER = Hasher(b"a key of the audit")
SEQ = audit_event.c.seq
Tamper = Callable[[Connection, int], None]


@pytest.fixture
def connection() -> Iterator[Connection]:
    store = Store("sqlite://")
    upgrade(store)
    with store.transaction() as connection:
        events = [
            AuditEvent(list(Event)[n % 6], "tried", "police", "referrals", f"b{n}") for n in range(EVENTS)
        ]
        audit.append(connection, HASHER, events, actor="the schedule", now=NOON)
        yield connection
    store.close()


def edited(field: str, value: object) -> Tamper:
    def tamper(connection: Connection, seq: int) -> None:
        connection.execute(audit_event.update().where(seq == SEQ).values({field: value}))

    return tamper


def taken_out(connection: Connection, seq: int) -> None:
    connection.execute(audit_event.delete().where(seq == SEQ))


def cut_off(connection: Connection, seq: int) -> None:
    connection.execute(audit_event.delete().where(seq <= SEQ))


def swapped(connection: Connection, seq: int) -> None:
    """With its neighbour, each under the other's number."""
    other = seq + 1 if seq < EVENTS else seq - 1
    for now, then in ((seq, -1), (other, seq), (-1, other)):
        connection.execute(audit_event.update().where(now == SEQ).values(seq=then))


def inserted(connection: Connection, seq: int) -> None:
    """A copy of an event beside it, and all that follow moved on by one."""
    row = dict(connection.execute(sa.select(audit_event).where(seq == SEQ)).mappings().one())
    connection.execute(audit_event.update().where(seq < SEQ).values(seq=-SEQ))
    connection.execute(audit_event.update().where(SEQ < 0).values(seq=1 - SEQ))
    connection.execute(audit_event.insert().values(row | {"seq": seq + 1}))


TAMPERS: tuple[Tamper, ...] = (
    edited("at", NOON + timedelta(microseconds=1)),
    edited("event", "nothing"),
    edited("action", "looked away"),
    edited("actor", "nobody"),
    edited("partner", "courts"),
    edited("feed", None),
    edited("subject", "another"),
    edited("records", 2),
    edited("agreement", "an agreement"),
    edited("previous", bytes(range(16))),
    edited("hash", bytes(range(16))),
    taken_out,
    cut_off,
    swapped,
    inserted,
)


def test_each_of_a_thousand_events_tampered_with_is_found(connection: Connection) -> None:
    assert list(audit.faults(connection, HASHER)) == []
    missed = []
    for seq, tamper in zip(range(1, EVENTS + 1), cycle(TAMPERS), strict=False):
        with connection.begin_nested() as undo:
            tamper(connection, seq)
            if next(audit.faults(connection, HASHER), None) is None:
                missed.append((seq, tamper))
            undo.rollback()
    assert missed == []
    assert list(audit.faults(connection, HASHER)) == []
