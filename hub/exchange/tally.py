"""The tally of a hop: every record that went in, and its one bucket. The ledger is counted from it.

It is kept apart from the frames that travel, so that a record lost between two hops is missed and named.
"""

from __future__ import annotations

import polars as pl

from hub.exchange.frames import BUCKET
from hub.landing.landing import Landing
from schemas.hops import PLACE


def write_tally(
    landing: Landing, batch_id: str, hop: str, number: int, frame: pl.DataFrame, bucket: str | pl.Series
) -> None:
    counted = frame.select(PLACE).with_columns(
        (pl.lit(bucket) if isinstance(bucket, str) else bucket).alias(BUCKET)
    )
    landing.write_frame(batch_id, f"{hop}-tally", number, counted)


def read_tally(landing: Landing, batch_id: str, hop: str) -> pl.DataFrame:
    empty = pl.DataFrame(schema=dict.fromkeys(PLACE, pl.Int64) | {BUCKET: pl.String})
    return pl.concat([empty, *landing.read_frames(batch_id, f"{hop}-tally")])


def counts(tally: pl.DataFrame) -> dict[str, int]:
    return dict(tally.group_by(BUCKET).len().iter_rows())
