"""A batch into the record, in the caller's transaction: staged, merged, queued, counted."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime

import polars as pl
import sqlalchemy as sa

from hub.store import queueing, staging
from hub.store.engine import by_name, lock
from hub.store.merge import Merge
from hub.store.queueing import Route
from hub.store.staging import Staged
from schemas.hops import PLACE


def stage(
    connection: sa.Connection,
    kind: str,
    partner: str,
    feed: str,
    frames: Iterable[tuple[pl.DataFrame, pl.DataFrame]],
) -> Staged:
    # One batch at a time: two that bring the same child at once would make it twice.
    lock(connection, "record")
    return staging.stage(connection, kind, partner, feed, frames)


def merge(
    connection: sa.Connection, staged: Staged, batch_id: str, now: datetime, routes: Iterable[Route]
) -> dict[str, int]:
    """How many records came to each bucket."""
    Merge(staged, batch_id, now).run(connection)
    for route in routes:
        queueing.queue(connection, staged, route, batch_id, now)
    bucket = staged.records.c.bucket
    counted = connection.execute(sa.select(bucket, sa.func.count()).group_by(bucket))
    return by_name(counted)


def staged_count(connection: sa.Connection, staged: Staged) -> int:
    return connection.execute(sa.select(sa.func.count()).select_from(staged.records)).scalar_one()


def staged_places(connection: sa.Connection, staged: Staged) -> pl.DataFrame:
    places = connection.execute(sa.select(*(staged.records.c[name] for name in PLACE))).all()
    return pl.DataFrame(
        [tuple(place) for place in places], schema=dict.fromkeys(PLACE, pl.Int64), orient="row"
    )
