"""What the pages of a month read, counted by the database. A record is a place in a batch."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

import sqlalchemy as sa

from hub.store.batches import PULLED
from hub.store.tables import batch, finding, ledger_line, outbox
from schemas.hops import Consequence, Hop

Rows = list[dict[str, Any]]
INWARD = (Hop.RECEIVED.value, Hop.TRANSLATED.value, Hop.MATCHED.value)
STOPS = (Consequence.HOLD_ROW.value, Consequence.REJECT_BATCH.value)


@dataclass(frozen=True)
class Span:
    """Whose month it is, and its first and last night."""

    partners: tuple[str, ...]
    first: date
    last: date


_RECORD = (finding.c.run_id, finding.c.message, finding.c.row, finding.c.part)


def by_feed(connection: sa.Connection, span: Span) -> Rows:
    """What every bucket of the inward hops held, by partner and feed."""
    about = (ledger_line.c.partner, ledger_line.c.feed, ledger_line.c.hop, ledger_line.c.bucket)
    query = (
        sa.select(*about, sa.cast(sa.func.sum(ledger_line.c.records), sa.BigInteger).label("records"))
        .where(_of(ledger_line, span), ledger_line.c.hop.in_(INWARD))
        .group_by(*about)
    )
    return _rows(connection, query)


def failing(connection: sa.Connection, span: Span, kinds: Mapping[str, str]) -> Rows:
    """How many records broke a rule of each kind; `kinds` says of each rule's code which it is of."""
    kind = sa.case(kinds, value=finding.c.rule)
    each = (
        sa.select(finding.c.partner, kind.label("kind"), *_RECORD)
        .where(_found(span), finding.c.rule.in_(list(kinds)))
        .distinct()
        .subquery()
    )
    query = sa.select(each.c.partner, each.c.kind, sa.func.count().label("records")).group_by(
        each.c.partner, each.c.kind
    )
    return _rows(connection, query)


def warned(connection: sa.Connection, span: Span) -> dict[str, int]:
    """By partner, how many records went on of which something was found."""
    stopped = sa.func.max(sa.case((finding.c.consequence.in_(STOPS), 1), else_=0))
    each = (
        sa.select(finding.c.partner, *_RECORD)
        .where(_found(span))
        .group_by(finding.c.partner, *_RECORD)
        .having(stopped == 0)
        .subquery()
    )
    query = sa.select(each.c.partner, sa.func.count()).group_by(each.c.partner)
    return {partner: int(records) for partner, records in connection.execute(query)}


def stopped_by_rule(connection: sa.Connection, span: Span) -> Rows:
    """Of each rule that holds records, how many it held, by partner and feed."""
    each = (
        sa.select(finding.c.partner, finding.c.feed, finding.c.rule, *_RECORD)
        .where(_found(span), finding.c.consequence.in_(STOPS))
        .distinct()
        .subquery()
    )
    about = (each.c.partner, each.c.feed, each.c.rule)
    return _rows(connection, sa.select(*about, sa.func.count().label("records")).group_by(*about))


def nights_pulled(connection: sa.Connection, span: Span) -> dict[str, int]:
    """By partner, in how many nights a pull of any of its feeds came to something."""
    query = (
        sa.select(batch.c.partner, sa.func.count(batch.c.night.distinct()))
        .where(_of(batch, span), batch.c.source == PULLED)
        .group_by(batch.c.partner)
    )
    return {partner: int(nights) for partner, nights in connection.execute(query)}


def first_nights(connection: sa.Connection) -> dict[str, date]:
    """Since when each partner is pulled: nights before that are not missed."""
    query = (
        sa.select(batch.c.partner, sa.func.min(batch.c.night))
        .where(batch.c.source == PULLED)
        .group_by(batch.c.partner)
    )
    return {partner: night for partner, night in connection.execute(query)}  # noqa: C416 - a Row is no pair


def sent(connection: sa.Connection, start: datetime, end: datetime) -> Rows:
    """Each message that was handed over from `start` up to `end`: to whom, when, and how it stands."""
    query = sa.select(
        outbox.c.to_partner, outbox.c.state, outbox.c.sent_at, outbox.c.answered_at, outbox.c.answer_reason
    ).where(outbox.c.sent_at >= start, outbox.c.sent_at < end)
    return _rows(connection, query)


def _of(table: sa.Table, span: Span) -> sa.ColumnElement[bool]:
    return sa.and_(table.c.night.between(span.first, span.last), table.c.partner.in_(span.partners))


def _found(span: Span) -> sa.ColumnElement[bool]:
    return sa.and_(_of(finding, span), finding.c.hop.in_(INWARD), finding.c.row.is_not(None))


def _rows(connection: sa.Connection, query: sa.Select[Any]) -> Rows:
    return [dict(row) for row in connection.execute(query).mappings()]
