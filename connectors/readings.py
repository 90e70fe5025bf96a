"""How one cell, or a few, becomes a value of ours: the rows of a translation table.

Each reading gives null where the cell cannot be read. Expressions are built when they are used, never at
import: a process that forks must not have run Polars.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from datetime import date
from functools import reduce
from operator import or_
from pathlib import Path

import polars as pl

from schemas.codes import CodeMap
from schemas.identifiers import pnc, postcode

# What partners write where they have no date: "open" or "not known", never a day.
NO_DAY = (date(1900, 1, 1), date(1970, 1, 1))
EARLIEST_DAY = date(1901, 1, 1)
# Seconds may have a fraction, and may be left out.
CLOCKS = ("%H:%M:%S%.f", "%H:%M")


@dataclass(frozen=True)
class Reading:
    """`takes` are the partner's columns; `words` is how the agree list puts it.

    `null_is_an_answer` marks a reading whose null is no failure (a marker that is not there).
    """

    takes: tuple[str, ...]
    # Made for the day the message came: code maps are dated, and a PNC id's century turns on it.
    make: Callable[[date], pl.Expr]
    words: str
    codes: Codes | None = None
    null_is_an_answer: bool = False
    # True for a cell that says "there is none" (a postcode for no fixed abode): no fault, and no value.
    says_none: Callable[[pl.Expr], pl.Expr] | None = None


@dataclass(frozen=True)
class Codes:
    """A partner's code list, as a file in its folder, and the list of ours it is mapped onto."""

    path: Path
    onto: str

    def read(self) -> CodeMap:
        return CodeMap.read(self.path, onto=self.onto)


def cell(column: str) -> pl.Expr:
    """The cell without the blanks around it; null where nothing is left."""
    text = pl.col(column).str.strip_chars()
    return pl.when(text != "").then(text)


def text(column: str) -> Reading:
    return Reading((column,), lambda _: cell(column), "as sent")


def joined(*columns: str, by: str = ", ") -> Reading:
    """Several cells as one text; blanks are left out."""

    def make(_: date) -> pl.Expr:
        together = pl.concat_str([cell(column) for column in columns], separator=by, ignore_nulls=True)
        return pl.when(together != "").then(together)

    return Reading(columns, make, "together")


def listed(column: str, *, by: str = ";") -> Reading:
    def make(_: date) -> pl.Expr:
        parts = cell(column).str.split(by).list.eval(pl.element().str.strip_chars())
        return parts.list.eval(pl.element().filter(pl.element() != ""))

    return Reading((column,), make, f"split at '{by}'")


def day(column: str, pattern: str = "%Y-%m-%d") -> Reading:
    """A date in exactly this pattern. Partners' stand-ins for no date, and two-digit years, are not read."""

    return Reading((column,), lambda _: day_in(column, pattern), f"a date written {_human(pattern)}")


def day_or_open(*columns: str, open_is: str) -> Reading:
    """The first of these cells with a date in it. What stands for "open" is no date and no fault."""

    def make(_: date) -> pl.Expr:
        return pl.coalesce(day_in(column) for column in columns)

    words = f"a date written {_human('%Y-%m-%d')}; {open_is} is none"
    return Reading(columns, make, words, says_none=lambda cells: cells == open_is)


def day_in(column: str, pattern: str = "%Y-%m-%d") -> pl.Expr:
    read = cell(column).str.to_date(pattern, strict=False, exact=True)
    sound = (read >= EARLIEST_DAY) & ~reduce(or_, [read == stand_in for stand_in in NO_DAY])
    return pl.when(sound).then(read)


def _human(pattern: str) -> str:
    return pattern.replace("%d", "dd").replace("%m", "mm").replace("%Y", "yyyy")


def instant(column: str) -> Reading:
    """An ISO 8601 instant; one without a zone is not read, because an hour off reorders versions."""

    def make(_: date) -> pl.Expr:
        iso = cell(column).str.replace("Z$", "+0000").str.replace(" ", "T", literal=True)
        # Written out: left to guess, Polars takes the first cell's way of writing for the whole column.
        read = pl.coalesce(
            iso.str.to_datetime(f"%Y-%m-%dT{clock}%z", time_unit="us", strict=False) for clock in CLOCKS
        )
        return pl.when(read.dt.year() >= EARLIEST_DAY.year).then(read)

    return Reading((column,), make, "an ISO 8601 instant with its zone")


def whole(column: str, *, least: int, most: int) -> Reading:
    def make(_: date) -> pl.Expr:
        # Casting alone would take other scripts' digits.
        number = pl.when(cell(column).str.contains(r"^[0-9]{1,9}$")).then(cell(column)).cast(pl.Int64)
        return pl.when(number.is_between(least, most)).then(number)

    return Reading((column,), make, f"a whole number, {least} to {most}")


def code(column: str, codes: Codes) -> Reading:
    """A code by the agreed map. An unknown one is a question for a person, never a default."""

    def make(on: date) -> pl.Expr:
        known = codes.read().on(on)
        return cell(column).replace_strict(
            list(known), list(known.values()), default=None, return_dtype=pl.String
        )

    return Reading((column,), make, f"by the code map {codes.path.name}", codes)


def yes(column: str, *, when: Iterable[str], no: Iterable[str]) -> Reading:
    meant, not_meant = tuple(when), tuple(no)

    def make(_: date) -> pl.Expr:
        return (
            pl.when(cell(column).is_in(meant))
            .then(pl.lit(value=True))
            .when(cell(column).is_in(not_meant))
            .then(pl.lit(value=False))
        )

    return Reading((column,), make, f"yes is {', '.join(meant)}; no is {', '.join(not_meant)}")


def marker(column: str, mark: str, *, among: Iterable[str]) -> Reading:
    """True where the mark stands in a list of marks. `among` are all marks that are agreed."""
    agreed = tuple(among)

    def make(_: date) -> pl.Expr:
        marks = cell(column).str.split(";").list.eval(pl.element().str.strip_chars())
        strange = marks.list.eval(~pl.element().is_in(agreed) & (pl.element() != "")).list.any()
        # A list with a mark nobody agreed is not read as "no": the strange one may be the serious one.
        return (
            pl.when(marks.list.contains(mark))
            .then(pl.lit(value=True))
            .when(~strange)
            .then(pl.lit(value=False))
        )

    return Reading((column,), make, f"a list of agreed marks, with {mark} or without")


def identifier(column: str, canonical: Callable[[pl.Expr], pl.Expr], words: str) -> Reading:
    return Reading((column,), lambda _: canonical(cell(column)), f"a valid {words}")


def home_postcode(column: str) -> Reading:
    return Reading(
        (column,),
        lambda _: postcode.canonical(cell(column)),
        "a valid postcode",
        says_none=postcode.is_no_fixed_abode,
    )


def pnc_id(column: str) -> Reading:
    return Reading((column,), lambda on: pnc.canonical(cell(column), today=on), "a valid PNC id")


def always(value: str | bool | None, because: str) -> Reading:  # noqa: FBT001 - a value, not a switch
    """The same for every row of the feed: what the agreement fixes, not what a row says."""
    return Reading((), lambda _: pl.lit(value), because, null_is_an_answer=True)


def computed(takes: tuple[str, ...], make: Callable[[], pl.Expr], words: str) -> Reading:
    """A partner's own oddity, as an expression over several cells. Null is an answer here."""
    return Reading(takes, lambda _: make(), words, null_is_an_answer=True)
