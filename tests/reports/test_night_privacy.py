"""No name, birth date or identifier of anybody in the cast is on the page, whatever went wrong in the night."""

from __future__ import annotations

from dataclasses import replace

import pytest

from hub import report
from quality.reports.night import render
from simulators import police, police_files
from simulators.cast import bystanders, cast
from simulators.people import traces
from simulators.spoiled import SPOILED_FILES, spoiled_drop
from tests.world import World

PEOPLE = cast()
GOOD = police.referral_drop(1, PEOPLE)


def pages(world: World) -> str:
    facts = report.collect(world.hub, world.hub.night)
    return render(facts) + report.summary(facts)


def found_in(text: str) -> set[str]:
    """Traces as whole words, so that a name inside another word is not taken for one."""
    words = set(text.replace(",", " ").split()) | set(text.split("<"))
    everybody = {trace for person in (*PEOPLE, *bystanders()) for trace in traces(person)}
    days = {f"{person.born_on:{form}}" for person in PEOPLE for form in ("%d/%m/%Y", "%Y-%m-%d", "%Y%m%d")}
    numbers = {trace for trace in everybody if any(character.isdigit() for character in trace)}
    names = everybody - numbers
    return {trace for trace in numbers | days if trace in text} | (names & words)


def test_the_test_would_find_a_trace() -> None:
    child = PEOPLE[0]
    assert found_in(f"a {child.family_name} b") == {child.family_name}
    assert found_in(f"x{child.born_on:%d/%m/%Y}y")


@pytest.mark.parametrize("oddity", sorted(SPOILED_FILES))
def test_no_trace_of_a_child_is_on_the_page_of_a_night_with_a_spoiled_file(
    sqlite_world: World, oddity: str
) -> None:
    sqlite_world.leave(sqlite_world.police_folder, spoiled_drop(GOOD, oddity).files())
    sqlite_world.pull("police")
    sqlite_world.push()
    assert found_in(pages(sqlite_world)) == set()


def test_a_name_where_the_reference_should_be_is_not_shown(sqlite_world: World) -> None:
    """Two columns changed places in the export: the force's keys are surnames now, and nobody noticed."""
    rows = [
        row | {"ReferralRef": row["Surname"], "Surname": row["ReferralRef"], "RiskMarkers": "SG"}
        for row in police_files.read_csv(GOOD.content)
    ]
    swapped = replace(GOOD, content=police_files.as_csv(rows))
    sqlite_world.leave(sqlite_world.police_folder, swapped.files())
    sqlite_world.pull("police")

    facts = report.collect(sqlite_world.hub, sqlite_world.hub.night)
    assert facts.flagged > 0
    assert found_in(pages(sqlite_world)) == set()
