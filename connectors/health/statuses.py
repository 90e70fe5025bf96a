"""What came back, opened into rows: Tasks, a BaRS message, or an answer sheet. One frame for all."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import Any, BinaryIO

import polars as pl

from connectors.errors import UnreadableMessageError
from connectors.health.tasks import COLUMNS, Row, row_of
from connectors.strict_json import loads
from connectors.transports.fhir.resources import as_list

Read = tuple[Row, str | None]


def opened(stream: BinaryIO) -> Iterator[pl.DataFrame]:
    content = stream.read()
    yield _frame([_of_task(one) for one in _tasks_in(loads(content))])


def _tasks_in(bundle: object) -> list[object]:
    entries = bundle.get("entry", []) if isinstance(bundle, dict) else None
    if (
        not isinstance(bundle, dict)
        or bundle.get("resourceType") != "Bundle"
        or not isinstance(entries, list)
    ):
        raise UnreadableMessageError(
            "The message is no Bundle of FHIR.",
            fix="ask the service whether their layout changed.",
            code="HEA-R02",
        )
    return [one.get("resource") if isinstance(one, dict) else None for one in as_list(entries)]


def _of_task(resource: object) -> Read:
    if isinstance(resource, dict) and resource.get("resourceType") == "Task":
        return row_of(resource)
    return dict.fromkeys(COLUMNS), "the entry is no Task"


def _frame(rows: Sequence[Read]) -> pl.DataFrame:
    names = dict.fromkeys((*COLUMNS, *(name for row, _ in rows for name in row)))
    cells: list[dict[str, Any]] = [{name: row.get(name) for name in names} for row, _ in rows]
    return pl.DataFrame(cells, schema=dict.fromkeys(names, pl.String)).with_columns(
        pl.Series("problem", [problem for _, problem in rows], pl.String),
        row=pl.int_range(1, len(rows) + 1, dtype=pl.Int64),
        part=pl.lit(0, pl.Int64),
    )
