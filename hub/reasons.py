"""A reason in a person's own words is kept in plain, so it must name no child.

Names cannot be told from other words. What can be told is refused: identifiers, and days on which
somebody of a child's age or older may have been born.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Mapping
from contextlib import suppress
from datetime import date

import polars as pl

from schemas.identifiers import cro, nhs_number, pnc, uln, upn

LONGEST_REASON = 500
# Nobody younger is known to the hub. A later day is one on which something happened.
YOUNGEST_CHILD_YEARS = 5
MONTHS = ("jan", "feb", "mar", "apr", "may", "jun", "jul", "aug", "sep", "oct", "nov", "dec")
_NAME = r"(?P<month>" + "|".join(MONTHS) + r")[a-z]*"
_DAY, _MONTH, _YEAR = r"(?P<day>\d{1,2})", r"(?P<month>\d{1,2})", r"(?P<year>\d{4}|\d{2})"
_NTH, _SAID, _WRITTEN = r"(?:st|nd|rd|th)?(?: of)?", r"[\s.,/-]*", r"[\s./-]+"
# As people write a day: in figures, in words, run together.
DAYS = tuple(
    re.compile(rf"(?<![0-9]){form}(?![0-9])", re.IGNORECASE)
    for form in (
        _DAY + _WRITTEN + _MONTH + _WRITTEN + _YEAR,
        _MONTH + _WRITTEN + _DAY + _WRITTEN + _YEAR,
        r"(?P<year>\d{4})" + _WRITTEN + _MONTH + _WRITTEN + _DAY,
        _DAY + _NTH + _SAID + _NAME + _SAID + _YEAR,
        _NAME + _SAID + _DAY + _NTH + _SAID + _YEAR,
        r"(?P<day>\d{2})(?P<month>\d{2})(?P<year>\d{4}|\d{2})",
        r"(?P<year>\d{4})(?P<month>\d{2})(?P<day>\d{2})",
    )
)
TEN_DIGITS = re.compile(r"(?<![0-9])[0-9](?:[\s-]?[0-9]){9}(?![0-9])")
WORD = re.compile(r"[0-9A-Za-z/-]+")


class ReasonNamesAChildError(ValueError):
    """The reason holds something that could say who a child is. What it is, is not repeated."""

    def __init__(self, what: str) -> None:
        super().__init__(what)
        self.what = what

    def __str__(self) -> str:
        return (
            f"The reason holds what may be {self.what}, and a reason is kept where everybody can read it. "
            "What to do: say it without; the row's key says which record it is."
        )


class NoReasonError(ValueError):
    def __str__(self) -> str:
        return (
            f"A reason is needed, of {LONGEST_REASON} characters at the most. "
            "What to do: say in a sentence why, so that whoever comes after you need not ask."
        )


def names_nobody(reason: str, *, today: date) -> bool:
    return not any(_tells(reason, today))


def check_names_nobody(reason: str, *, today: date) -> None:
    for what in _tells(reason, today):
        raise ReasonNamesAChildError(what)


def checked_reason(reason: str | None, *, today: date) -> str:
    """The reason as it is kept."""
    said = " ".join((reason or "").split())
    if not said or len(said) > LONGEST_REASON:
        raise NoReasonError
    check_names_nobody(said, today=today)
    return said


def _tells(reason: str, today: date) -> Iterator[str]:
    if any(_is_old_enough(day, today) for day in _days(reason, today)):
        yield "a date of birth"
    kinds: Mapping[str, tuple[list[str], Callable[[pl.Expr], pl.Expr]]] = {
        "an NHS number": (TEN_DIGITS.findall(reason), nhs_number.canonical),
        "a ULN": (TEN_DIGITS.findall(reason), uln.canonical),
        "a UPN": (WORD.findall(reason), upn.canonical),
        "a PNC id": (WORD.findall(reason), lambda text: pnc.canonical(text, today=today)),
        "a CRO number": (WORD.findall(reason), cro.canonical),
    }
    for what, (candidates, canonical) in kinds.items():
        said = pl.DataFrame({"text": candidates}, schema={"text": pl.String})
        if said.select(canonical(pl.col("text")).is_not_null().any()).item():
            yield what


def _days(reason: str, today: date) -> Iterator[date]:
    for form in DAYS:
        for found in form.finditer(reason):
            with suppress(ValueError):
                year, month = int(found["year"]), _month(found["month"])
                yield date(_full_year(year, today) if year < 100 else year, month, int(found["day"]))


def _month(written: str) -> int:
    return int(written) if written.isdigit() else MONTHS.index(written[:3].lower()) + 1


def _full_year(year: int, today: date) -> int:
    century = today.year - today.year % 100
    return century + year if year <= today.year % 100 else century - 100 + year


def _is_old_enough(day: date, today: date) -> bool:
    return day.year + YOUNGEST_CHILD_YEARS <= today.year
