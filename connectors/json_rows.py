"""JSON records in a list, opened into rows of text: a column for each member that came."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterable, Iterator, Sequence
from typing import Any, BinaryIO

import polars as pl

from connectors.errors import UnreadableMessageError
from connectors.strict_json import loads


def rows_in(
    member: str, columns: Iterable[str], *, cells: Callable[[dict[str, Any]], dict[str, Any]] = dict
) -> Callable[[BinaryIO], Iterator[pl.DataFrame]]:
    """`open` for a feed whose messages hold their records in this member. A record that is none is marked.

    `columns` are those of a message without records; of any other, those that came. `cells` makes them of a
    record that has parts within parts.
    """
    agreed = tuple(sorted(columns))

    def opened(stream: BinaryIO) -> Iterator[pl.DataFrame]:
        records = _records_in(loads(stream.read()), member)
        yield _frame([cells(one) if isinstance(one, dict) else one for one in records], agreed)

    return opened


def _records_in(page: object, member: str) -> list[object]:
    records = page.get(member) if isinstance(page, dict) else None
    if not isinstance(records, list):
        raise UnreadableMessageError(
            f"The message has no list named {member}.",
            fix="ask the sender whether their layout has changed.",
            code="HUB-R02",
        )
    return records


def _frame(records: Sequence[object], agreed: Sequence[str]) -> pl.DataFrame:
    names = {name: None for one in records if isinstance(one, dict) for name in one} or dict.fromkeys(agreed)
    cells = [
        {name: _text(one.get(name)) for name in names} if isinstance(one, dict) else dict.fromkeys(names)
        for one in records
    ]
    problems = [None if isinstance(one, dict) else "the row is no record" for one in records]
    return pl.DataFrame(cells, schema=dict.fromkeys(names, pl.String)).with_columns(
        pl.Series("problem", problems, pl.String),
        row=pl.int_range(1, len(records) + 1, dtype=pl.Int64),
        part=pl.lit(0, pl.Int64),
    )


def _text(value: object) -> str | None:
    """As it was sent: what is no text stands as JSON writes it."""
    return value if isinstance(value, str) or value is None else json.dumps(value, ensure_ascii=False)
