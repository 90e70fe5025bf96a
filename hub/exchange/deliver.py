"""Deliver: hand the messages over, and mark each after its receipt; then collect later answers."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

import polars as pl

from connectors.contract import Answer, OutboundMessage, Receipt
from connectors.errors import ConnectorError
from hub.exchange import delivery_books
from hub.exchange.agreed import Sharing
from hub.exchange.line import partner_line
from hub.exchange.outgoing import KEY, UNDER
from hub.failpoint import failpoint
from hub.hub import Hub
from hub.store import books, deliveries, not_shared, outbox, transport
from hub.store.audit import AuditEvent, Event, NoChild
from hub.store.deliveries import DeliveryRow
from hub.store.outbox import Destination
from quality.runner import assess
from schemas.hops import Consequence, Finding, Hop, Verdict

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
    feed = hub.connector(delivery.partner).push_feed(delivery.feed)
    with partner_line(hub, delivery.partner) as client:
        for frame in _unanswered(hub, delivery_id):
            sharing = Sharing.now(hub, delivery.partner, feed)
            if may_go := _may_go(hub, frame, sharing):
                failpoint("deliver.before_send")
                hub.check_lease()
                _mark_each(hub, delivery, may_go, feed.push(client, may_go.messages))
    with hub.writing(NoChild("a delivery ends")) as connection:
        delivery_books.close(connection, delivery, deliveries.SENT)
        delivery_books.write_acknowledged(connection, delivery)
    hub.landing.destroy_batch(delivery_id)


@dataclass(frozen=True)
class _Going:
    """Messages that may go at this moment, and for each the agreement or the person that lets it."""

    messages: list[OutboundMessage]
    under: Mapping[str, str]


def _may_go(hub: Hub, frame: pl.DataFrame, sharing: Sharing) -> _Going | None:
    """Asked again at this moment: an agreement may have ended since the messages were laid ready."""
    if frame.is_empty():
        return None
    keys, word = frame[KEY].to_list(), frame[UNDER].str.starts_with(not_shared.ON_A_PERSONS_WORD).all()
    if sharing.because and not word:
        with hub.writing(NoChild("messages may not be shared")) as connection:
            not_shared.stop(connection, dict.fromkeys(keys, sharing.because))
        return None
    bodies = frame.select(name for name in frame.columns if name in sharing.columns)
    messages = [
        OutboundMessage(key, body) for key, body in zip(keys, bodies.iter_rows(named=True), strict=True)
    ]
    under = frame[UNDER] if word else [sharing.under or ""] * frame.height
    return _Going(messages, dict(zip(keys, under, strict=True)))


def _unanswered(hub: Hub, delivery_id: str) -> Iterator[pl.DataFrame]:
    """What was laid ready, less what an earlier try of this step handed over and had answered."""
    with hub.store.reading() as connection:
        answered = transport.answered_keys(connection, delivery_id)
    for frame in hub.landing.read_frames(delivery_id, Hop.OUTGOING):
        yield frame.filter(~pl.col(KEY).is_in(answered))


def acknowledge(hub: Hub, delivery_id: str) -> None:
    """Ask what became of all that was sent and not yet answered, tonight or on an earlier night."""
    with hub.store.reading() as connection:
        delivery = deliveries.get(connection, delivery_id)
        waiting = outbox.awaiting_answer(connection, Destination(delivery.partner, delivery.feed))
    feed = hub.connector(delivery.partner).push_feed(delivery.feed)
    with partner_line(hub, delivery.partner) as client:
        asked = set(waiting)
        told = list(feed.answers(client, waiting))
    answers = [receipt for receipt in told if receipt.key in asked]
    verdict = _assessed(hub, delivery, answers).joined(_never_sent(len(told) - len(answers)))
    failpoint("acknowledge.before_commit")
    about = (delivery.partner, delivery.feed, delivery_id, len(answers))
    with hub.writing(AuditEvent(Event.ALTERATION, "answers recorded", *about)) as connection:
        # The answer belongs to the message, not to tonight's delivery: it may be older.
        outbox.mark(connection, [_marked(answer) for answer in answers])
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


def _never_sent(count: int) -> Verdict:
    """Answers to something that was not asked about: marked nowhere, and counted."""
    if not count:
        return Verdict()
    places = pl.DataFrame({"message": [0] * count, "row": range(count), "part": [0] * count})
    words = "An answer came to something we never sent."
    return Verdict((Finding("HUB-A01", Consequence.WARN, words, places=places),))


def _mark_each(hub: Hub, delivery: DeliveryRow, going: _Going, receipts: Iterable[Receipt]) -> None:
    unanswered = set(going.under)
    for some in _grouped(receipts):
        failpoint("deliver.after_send")
        ours = [receipt for receipt in some if receipt.key in unanswered]
        unanswered -= {receipt.key for receipt in ours}
        _mark(hub, delivery, going, ours)
    now = hub.clock()
    # A partner that forgets a receipt has the message or has not: look again before anything is said.
    silent = [Receipt(key, Answer.UNKNOWN, now, "no receipt came") for key in sorted(unanswered)]
    _mark(hub, delivery, going, silent)


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


def _mark(hub: Hub, delivery: DeliveryRow, going: _Going, receipts: list[Receipt]) -> None:
    if not receipts:
        return
    now = hub.clock()
    to = (delivery.partner, delivery.feed)
    disclosed = [
        AuditEvent(Event.DISCLOSURE, "handed over", *to, receipt.key, agreement=going.under[receipt.key])
        for receipt in receipts
    ]
    with hub.writing(disclosed) as connection:
        sent = delivery.delivery_id, now
        outbox.mark(connection, [_marked(one, *sent, going.under[one.key]) for one in receipts])
        failpoint("deliver.before_commit")
    failpoint("deliver.after_commit")


def _marked(
    receipt: Receipt,
    delivery_id: str | None = None,
    sent_at: datetime | None = None,
    agreement: str | None = None,
) -> dict[str, Any]:
    return {
        "message_key": receipt.key,
        "delivery_id": delivery_id,
        "answer": receipt.answer.value,
        "at": receipt.at,
        "reason": receipt.reason,
        "sent_at": sent_at,
        "agreement": agreement,
        "their_reference": receipt.their_reference,
    }
