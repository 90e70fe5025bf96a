"""Rows that wait for a person. What they say is sealed; what is wrong with them is not."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Sequence
from datetime import datetime
from typing import Any

import sqlalchemy as sa

from hub.store.control_tables import held_move
from hub.store.tables import held_row
from schemas.clocks import HELD_MOVES, HELD_OPEN, HeldState, check_may_move, states_before
from schemas.hops import PLACE, Hop, RecordKey

# Who moved a row that no person did: a sound version that came, or a run.
THE_DATA, THE_RUN = "the data", "the run"
KEY = ("batch_id", *PLACE)
# A decision is kept on the row as well; the moves are kept beside it.
DECISIONS = (HeldState.EXPLAINED, HeldState.RELEASED, HeldState.DISCARDED)


def place(key: RecordKey) -> bytes:
    """What a held row's seal is bound to."""
    return f"held_row.sealed {key}".encode()


def add(connection: sa.Connection, batch_id: str, hop: Hop, rows: Sequence[dict[str, Any]]) -> None:
    """The rows a batch holds at this hop, written anew each time it is run."""
    again = (held_row.c.batch_id == batch_id) & (held_row.c.hop == hop.value)
    _forget_arrivals(connection, again)
    connection.execute(held_row.delete().where(again))
    if rows:
        connection.execute(held_row.insert(), list(rows))
        _see_who_came_back(connection, again, rows[0]["held_at"])


def listing(
    connection: sa.Connection,
    *,
    states: Collection[HeldState] = HELD_OPEN,
    partner: str | None = None,
    limit: int = 200,
) -> list[dict[str, Any]]:
    """A child at risk first, whatever the state; then the longest waiting."""
    shown = [column for column in held_row.columns if column.name not in ("sealed", "key_id")]
    query = (
        sa.select(*shown)
        .where(held_row.c.state.in_(states))
        .order_by(held_row.c.safety.desc(), held_row.c.held_at, held_row.c.batch_id, *_place_order())
        .limit(limit)
    )
    if partner:
        query = query.where(held_row.c.partner == partner)
    return [dict(row) for row in connection.execute(query).mappings()]


def one(connection: sa.Connection, key: RecordKey) -> dict[str, Any] | None:
    row = connection.execute(sa.select(held_row).where(_is(key))).mappings().first()
    return dict(row) if row else None


def moves(connection: sa.Connection, key: RecordKey) -> list[dict[str, Any]]:
    """All that was done with the row, the first thing first."""
    shown = [held_move.c[name] for name in ("at", "was", "became", "by", "why")]
    query = sa.select(*shown).where(_move_of(key)).order_by(held_move.c.move_id)
    return [dict(row) for row in connection.execute(query).mappings()]


def move(
    connection: sa.Connection,
    key: RecordKey,
    state: HeldState,
    *,
    by: str,
    now: datetime,
    why: str | None = None,
    with_whom: str | None = None,
) -> HeldState | None:
    """Where the row stood before it moved; none where there is no such row.

    Raises ImpossibleMoveError where it may not go there from where it is.
    """
    found = connection.execute(sa.select(held_row.c.state).where(_is(key)).with_for_update()).scalar()
    if found is None:
        return None
    was = HeldState(found)
    check_may_move(HELD_MOVES, was, state)
    changes: dict[str, Any] = {"state": state.value, "with_whom": with_whom}
    if state in DECISIONS:
        changes |= {"decided_by": by, "decided_why": why, "decided_at": now}
    if state is HeldState.DISCARDED:
        changes["sealed"] = None
    connection.execute(held_row.update().where(_is(key)).values(changes))
    _write_move(connection, [key], was, state, by=by, why=why, now=now)
    return was


def released(connection: sa.Connection, partner: str, feed: str) -> list[dict[str, Any]]:
    query = (
        sa.select(held_row)
        .where(held_row.c.partner == partner, held_row.c.feed == feed)
        .where(held_row.c.state == HeldState.RELEASED)
        .order_by(held_row.c.held_at, held_row.c.batch_id, *_place_order())
    )
    return [dict(row) for row in connection.execute(query).mappings()]


