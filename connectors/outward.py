"""The table run the other way: each column of the partner's, and the field of ours it is made of.

Only what stands in the table can leave.
"""

from __future__ import annotations

from collections.abc import Callable, Set
from dataclasses import dataclass

import polars as pl


@dataclass(frozen=True)
class Writing:
    takes: tuple[str, ...]
    make: Callable[[], pl.Expr]
    words: str


def ours(name: str) -> Writing:
    return Writing((name,), lambda: pl.col(name), name)


def british_day(name: str) -> Writing:
    # Cast first: of a kind without the field the column is empty, and of no type.
    return Writing(
        (name,), lambda: pl.col(name).cast(pl.Date).dt.strftime("%d/%m/%Y"), f"{name}, as dd/mm/yyyy"
    )


def yes_or_no(name: str) -> Writing:
    def make() -> pl.Expr:
        said = pl.col(name).cast(pl.Boolean)
        return pl.when(said).then(pl.lit("Y")).when(~said).then(pl.lit("N"))

    return Writing((name,), make, f"{name}, as Y or N")


def list_of(name: str, *, by: str = "; ") -> Writing:
    return Writing(
        (name,), lambda: pl.col(name).cast(pl.List(pl.String)).list.join(by), f"{name}, joined by '{by}'"
    )


def flags_set(*names: str, by: str = "; ") -> Writing:
    """The names of the flags that are true; null where none is."""

    def make() -> pl.Expr:
        raised = [pl.when(pl.col(name).cast(pl.Boolean)).then(pl.lit(name)) for name in names]
        together = pl.concat_str(raised, separator=by, ignore_nulls=True)
        return pl.when(together != "").then(together)

    return Writing(names, make, "those that are set of " + ", ".join(names))


class Outward:
    def __init__(self, **columns: Writing) -> None:
        self.columns = columns

    @property
    def takes(self) -> frozenset[str]:
        return frozenset(name for writing in self.columns.values() for name in writing.takes)

    def narrowed(self, agreed: Set[str]) -> Outward:
        """Only the columns that are made of agreed fields and of nothing else."""
        return Outward(**{name: one for name, one in self.columns.items() if set(one.takes) <= agreed})

    def frame(self, records: pl.DataFrame) -> pl.DataFrame:
        """The partner's columns; a field that this kind of record has not is null."""
        absent = sorted(self.takes - set(records.columns))
        complete = records.with_columns(pl.lit(None).alias(name) for name in absent)
        return complete.select(writing.make().alias(name) for name, writing in self.columns.items())
