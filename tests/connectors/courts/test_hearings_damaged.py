"""Messages with a part missing or of the wrong kind: refused with the typed error or read, never misread."""

from __future__ import annotations

import copy
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

import connectors
from connectors.courts.hearings import COLUMNS, UnknownShapeError, rows
from connectors.courts.shapes.record import Row
from connectors.strict_json import loads

FOLDERS = (Path(__file__).parent / "published", Path(connectors.__file__).parent / "courts" / "samples")
NO_RESULTS = {"organisation-units.json", "commonPlatformMessageAttributes.json"}
MESSAGES = [
    path for folder in FOLDERS for path in sorted(folder.glob("*.json")) if path.name not in NO_RESULTS
]

NAMES = {"firstName": "first_name", "lastName": "last_name", "dateOfBirth": "birth_date", "name": "aliases"}
# People named beside defendants, of whom there must never be a row.
NO_DEFENDANT = {"associatedPersons", "associatedPerson", "courtClerk"}
WHO = {
    "id",
    "subject",
    "applicant",
    "respondents",
    "masterDefendant",
    "masterDefendantId",
    "defendantCase",
} | {
    *(
        "defendants",
        "defendantId",
        "personDefendant",
        "individualDefendant",
        "caseDefendants",
        "prosecutionCase",
    ),
    *(
        "courtOrder",
        "caseId",
        "offences",
        "offenceId",
        "judicialResultId",
        "firstName",
        "lastName",
        "hearings",
    ),
}

Place = tuple[dict[str, Any], str]


def _keys(part: Any) -> Iterator[Place]:
    for key, value in part.items() if isinstance(part, dict) else ():
        yield part, key
        yield from _keys(value)
    for value in part if isinstance(part, list) else ():
        yield from _keys(value)


def _people(part: Any) -> Iterator[Row]:
    """Everybody a message describes as somebody other than a parent or a clerk, read without our reader."""
    if isinstance(part, list):
        for value in part:
            yield from _people(value)
    elif isinstance(part, dict):
        yield {ours: part.get(theirs) for theirs, ours in NAMES.items()}
        for key, value in part.items():
            if key not in NO_DEFENDANT:
                yield from _people(value)


def _fits(row: Row, person: Row, names: tuple[str, ...] = ("first_name", "last_name", "birth_date")) -> bool:
    return all(row[name] is None or row[name] == person[name] for name in names)


def _opened(message: Any) -> list[Row]:
    try:
        return rows(message)
    except UnknownShapeError:
        return []


@pytest.mark.parametrize("path", MESSAGES, ids=lambda path: path.stem)
@settings(max_examples=150, deadline=None)
@given(choice=st.data())
def test_a_missing_key_never_makes_a_row_for_another_person(path: Path, choice: st.DataObject) -> None:
    whole = loads(path.read_bytes())
    known = rows(whole)
    people = list(_people(whole))
    damaged = copy.deepcopy(whole)
    for _ in range(choice.draw(st.integers(1, 3))):
        places = list(_keys(damaged))
        telling = [place for place in places if place[1] in WHO]
        # Most keys say nothing of who is who, so half of the time one that does is taken.
        likely = choice.draw(st.sampled_from(["any key", "who is who"]))
        if among := (telling if likely == "who is who" else places):
            part, key = choice.draw(st.sampled_from(among), label="removed")
            del part[key]

    for row in _opened(damaged):
        assert tuple(row) == COLUMNS
        assert any(_fits(row, person) for person in people)
        for matter in ("result_id", "offence_id"):
            owners = [before for before in known if row[matter] and before[matter] == row[matter]]
            assert not owners or any(_fits(row, owner) for owner in owners)


@pytest.mark.parametrize("path", MESSAGES, ids=lambda path: path.stem)
@settings(max_examples=100, deadline=None)
@given(choice=st.data())
def test_a_part_of_the_wrong_kind_is_refused_or_read_and_nothing_else(
    path: Path, choice: st.DataObject
) -> None:
    message = loads(path.read_bytes())
    part, key = choice.draw(st.sampled_from(list(_keys(message))), label="changed")
    part[key] = choice.draw(
        st.sampled_from([None, [], {}, "", " ", "words", 0, 1.5, True, [None], ["x"], [[]]])
    )

    opened = _opened(message)
    assert all(
        value is None or (isinstance(value, str) and value.strip())
        for row in opened
        for value in row.values()
    )
    references = [row["reference"] for row in opened]
    assert len(set(references)) == len(references)


@pytest.mark.parametrize("path", MESSAGES, ids=lambda path: path.stem)
def test_every_result_in_a_message_is_in_a_row(path: Path) -> None:
    message = loads(path.read_bytes())
    named = {part[key] for part, key in _keys(message) if key == "judicialResultId"}
    assert named <= {row["result_id"] for row in rows(message)}
