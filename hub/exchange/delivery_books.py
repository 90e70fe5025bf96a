"""The books of a delivery: what was due against what was sent, waits, or is held."""

from __future__ import annotations

from typing import Any

from hub.ledger.balance import complete
from hub.store import books, deliveries
from hub.store.deliveries import DeliveryRow
from schemas.hops import Hop


def page(delivery: DeliveryRow) -> books.Page:
    return books.Page(delivery.delivery_id, delivery.partner, delivery.feed, delivery.night)


def write_outgoing(connection: Any, delivery: DeliveryRow, due: int, carried_over: int) -> None:
    standing = deliveries.standing(connection, delivery.delivery_id)
    lines = complete(Hop.OUTGOING, standing | {"due": due, "carried_over": carried_over})
    books.write_lines(connection, page(delivery), Hop.OUTGOING, lines)


def close(connection: Any, delivery: DeliveryRow, state: str) -> None:
    """Count again what became of the delivery, against what was due when it was claimed."""
    was = books.lines_of_run(connection, delivery.delivery_id, Hop.OUTGOING)
    write_outgoing(connection, delivery, was.get("due", 0), was.get("carried_over", 0))
    deliveries.mark(connection, delivery.delivery_id, state)


def write_acknowledged(connection: Any, delivery: DeliveryRow) -> None:
    sent = deliveries.standing(connection, delivery.delivery_id).get("sent", 0)
    answered = deliveries.answers(connection, delivery.delivery_id)
    lines = complete(Hop.ACKNOWLEDGED, answered | {"sent": sent})
    books.write_lines(connection, page(delivery), Hop.ACKNOWLEDGED, lines)
