"""No name, birth date or identifier of anybody in the cast is on the page, whatever went wrong that night."""

from __future__ import annotations

import re
from dataclasses import replace

from hub import report
from hub.store import books
from hub.store.tables import outbox
from quality.reports.pages import render_night, render_partner
from schemas.hops import Hop
from simulators import police, police_files
from simulators.cast import bystanders, cast
from simulators.nights import morning
from simulators.people import traces
from simulators.spoiled import SPOILED_FILES, spoiled_drop
from tests.world import World, referral

PEOPLE = cast()
GOOD = police.referral_drop(1, PEOPLE)


def told(world: World) -> str:
    """All that the night says to anybody."""
    facts = report.collect(world.hub, world.hub.night)
    pages = [render_partner(one, facts.night, facts.made_at) for one in facts.partners]
    return "\n".join([render_night(facts), *pages, report.summary(facts), *facts.reasons])


def found_in(text: str) -> set[str]:
    """Names as whole words, since one may stand inside another word; numbers and days anywhere."""
    words = set(re.findall(r"[\w'’-]+", text))
    everybody = {trace for person in (*PEOPLE, *bystanders()) for trace in traces(person)}
    numbers = {trace for trace in everybody if any(character.isdigit() for character in trace)}
    days = {f"{person.born_on:{form}}" for person in PEOPLE for form in ("%d/%m/%Y", "%Y-%m-%d", "%Y%m%d")}
    return {trace for trace in numbers | days if trace in text} | ((everybody - numbers) & words)


def test_the_test_would_find_a_trace() -> None:
    child = PEOPLE[0]
    assert found_in(f"said “{child.family_name}”.") == {child.family_name}
    assert found_in(f"x{child.born_on:%d/%m/%Y}y")
    assert found_in(f"x{child.identifiers.nhs_number}y")


def test_no_trace_of_a_child_is_told_of_a_night_in_which_every_file_was_spoiled(sqlite_world: World) -> None:
    for number, oddity in enumerate(sorted(SPOILED_FILES), start=1):
        named = replace(GOOD, name=police_files.file_name(morning(1), number))
        sqlite_world.leave(sqlite_world.police_folder, spoiled_drop(named, oddity).files())
    sqlite_world.pull("police")
    sqlite_world.push()

    (found,) = (
        one
        for one in report.collect(sqlite_world.hub, sqlite_world.hub.night).partners
        if one.name == "police"
    )
    assert found.held
    assert found.parked
    assert found.noticed
    assert found_in(told(sqlite_world)) == set()


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
    assert facts.at_risk
    assert found_in(told(sqlite_world)) == set()


def test_a_partners_page_names_no_reference_of_another_partner(sqlite_world: World) -> None:
    """Referrals of the police that the case system refuses, holds back or never got."""
    sqlite_world.police_send(*(referral(number, RiskMarkers="SG") for number in range(1, 6)))
    sqlite_world.police_send(referral(6, ReferralRef=""))
    sqlite_world.pull("police")
    sqlite_world.push("yjs")
    states = ("refused", "held", "queued", "unknown")
    with sqlite_world.hub.store.transaction() as connection:
        for number, state in enumerate(states, start=1):
            this = outbox.c.reference == f"NMP-R-{number:07d}"
            connection.execute(outbox.update().where(this).values(state=state, answer_reason="No bed."))
        kept_back = {"state": "queued", "not_shared_because": "the agreement has expired"}
        connection.execute(outbox.update().where(outbox.c.reference == "NMP-R-0000005").values(**kept_back))
        page = books.Page("01f4", "yjs", "referrals", sqlite_world.hub.night)
        books.write_gaps(connection, page, Hop.OUTGOING, {"yjs:police:NMP-R-0000001:3f2a": "lost"})

    facts = report.collect(sqlite_world.hub, sqlite_world.hub.night)
    pages = {one.name: render_partner(one, facts.night, facts.made_at) for one in facts.partners}
    assert "the agreement has expired" in pages["yjs"]
    assert "You said: “No bed.”" in pages["yjs"]
    assert len(next(one for one in facts.partners if one.name == "yjs").at_risk) == 5
    assert "NMP-R-" in render_night(facts)
    for name in ("yjs", "courts"):
        assert re.findall(r"NMP-R-\w+|Police|police|referral_NMP", pages[name]) == []
    assert re.findall(r"Youth Justice Service|Courts|yjs", pages["police"]) == []
