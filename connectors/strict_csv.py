"""CSV, read strictly and as text: what cannot be read is said, never guessed.

A row that cannot be read is marked and the rest go on; a file that cannot be trusted is refused whole.
"""

from __future__ import annotations

import codecs
import csv
from collections.abc import Iterator, Sequence
from itertools import islice
from typing import BinaryIO

import polars as pl

from connectors.errors import UnreadableMessageError

CHUNK_ROWS = 100_000
# The longest cell; the csv module's own limit is what ends an unclosed quote.
LONGEST_CELL = 65_536
PROBLEM = "problem"


def frames(stream: BinaryIO) -> Iterator[pl.DataFrame]:
    """Frames of text columns, with `row` (2 is the first below the header, as a spreadsheet counts),
    `part` (0) and `problem`.
    """
    lines = _Lines(stream)
    reader = csv.reader(lines, strict=True)
    csv.field_size_limit(LONGEST_CELL)
    try:
        header = _header(next(reader, None))
        first_row = 2
        # A file without rows still gives one frame, so that its columns are looked at.
        while (rows := list(islice(reader, CHUNK_ROWS))) or first_row == 2:
            yield _frame(header, rows, first_row, nul=lines.nul)
            first_row += max(len(rows), 1)
    except csv.Error as error:
        raise UnreadableMessageError(
            f"The file cannot be read as CSV near line {reader.line_num}: {_why(error)}.",
            fix="ask the sender for it again, with quotes in pairs and lines that end in a line feed.",
            code="HUB-R06",
        ) from error


def _why(error: csv.Error) -> str:
    if "new-line" in str(error):
        return "a line ends in a bare carriage return"
    return "a quote is opened and not closed"


class _Lines:
    """The file's lines. Bytes that are not UTF-8 become surrogates, so that only their row is held."""

    def __init__(self, stream: BinaryIO) -> None:
        self._stream = stream
        self.nul = False

    def __iter__(self) -> Iterator[str]:
        for number, line in enumerate(self._stream):
            if number == 0:
                line = _first_line(line)  # noqa: PLW2901 - the byte-order mark belongs to no column
            if b"\0" in line:
                self.nul = True
            yield line.decode("utf-8", "surrogateescape")


def _first_line(line: bytes) -> bytes:
    if line.startswith((codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE)):
        raise UnreadableMessageError(
            "The file is written in UTF-16.", fix="ask the sender to save it as UTF-8.", code="HUB-R07"
        )
    line = line.removeprefix(codecs.BOM_UTF8)
    if line.lstrip().startswith(b"<"):
        raise UnreadableMessageError(
            "The file is a web page, not CSV.",
            fix="look whether the sender's export ran into a sign-in page, and ask for it again.",
            code="HUB-R08",
        )
    return line


def _header(cells: Sequence[str] | None) -> tuple[str, ...]:
    if not cells or not any(cell.strip() for cell in cells):
        raise UnreadableMessageError(
            "The file is empty: it has no header row.",
            fix="ask the sender for it again; a day without records still has a header.",
            code="HUB-R09",
        )
    header = tuple(cell.strip() for cell in cells)
    if len(set(header)) < len(header) or any(not name.isprintable() or not name for name in header):
        raise UnreadableMessageError(
            "The header row has a column twice, or one without a name.",
            fix="ask the sender for the agreed header.",
            code="HUB-R10",
        )
    return header


def _frame(header: tuple[str, ...], rows: list[list[str]], first_row: int, *, nul: bool) -> pl.DataFrame:
    width = len(header)
    problems: dict[int, str] = {}
    for place, row in enumerate(rows):
        if len(row) != width:
            problems[place] = f"the row has {len(row)} cells where the header has {width}"
            # Nobody can tell which cell belongs to which column.
            rows[place] = [""] * width
    for place in _not_text(rows, nul=nul):
        problems[place] = "the row holds bytes that are not UTF-8 text"
        # The others say whose row it is, and whether the child is at risk.
        rows[place] = ["" if _is_not_text(cell) else cell for cell in rows[place]]
    columns = zip(*rows, strict=True) if rows else ((),) * width
    texts = {
        name: pl.Series(name, cells, dtype=pl.String) for name, cells in zip(header, columns, strict=True)
    }
    return pl.DataFrame(texts).with_columns(
        row=pl.int_range(first_row, first_row + len(rows), dtype=pl.Int64),
        part=pl.lit(0, dtype=pl.Int64),
        problem=pl.Series([problems.get(place) for place in range(len(rows))], dtype=pl.String)
        if problems
        else pl.lit(None, dtype=pl.String),
    )


def _not_text(rows: list[list[str]], *, nul: bool) -> Iterator[int]:
    """Rows with undecodable bytes or NUL. The whole chunk is tried first, since nearly all are clean."""
    try:
        "".join("".join(row) for row in rows).encode()
    except UnicodeEncodeError:
        suspect = True
    else:
        suspect = nul
    if suspect:
        yield from (place for place, row in enumerate(rows) if _is_not_text("".join(row)))


def _is_not_text(text: str) -> bool:
    return "\0" in text or any("\ud800" <= character <= "\udfff" for character in text)
