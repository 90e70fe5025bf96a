"""Each rule, drawn as records: one at least that keeps it, and one at least that breaks it and no other."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from functools import cached_property
from typing import Any

import polars as pl

from quality.rules import Rule
from quality.runner import assess
from schemas.hops import PLACE

TODAY = date(2026, 11, 23)


@dataclass(frozen=True)
class Case:
    """A good record with these changes; `because` is what the row of the table shows."""

    rule: str
    breaks: bool
    because: str
    changes: Mapping[str, Any]

    def __str__(self) -> str:
        return f"{self.rule} {'breaks' if self.breaks else 'keeps'}: {self.because}"


def keeps(rule: str, because: str, **changes: Any) -> Case:
    return Case(rule, breaks=False, because=because, changes=changes)


def breaks(rule: str, because: str, **changes: Any) -> Case:
    return Case(rule, breaks=True, because=because, changes=changes)


@dataclass(frozen=True)
class RuleTable:
    rules: Sequence[Rule]
    good: Mapping[str, Any]
    types: Mapping[str, Any]
    cases: Sequence[Case] = field(repr=False)

    def broken_by(self, case: Case) -> set[str]:
        return self._broken[self.cases.index(case)]

    @cached_property
    def _broken(self) -> list[set[str]]:
        """All records of the table in one run of the real checks."""
        unknown = {name for case in self.cases for name in case.changes} - self.types.keys()
        assert not unknown
        records = [{**self.good, **case.changes} for case in self.cases]
        frame = pl.DataFrame(records, schema=dict(self.types))
        broken: list[set[str]] = [set() for _ in records]
        verdict = assess(self.rules, placed(frame), on=TODAY)
        assert verdict.not_assessed == ()
        for finding in verdict.findings:
            for row in finding.places["row"]:
                broken[row].add(finding.rule)
        return broken


def placed(frame: pl.DataFrame) -> pl.DataFrame:
    places = dict.fromkeys(PLACE, pl.lit(0, dtype=pl.Int64)) | {
        "row": pl.int_range(frame.height, dtype=pl.Int64)
    }
    return frame.with_columns(**places)
