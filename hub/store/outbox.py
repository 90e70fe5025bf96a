"""Messages on their way out: written with the change they carry, marked after each receipt."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

import sqlalchemy as sa

from hub.store import transport
from hub.store.merge import DELETED
from hub.store.order import per_child
from hub.store.record_tables import RECORDS
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


@dataclass(frozen=True)
class Destination:
    partner: str
    feed: str


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
    """Put every due message into this delivery. Whether it may be shared is asked anew."""
    connection.execute(
        outbox.update()
        .where(outbox.c.to_partner == to.partner, outbox.c.to_feed == to.feed)
        .where(outbox.c.state.in_((QUEUED, UNSURE)))
        .values(delivery_id=delivery_id, not_shared_because=None)
    )


# Asked only of what was withdrawn, which is seldom.
_earlier = outbox.alias("earlier")
_they_were_told = sa.exists().where(
    _earlier.c.from_partner == outbox.c.from_partner,
    _earlier.c.from_feed == outbox.c.from_feed,
    _earlier.c.reference == outbox.c.reference,
    _earlier.c.to_partner == outbox.c.to_partner,
    _earlier.c.to_feed == outbox.c.to_feed,
    _earlier.c.sent_at.is_not(None),
)
_FOR_THE_AGREEMENT = (
    sa.case((outbox.c.change == DELETED, _they_were_told), else_=sa.true()).label("they_were_told"),
    outbox.c.shared_because.is_not(None).label("on_a_persons_word"),
    outbox.c.agreement.label("word"),
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
    still_to_go = sa.and_(*_still_to_go(delivery_id))
    child, order = per_child(still_to_go)
    message = [outbox.c[name] for name in MESSAGE]
    fields = [column for column in record.columns if column.name not in MESSAGE]
    query = (
        sa.select(*message, *fields, *_FOR_THE_AGREEMENT, vault.c.key_id, vault.c.sealed)
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
    query = sa.select(outbox.c.message_key).where(*_still_to_go(delivery_id))
    return set(connection.execute(query).scalars())


def _still_to_go(delivery_id: str) -> tuple[sa.ColumnElement[bool], ...]:
    return (
        outbox.c.delivery_id == delivery_id,
        outbox.c.state.in_((QUEUED, UNSURE)),
        outbox.c.not_shared_because.is_(None),
    )


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
            agreement=sa.func.coalesce(sa.bindparam("gone_under"), outbox.c.agreement),
            not_shared_because=None,
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
            "gone_under": one["agreement"],
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
    """A safety flag first, and of those first what the agreement stops; then the longest waiting.

    `night`: handed over, or tried, in that night.
    """
    stopped = sa.case((outbox.c.not_shared_because.is_not(None), 0), else_=1)
    risk_first = (outbox.c.safety.desc(), sa.case((outbox.c.safety, stopped), else_=1))
    query = sa.select(outbox).order_by(*risk_first, outbox.c.queued_at, outbox.c.message_key).limit(limit)
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
