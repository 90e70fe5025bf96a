"""As many invented referrals as wanted. A third of the children come twice, a few rows are spoiled."""

from __future__ import annotations

import csv
from collections.abc import Iterator
from datetime import date, timedelta
from pathlib import Path

from simulators.identifiers import pnc
from simulators.police_files import COLUMNS

FIRST_DAY = date(2008, 12, 1)
DAYS = 2500


def write_referrals(path: Path, records: int) -> None:
    with path.open("w", newline="", encoding="utf-8") as file:
        writer = csv.writer(file, lineterminator="\r\n")
        writer.writerow(COLUMNS)
        writer.writerows(_rows(records))


def _rows(records: int) -> Iterator[tuple[str, ...]]:
    numbers = [pnc(2024, n + 1) for n in range(1000)]
    children = max(records * 2 // 3, 1)
    for number in range(records):
        child = number % children
        born = FIRST_DAY + timedelta(days=child % DAYS)
        yield (
            f"NMP-R-{number:08d}", "2026-11-22T10:00:00Z", f"N{child:08d}", f"Quillborne{_letters(child)}",
            "Ottoline May", "Otti Quill" if child % 7 == 0 else "", born.strftime("%d/%m/%Y"),
            "MFXU"[child % 4], "W1", str(child % 6 + 1), f"{child % 300} Cobbler's Row", "", "Northmoor",
            "NX1 2AB", numbers[child % 1000] if child < 1000 else "", f"NMP/{number}/26", "TH68010",
            "31/02/2026" if number % 500 == 0 else "02/11/2026", str(number % 5 + 1), "YNU"[number % 3],
            "07/12/2026", "ZZ" if number % 400 == 0 else "OOCD", "SG" if number % 50 == 0 else "", "PC 4471",
        )  # fmt: skip


def _letters(number: int) -> str:
    """A number as letters: a name with digits in it would break a rule in every row."""
    spelt = ""
    while number:
        number, place = divmod(number, 26)
        spelt += chr(ord("a") + place)
    return spelt
