"""The audit: what is written cannot be changed, taken out or cut off without being seen."""

from __future__ import annotations

from datetime import UTC, datetime

import pytest
import sqlalchemy as sa

from hub import witness
from hub.store import audit
from hub.store.audit import AuditEvent, Event, Link, NoChild
from hub.store.control_tables import audit_event, audit_head
from hub.store.engine import Connection
from tests.world import World, referral

NOON = datetime(2026, 11, 23, 12, 0, tzinfo=UTC)
EVENTS = [AuditEvent(event, "tried", "police", "referrals", f"batch {n}", n) for n, event in enumerate(Event)]


def faults(world: World, connection: Connection, witnessed: tuple[Link, ...] = ()) -> list[str]:
    return list(audit.faults(connection, world.hub.keyring.hasher("audit"), witnessed))


def write(world: World, connection: Connection) -> Link:
    hasher = world.hub.keyring.hasher("audit")
    audit.append(connection, hasher, EVENTS, actor="a tester", now=NOON)
    return audit.head(connection)


def test_a_chain_as_it_was_written_is_whole(world: World) -> None:
    with world.hub.store.transaction() as connection:
        link = write(world, connection)
        write(world, connection)
        assert faults(world, connection, (link,)) == []
        assert audit.head(connection).seq == 2 * len(EVENTS)


CHANGES = [
    ("an event was changed", audit_event.update().where(audit_event.c.seq == 3).values(actor="nobody")),
    ("a count was changed", audit_event.update().where(audit_event.c.seq == 3).values(records=0)),
    ("an event was taken out", audit_event.delete().where(audit_event.c.seq == 3)),
    ("the first was taken out", audit_event.delete().where(audit_event.c.seq == 1)),
    ("the end was cut off", audit_event.delete().where(audit_event.c.seq >= 5)),
    ("the head was set back", audit_head.update().values(seq=2)),
    ("an event was moved", audit_event.update().where(audit_event.c.seq == 6).values(seq=9)),
]


@pytest.mark.parametrize(("what", "change"), CHANGES, ids=[what for what, _ in CHANGES])
def test_a_change_is_seen(sqlite_world: World, what: str, change: sa.Executable) -> None:
    with sqlite_world.hub.store.transaction() as connection:
        write(sqlite_world, connection)
        connection.execute(change)
        assert faults(sqlite_world, connection), what


def test_an_end_cut_off_with_its_head_set_back_is_seen_by_the_witness(sqlite_world: World) -> None:
    with sqlite_world.hub.store.transaction() as connection:
        last = write(sqlite_world, connection)
        (before,) = connection.execute(sa.select(audit_event.c.hash).where(audit_event.c.seq == 4)).one()
        connection.execute(audit_event.delete().where(audit_event.c.seq > 4))
        connection.execute(audit_head.update().values(seq=4, hash=before))
        assert faults(sqlite_world, connection) == []
        assert faults(sqlite_world, connection, (last,)) == ["event 6 is not the one that was witnessed"]


def test_a_night_is_audited_and_its_morning_witnessed(world: World) -> None:
    world.police_send(referral(1), referral(2))
    world.pull()
    world.push()
    witness.witness(world.hub)
    with world.hub.store.reading() as connection:
        assert faults(world, connection, tuple(witness.witnessed(world.hub))) == []
        told = [(one["event"], one["action"]) for one in audit.listing(connection, subject=None, limit=50)]
    assert told.count(("disclosure", "handed over")) == 2
    assert {("collection", "landed"), ("combination", "matched"), ("alteration", "recorded")} <= set(told)
    # Before anything sealed is opened.
    assert ("consultation", "messages laid ready") in told


def test_what_touches_no_child_is_said_and_not_written(sqlite_world: World) -> None:
    with sqlite_world.hub.deciding(NoChild("nothing happened")):
        pass
    with sqlite_world.hub.store.reading() as connection:
        assert audit.head(connection).seq == 0
