"""Rows of text as the hub takes them: every column that came, and what is wrong with each row."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import polars as pl

Row = dict[str, str | None]
Read = tuple[Row, str | None]


def framed(columns: Sequence[str], rows: Sequence[Read]) -> pl.DataFrame:
    names = dict.fromkeys((*columns, *(name for row, _ in rows for name in row)))
    cells: list[dict[str, Any]] = [{name: row.get(name) for name in names} for row, _ in rows]
    return pl.DataFrame(cells, schema=dict.fromkeys(names, pl.String)).with_columns(
        pl.Series("problem", [problem for _, problem in rows], pl.String),
        row=pl.int_range(1, len(rows) + 1, dtype=pl.Int64),
        part=pl.lit(0, pl.Int64),
    )
