"""From the CSV that a view was read into, to rows of text: one for each record."""

from __future__ import annotations

from collections.abc import Iterator
from typing import BinaryIO

import polars as pl

from connectors.readings import cell
from connectors.strict_csv import frames
from connectors.yjs.views import CONCERNS, READ_AT


def rows_of_view(stream: BinaryIO) -> Iterator[pl.DataFrame]:
    for rows in frames(stream):
        yield rows.select(name for name in rows.columns if not name.startswith(READ_AT))


def screenings(stream: BinaryIO) -> Iterator[pl.DataFrame]:
    """An assessment asks about each help: a row for each, with the `help` and the `concern` stated."""
    for rows in rows_of_view(stream):
        asked = (_about(rows, part, each) for part, each in enumerate(CONCERNS))
        stated = {column for columns in CONCERNS.values() for column in columns}
        # In the order of the view, which says what is latest.
        yield pl.concat(asked).drop(stated).sort("row", "part")


def _about(rows: pl.DataFrame, part: int, each: str) -> pl.DataFrame:
    concern = pl.concat_str([cell(column) for column in CONCERNS[each]], separator=";", ignore_nulls=True)
    return rows.with_columns(part=pl.lit(part, dtype=pl.Int64), help=pl.lit(each), concern=concern)
