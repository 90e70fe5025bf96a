"""A translation is a table: one reading for each field of ours. The hub finds everything else.

From the table alone follow the cells that could not be read, codes nobody agreed, mandatory fields that
are missing, columns nobody accounted for, and the field-by-field agree list.
"""

from __future__ import annotations

from collections.abc import Set
from dataclasses import dataclass
from datetime import date

import dataframely as dy
import polars as pl

from connectors.errors import MisconfiguredError
from connectors.readings import Reading, cell
from schemas.fields import mandatory_fields
from schemas.hops import PLACE, Consequence, Finding

UNREAD, UNAGREED, MISSING = "HUB-T01", "HUB-T02", "HUB-T03"


@dataclass(frozen=True)
class Line:
    """One line of the agree list: what a field of ours is made of."""

    field: str
    takes: tuple[str, ...]
    words: str


class Translation:
    """`ignores` names columns we leave behind, and why: the agreement, written down."""

    def __init__(
        self, kind: type[dy.Schema], *, ignores: dict[str, str] | None = None, **readings: Reading
    ) -> None:
        strange = readings.keys() - kind.columns().keys()
        forgotten = set(mandatory_fields(kind)) - readings.keys()
        if strange or forgotten:
            raise MisconfiguredError(
                f"The translation to {kind.__name__} has fields it does not know ({sorted(strange)}) "
                f"or lacks mandatory ones ({sorted(forgotten)}).",
                fix="match the table's names to the record kind.",
            )
        self.kind = kind
        self.readings = readings
        self.ignores = ignores or {}

    @property
    def takes(self) -> frozenset[str]:
        return frozenset(column for reading in self.readings.values() for column in reading.takes)

    def widened(self, **readings: Reading) -> Translation:
        """The same with more fields, for a feed that says more."""
        return Translation(self.kind, ignores=self.ignores, **(self.readings | readings))

    def narrowed(self, agreed: Set[str]) -> Translation:
        """Only the readings of agreed fields. What a record cannot be without must be among them."""
        unagreed = sorted(self.readings.keys() & set(mandatory_fields(self.kind)) - agreed)
        if unagreed:
            raise MisconfiguredError(
                f"The agreement does not list {', '.join(unagreed)}; without it there is no "
                f"{self.kind.__name__}.",
                fix="agree the field with the partner and list it, or take the feed out of the connector.",
            )
        left = {name: reading for name, reading in self.readings.items() if name in agreed}
        return Translation(self.kind, ignores=self.ignores, **left)

    def agree_list(self) -> tuple[Line, ...]:
        return tuple(Line(name, reading.takes, reading.words) for name, reading in self.readings.items())

    def code_maps(self) -> str:
        """Which version of which map read the codes, so that a value can be traced to its day's agreement."""
        used = {reading.codes for reading in self.readings.values() if reading.codes}
        return " ".join(sorted(f"{codes.path.stem}@{codes.read().version}" for codes in used))

    def frame(self, rows: pl.DataFrame, on: date) -> pl.DataFrame:
        """Every field of the kind, typed; null where the cell is blank or cannot be read."""
        return rows.select(
            self.readings[name].make(on).cast(column.dtype).alias(name)
            if name in self.readings
            else pl.lit(None, dtype=column.dtype).alias(name)
            for name, column in self.kind.columns().items()
        )

    def findings(self, rows: pl.DataFrame, translated: pl.DataFrame) -> tuple[Finding, ...]:
        """What the table could not do with which rows. `translated` is `frame(rows)`, row by row."""
        sight = rows.lazy().with_columns(translated[name].alias(f"ours.{name}") for name in self.readings)
        faults = {name: self._faulty(name) for name in self.readings}
        seen = sight.select(*PLACE, *(fault.alias(name) for name, fault in faults.items())).collect()
        found = (self._finding(name, seen) for name in self.readings)
        return tuple(finding for finding in found if finding is not None)

    def _faulty(self, name: str) -> pl.Expr:
        reading = self.readings[name]
        nothing = pl.col(f"ours.{name}").is_null()
        if name in mandatory_fields(self.kind):
            return nothing
        if reading.null_is_an_answer or not reading.takes:
            return pl.lit(value=False)
        return nothing & pl.any_horizontal(_says_something(reading, column) for column in reading.takes)

    def _finding(self, name: str, seen: pl.DataFrame) -> Finding | None:
        places = seen.filter(pl.col(name)).select(PLACE)
        if places.is_empty():
            return None
        reading = self.readings[name]
        columns = ", ".join(reading.takes)
        mandatory = name in mandatory_fields(self.kind)
        if mandatory:
            rule, wrong = MISSING, f"{columns} must be filled, and readable: {reading.words}."
        elif reading.codes:
            rule, wrong = UNAGREED, f"{columns} holds a code that is not agreed."
        else:
            rule, wrong = UNREAD, f"{columns} cannot be read: expected is {reading.words}."
        consequence = Consequence.HOLD_ROW if mandatory else Consequence.SET_ASIDE
        return Finding(rule, consequence, wrong, field=name, places=places)


def _says_something(reading: Reading, column: str) -> pl.Expr:
    said = cell(column).is_not_null()
    return said & ~reading.says_none(cell(column)) if reading.says_none else said
