"""Telling back: the sender learns what became of each message of theirs, where that is agreed.

Told first and marked after: killed between the two, the same is said again, which is harmless.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from itertools import groupby
from typing import Any

from connectors.contract import MessageReport, PullFeed, RejectedRow
from hub.exchange.line import partner_line
from hub.hub import Hub
from hub.report import showable
from hub.store import answering
from hub.store.answering import PLACE
from hub.store.audit import NoChild
from hub.store.batches import OPENED
from schemas.hops import Consequence

Row = dict[str, Any]


def tell_back(hub: Hub, partner: str) -> list[str]:
    """The batches of which messages were told of."""
    pulls = hub.connector(partner).pulls
    told = [(feed, list(_untold(hub, partner, feed))) for feed in pulls if feed.report]
    if not any(messages for _, messages in told):
        return []
    with partner_line(hub, partner) as client:
        for feed, messages in told:
            _tell(hub, client, feed, messages)
    return list(dict.fromkeys(row["batch_id"] for _, messages in told for row in messages))


def _untold(hub: Hub, partner: str, feed: PullFeed) -> Sequence[Row]:
    with hub.store.reading() as connection:
        return answering.untold(connection, partner, feed.name)


def _tell(hub: Hub, client: object, feed: PullFeed, messages: Sequence[Row]) -> None:
    if feed.report is None:
        return
    for batch_id, of_batch in groupby(messages, key=lambda row: row["batch_id"]):
        for row, report in _reports(hub, feed, batch_id, list(of_batch)):
            hub.check_lease()
            feed.report(client, report)
            with hub.writing(NoChild("a sender was told of a message")) as connection:
                answering.mark(connection, batch_id, row["number"], hub.clock())


def _reports(
    hub: Hub, feed: PullFeed, batch_id: str, messages: list[Row]
) -> Iterator[tuple[Row, MessageReport]]:
    with hub.store.reading() as connection:
        broken = answering.broken_rules(connection, batch_id)
        held = answering.held_rows(connection, batch_id)
        references = answering.references(connection, messages[0]["partner"], feed.name, batch_id)
    references |= {_place(row): row["reference"] for row in held}
    rows = [*_broken(feed, broken, references), *_unread(held, {_place(row) for row in broken})]
    for message in messages:
        number = message["number"]
        own = tuple(row for at, row in sorted(rows, key=lambda one: one[0]) if at[0] == number)
        held_here = len({_place(row) for row in held if row["message"] == number})
        yield message, report_of(message, own, held_here)


def report_of(message: Row, rejected: tuple[RejectedRow, ...], held: int) -> MessageReport:
    rows = message["rows"] or 0
    opened = message["bucket"] == OPENED
    return MessageReport(
        name=message["name"],
        received_at=message["landed_at"],
        rows=rows if opened else 0,
        accepted=rows - held if opened else 0,
        rejected=rejected if opened else (),
        reason=None if opened else " ".join(filter(None, (message["reason"], message["words"]))),
    )


def _broken(
    feed: PullFeed, broken: Sequence[Row], references: dict[Any, str]
) -> Iterator[tuple[Any, RejectedRow]]:
    for one in broken:
        yield (
            _place(one),
            RejectedRow(
                row=one["row"],
                key=showable.reference(references.get(_place(one))),
                field=_their_columns(feed, one["field"]),
                rule=one["rule"],
                severity=one["consequence"],
                words=one["words"],
            ),
        )


def _unread(held: Sequence[Row], told: set[Any]) -> Iterator[tuple[Any, RejectedRow]]:
    """Rows that are held because they could not be read: the hop before found it, of the whole row."""
    for row in held:
        if _place(row) not in told:
            yield (
                _place(row),
                RejectedRow(
                    row=row["row"],
                    key=showable.reference(row["reference"]),
                    field=None,
                    rule=row["rules"],
                    severity=Consequence.HOLD_ROW.value,
                    words=row["words"],
                ),
            )


def _their_columns(feed: PullFeed, field: str | None) -> str | None:
    """The sender's columns that a field of ours is made of: they know no other."""
    reading = (feed.record.readings | feed.child.readings).get(field or "")
    return ", ".join(reading.takes) if reading and reading.takes else field


def _place(row: Row) -> tuple[int, ...]:
    return tuple(row[name] for name in PLACE)
