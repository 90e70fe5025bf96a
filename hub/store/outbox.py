"""Messages on their way out: written with the change they carry, marked after each receipt."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

import sqlalchemy as sa

from hub.store import transport
from hub.store.merge import CHANGED, DELETED, NEW
from hub.store.order import per_child
from hub.store.record_tables import RECORDS
from hub.store.staging import Staged
from hub.store.tables import delivery, outbox, receipt, vault
from schemas.clocks import TransportState

QUEUED = TransportState.QUEUED.value
# Tried, and no answer that we could read: look again, and send again under the same key.
UNSURE = TransportState.UNKNOWN.value
HELD, OVERTAKEN = "held", transport.OVERTAKEN
AWAITING = (TransportState.SENT.value, TransportState.RECEIVED.value, TransportState.UNKNOWN.value)

# What of a message travels beside its record.
MESSAGE = (
    "message_key",
    "kind",
    "change",
    "from_partner",
    "from_feed",
    "reference",
    "version_no",
    "child_id",
)
QUEUED_COLUMNS = (
    "message_key",
    "to_partner",
    "to_feed",
    "kind",
    "from_partner",
    "from_feed",
    "reference",
    "version_no",
    "child_id",
    "change",
    "safety",
    "state",
    "batch_id",
    "queued_at",
)


@dataclass(frozen=True)
class Destination:
    partner: str
    feed: str


@dataclass(frozen=True)
class Route:
    """Every record of this kind, except those the destination itself sent.

    Where a field of the kind says to whom a record is addressed, only those addressed to the destination.
    """

    kind: str
    to: Destination
    addressed_by: str | None = None


def queue(connection: sa.Connection, staged: Staged, route: Route, batch_id: str, now: datetime) -> None:
    """One message for every record that is new to the destination or changed, under a key made of content."""
    ours, held, to = staged.records, staged.target, route.to
    theirs = ours.c[route.addressed_by] == to.partner if route.addressed_by else sa.true()
    this_record = (outbox.c.from_partner == staged.partner) & (outbox.c.from_feed == staged.feed)
    to_them = (outbox.c.to_partner == to.partner) & (outbox.c.to_feed == to.feed)
    # A version that may still go is overtaken by the newer one, so that an old one cannot go out after it:
    # it waits, it is held, or it was tried and nobody knows.
    connection.execute(
        outbox.update()
        .where(this_record, to_them, outbox.c.state.in_((QUEUED, UNSURE, HELD)))
        .where(
            outbox.c.reference.in_(sa.select(ours.c.reference).where(ours.c.bucket.in_((CHANGED, DELETED))))
        )
        .values(state=OVERTAKEN)
    )
    # Content made it, so a second attempt has the same; led by the reference, so the index grows at its end.
    record = sa.literal(f"{to.partner}:{staged.partner}:") + ours.c.reference
    key = record + sa.literal(":") + _hex(connection, ours.c.version_hash)
    same = sa.and_(
        held.c.partner == staged.partner, held.c.feed == staged.feed, held.c.reference == ours.c.reference
    )
    first = _message(staged, to, batch_id, now, key=key, version_no=sa.literal(1))
    # A return to what was said before is another message: the receiver has heard otherwise since.
    said_before = sa.exists().where(outbox.c.message_key == key).correlate(ours)
    again = key + sa.literal("-") + sa.cast(held.c.version_no, sa.Text)
    key_now = sa.case((said_before, again), else_=key)
    later = _message(staged, to, batch_id, now, key=key_now, version_no=held.c.version_no).join(held, same)
    # A record that was already deleted when first seen was never sent, so there is nothing to take back.
    taken_back = (ours.c.bucket == DELETED) & (held.c.version_no > 1)
    for came in (
        first.where(ours.c.bucket == NEW),
        later.where((ours.c.bucket == CHANGED) | taken_back),
    ):
        connection.execute(outbox.insert().from_select(QUEUED_COLUMNS, came.where(theirs)))


def _message(
    staged: Staged,
    to: Destination,
    batch_id: str,
    now: datetime,
    *,
    key: sa.ColumnElement[str],
    version_no: sa.ColumnElement[int],
) -> sa.Select[Any]:
    """The columns of a queued message, in the order of QUEUED_COLUMNS."""
    ours = staged.records
    return sa.select(
        key,
        sa.literal(to.partner),
        sa.literal(to.feed),
        sa.literal(staged.kind),
        sa.literal(staged.partner),
        sa.literal(staged.feed),
        ours.c.reference,
        version_no,
        ours.c.child_id,
        ours.c.bucket,
        ours.c.safety,
        sa.literal(QUEUED),
        sa.literal(batch_id),
        sa.literal(now, outbox.c.queued_at.type),
    )


def _hex(connection: sa.Connection, column: sa.ColumnElement[Any]) -> sa.ColumnElement[str]:
    if connection.dialect.name == "postgresql":
        return sa.func.encode(column, "hex")
    return sa.func.lower(sa.func.hex(column))


def due(connection: sa.Connection, to: Destination) -> tuple[int, int]:
    """How many are due for the first time, and how many are carried over from an earlier try."""
    rows = connection.execute(
        sa.select(outbox.c.delivery_id.is_not(None), sa.func.count())
        .where(outbox.c.to_partner == to.partner, outbox.c.to_feed == to.feed)
        .where(outbox.c.state.in_((QUEUED, UNSURE)))
        .group_by(outbox.c.delivery_id.is_not(None))
    )
    counts = {bool(carried): count for carried, count in rows.all()}
    return counts.get(False, 0), counts.get(True, 0)


def claim(connection: sa.Connection, to: Destination, delivery_id: str) -> None:
    """Put every due message into this delivery."""
    connection.execute(
        outbox.update()
        .where(outbox.c.to_partner == to.partner, outbox.c.to_feed == to.feed)
        .where(outbox.c.state.in_((QUEUED, UNSURE)))
        .values(delivery_id=delivery_id)
    )


def claimed(connection: sa.Connection, delivery_id: str, kind: str) -> Iterator[list[dict[str, Any]]]:
    """The claimed messages of one kind with their record and its sealed half, in chunks, in their order."""
    record = RECORDS[kind]
    same_record = (
        (record.c.partner == outbox.c.from_partner)
        & (record.c.feed == outbox.c.from_feed)
        & (record.c.reference == outbox.c.reference)
    )
    same_vault = (
        (vault.c.partner == outbox.c.from_partner)
        & (vault.c.feed == outbox.c.from_feed)
        & (vault.c.reference == outbox.c.reference)
    )
    still_to_go = (outbox.c.delivery_id == delivery_id) & outbox.c.state.in_((QUEUED, UNSURE))
    child, order = per_child(still_to_go)
    message = [outbox.c[name] for name in MESSAGE]
    fields = [column for column in record.columns if column.name not in MESSAGE]
    query = (
        sa.select(*message, *fields, vault.c.key_id, vault.c.sealed)
        .join(record, same_record)
        .join(vault, same_vault)
        .join(child, child.c.child_id == outbox.c.child_id)
        .where(outbox.c.kind == kind, still_to_go)
        .order_by(*order)
    )
    for rows in connection.execution_options(yield_per=20_000).execute(query).mappings().partitions():
        yield [dict(row) for row in rows]


def claimed_keys(connection: sa.Connection, delivery_id: str) -> set[str]:
    """The messages of this delivery that are still to be sent."""
    query = sa.select(outbox.c.message_key).where(
        outbox.c.delivery_id == delivery_id, outbox.c.state.in_((QUEUED, UNSURE))
    )
    return set(connection.execute(query).scalars())


def mark(connection: sa.Connection, receipts: Sequence[dict[str, Any]]) -> None:
    """Save what the partner said of each message, and keep every answer."""
    if not receipts:
        return
    became = transport.states_after(connection, receipts)
    connection.execute(
        receipt.insert(),
        [{k: r[k] for k in ("message_key", "delivery_id", "answer", "at", "reason")} for r in receipts],
    )
    # Names of their own: a parameter named like a column would be written into that column as well.
    statement = (
        outbox.update()
        .where(outbox.c.message_key == sa.bindparam("of_key"))
        .values(
            state=sa.bindparam("new_state"),
            sent_at=sa.func.coalesce(outbox.c.sent_at, sa.bindparam("now_sent", type_=outbox.c.sent_at.type)),
            answered_at=sa.bindparam("now_answered", type_=outbox.c.answered_at.type),
            answer_reason=sa.bindparam("their_reason"),
            their_reference=sa.func.coalesce(sa.bindparam("their_key"), outbox.c.their_reference),
        )
    )
    marks = [
        {
            "of_key": one["message_key"],
            "new_state": became[one["message_key"]],
            "now_sent": one["sent_at"],
            "now_answered": one["at"],
            "their_reason": one["reason"],
            "their_key": one["their_reference"],
        }
        for one in receipts
    ]
    connection.execute(statement, marks)


def hold(connection: sa.Connection, keys: Iterable[str]) -> None:
    statement = outbox.update().where(outbox.c.message_key == sa.bindparam("of_key")).values(state=HELD)
    held = [{"of_key": key} for key in keys]
    if held:
        connection.execute(statement, held)


def awaiting_answer(connection: sa.Connection, to: Destination) -> list[str]:
    query = (
        sa.select(outbox.c.message_key)
        .where(outbox.c.to_partner == to.partner, outbox.c.to_feed == to.feed)
        .where(outbox.c.state.in_(AWAITING), outbox.c.sent_at.is_not(None))
        .order_by(outbox.c.message_key)
    )
    return list(connection.execute(query).scalars())


def listing(
    connection: sa.Connection,
    state: str | None,
    limit: int,
    *,
    partner: str | None = None,
    night: date | None = None,
) -> list[dict[str, Any]]:
    """A safety flag first, then the longest waiting. `night`: handed over, or tried, in that night."""
    query = (
        sa.select(outbox)
        .order_by(outbox.c.safety.desc(), outbox.c.queued_at, outbox.c.message_key)
        .limit(limit)
    )
    if state:
        query = query.where(outbox.c.state == state)
    if partner:
        query = query.where(outbox.c.to_partner == partner)
    if night:
        of_night = sa.select(delivery.c.delivery_id).where(delivery.c.night == night)
        query = query.where(outbox.c.delivery_id.in_(of_night))
    return [dict(row) for row in connection.execute(query).mappings()]


def one(connection: sa.Connection, key: str) -> dict[str, Any] | None:
    row = connection.execute(sa.select(outbox).where(outbox.c.message_key == key)).mappings().first()
    if row is None:
        return None
    answers = sa.select(receipt).where(receipt.c.message_key == key).order_by(receipt.c.receipt_id)
    return dict(row) | {"receipts": [dict(answer) for answer in connection.execute(answers).mappings()]}
