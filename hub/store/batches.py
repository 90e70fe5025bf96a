"""Batches and the messages in them, the cursor, and which arrivals are already here."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

import sqlalchemy as sa

from hub.store.tables import batch, cursor, message

LANDED, TRANSLATED, MATCHED, RECORDED = "landed", "translated", "matched", "recorded"
OPENED, REJECTED, DUPLICATE = "opened", "rejected", "duplicate"
PULLED, RELEASED = "pull", "release"


@dataclass(frozen=True)
class BatchRow:
    batch_id: str
    partner: str
    feed: str
    night: date
    source: str
    state: str
    landed_at: datetime
    translated_frames: str | None = None
    matched_frames: str | None = None


@dataclass(frozen=True)
class MessageRow:
    number: int
    bucket: str
    fingerprint: bytes | None
    address: str | None = None
    name: str | None = None
    size: int | None = None
    declared_rows: int | None = None
    rows: int | None = None
    reason: str | None = None
    words: str | None = None


def register(connection: sa.Connection, row: BatchRow, messages: Sequence[MessageRow]) -> None:
    connection.execute(batch.insert().values(**vars(row)))
    if messages:
        about = {"batch_id": row.batch_id, "partner": row.partner, "feed": row.feed}
        connection.execute(message.insert(), [vars(one) | about for one in messages])


def get(connection: sa.Connection, batch_id: str) -> BatchRow:
    row = connection.execute(sa.select(batch).where(batch.c.batch_id == batch_id)).mappings().one()
    return BatchRow(**row)


def any_landed(connection: sa.Connection) -> bool:
    return connection.execute(sa.select(batch.c.batch_id).limit(1)).first() is not None


def unfinished(connection: sa.Connection, partner: str) -> list[str]:
    """Batches that landed and did not reach the record, oldest first: a killed night leaves them."""
    query = (
        sa.select(batch.c.batch_id)
        .where(batch.c.partner == partner, batch.c.state != RECORDED)
        .order_by(batch.c.landed_at, batch.c.batch_id)
    )
    return list(connection.execute(query).scalars())


def of_night(connection: sa.Connection, night: date) -> list[BatchRow]:
    query = sa.select(batch).where(batch.c.night == night).order_by(batch.c.landed_at, batch.c.batch_id)
    return [BatchRow(**row) for row in connection.execute(query).mappings()]


def mark(connection: sa.Connection, batch_id: str, state: str, **frames: str) -> None:
    connection.execute(batch.update().where(batch.c.batch_id == batch_id).values(state=state, **frames))


def messages_of(connection: sa.Connection, batch_id: str) -> list[dict[str, Any]]:
    query = sa.select(message).where(message.c.batch_id == batch_id).order_by(message.c.number)
    return [dict(row) for row in connection.execute(query).mappings()]


def landed_fingerprints(connection: sa.Connection, partner: str, feed: str) -> set[bytes]:
    query = (
        sa.select(message.c.fingerprint)
        .where(message.c.partner == partner, message.c.feed == feed)
        .where(message.c.fingerprint.is_not(None))
    )
    return set(connection.execute(query).scalars())


def landed_addresses(connection: sa.Connection, partner: str, feed: str) -> set[str]:
    """The contents we have opened."""
    query = (
        sa.select(message.c.address)
        .where(message.c.partner == partner, message.c.feed == feed)
        .where(message.c.bucket == OPENED)
    )
    return set(connection.execute(query).scalars())


def rows_last_time(connection: sa.Connection, partner: str, feed: str) -> int:
    """Of the last pull of which anything could be opened."""
    rows = sa.func.sum(message.c.rows)
    query = (
        sa.select(rows)
        .join(batch, batch.c.batch_id == message.c.batch_id)
        .where(message.c.partner == partner, message.c.feed == feed, message.c.bucket == OPENED)
        .where(batch.c.source == PULLED)
        .group_by(batch.c.batch_id, batch.c.landed_at)
        .order_by(batch.c.landed_at.desc())
        .limit(1)
    )
    return int(connection.execute(query).scalar() or 0)


def of_partner(connection: sa.Connection, partner: str) -> dict[str, BatchRow]:
    rows = connection.execute(sa.select(batch).where(batch.c.partner == partner)).mappings()
    return {row["batch_id"]: BatchRow(**row) for row in rows}


def mark_first_copies(connection: sa.Connection, batch_id: str, state: str, *, was: str) -> None:
    connection.execute(
        message.update()
        .where(message.c.batch_id == batch_id, message.c.bucket == OPENED, message.c.first_copy == was)
        .values(first_copy=state)
    )


def get_cursor(connection: sa.Connection, partner: str, feed: str) -> str | None:
    query = sa.select(cursor.c.cursor).where(cursor.c.partner == partner, cursor.c.feed == feed)
    return connection.execute(query).scalar_one_or_none()


def move_cursor(connection: sa.Connection, partner: str, feed: str, to: str | None, now: datetime) -> None:
    here = (cursor.c.partner == partner) & (cursor.c.feed == feed)
    if connection.execute(cursor.update().where(here).values(cursor=to, moved_at=now)).rowcount == 0:
        connection.execute(cursor.insert().values(partner=partner, feed=feed, cursor=to, moved_at=now))
