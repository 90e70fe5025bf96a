"""One pupil's record, in our words."""

from __future__ import annotations

from datetime import date
from io import BytesIO
from pathlib import Path
from typing import Any

import pytest

from connectors import education
from connectors.education import connector

TODAY = date(2026, 11, 23)
SAMPLES = Path(education.__file__).parent / "samples"
HEAD = (
    "RecordID,UpdatedAt,Deleted,PupilID,LegalSurname,LegalForenames,PreferredName,DOB,Sex,UPN,ULN,SchoolName"
)
PUPIL = "A-1,2026-11-22T10:00:00Z,N,P1,Quillborne,Ottoline,,2011-03-14,F"


def record(feed: str, name: str) -> tuple[dict[str, Any], dict[str, Any]]:
    found = connector.pull_feed(feed)
    with (SAMPLES / name).open("rb") as message:
        rows = next(found.open(message))
    (said,), (child,) = found.record.frame(rows, TODAY).to_dicts(), found.child.frame(rows, TODAY).to_dicts()
    return said, child


def in_a_file(feed: str, columns: str, cells: str, *, upn: str = "", uln: str = "") -> tuple[Any, Any]:
    found = connector.pull_feed(feed)
    text = f"{HEAD},{columns}\r\n{PUPIL},{upn},{uln},Northmoor High School,{cells}\r\n"
    rows = next(found.open(BytesIO(text.encode())))
    return found.record.frame(rows, TODAY).to_dicts()[0], found.child.frame(rows, TODAY).to_dicts()[0]


def attended(marks: str) -> tuple[int | None, ...]:
    said, _ = in_a_file("attendance", "StartDate,EndDate,Marks", f"2026-09-02,2026-11-20,{marks}")
    return tuple(said[f"sessions_{name}"] for name in ("possible", "attended", "detained", "part_time"))


@pytest.mark.parametrize(
    ("marks", "counted"),
    [
        ("/=40;\\=38;I=2", (80, 78, 0, 0)),
        # Detention is no absence; a part-time timetable is one.
        ("/=40;\\=38;Y5=6", (78, 78, 6, 0)),
        ("/=40;C2=40", (80, 40, 0, 40)),
        ("O=10;X=4;#=6", (10, 0, 0, 0)),
        ("Y5=80", (0, 0, 80, 0)),
        # A mark nobody agreed may be the serious one: nothing is counted.
        ("/=40;ZZ=1", (None, None, None, None)),
        ("/=forty", (None, None, None, None)),
        ("", (None, None, None, None)),
    ],
)
def test_half_days_are_counted_by_their_marks(marks: str, counted: tuple[int | None, ...]) -> None:
    assert attended(marks) == counted


def test_a_place_at_school_has_its_hours_in_minutes() -> None:
    said, child = record("enrolments", "enrolments.json")
    assert (said["fact"], said["provision"]) == ("education", "SCHOOL_PART_TIME")
    assert (said["weekly_minutes_offered"], said["weekly_minutes_attended"]) == (750, 360)
    assert (said["provider"], said["holds_until"], said["is_deleted"]) == (
        "Northmoor High School",
        None,
        False,
    )
    assert (child["upn"], child["uln"], child["aliases"]) == (
        "H801200001001",
        "1000000043",
        ["Kit Quillborne"],
    )


def test_what_was_deleted_says_no_more_than_which_record_it_was() -> None:
    said, child = record("suspensions", "deletions.json")
    assert (said["reference"], said["is_deleted"], said["fact"]) == ("X000001", True, "suspension")
    assert {value for value in child.values() if value is not None} == set()


@pytest.mark.parametrize(
    ("written", "upn"),
    [
        ("H801200001001", "H801200001001"),
        (" h801 2000 01001", "H801200001001"),
        ("UN3", None),
        ("", None),
        # Left as it was sent, so that the rule can say so and a person can ask.
        ("R247962919251", "R247962919251"),
    ],
)
def test_a_upn_is_read_in_its_agreed_form(written: str, upn: str | None) -> None:
    _, child = in_a_file("needs", "SENProvision,SENType,StartDate,EndDate", "K,SEMH,,", upn=written)
    assert child["upn"] == upn


@pytest.mark.parametrize(("written", "uln"), [("9999999999", None), ("1000000043", "1000000043")])
def test_the_placeholder_of_a_uln_is_none(written: str, uln: str | None) -> None:
    _, child = in_a_file("needs", "SENProvision,SENType,StartDate,EndDate", "K,SEMH,,", uln=written)
    assert child["uln"] == uln
