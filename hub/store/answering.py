"""What a sender is told of their messages: which are not told of yet, and what became of their rows."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from typing import Any

import sqlalchemy as sa

from hub.store.batches import PULLED, RECORDED
from hub.store.tables import batch, finding, held_row, inbox, message
from schemas.hops import Consequence, Hop

# What a row may break and not go on whole. A warning changes nothing, and stands on the page.
TOLD = (Consequence.REJECT_BATCH, Consequence.HOLD_ROW, Consequence.SET_ASIDE)
PLACE = ("message", "row", "part")
Rows = Sequence[dict[str, Any]]


def untold(connection: sa.Connection, partner: str, feed: str) -> Rows:
    """Messages whose records are in the record and whose sender was not told, oldest first."""
    query = (
        sa.select(message, batch.c.landed_at)
        .join(batch, batch.c.batch_id == message.c.batch_id)
        .where(message.c.partner == partner, message.c.feed == feed)
        .where(message.c.name.is_not(None), message.c.reported_at.is_(None))
        .where(batch.c.state == RECORDED, batch.c.source == PULLED)
        .order_by(batch.c.landed_at, message.c.batch_id, message.c.number)
    )
    return _rows(connection, query)


def broken_rules(connection: sa.Connection, batch_id: str) -> Rows:
    """Each rule that a row of the batch broke, row by row."""
    columns = (*(finding.c[name] for name in PLACE), finding.c.rule, finding.c.consequence, finding.c.field)
    query = (
        sa.select(*columns, finding.c.words)
        .where(finding.c.run_id == batch_id, finding.c.row.is_not(None))
        .where(finding.c.hop.in_((Hop.TRANSLATED, Hop.MATCHED)), finding.c.consequence.in_(TOLD))
        .order_by(*(finding.c[name] for name in PLACE), finding.c.finding_id)
    )
    return _rows(connection, query)


def held_rows(connection: sa.Connection, batch_id: str) -> Rows:
    """The rows that were held when the batch came, whatever became of them since."""
    columns = (*(held_row.c[name] for name in PLACE), held_row.c.rules, held_row.c.words)
    query = (
        sa.select(*columns, held_row.c.reference)
        .where(held_row.c.batch_id == batch_id)
        .order_by(*(held_row.c[name] for name in PLACE))
    )
    return _rows(connection, query)


def references(connection: sa.Connection, partner: str, feed: str, batch_id: str) -> dict[Any, str]:
    """The sender's reference of each row that broke a rule and went on. A repeat of a version has none."""
    arrived = [inbox.c[name] for name in PLACE]
    broke = sa.select(*(finding.c[name] for name in PLACE)).where(
        finding.c.run_id == batch_id, finding.c.consequence == Consequence.SET_ASIDE
    )
    query = (
        sa.select(*arrived, inbox.c.reference)
        .where(inbox.c.partner == partner, inbox.c.feed == feed, inbox.c.batch_id == batch_id)
        .where(sa.tuple_(*arrived).in_(broke))
    )
    return {tuple(place): reference for *place, reference in connection.execute(query)}


def mark(connection: sa.Connection, batch_id: str, number: int, now: datetime) -> None:
    connection.execute(
        message.update()
        .where(message.c.batch_id == batch_id, message.c.number == number)
        .values(reported_at=now)
    )


def _rows(connection: sa.Connection, query: sa.Select[Any]) -> Rows:
    return [dict(row) for row in connection.execute(query).mappings()]
