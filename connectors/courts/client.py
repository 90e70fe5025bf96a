"""Fetching: JSON files from the drop folder, each one message; and opening one into rows."""

from __future__ import annotations

import re
from collections.abc import Iterator
from contextlib import AbstractContextManager, nullcontext
from pathlib import Path
from typing import BinaryIO

import polars as pl

from connectors.contract import InboundMessage, Since
from connectors.courts.hearings import COLUMNS, rows
from connectors.courts.settings import CourtsSettings
from connectors.strict_json import loads
from connectors.transports import drop

AGREED_NAME = re.compile(r"^[a-z-]+_\d{8}T\d{6}Z_[0-9a-f-]{36}\.json$")


def connect(settings: CourtsSettings) -> AbstractContextManager[Path]:
    return nullcontext(settings.folder)


def check(folder: Path) -> str:
    return f"the drop folder is there, with {len(drop.files(folder, suffix='.json'))} messages"


def results(folder: Path, since: Since) -> Iterator[InboundMessage]:
    """Every whole file not yet landed, by name."""
    for file in drop.files(folder, suffix=".json"):
        if file.fingerprint not in since.landed:
            name = file.path.name
            yield InboundMessage(
                fingerprint=file.fingerprint,
                body=file.read(),
                name=name if AGREED_NAME.match(name) else None,
            )


def opened(stream: BinaryIO) -> Iterator[pl.DataFrame]:
    """One message's rows: `row` is 1, the message itself, and `part` counts the records inside it."""
    found = rows(loads(stream.read()))
    columns = {name: pl.Series(name, [row[name] for row in found], dtype=pl.String) for name in COLUMNS}
    yield pl.DataFrame(columns).with_columns(
        row=pl.lit(1, dtype=pl.Int64),
        part=pl.int_range(1, len(found) + 1, dtype=pl.Int64),
        problem=pl.lit(None, dtype=pl.String),
    )
