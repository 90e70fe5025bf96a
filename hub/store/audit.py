"""The audit: who did what to which records, in a chain of keyed hashes that shows every later change.

The six events are those of the Data Protection Act 2018, section 62. A subject is a batch, a delivery, a
message or a held row, never a child: about whom it was is one query away, in the record.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from enum import StrEnum
from typing import Any

import sqlalchemy as sa

from hub.landing.keyring import Hasher
from hub.store.control_tables import audit_event, audit_head

CHAIN = "hub"
START = bytes(16)
CELL, NOTHING = "\x1f", "\x1e"


class Event(StrEnum):
    COLLECTION = "collection"
    ALTERATION = "alteration"
    CONSULTATION = "consultation"
    DISCLOSURE = "disclosure"
    COMBINATION = "combination"
    ERASURE = "erasure"


@dataclass(frozen=True)
class AuditEvent:
    """`action` is a constant of the code; `records` is how many it was done to."""

    event: Event
    action: str
    partner: str | None = None
    feed: str | None = None
    subject: str | None = None
    records: int = 1
    agreement: str | None = None


@dataclass(frozen=True)
class NoChild:
    """Said outright of a write that touches nothing about a child; `because` says what it is."""

    because: str


Audit = AuditEvent | Sequence[AuditEvent] | NoChild


@dataclass(frozen=True)
class Link:
    """Where the chain ends: its length and the last hash."""

    seq: int
    hash: bytes


def events_of(audit: Audit) -> tuple[AuditEvent, ...]:
    if isinstance(audit, NoChild):
        return ()
    return (audit,) if isinstance(audit, AuditEvent) else tuple(audit)


def append(
    connection: sa.Connection, hasher: Hasher, events: Sequence[AuditEvent], *, actor: str, now: datetime
) -> None:
    """Add the events to the end of the chain; nobody else can until the transaction ends."""
    if not events:
        return
    link, rows = head(connection, locked=True), list[dict[str, Any]]()
    for event in events:
        row = vars(event) | {"seq": link.seq + 1, "at": now, "actor": actor, "previous": link.hash}
        link = Link(link.seq + 1, _hash(hasher, row))
        rows.append(row | {"hash": link.hash})
    connection.execute(audit_event.insert(), rows)
    here = audit_head.c.chain == CHAIN
    connection.execute(audit_head.update().where(here).values(seq=link.seq, hash=link.hash))


def head(connection: sa.Connection, *, locked: bool = False) -> Link:
    query = sa.select(audit_head.c.seq, audit_head.c.hash).where(audit_head.c.chain == CHAIN)
    seq, last = connection.execute(query.with_for_update() if locked else query).one()
    return Link(seq, last)


def faults(connection: sa.Connection, hasher: Hasher, witnessed: Iterable[Link] = ()) -> Iterator[str]:
    """What is wrong with the chain, in words. `witnessed` are ends that were written down elsewhere."""
    last, hashes = Link(0, START), {0: START}
    query = sa.select(audit_event).order_by(audit_event.c.seq).execution_options(yield_per=10_000)
    for row in connection.execute(query).mappings():
        yield from _faults_of(dict(row), last, hasher)
        last = Link(row["seq"], row["hash"])
        hashes[last.seq] = last.hash
    if head(connection) != last:
        yield f"the chain ends at event {last.seq} and its head says otherwise: the end was cut off"
    for link in witnessed:
        if hashes.get(link.seq) != link.hash:
            yield f"event {link.seq} is not the one that was witnessed"


def _faults_of(row: dict[str, Any], before: Link, hasher: Hasher) -> Iterator[str]:
    if row["seq"] != before.seq + 1:
        yield f"event {before.seq + 1} is missing"
    if row["previous"] != before.hash:
        yield f"event {row['seq']} does not follow the one before it"
    if row["hash"] != _hash(hasher, row):
        yield f"event {row['seq']} was changed"


def _hash(hasher: Hasher, row: dict[str, Any]) -> bytes:
    at = row["at"].astimezone(UTC).isoformat(timespec="microseconds")
    names = ("seq", "event", "action", "actor", "partner", "feed", "subject", "records", "agreement")
    said = (NOTHING if row[name] is None else str(row[name]) for name in names)
    return hasher.one(CELL.join((at, row["previous"].hex(), *said)))


def listing(connection: sa.Connection, *, subject: str | None, limit: int) -> list[dict[str, Any]]:
    """The latest first."""
    shown = [column for column in audit_event.columns if column.name not in ("previous", "hash")]
    query = sa.select(*shown).order_by(audit_event.c.seq.desc()).limit(limit)
    if subject:
        query = query.where(audit_event.c.subject == subject)
    return [dict(row) for row in connection.execute(query).mappings()]