def go_on(connection: sa.Connection, keys: Sequence[RecordKey], batch_id: str, *, now: datetime) -> None:
    gone = {"state": HeldState.GONE_ON.value, "released_into": batch_id, "sealed": None}
    for key in keys:
        connection.execute(held_row.update().where(_is(key)).values(gone))
    _write_move(connection, keys, HeldState.RELEASED, HeldState.GONE_ON, by=THE_RUN, why=None, now=now)


def fix(connection: sa.Connection, whose: sa.ColumnElement[bool], *, now: datetime) -> None:
    """Close the rows that data has put right: nobody else can."""
    may = whose & held_row.c.state.in_(states_before(HELD_MOVES, HeldState.FIXED))
    said = (sa.literal(HeldState.FIXED.value), sa.literal(THE_DATA), sa.literal(now, held_move.c.at.type))
    moved = sa.select(*(held_row.c[name] for name in (*KEY, "state")), *said).where(may)
    connection.execute(held_move.insert().from_select((*KEY, "was", "became", "by", "at"), moved))
    connection.execute(
        held_row.update().where(may).values(state=HeldState.FIXED.value, decided_at=now, sealed=None)
    )


def _see_who_came_back(connection: sa.Connection, new: sa.ColumnElement[bool], now: datetime) -> None:
    """A record that is held again by a rule that held it before, and of which that was closed."""
    before = held_row.alias("before")
    closed = before.c.state.in_(states_before(HELD_MOVES, HeldState.CAME_BACK))
    same = (
        (before.c.partner == held_row.c.partner)
        & (before.c.feed == held_row.c.feed)
        & (before.c.reference == held_row.c.reference)
        & (before.c.batch_id != held_row.c.batch_id)
    )
    query = (
        sa.select(*(held_row.c[name] for name in KEY), held_row.c.rules, before.c.rules, before.c.state)
        .join(before, same)
        .where(new, closed)
        .order_by(before.c.decided_at)
    )
    was: dict[RecordKey, HeldState] = {}
    for *place_, rules, rules_before, state in connection.execute(query):
        if set(rules.split()) & set(rules_before.split()):
            was[RecordKey(*place_)] = HeldState(state)
    for key, state in was.items():
        back = held_row.update().where(_is(key)).values(state=HeldState.CAME_BACK.value)
        connection.execute(back)
        _write_move(connection, [key], state, HeldState.CAME_BACK, by=THE_DATA, why=None, now=now)


def _forget_arrivals(connection: sa.Connection, rows: sa.ColumnElement[bool]) -> None:
    """Of rows that are about to be written anew, that they came back: it is seen anew as well."""
    this_row = sa.and_(*(held_row.c[name] == held_move.c[name] for name in KEY))
    connection.execute(
        held_move.delete().where(
            held_move.c.became == HeldState.CAME_BACK, sa.exists().where(this_row, rows).correlate(held_move)
        )
    )


def _write_move(
    connection: sa.Connection,
    keys: Iterable[RecordKey],
    was: HeldState,
    became: HeldState,
    *,
    by: str,
    why: str | None,
    now: datetime,
) -> None:
    said = {"was": was.value, "became": became.value, "by": by, "why": why, "at": now}
    rows = [dict(zip(KEY, vars(key).values(), strict=True)) | said for key in keys]
    if rows:
        connection.execute(held_move.insert(), rows)


def _place_order() -> list[sa.Column[Any]]:
    return [held_row.c[name] for name in PLACE]


def _is(key: RecordKey) -> sa.ColumnElement[bool]:
    return _at(held_row, key)


def _move_of(key: RecordKey) -> sa.ColumnElement[bool]:
    return _at(held_move, key)


def _at(table: sa.Table, key: RecordKey) -> sa.ColumnElement[bool]:
    return sa.and_(*(table.c[name] == value for name, value in zip(KEY, vars(key).values(), strict=True)))
