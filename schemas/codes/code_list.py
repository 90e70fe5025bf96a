import functools
from dataclasses import dataclass
from datetime import date
from pathlib import Path

from schemas.codes.dated import Dated, days, refuse_overlaps
from schemas.codes.errors import CodeListError
from schemas.codes.table import Row, read_rows

_HERE = Path(__file__).parent
_INDEX = _HERE / "index.csv"  # apart from the lists, so that each of them opens as plain csv


@dataclass(frozen=True)
class Code(Dated):
    code: str
    label: str


@dataclass(frozen=True)
class CodeList:
    name: str
    meaning: str
    source: str
    codes: tuple[Code, ...]

    def on(self, day: date) -> dict[str, str]:
        """Give the labels of the codes that hold on a day."""
        return {code.code: code.label for code in self.codes if code.holds_on(day)}


def names() -> tuple[str, ...]:
    return tuple(_index())


@functools.cache
def load(name: str) -> CodeList:
    if name not in _index():
        raise CodeListError(
            _INDEX, None, f"no code list is called {name}", f"Use one of: {', '.join(names())}"
        )
    about = _index()[name]
    codes = read_codes(_HERE / "lists" / f"{name}.csv")
    return CodeList(name, meaning=about.word("meaning"), source=about.word("source"), codes=codes)


def read_codes(file: Path) -> tuple[Code, ...]:
    rows = read_rows(file, columns=("code", "label", "valid_from", "valid_until"))
    codes = tuple(Code(row.word("code"), row.word("label"), **days(row)) for row in rows)
    refuse_overlaps((row, code.code, code) for row, code in zip(rows, codes, strict=True))
    return codes


@functools.cache
def _index() -> dict[str, Row]:
    return {row.word("name"): row for row in read_rows(_INDEX, columns=("name", "meaning", "source"))}
