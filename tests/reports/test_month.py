"""A partner's month: the numbers on its page are the numbers in the books."""

from __future__ import annotations

import csv
import re
from collections.abc import Iterator
from datetime import date
from io import StringIO
from pathlib import Path
from string import ascii_lowercase

import pytest

from hub.report import months
from hub.report.month import before, collect, last_of
from quality.reports.month import PartnerMonth
from quality.rules import Dimension
from simulators.partner import Running
from tests.night.one_world import one_world
from tests.world import PARTNERS, World, referral

NOVEMBER = date(2026, 11, 1)
HELD = {"DOB": "14/03/2017"}
WARNED = {"RiskMarkers": "QX"}


def month_of(world: World, partner: str = "police", month: date = NOVEMBER) -> PartnerMonth:
    (found,) = collect(world.hub, month, [partner])
    return found


def told(number: int, **changes: str) -> dict[str, str]:
    """With a name that no check minds."""
    return referral(number, Surname=f"Quillborne{ascii_lowercase[number]}", **changes)


def two_nights(world: World) -> None:
    """24 records, of which two are held and one loses a value; the second night brings nothing new."""
    sound = [told(number) for number in range(1, 22)]
    world.police_send(*sound, told(22, **HELD), told(23, **HELD), told(24, **WARNED))
    for partner in PARTNERS:
        world.pull(partner)
    world.push("yjs")
    world.later(days=1)
    world.pull("police")


@pytest.fixture(scope="module")
def november(
    tmp_path_factory: pytest.TempPathFactory, police_server: tuple[Running, Path]
) -> Iterator[World]:
    """Looked at by many tests, and answered by the case workers."""
    with one_world(tmp_path_factory, police_server, "month") as world:
        two_nights(world)
        world.case_workers_answer()
        world.push("yjs")
        yield world


def test_the_numbers_are_those_of_the_books(world: World) -> None:
    two_nights(world)
    numbers = month_of(world).numbers
    assert (numbers.received, numbers.accepted, numbers.warned, numbers.held) == (24, 21, 1, 2)
    assert (numbers.nights, numbers.nights_came, numbers.missed) == (2, 2, 0)
    assert str(numbers.share) == "91.6"
    assert numbers.failing[Dimension.VALIDITY] >= 1
    assert numbers.lowest_check is not None
    assert str(numbers.lowest_check[1]) == "91.6"


def test_a_month_is_rated_and_says_what_to_do_first(november: World) -> None:
    month = month_of(november)
    assert (month.rating.word, month.rating.missing, month.rating.next_word) == ("Nearly there", 1, "Good")
    (first,) = month.first_to_do
    assert (first.records, first.owner) == (2, "Police")


def test_what_was_sent_is_counted_by_its_answer(november: World) -> None:
    sent = month_of(november, "yjs").sent
    assert sent is not None
    assert sent.handed_over == 22
    assert sent.answered + sent.unanswered == 22
    assert sent.in_time == sent.answered > 0
    assert sum(sent.reasons.values()) == sent.refused


def test_a_month_in_which_nothing_came_has_a_page_too(november: World) -> None:
    october = month_of(november, month=date(2026, 10, 9))
    assert (october.numbers.received, october.rating.word) == (0, "Not rated")
    assert "No record came from you this month" in months.files_of(october)["police.html"].decode()


def test_the_folder_can_be_handed_on(november: World, tmp_path: Path) -> None:
    to = tmp_path / "out"
    written = months.build(november.hub, NOVEMBER, to, PARTNERS)
    names = {f"{name}{end}" for name in PARTNERS for end in (".html", "-board.html", ".csv")}
    assert {path.name for path in written} == names
    for path in written:
        ways = re.findall(r'(?:href|src)="([^"#]+)"', path.read_text()) if path.suffix == ".html" else []
        assert [way for way in ways if way != "data:," and not (path.parent / way).is_file()] == []


def test_the_boards_version_names_no_record(november: World) -> None:
    files = months.files_of(month_of(november))
    assert "NMP-R-0000022" in files["police.html"].decode()
    for name in ("police-board.html", "police.csv"):
        assert "NMP-R" not in files[name].decode()
        assert "Quillborne" not in files[name].decode()


def test_every_chart_says_the_same_as_its_table(november: World) -> None:
    page = months.files_of(month_of(november))["police.html"].decode()
    split = re.search(
        r'<desc id="split-words">(\d+) accepted, (\d+) accepted with a warning, (\d+) held', page
    )
    assert split is not None
    assert split.groups() == ("21", "1", "2")
    widths = re.findall(r'<rect class="hub-bar [^>]*x="\d+" y="0" width="(\d+)"', page)
    assert widths == ["21", "1", "2"]
    table = dict(
        re.findall(r'<th scope="row"[^>]*>(Accepted|Accepted with a warning|Held)</th><td[^>]*>(\d+)<', page)
    )
    assert table == {"Accepted": "21", "Accepted with a warning": "1", "Held": "2"}


def test_the_table_is_no_formula_and_says_what_the_page_says(november: World) -> None:
    rows = list(csv.DictReader(StringIO(months.files_of(month_of(november))["police.csv"].decode())))
    now = {row["what"]: row["value"] for row in rows if row["month"] == "November 2026"}
    assert (now["received"], now["held"]) == ("24", "2")
    assert months.plain("=1+1") == "'=1+1"


@pytest.mark.parametrize(
    ("month", "months_ago", "first"),
    [
        (NOVEMBER, 1, date(2026, 10, 1)),
        (NOVEMBER, 11, date(2025, 12, 1)),
        (date(2026, 1, 1), 1, date(2025, 12, 1)),
    ],
)
def test_months_are_counted_over_the_end_of_the_year(month: date, months_ago: int, first: date) -> None:
    assert before(month, months=months_ago) == first


def test_a_month_ends_on_its_last_day() -> None:
    assert last_of(date(2028, 2, 1)) == date(2028, 2, 29)
    assert last_of(date(2026, 12, 1)) == date(2026, 12, 31)
