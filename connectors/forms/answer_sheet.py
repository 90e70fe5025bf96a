"""An answer sheet, read strictly: the sheet "Answer" of a workbook, or CSV with the same columns.

A row that is not clear is marked with what is wrong, and never guessed.
"""

from __future__ import annotations

import io
import re
import warnings
import zipfile
from collections.abc import Callable, Iterator
from datetime import date, datetime
from typing import Any, BinaryIO

import openpyxl
import polars as pl

from connectors import strict_csv
from connectors.errors import UnreadableMessageError
from connectors.forms.form import Form
from connectors.forms.workbook import (
    ANSWER,
    COLUMNS,
    DATES,
    DECIDED_ON,
    DECISION,
    OUR_REFERENCE,
    REASON,
    THEIR_REFERENCE,
)

# As columns of a frame, in the order of the sheet.
OF_THE_KEY = ("referral_from", "referral_reference")
NAMES = ("our_reference", "decision", "reason", "decided_on", "started_on", "ended_on", "their_reference")
MOST_ROWS, LONGEST_REFERENCE = 1_000, 64
# A message key, as hub/store/queueing.py makes it: to whom, from whom, their reference, a hash, and perhaps
# which of several.
KEY = re.compile(r"[a-z0-9_]+:([a-z0-9_]+):(.{1,200}):[0-9a-f]+(?:-[0-9]+)?")
BRITISH_DAY = re.compile(r"(\d{1,2})/(\d{1,2})/(\d{4})", re.ASCII)
ISO_DAY = re.compile(r"(\d{4})-(\d{2})-(\d{2})", re.ASCII)
# No cell of text can hold this sign.
FORMULA = "\0"
# A SyntaxError is what XML readers raise.
BROKEN = (
    ValueError,
    KeyError,
    TypeError,
    IndexError,
    AttributeError,
    zipfile.BadZipFile,
    SyntaxError,
    OSError,
)
Row = dict[str, str | None]


def opener(form: Form) -> Callable[[BinaryIO], Iterator[pl.DataFrame]]:
    """For a pull feed: text columns, days as 2026-11-23, decisions and reasons as codes; and, out of our
    reference, whose referral it was and under which reference of theirs.
    """
    return lambda stream: frames(stream, form)


def frames(stream: BinaryIO, form: Form) -> Iterator[pl.DataFrame]:
    content = stream.read()
    rows = _of_workbook(content) if content.startswith(b"PK") else _of_csv(content)
    yield _frame([(number, *_read(cells, form)) for number, cells in rows])


def _frame(rows: list[tuple[int, Row, str | None]]) -> pl.DataFrame:
    texts = {
        name: pl.Series(name, [row[name] for _, row, _ in rows], dtype=pl.String)
        for name in (*NAMES, *OF_THE_KEY)
    }
    return pl.DataFrame(texts).with_columns(
        row=pl.Series([number for number, _, _ in rows], dtype=pl.Int64),
        part=pl.lit(0, dtype=pl.Int64),
        problem=pl.Series([problem for _, _, problem in rows], dtype=pl.String),
    )


def _read(cells: tuple[str, ...], form: Form) -> tuple[Row, str | None]:
    """The row in our words, and what is wrong with it. A cell that is not clear is null."""
    said, row, wrong = (
        dict(zip(COLUMNS, cells, strict=True)),
        dict.fromkeys((*NAMES, *OF_THE_KEY)),
        list[str](),
    )
    read: dict[str, Callable[[str], str]] = {
        OUR_REFERENCE: _key,
        DECISION: lambda cell: _one_of(cell, {one.label: one.code for one in form.decisions}),
        REASON: lambda cell: _one_of(cell, {one.label: one.code for one in form.reasons}),
        THEIR_REFERENCE: _their_reference,
        **dict.fromkeys(DATES, _day),
    }
    for label, name in zip(COLUMNS, NAMES, strict=True):
        try:
            row[name] = read[label](_no_formula(said[label])) if said[label] else None
        except ValueError as error:
            wrong.append(f"'{label}' {error}")
    wrong += [f"'{label}' is blank" for label in (OUR_REFERENCE, DECISION, DECIDED_ON) if not said[label]]
    if named := KEY.fullmatch(row["our_reference"] or ""):
        row["referral_from"], row["referral_reference"] = named.groups()
    chosen = next((one for one in form.decisions if one.code == row["decision"]), None)
    if chosen and chosen.with_reason and not said[REASON]:
        wrong.append(f"'{REASON}' is blank, and this decision needs one")
    return row, "; ".join(wrong) or None


