"""Deliver: hand the messages over, and mark each after its receipt; then collect later answers."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from datetime import datetime
from typing import Any

import polars as pl

from connectors.contract import Answer, OutboundMessage, Receipt
from connectors.errors import ConnectorError
from hub.exchange import delivery_books
from hub.exchange.outgoing import KEY
from hub.failpoint import failpoint
from hub.hub import Hub
from hub.store import books, deliveries, outbox
from hub.store.audit import AuditEvent, Event, NoChild
from hub.store.deliveries import DeliveryRow
from hub.store.outbox import Destination
from quality.runner import assess
from schemas.hops import Hop, Verdict

# Marked together: few enough that little is sent again after a kill, under the same keys.
RECEIPTS_AT_ONCE = 200
ANSWER: dict[str, pl.DataType | type[pl.DataType]] = {
    "message_key": pl.String,
    "answer": pl.String,
    "reason": pl.String,
    "their_reference": pl.String,
    "at": pl.Datetime("us", "UTC"),
}


def deliver(hub: Hub, delivery_id: str) -> None:
    with hub.store.reading() as connection:
        delivery = deliveries.get(connection, delivery_id)
    if delivery.state != deliveries.CLAIMED:
        return
    connector = hub.connector(delivery.partner)
    feed = connector.push_feed(delivery.feed)
    with connector.connect(hub.partner_settings(delivery.partner)) as client:
        for frame in hub.landing.read_frames(delivery_id, Hop.OUTGOING):
            messages = [OutboundMessage(body.pop(KEY), body) for body in frame.iter_rows(named=True)]
            if messages:
                failpoint("deliver.before_send")
                hub.check_lease()
                _mark_each(hub, delivery, messages, feed.push(client, messages))
    with hub.writing(NoChild("a delivery ends")) as connection:
        delivery_books.close(connection, delivery, deliveries.SENT)
        delivery_books.write_acknowledged(connection, delivery)
    hub.landing.destroy_batch(delivery_id)


def acknowledge(hub: Hub, delivery_id: str) -> None:
    """Ask what became of all that was sent and not yet answered, tonight or on an earlier night."""
    with hub.store.reading() as connection:
        delivery = deliveries.get(connection, delivery_id)
        waiting = outbox.awaiting_answer(connection, Destination(delivery.partner, delivery.feed))
    connector = hub.connector(delivery.partner)
    feed = connector.push_feed(delivery.feed)
    with connector.connect(hub.partner_settings(delivery.partner)) as client:
        asked = set(waiting)
        answers = [receipt for receipt in feed.answers(client, waiting) if receipt.key in asked]
    verdict = _assessed(hub, delivery, answers)
    failpoint("acknowledge.before_commit")
    about = (delivery.partner, delivery.feed, delivery_id, len(answers))
    with hub.writing(AuditEvent(Event.ALTERATION, "answers recorded", *about)) as connection:
        # The answer belongs to the message, not to tonight's delivery: it may be older.
        outbox.mark(connection, [_marked(answer, None, None) for answer in answers])
        delivery_books.write_acknowledged(connection, delivery)
        books.write_findings(connection, delivery_books.page(delivery), Hop.ACKNOWLEDGED, verdict.told)
        deliveries.mark(connection, delivery_id, deliveries.ACKNOWLEDGED)
    failpoint("acknowledge.after_commit")


def _assessed(hub: Hub, delivery: DeliveryRow, answers: list[Receipt]) -> Verdict:
    rules = hub.suite(delivery.partner).rules(delivery.feed, Hop.ACKNOWLEDGED)
    said = pl.DataFrame(
        [(one.key, one.answer.value, one.reason, one.their_reference, one.at) for one in answers],
        schema=ANSWER,
        orient="row",
    )
    placed = said.with_columns(
        message=pl.lit(0, pl.Int64), row=pl.int_range(pl.len(), dtype=pl.Int64), part=pl.lit(0, pl.Int64)
    )
    return assess(rules, placed, on=hub.clock().date())


def _mark_each(
    hub: Hub, delivery: DeliveryRow, messages: list[OutboundMessage], receipts: Iterable[Receipt]
) -> None:
    unanswered = {message.key for message in messages}
    for some in _grouped(receipts):
        failpoint("deliver.after_send")
        ours = [receipt for receipt in some if receipt.key in unanswered]
        unanswered -= {receipt.key for receipt in ours}
        _mark(hub, delivery, ours)
    now = hub.clock()
    # A partner that forgets a receipt has the message or has not: look again before anything is said.
    _mark(hub, delivery, [Receipt(key, Answer.UNKNOWN, now, "no receipt came") for key in sorted(unanswered)])


def _grouped(receipts: Iterable[Receipt]) -> Iterator[list[Receipt]]:
    """In groups; what came before a fault is handed on before the fault is."""
    group: list[Receipt] = []
    try:
        for receipt in receipts:
            group.append(receipt)
            if len(group) == RECEIPTS_AT_ONCE:
                yield group
                group = []
    except ConnectorError:
        if group:
            yield group
        raise
    if group:
        yield group


def _mark(hub: Hub, delivery: DeliveryRow, receipts: list[Receipt]) -> None:
    if not receipts:
        return
    now = hub.clock()
    disclosed = [
        AuditEvent(Event.DISCLOSURE, "handed over", delivery.partner, delivery.feed, receipt.key)
        for receipt in receipts
    ]
    with hub.writing(disclosed) as connection:
        outbox.mark(connection, [_marked(receipt, delivery.delivery_id, now) for receipt in receipts])
        failpoint("deliver.before_commit")
    failpoint("deliver.after_commit")


def _marked(receipt: Receipt, delivery_id: str | None, sent_at: datetime | None) -> dict[str, Any]:
    return {
        "message_key": receipt.key,
        "delivery_id": delivery_id,
        "answer": receipt.answer.value,
        "at": receipt.at,
        "reason": receipt.reason,
        "sent_at": sent_at,
        "their_reference": receipt.their_reference,
    }
