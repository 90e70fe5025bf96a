"""From the CSV that a table was read into, to rows of text that have every column of the dataset."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from typing import BinaryIO

import polars as pl

from connectors.social_care import dataset
from connectors.social_care.dataset import ITEMS, READ_AT, STRUCK_OUT, TABLE
from connectors.strict_csv import frames

# The dataset's days are moments; some say midnight, and some when a child was seen last.
WITH_TIME = r"^(\d{4}-\d{2}-\d{2})[ T]\d{2}:\d{2}(:\d{2}(\.\d+)?)?$"
DAYS = ("_date", "_dob", "_on")
PLACE = ("row", "part", "problem")


def opener(columns: Iterable[str]) -> Callable[[BinaryIO], Iterator[pl.DataFrame]]:
    """`columns` are all that the feed looks at: one message has only those of its own table."""
    wanted = tuple(sorted(columns))

    def opened(stream: BinaryIO) -> Iterator[pl.DataFrame]:
        for frame in frames(stream):
            yield _widened(_days(_struck_out(_without_mark(frame))), wanted)

    return opened


def _without_mark(rows: pl.DataFrame) -> pl.DataFrame:
    return rows.select(name for name in rows.columns if not name.startswith(READ_AT))


def _struck_out(rows: pl.DataFrame) -> pl.DataFrame:
    """Rows that say which row of another table is no more, as that row; all others stand."""
    if dataset.REMOVED_FROM not in rows.columns:
        return rows.with_columns(pl.lit("false").alias(STRUCK_OUT))

    def where(table: str, column: str) -> pl.Expr:
        return pl.when(pl.col(dataset.REMOVED_FROM) == table).then(pl.col(column))

    return rows.with_columns(
        pl.col(dataset.REMOVED_FROM).alias(TABLE),
        pl.lit("true").alias(STRUCK_OUT),
        *(where(item.table, dataset.REMOVED_KEY).alias(item.key) for item in ITEMS),
        *(where(item.table, dataset.REMOVED_PERSON).alias(item.person) for item in ITEMS),
    ).drop(dataset.REMOVED_COLUMNS)


def _days(rows: pl.DataFrame) -> pl.DataFrame:
    days = [name for name in rows.columns if name.endswith(DAYS)]
    return rows.with_columns(pl.col(name).str.replace(WITH_TIME, "$1") for name in days)


def _widened(rows: pl.DataFrame, wanted: Iterable[str]) -> pl.DataFrame:
    absent = [name for name in wanted if name not in rows.columns]
    return rows.with_columns(pl.lit(None, dtype=pl.String).alias(name) for name in absent)
