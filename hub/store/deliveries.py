"""Deliveries: one handing-over to one partner, and what it came to."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime

import sqlalchemy as sa

from hub.store.engine import by_name
from hub.store.tables import delivery, outbox, receipt
from schemas.clocks import TransportState

ANSWERS = tuple(
    state.value
    for state in (
        TransportState.ACCEPTED,
        TransportState.RECEIVED,
        TransportState.REFUSED,
        TransportState.UNKNOWN,
    )
)
CLAIMED, SENT, ACKNOWLEDGED = "claimed", "sent", "acknowledged"


@dataclass(frozen=True)
class DeliveryRow:
    delivery_id: str
    partner: str
    feed: str
    night: date
    state: str
    started_at: datetime


def add(connection: sa.Connection, row: DeliveryRow) -> None:
    connection.execute(delivery.insert().values(**vars(row)))


def get(connection: sa.Connection, delivery_id: str) -> DeliveryRow:
    found = connection.execute(sa.select(delivery).where(delivery.c.delivery_id == delivery_id))
    return DeliveryRow(**found.mappings().one())


def cut_off(connection: sa.Connection, partner: str, feed: str) -> list[DeliveryRow]:
    """Deliveries that a killed night left before their end."""
    query = sa.select(delivery).where(
        delivery.c.partner == partner, delivery.c.feed == feed, delivery.c.state == CLAIMED
    )
    return [DeliveryRow(**row) for row in connection.execute(query).mappings()]


def of_partner(connection: sa.Connection, partner: str) -> dict[str, str]:
    """Each delivery's state."""
    query = sa.select(delivery.c.delivery_id, delivery.c.state).where(delivery.c.partner == partner)
    return by_name(connection.execute(query))


def of_night(connection: sa.Connection, night: date) -> list[DeliveryRow]:
    query = sa.select(delivery).where(delivery.c.night == night).order_by(delivery.c.started_at)
    return [DeliveryRow(**row) for row in connection.execute(query).mappings()]


def mark(connection: sa.Connection, delivery_id: str, state: str) -> None:
    connection.execute(delivery.update().where(delivery.c.delivery_id == delivery_id).values(state=state))


def standing(connection: sa.Connection, delivery_id: str) -> dict[str, int]:
    """How many of the claimed messages were sent in this delivery, may not be, are held, or still wait."""
    sent = sa.exists().where(
        receipt.c.message_key == outbox.c.message_key, receipt.c.delivery_id == delivery_id
    )
    bucket = sa.case(
        (sent, "sent"),
        (outbox.c.state == "held", "held"),
        (outbox.c.not_shared_because.is_not(None), "not_shareable"),
        else_="waiting",
    )
    query = (
        sa.select(bucket.label("bucket"), sa.func.count())
        .where(outbox.c.delivery_id == delivery_id)
        .group_by(bucket)
    )
    return by_name(connection.execute(query))


def answers(connection: sa.Connection, delivery_id: str) -> dict[str, int]:
    """The latest answer to each message that was sent in this delivery."""
    sent = sa.exists().where(
        receipt.c.message_key == outbox.c.message_key, receipt.c.delivery_id == delivery_id
    )
    # The state says it, unless the message has moved on since: overtaken, or queued again by a person.
    later = receipt.alias("later")
    last = sa.select(sa.func.max(later.c.receipt_id)).where(later.c.message_key == outbox.c.message_key)
    said = sa.select(receipt.c.answer).where(receipt.c.receipt_id == last.scalar_subquery())
    answer = sa.case((outbox.c.state.in_(ANSWERS), outbox.c.state), else_=said.scalar_subquery())
    query = (
        sa.select(answer.label("answer"), sa.func.count())
        .where(outbox.c.delivery_id == delivery_id, sent)
        .group_by("answer")
    )
    return by_name(connection.execute(query))
