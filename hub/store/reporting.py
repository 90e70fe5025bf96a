"""What the pages read. Set-based, counted by the database, and never the sealed half of anything."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date
from typing import Any

import sqlalchemy as sa

from hub.store.batches import OPENED, RECORDED, REJECTED, BatchRow
from hub.store.engine import by_name
from hub.store.outbox import HELD, QUEUED, UNSURE
from hub.store.tables import batch, finding, held_row, ledger_gap, message, outbox
from schemas.clocks import HELD_OPEN, HeldState, TransportState
from schemas.hops import Consequence, Hop
from schemas.kinds import SAFETY_FLAGS

Rows = list[dict[str, Any]]
REFUSED = TransportState.REFUSED.value
# No state of its own in the outbox: it waits there, and the agreement is asked again each night.
NOT_SHARED = "not shared"
# Messages that did not get where they should, and do not get there by waiting.
STUCK = (REFUSED, HELD, NOT_SHARED)
# A row that could not be read at all: its safety flags are not known.
UNREADABLE_ROW = "HUB-R11"
_MESSAGE = (
    "message_key",
    "to_partner",
    "from_partner",
    "reference",
    "their_reference",
    "delivery_id",
    "safety",
    "queued_at",
    "answered_at",
    "answer_reason",
    "not_shared_because",
)
_STUCK_BECAUSE = ("to_partner", "state", "answer_reason", "not_shared_because")
_REASON = ("partner", "feed", "hop", "rules", "words", "owner")


def unfinished(connection: sa.Connection, night: date) -> list[BatchRow]:
    """Batches of this night or an earlier one that are not in the record yet."""
    query = (
        sa.select(batch)
        .where(batch.c.night <= night, batch.c.state != RECORDED)
        .order_by(batch.c.landed_at, batch.c.batch_id)
    )
    return [BatchRow(**row) for row in connection.execute(query).mappings()]


def opened_rows(connection: sa.Connection, night: date) -> dict[str, int]:
    """For each batch, how many records its messages held when they were opened."""
    query = (
        sa.select(message.c.batch_id, sa.func.sum(message.c.rows))
        .join(batch, batch.c.batch_id == message.c.batch_id)
        .where(batch.c.night == night, message.c.bucket == OPENED)
        .group_by(message.c.batch_id)
    )
    return {batch_id: int(rows or 0) for batch_id, rows in connection.execute(query)}


def released_rows(connection: sa.Connection, night: date) -> dict[str, int]:
    """For each batch, how many held rows went on in it."""
    query = (
        sa.select(held_row.c.released_into, sa.func.count())
        .join(batch, batch.c.batch_id == held_row.c.released_into)
        .where(batch.c.night == night)
        .group_by(held_row.c.released_into)
    )
    return by_name(connection.execute(query))


def parked(connection: sa.Connection, night: date) -> Rows:
    """Messages that could not be opened, each once by its name however often it was tried."""
    about = (message.c.partner, message.c.feed, message.c.name, message.c.reason, message.c.words)
    query = (
        sa.select(*about, sa.func.count().label("times"))
        .join(batch, batch.c.batch_id == message.c.batch_id)
        .where(batch.c.night == night, message.c.bucket == REJECTED)
        .group_by(*about)
        .order_by(message.c.partner, message.c.feed, message.c.name, message.c.reason)
    )
    return _rows(connection, query)


def gaps(connection: sa.Connection, night: date, *, shown: int) -> Rows:
    """Of each hop and fault, how many records and the first of them, with the message they came in."""
    about = (ledger_gap.c.partner, ledger_gap.c.feed, ledger_gap.c.hop, ledger_gap.c.fault)
    numbered = (
        sa.select(
            *about,
            ledger_gap.c.record,
            sa.func.count().over(partition_by=about).label("records"),
            sa.func.row_number()
            .over(partition_by=about, order_by=(ledger_gap.c.run_id, ledger_gap.c.record))
            .label("place"),
        )
        .where(ledger_gap.c.night == night)
        .subquery()
    )
    query = (
        sa.select(numbered)
        .where(numbered.c.place <= shown)
        .order_by(*(numbered.c[column.name] for column in about), numbered.c.place)
    )
    return _rows(connection, query)


def message_names(connection: sa.Connection, places: Iterable[tuple[str, int]]) -> dict[tuple[str, int], str]:
    """The names of these messages (batch and number), where they have one that may be shown."""
    wanted = set(places)
    if not wanted:
        return {}
    query = sa.select(message.c.batch_id, message.c.number, message.c.name).where(
        message.c.batch_id.in_({batch_id for batch_id, _ in wanted}), message.c.name.is_not(None)
    )
    found = connection.execute(query)
    return {(batch_id, number): name for batch_id, number, name in found if (batch_id, number) in wanted}


def held_reasons(connection: sa.Connection, night: date) -> Rows:
    """Why rows wait, and how many: of all nights up to this one."""
    about = [held_row.c[name] for name in _REASON]
    query = (
        sa.select(
            *about,
            sa.func.count().label("records"),
            _count_if(held_row.c.safety).label("flagged"),
            _count_if(_unreadable()).label("unreadable"),
            _count_if(held_row.c.night < night).label("older"),
        )
        .where(_waits(), held_row.c.night <= night)
        .group_by(*about)
        .order_by(sa.desc("flagged"), sa.desc("unreadable"), sa.func.min(held_row.c.held_at), *about)
    )
    return _rows(connection, query)


def held_records(connection: sa.Connection, night: date, *, per_reason: int) -> Rows:
    """Of each reason the first rows that wait: a child at risk first, then the longest waiting."""
    order = _held_order()
    place = sa.func.row_number().over(partition_by=[held_row.c[name] for name in _REASON], order_by=order)
    # Sorted without their words, of which there may be thousands for the few that are shown.
    keys = list(held_row.primary_key.columns)
    numbered = _waiting(sa.select(*keys, place.label("place")), night).subquery()
    same = sa.and_(*(numbered.c[key.name] == key for key in keys))
    first = _held(night).add_columns(numbered.c.place).join(numbered, same)
    return _rows(connection, first.where(numbered.c.place <= per_reason).order_by(numbered.c.place))


def held_at_risk(connection: sa.Connection, night: date, *, limit: int) -> Rows:
    """Held rows with a safety flag, then those of which nobody can tell."""
    query = _held(night).where(held_row.c.safety | _unreadable()).order_by(*_held_order()).limit(limit)
    return _rows(connection, query)


def _held(night: date) -> sa.Select[Any]:
    plain = [column for column in held_row.columns if column.name not in ("sealed", "key_id")]
    return _waiting(sa.select(*plain, _unreadable().label("unreadable")), night)


def _waiting(query: sa.Select[Any], night: date) -> sa.Select[Any]:
    return query.where(_waits(), held_row.c.night <= night)


def _waits() -> sa.ColumnElement[bool]:
    """A state that nobody has closed waits, also one that is not known here."""
    return held_row.c.state.not_in([state for state in HeldState if state not in HELD_OPEN])


def _held_order() -> tuple[sa.ColumnElement[Any], ...]:
    places = (held_row.c[name] for name in ("held_at", "batch_id", "message", "row", "part"))
    return (held_row.c.safety.desc(), _unreadable().desc(), *places)


def _unreadable() -> sa.ColumnElement[bool]:
    return ~held_row.c.safety & held_row.c.rules.contains(UNREADABLE_ROW)


def _count_if(condition: sa.ColumnElement[bool]) -> sa.ColumnElement[int]:
    # SUM over nothing is null, and over bigints on PostgreSQL a decimal.
    return sa.cast(sa.func.coalesce(sa.func.sum(sa.case((condition, 1), else_=0)), 0), sa.Integer)


def doubtful(connection: sa.Connection, night: date, *, limit: int) -> tuple[Rows, dict[str, int]]:
    """Records that went on, or wait for matching, and whose safety flags cannot be told; how many of each
    partner's.

    Those that are held with the flags unread stand among the held rows.
    """
    held_too = sa.exists().where(
        held_row.c.batch_id == finding.c.run_id,
        held_row.c.message == finding.c.message,
        held_row.c.row == finding.c.row,
        held_row.c.part == finding.c.part,
        held_row.c.safety | _unreadable(),
    )
    unread_marker = (finding.c.consequence == Consequence.SET_ASIDE) & finding.c.field.in_(SAFETY_FLAGS)
    for_review = (finding.c.hop == Hop.MATCHED) & (finding.c.consequence == Consequence.HOLD_ROW)
    at = [finding.c[name] for name in ("partner", "feed", "run_id", "message", "row", "part")]
    each = (
        sa.select(*at, sa.func.min(finding.c.hop).label("hop"), sa.func.min(finding.c.rule).label("rule"))
        .where(finding.c.night == night, finding.c.row.is_not(None), unread_marker | for_review, ~held_too)
        .group_by(*at)
        .subquery()
    )
    counts = sa.select(each.c.partner, sa.func.count()).group_by(each.c.partner)
    first = (
        sa.select(each, batch.c.landed_at)
        .join(batch, batch.c.batch_id == each.c.run_id)
        .order_by(batch.c.landed_at, *(each.c[column.name] for column in at))
        .limit(limit)
    )
    return _rows(connection, first), by_name(connection.execute(counts))


def standing_now(
    connection: sa.Connection, *, of_deliveries: Iterable[str] | None = None
) -> dict[tuple[str, str], int]:
    """How many messages to each partner stand in each state: of these deliveries, or of all nights."""
    here = _messages()
    query = sa.select(here.c.to_partner, here.c.state, sa.func.count()).group_by(
        here.c.to_partner, here.c.state
    )
    if of_deliveries is not None:
        query = query.where(here.c.delivery_id.in_(list(of_deliveries)))
    return {(partner, state): count for partner, state, count in connection.execute(query)}


def stuck_reasons(connection: sa.Connection, of_deliveries: Iterable[str], *, limit: int) -> Rows:
    """Why messages are refused, held or not shared, and how many; older: not of these deliveries."""
    here = _messages()
    about = [here.c[name] for name in _STUCK_BECAUSE]
    query = (
        sa.select(
            *about,
            sa.func.count().label("records"),
            _count_if(here.c.safety).label("at_risk"),
            _count_if(here.c.delivery_id.not_in(list(of_deliveries))).label("older"),
        )
        .where(here.c.state.in_(STUCK))
        .group_by(*about)
        .order_by(sa.desc("at_risk"), sa.func.min(here.c.queued_at), *about)
        .limit(limit)
    )
    return _rows(connection, query)


def stuck_records(connection: sa.Connection, *, per_reason: int) -> Rows:
    """Of each reason the first messages: a child at risk, then the longest waiting."""
    here = _messages()
    order = (here.c.safety.desc(), here.c.queued_at, here.c.message_key)
    because = [here.c[name] for name in _STUCK_BECAUSE]
    place = sa.func.row_number().over(partition_by=because, order_by=order)
    numbered = sa.select(here, place.label("place")).where(here.c.state.in_(STUCK)).subquery()
    first = sa.select(numbered).where(numbered.c.place <= per_reason).order_by(numbered.c.place)
    return _rows(connection, first)


def undelivered_at_risk(connection: sa.Connection, *, limit: int) -> tuple[Rows, dict[str, int]]:
    """Messages with a safety flag that are not with the partner, the longest waiting first; and how many to
    each.
    """
    here = _messages()
    not_there = here.c.safety & here.c.state.in_((QUEUED, UNSURE, *STUCK))
    counts = sa.select(here.c.to_partner, sa.func.count()).where(not_there).group_by(here.c.to_partner)
    query = sa.select(here).where(not_there).order_by(here.c.queued_at, here.c.message_key).limit(limit)
    return _rows(connection, query), by_name(connection.execute(counts))


def _messages() -> sa.Subquery:
    """The outbox, where what the agreement keeps back has a state that says so."""
    kept_back = outbox.c.not_shared_because.is_not(None) & outbox.c.state.in_((QUEUED, UNSURE))
    state = sa.case((kept_back, NOT_SHARED), else_=outbox.c.state).label("state")
    return sa.select(*(outbox.c[name] for name in _MESSAGE), state).subquery()


def _rows(connection: sa.Connection, query: sa.Select[Any]) -> Rows:
    return [dict(row) for row in connection.execute(query).mappings()]
