"""Read a small csv exactly: no column more or less than agreed, no blank where a word is due."""

import csv
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

from schemas.codes.errors import CodeListError


@dataclass(frozen=True)
class Row:
    file: Path
    line: int
    cells: Mapping[str, str]

    def word(self, column: str) -> str:
        cell = self.cells[column]
        if not cell or cell != cell.strip():
            raise self.wrong(f"{column} is blank or has spaces around it", "Write the word alone")
        return cell

    def wrong(self, what: str, cure: str) -> CodeListError:
        return CodeListError(self.file, self.line, what, cure)


def read_rows(file: Path, *, columns: Sequence[str]) -> list[Row]:
    numbered = _numbered(file)
    _, header = next(numbered, (1, []))
    if header != list(columns):
        raise CodeListError(file, 1, "the columns are not those agreed", f"Name them {','.join(columns)}")
    return [_row(file, line, cells, columns) for line, cells in numbered]


def _row(file: Path, line: int, cells: list[str], columns: Sequence[str]) -> Row:
    if len(cells) != len(columns):
        what = f"{len(cells)} cells under {len(columns)} columns"
        raise CodeListError(file, line, what, "Give every column a cell, and quote a cell that has a comma")
    return Row(file, line, dict(zip(columns, cells, strict=True)))


def _numbered(file: Path) -> Iterator[tuple[int, list[str]]]:
    try:
        # Spreadsheets save csv with a byte-order mark, which would otherwise join the first column's name.
        with file.open(encoding="utf-8-sig", newline="") as lines:
            reader = csv.reader(lines, strict=True)
            for cells in reader:
                yield reader.line_num, cells
    except FileNotFoundError:
        raise CodeListError(file, None, "there is no such file", "Add it, or correct the name") from None
    except UnicodeDecodeError:
        raise CodeListError(file, None, "it is not UTF-8 text", "Save it as UTF-8") from None
    except csv.Error as error:
        raise CodeListError(file, None, f"it is not csv ({error})", "Close every quote") from None
