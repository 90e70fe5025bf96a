"""One way to list: a table for people, one JSON document for scripts."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date, datetime
from typing import Annotated, Any

import orjson
import typer
from rich.console import Console
from rich.table import Table

AsJson = Annotated[bool, typer.Option("--json", help="Print JSON, for scripts.")]


def show(rows: Sequence[dict[str, Any]], columns: Sequence[str], *, as_json: bool, empty: str) -> None:
    """`columns` are what a person is shown; JSON has them all."""
    if as_json:
        print_json(rows)
        return
    if not rows:
        typer.echo(empty)
        return
    table = Table(box=None, pad_edge=False)
    for column in columns:
        table.add_column(column.replace("_", " "), overflow="fold")
    for row in rows:
        table.add_row(*(_words(row[column]) for column in columns))
    Console().print(table)


def night_said(night: str) -> date:
    try:
        return date.fromisoformat(night)
    except ValueError:
        raise typer.BadParameter("a night is a date such as 2026-11-24") from None


def print_json(document: Any) -> None:
    # Column names are a kind of string of the database library's own.
    option = orjson.OPT_INDENT_2 | orjson.OPT_NON_STR_KEYS
    typer.echo(orjson.dumps(document, option=option, default=str).decode())


def _words(value: Any) -> str:
    if value is None:
        return ""
    if isinstance(value, bool):
        return "yes" if value else ""
    if isinstance(value, datetime):
        return value.strftime("%d %b %Y %H:%M")
    if isinstance(value, date):
        return value.strftime("%d %b %Y")
    return str(value)
