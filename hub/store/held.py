"""Rows that wait for a person. What they say is sealed; what is wrong with them is not."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from typing import Any

import sqlalchemy as sa

from hub.store.engine import by_name
from hub.store.tables import held_row
from schemas.hops import Hop, RecordKey

WAITING, RELEASED, GONE_ON, DISCARDED, FIXED = "waiting", "released", "gone on", "discarded", "fixed"


def place(key: RecordKey) -> bytes:
    """What a held row's seal is bound to."""
    return f"held_row.sealed {key}".encode()


def add(connection: sa.Connection, batch_id: str, hop: Hop, rows: Sequence[dict[str, Any]]) -> None:
    """The rows a batch holds at this hop, written anew each time it is run."""
    connection.execute(held_row.delete().where(held_row.c.batch_id == batch_id, held_row.c.hop == hop.value))
    if rows:
        connection.execute(held_row.insert(), list(rows))


def listing(
    connection: sa.Connection, *, state: str | None = WAITING, partner: str | None = None, limit: int = 200
) -> list[dict[str, Any]]:
    """A child at risk first, then the longest waiting."""
    shown = [column for column in held_row.columns if column.name != "sealed"]
    query = (
        sa.select(*shown)
        .order_by(held_row.c.safety.desc(), held_row.c.held_at, held_row.c.batch_id, held_row.c.row)
        .limit(limit)
    )
    if state:
        query = query.where(held_row.c.state == state)
    if partner:
        query = query.where(held_row.c.partner == partner)
    return [dict(row) for row in connection.execute(query).mappings()]


def waiting_count(connection: sa.Connection) -> dict[str, int]:
    query = (
        sa.select(held_row.c.partner, sa.func.count())
        .where(held_row.c.state == WAITING)
        .group_by(held_row.c.partner)
    )
    return by_name(connection.execute(query))


def one(connection: sa.Connection, key: RecordKey) -> dict[str, Any] | None:
    row = connection.execute(sa.select(held_row).where(_is(key))).mappings().first()
    return dict(row) if row else None


def decide(
    connection: sa.Connection, key: RecordKey, state: str, *, by: str, why: str, now: datetime
) -> bool:
    """Release or discard a row that waits; false where it no longer does."""
    changes: dict[str, Any] = {"state": state, "decided_by": by, "decided_why": why, "decided_at": now}
    if state == DISCARDED:
        changes["sealed"] = None
    done = connection.execute(
        held_row.update().where(_is(key), held_row.c.state == WAITING).values(**changes)
    )
    return done.rowcount == 1


def released(connection: sa.Connection, partner: str, feed: str) -> list[dict[str, Any]]:
    query = (
        sa.select(held_row)
        .where(held_row.c.partner == partner, held_row.c.feed == feed, held_row.c.state == RELEASED)
        .order_by(
            held_row.c.held_at, held_row.c.batch_id, held_row.c.message, held_row.c.row, held_row.c.part
        )
    )
    return [dict(row) for row in connection.execute(query).mappings()]


def go_on(connection: sa.Connection, keys: Sequence[RecordKey], batch_id: str) -> None:
    for key in keys:
        connection.execute(
            held_row.update().where(_is(key)).values(state=GONE_ON, released_into=batch_id, sealed=None)
        )


def _is(key: RecordKey) -> sa.ColumnElement[bool]:
    return (
        (held_row.c.batch_id == key.batch)
        & (held_row.c.message == key.message)
        & (held_row.c.row == key.row)
        & (held_row.c.part == key.part)
    )
