import hashlib
import json
from dataclasses import dataclass
from datetime import date
from enum import StrEnum
from pathlib import Path
from typing import Self

from schemas.codes.code_list import load
from schemas.codes.dated import Dated, days, refuse_overlaps
from schemas.codes.table import Row, read_rows

_COLUMNS = ("theirs", "ours", "standing", "valid_from", "valid_until", "note")


class Standing(StrEnum):
    EXACT = "exact"
    LOSSY = "lossy"  # theirs says more than ours can keep
    INTERIM = "interim"  # used until the partner has agreed it


@dataclass(frozen=True)
class MappedCode(Dated):
    theirs: str
    ours: str
    standing: Standing
    note: str


@dataclass(frozen=True)
class CodeMap:
    """A partner's codes, each as one of ours, in a csv of the partner's folder."""

    onto: str
    codes: tuple[MappedCode, ...]

    @classmethod
    def read(cls, path: Path, *, onto: str) -> Self:
        ours = {code.code for code in load(onto).codes}
        rows = read_rows(path, columns=_COLUMNS)
        codes = tuple(_mapped(row, ours=ours, onto=onto) for row in rows)
        refuse_overlaps((row, code.theirs, code) for row, code in zip(rows, codes, strict=True))
        return cls(onto, codes)

    @property
    def version(self) -> str:
        """Name what the map decides: neither the order of its rows nor a better worded note changes it."""
        decided = "\n".join(sorted(_decision(code) for code in self.codes))
        return hashlib.sha256(f"{self.onto}\n{decided}".encode()).hexdigest()[:12]

    def on(self, day: date) -> dict[str, str]:
        return {code.theirs: code.ours for code in self.codes if code.holds_on(day)}


def _decision(code: MappedCode) -> str:
    days_held = (str(code.valid_from or ""), str(code.valid_until or ""))
    return json.dumps((code.theirs, code.ours, code.standing, *days_held))


def _mapped(row: Row, *, ours: set[str], onto: str) -> MappedCode:
    if row.word("ours") not in ours:
        raise row.wrong(
            f"{row.word('ours')} is not in the list {onto}", f"Use one of: {', '.join(sorted(ours))}"
        )
    return MappedCode(
        row.word("theirs"), row.word("ours"), _standing(row), note=row.cells["note"], **days(row)
    )


def _standing(row: Row) -> Standing:
    try:
        return Standing(row.cells["standing"])
    except ValueError:
        raise row.wrong("standing is not known", f"Use one of: {', '.join(Standing)}") from None
