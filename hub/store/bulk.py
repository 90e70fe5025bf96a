"""Frames into tables, at the speed of the database: never a row at a time."""

from __future__ import annotations

import io
from collections.abc import Iterable
from typing import Any, cast

import polars as pl
import sqlalchemy as sa

INSTANT = "%Y-%m-%d %H:%M:%S%.6f"
# Below this a statement of its own would cost more than binding.
FEWEST_ALIKE = 1000


def temporary(name: str, *columns: sa.Column[Any]) -> sa.Table:
    return sa.Table(name, sa.MetaData(), *columns, prefixes=["TEMPORARY"])


def make(connection: sa.Connection, table: sa.Table) -> None:
    """An empty table that only this connection sees."""
    drop(connection, table)
    table.create(connection)


def drop(connection: sa.Connection, table: sa.Table) -> None:
    # "temp." on SQLite, or a table of the same name in the main schema would go.
    schema = "temp." if connection.dialect.name == "sqlite" else "pg_temp."
    connection.exec_driver_sql(f"DROP TABLE IF EXISTS {schema}{table.name}")


def load(connection: sa.Connection, table: sa.Table, frames: Iterable[pl.DataFrame]) -> int:
    """All rows of the frames, by column name; on this connection and in its transaction."""
    fill = _copy if connection.dialect.name == "postgresql" else _executemany
    loaded = 0
    for frame in frames:
        fill(connection, table, frame.select(_said(table, frame)))
        loaded += frame.height
    return loaded


def _said(table: sa.Table, frame: pl.DataFrame) -> list[str]:
    """The columns with anything in them: half of a kind's fields are not in one partner's words."""
    return [
        column.name
        for column in table.columns
        if column.name in frame.columns
        and (not column.nullable or frame[column.name].null_count() < frame.height)
    ]


def _executemany(connection: sa.Connection, table: sa.Table, frame: pl.DataFrame) -> None:
    plain = _plain(frame)
    same = {name: said for name in plain.columns if (said := _same_in_every_row(plain[name])) is not None}
    varying = plain.drop(same)
    columns = ", ".join(f'"{name}"' for name in (*varying.columns, *same))
    values = ", ".join((*("?" * varying.width), *same.values()))
    # Our own names, and what stands in every row; all that differs is bound.
    statement = f"INSERT INTO {table.name} ({columns}) VALUES ({values})"  # noqa: S608
    driver = cast("Any", connection.connection.driver_connection)
    driver.executemany(statement, varying.iter_rows() if varying.width else [()] * frame.height)


def _same_in_every_row(values: pl.Series) -> str | None:
    """As SQL, a value that need not be bound a million times; None where rows differ."""
    if values.len() < FEWEST_ALIKE or values[0] != values[-1] or values.null_count():
        return None
    value = values[0]
    if isinstance(value, str) and (not value.isascii() or not value.isprintable() or "'" in value):
        return None
    if not isinstance(value, str | int) or values.n_unique() > 1:
        return None
    return f"'{value}'" if isinstance(value, str) else str(int(value))


def _copy(connection: sa.Connection, table: sa.Table, frame: pl.DataFrame) -> None:
    binary = [name for name, dtype in frame.schema.items() if dtype == pl.Binary]
    hexed = frame.with_columns(
        pl.when(pl.col(name).is_not_null()).then(pl.lit("\\x") + pl.col(name).bin.encode("hex")).alias(name)
        for name in binary
    )
    text = io.BytesIO()
    hexed.write_csv(text, include_header=False, datetime_format=f"{INSTANT}+00", quote_style="non_numeric")
    columns = ", ".join(f'"{name}"' for name in frame.columns)
    driver = cast("Any", connection.connection.driver_connection)
    with (
        driver.cursor() as cursor,
        cursor.copy(f"COPY {table.name} ({columns}) FROM STDIN (FORMAT csv)") as copy,
    ):
        copy.write(text.getvalue())


def _plain(frame: pl.DataFrame) -> pl.DataFrame:
    """Dates and instants as the text that SQLite keeps."""
    return frame.with_columns(
        pl.col(pl.Date).dt.to_string("%Y-%m-%d"),
        pl.col(pl.Datetime).dt.to_string(INSTANT),
    )