def _no_formula(cell: str) -> str:
    if cell == FORMULA:
        raise ValueError("holds a formula where an answer belongs")
    return cell


def _one_of(cell: str, words: dict[str, str]) -> str:
    known = {label.casefold(): code for label, code in words.items()}
    if cell.casefold() not in known:
        raise ValueError("is none of the words in the sheet 'Words'")
    return known[cell.casefold()]


def _key(cell: str) -> str:
    if not KEY.fullmatch(cell) or not cell.isprintable():
        raise ValueError("is not one of ours")
    return cell


def _their_reference(cell: str) -> str:
    if len(cell) > LONGEST_REFERENCE or not cell.isprintable():
        raise ValueError(f"is longer than {LONGEST_REFERENCE} signs, or has some that cannot be shown")
    return cell


def _day(cell: str) -> str:
    british, iso = BRITISH_DAY.fullmatch(cell), ISO_DAY.fullmatch(cell)
    try:
        if british:
            return date(int(british[3]), int(british[2]), int(british[1])).isoformat()
        return date.fromisoformat(cell if iso else "").isoformat()
    except ValueError:
        raise ValueError("is no day such as 23/11/2026") from None


def _of_csv(content: bytes) -> Iterator[tuple[int, tuple[str, ...]]]:
    for frame in strict_csv.frames(io.BytesIO(content)):
        if frame.columns[: len(COLUMNS)] != list(COLUMNS) or len(frame.columns) != len(COLUMNS) + 3:
            raise _other_columns()
        for row in frame.iter_rows(named=True):
            # A row of another width has lost its cells; it is read as blank, and so marked.
            cells = tuple(row[name].strip() for name in COLUMNS)
            if any(cells) or row[strict_csv.PROBLEM]:
                yield row["row"], cells


def _of_workbook(content: bytes) -> Iterator[tuple[int, tuple[str, ...]]]:
    """Row by row, and never beyond the columns and rows of an answer sheet, wherever its last cell stands."""
    try:
        yield from _rows(content)
    except BROKEN:
        raise UnreadableMessageError(
            "The workbook cannot be read.", fix="ask the service to save it anew, as .xlsx.", code="HUB-L02"
        ) from None


def _rows(content: bytes) -> Iterator[tuple[int, tuple[str, ...]]]:
    with warnings.catch_warnings():
        # It warns of what it leaves out: validations, pictures.
        warnings.simplefilter("ignore")
        book = openpyxl.load_workbook(io.BytesIO(content), read_only=True, keep_links=False)
        if ANSWER not in book.sheetnames:
            raise _other_columns()
        sheet = book[ANSWER]
        # Not trusted: it may say that a sheet is small, or as wide as there is room.
        sheet.reset_dimensions()
        rows = sheet.iter_rows(max_row=MOST_ROWS + 1, max_col=len(COLUMNS))
        head = tuple(_cell(cell) for cell in next(rows, ()))
        if head != COLUMNS:
            raise _other_columns()
        for number, row in enumerate(rows, 2):
            cells = tuple(_cell(cell) for cell in row)
            if any(cells) and number > MOST_ROWS:
                raise _too_many_rows()
            if any(cells):
                yield number, cells + ("",) * (len(COLUMNS) - len(cells))


def _cell(cell: Any) -> str:
    """A day as we write one; a number without the point that a spreadsheet gives it."""
    value = cell.value
    match value:
        case None:
            return ""
        case datetime():
            return f"{value:%Y-%m-%d}"
        case date():
            return value.isoformat()
        case float() if value.is_integer():
            return str(int(value))
        case str() if getattr(cell, "data_type", "") == "f":
            return FORMULA
        case _:
            return str(value).strip()


def _other_columns() -> UnreadableMessageError:
    return UnreadableMessageError(
        f"The answer has not the columns of the sheet '{ANSWER}'.",
        fix="ask the service for the answer sheet as it was sent to them, with nothing added or taken out.",
        code="HUB-L03",
    )


def _too_many_rows() -> UnreadableMessageError:
    return UnreadableMessageError(
        f"The answer has more than {MOST_ROWS:,} rows.",
        fix="ask the service to send its answers in several sheets.",
        code="HUB-L03",
    )
