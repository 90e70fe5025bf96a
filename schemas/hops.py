"""The five hops, what a check may find at one, and what the findings come to."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from enum import StrEnum

import polars as pl


class Hop(StrEnum):
    RECEIVED = "received"
    TRANSLATED = "translated"
    MATCHED = "matched"
    RECORDED = "recorded"
    OUTGOING = "outgoing"
    ACKNOWLEDGED = "acknowledged"


class Consequence(StrEnum):
    """What a finding does. In order, worst first: where findings disagree the worst wins."""

    REJECT_BATCH = "reject_batch"
    HOLD_ROW = "hold_row"
    SET_ASIDE = "set_aside"
    WARN = "warn"


WORST_FIRST = tuple(Consequence)


@dataclass(frozen=True)
class RecordKey:
    """Where a record stood when it came: its batch, and the message, row and part within it."""

    batch: str
    message: int
    row: int
    part: int

    def __str__(self) -> str:
        return f"{self.batch}:{self.message}:{self.row}:{self.part}"

    @classmethod
    def parse(cls, text: str) -> RecordKey:
        batch, message, row, part = text.rsplit(":", 3)
        return cls(batch, int(message), int(row), int(part))


# The columns that place a record within its batch, in every frame that travels.
PLACE = ("message", "row", "part")


@dataclass(frozen=True)
class Finding:
    """One rule broken: by the records that `places` lists (columns message, row, part), never a value.

    `places` is None where the rule speaks of the whole batch.
    """

    rule: str
    consequence: Consequence
    words: str
    field: str | None = None
    places: pl.DataFrame | None = None


@dataclass(frozen=True)
class Verdict:
    """What the checks of one hop came to for one batch."""

    findings: tuple[Finding, ...] = ()
    not_assessed: tuple[str, ...] = ()

    @property
    def rejects_batch(self) -> bool:
        return any(finding.consequence is Consequence.REJECT_BATCH for finding in self.findings)

    def of(self, consequence: Consequence) -> tuple[Finding, ...]:
        return tuple(finding for finding in self.findings if finding.consequence is consequence)

    @property
    def told(self) -> tuple[Finding, ...]:
        """The findings, and for each rule that could not be assessed that it was not: never a silent pass."""
        silent = (
            Finding(rule, Consequence.WARN, "This rule could not be assessed.") for rule in self.not_assessed
        )
        return (*self.findings, *silent)

    def joined(self, other: Verdict) -> Verdict:
        not_assessed = dict.fromkeys(self.not_assessed + other.not_assessed)
        return Verdict(self.findings + other.findings, tuple(not_assessed))


def worst(consequences: Iterable[Consequence]) -> Consequence | None:
    found = set(consequences)
    return next((consequence for consequence in WORST_FIRST if consequence in found), None)
