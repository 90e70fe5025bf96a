"""From which day to which, both included, a code holds; a side left open has no limit."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date

from schemas.codes.table import Row


@dataclass(frozen=True, kw_only=True)
class Dated:
    valid_from: date | None = None
    valid_until: date | None = None

    @property
    def first(self) -> date:
        return self.valid_from or date.min

    @property
    def last(self) -> date:
        return self.valid_until or date.max

    def holds_on(self, day: date) -> bool:
        return self.first <= day <= self.last

    def overlaps(self, other: "Dated") -> bool:
        return self.first <= other.last and other.first <= self.last


def days(row: Row) -> dict[str, date | None]:
    """Read the two date cells of a row, as the arguments of a `Dated`."""
    read = {column: _day(row, column) for column in ("valid_from", "valid_until")}
    if Dated(**read).last < Dated(**read).first:
        raise row.wrong("it ends before it begins", "Correct valid_from or valid_until")
    return read


def refuse_overlaps(read: Iterable[tuple[Row, str, Dated]]) -> None:
    """Refuse a code that holds twice on one day: nobody could say which of its rows is meant."""
    earlier: dict[str, list[Dated]] = {}
    for row, code, dated in read:
        if any(dated.overlaps(other) for other in earlier.setdefault(code, [])):
            raise row.wrong(f"{code} already holds on some of these days", "End the other row the day before")
        earlier[code].append(dated)


def _day(row: Row, column: str) -> date | None:
    cell = row.cells[column]
    try:
        return date.fromisoformat(cell) if cell else None
    except ValueError:
        raise row.wrong(f"{column} is not a date", "Write it as 2026-04-01, or leave it blank") from None
