"""Whatever a frame holds, the table holds the same: on both databases, by every short cut."""

from __future__ import annotations

from datetime import UTC, date, datetime

import polars as pl
import pytest
import sqlalchemy as sa

from hub.store import bulk
from hub.store.engine import Store
from hub.store.tables import Instant

TEXTS = [
    "",
    "plain",
    "it's",
    "naïve",
    'say "so"',
    "a,b;c",
    "two\nlines",
    "tab\there",
    "'; DROP TABLE x; --",
    "\\x41",
]


@pytest.mark.parametrize("text", TEXTS)
def test_every_text_arrives_as_it_is(database_url: str, monkeypatch: pytest.MonkeyPatch, text: str) -> None:
    """The same in every row, so that the statement would hold it; or bound, where it may not."""
    monkeypatch.setattr(bulk, "FEWEST_ALIKE", 1)
    frame = pl.DataFrame({"same": [text] * 3, "other": [text, None, "x"], "number": [7] * 3})
    columns = [sa.Column("same", sa.Text), sa.Column("other", sa.Text), sa.Column("number", sa.BigInteger)]
    assert _there_and_back(database_url, frame, columns) == frame.rows()


def test_every_kind_of_value_arrives(database_url: str) -> None:
    moment = datetime(2026, 11, 23, 4, 30, 1, 250, tzinfo=UTC)
    frame = pl.DataFrame(
        {
            "day": [date(2011, 3, 14), None],
            "at": pl.Series([moment, None], dtype=pl.Datetime("us", "UTC")),
            "yes": [True, False],
            "number": [2**40, None],
            "sealed": [b"\x00\xff", b"plain"],
            "blank": pl.Series([None, None], dtype=pl.String),
        }
    )
    columns: list[sa.Column[object]] = [
        sa.Column("day", sa.Date),
        sa.Column("at", Instant),
        sa.Column("yes", sa.Boolean),
        sa.Column("number", sa.BigInteger),
        sa.Column("sealed", sa.LargeBinary),
        sa.Column("blank", sa.Text, nullable=True),
    ]
    assert _there_and_back(database_url, frame, columns) == frame.rows()


def _there_and_back(
    url: str, frame: pl.DataFrame, columns: list[sa.Column[object]]
) -> list[tuple[object, ...]]:
    store = Store(url)
    table = bulk.temporary("there", *columns)
    with store.transaction() as connection:
        bulk.make(connection, table)
        assert bulk.load(connection, table, [frame]) == frame.height
        rows = [tuple(row) for row in connection.execute(sa.select(table))]
    store.close()
    return rows
