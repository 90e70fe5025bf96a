"""Schools: what they say of our children reaches the worklist, and the YJS's referrals are answered."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import pytest

from hub import registry
from simulators.cast import cast
from simulators.education_records import PUPILS, SCHOOLS
from simulators.education_rehearsal import record
from simulators.education_service import Service, open_for, serving
from simulators.yjs import open_for as open_case_system
from tests.reports.test_night_privacy import found_in, told
from tests.traces import Traces
from tests.world import World, case_row

UPN, ANOTHER = "H801200001001", "X801200001002"
SCHOOL = next(iter(SCHOOLS))
OF_SCHOOLS = "partner = 'education'"
ASKED = {
    "need": "ETE",
    "service": "Northmoor Education Inclusion",
    "onOrder": "YES",
    "weeklyHoursAttended": "12.5",
}


@pytest.fixture
def service(sqlite_world: World, monkeypatch: pytest.MonkeyPatch) -> Iterator[Service]:
    there = Service(schools={SCHOOL: SCHOOLS[SCHOOL]})
    with serving(there) as settings:
        for name, value in settings.items():
            monkeypatch.setenv(name, value)
        yield there


@pytest.fixture
def world(sqlite_world: World, service: Service) -> World:
    """The YJS works with one pupil."""
    sqlite_world.case_system_says("orders", case_row("orders", upn=UPN))
    sqlite_world.pull("yjs")
    return sqlite_world


def listed(world: World, feed: str, number: int, *, upn: str, **changes: Any) -> dict[str, Any]:
    """What a school says of a pupil of that number, today."""
    said = record(feed, number, version=1, at=world.now[0])
    student = said["student"]["data"]
    numbers = {**student["education_details"]["data"], "upn": upn}
    return {**said, "student": {"data": {**student, "education_details": {"data": numbers}}}, **changes}


def test_of_the_pupils_of_a_school_those_we_know_reach_the_worklist(world: World, service: Service) -> None:
    service.lists["enrolments", SCHOOL] = [
        listed(world, "enrolments", 1, upn=UPN),
        listed(world, "enrolments", 2, upn=ANOTHER),
    ]
    service.lists["attendance-summaries", SCHOOL] = [listed(world, "attendance", 1, upn=UPN)]
    world.pull("education")
    world.push()

    rows = {row["fact"]: row for row in world.worklist()}
    assert set(rows) == {"education", "attendance"}
    place, half_days = rows["education"], rows["attendance"]
    assert (place["provider"], place["weekly_minutes_offered"]) == ("Northmoor High School", 1500)
    assert (half_days["sessions_detained"], half_days["sessions_part_time"]) == (2, 4)
    assert world.ledger("education")["translated"] == {
        "opened_records": 3,
        "translated": 2,
        "out_of_scope": 1,
    }
    assert world.children() == 1
    traces = Traces.of(world.hub)
    assert not traces.plain("Quillborne2", ANOTHER) | traces.sealed("Quillborne2", ANOTHER)


def test_a_pupil_whom_the_yjs_comes_to_know_is_found_though_nothing_changed_there(
    world: World, service: Service
) -> None:
    service.lists["enrolments", SCHOOL] = [listed(world, "enrolments", 2, upn=ANOTHER)]
    world.pull("education")
    assert world.rows("SELECT reference FROM circumstance WHERE partner = 'education'") == []

    world.later(days=1)
    known = (case_row("orders", upn=UPN), case_row("orders", 2, upn=ANOTHER))
    world.case_system_says("orders", *known)
    world.pull("yjs")
    world.pull("education")
    assert world.rows("SELECT reference FROM circumstance WHERE partner = 'education'") == [
        {"reference": "enrolments-0002"}
    ]


def test_a_record_that_is_deleted_by_its_reference_alone_is_deleted_here(
    world: World, service: Service
) -> None:
    first = listed(world, "needs", 1, upn=UPN)
    service.lists["special-needs", SCHOOL] = [first, {**first, "id": "needs-0002"}]
    world.pull("education")
    world.later(days=1)
    service.lists["special-needs", SCHOOL].pop()
    gone = {"type": "need", "deleted_at": world.now[0].isoformat()}
    service.deletions["need", SCHOOL] = [
        {"id": "needs-0002", **gone},
        # Of a pupil we never knew.
        {"id": "needs-0777", **gone},
    ]
    world.pull("education")
    assert world.rows("SELECT reference, is_deleted FROM circumstance WHERE feed = 'needs' ORDER BY 1") == [
        {"reference": "needs-0001", "is_deleted": False},
        {"reference": "needs-0002", "is_deleted": True},
    ]
    assert world.held() == []


def test_no_pupils_where_there_were_some_is_a_failure_and_not_nought(world: World, service: Service) -> None:
    service.lists["enrolments", SCHOOL] = [listed(world, "enrolments", 1, upn=UPN)]
    world.pull("education")
    world.later(days=1)
    service.lists.clear()
    world.pull("education")
    assert [one["reason"] for one in world.messages("education") if one["bucket"] == "rejected"] == [
        "HUB-R15"
    ]


def test_whom_a_school_refers_for_prevention_may_be_new_to_us(world: World, service: Service) -> None:
    service.lists["service-referrals", ""] = [listed(world, "prevention", 5, upn=ANOTHER)]
    world.pull("education")
    world.push()
    (row,) = [row for row in world.worklist() if row["kind"] == "referral"]
    assert (row["reason"], row["need"], row["consent"]) == ("prevention", "offending_behaviour", "parent")
    assert world.children() == 2


def test_without_anybodys_consent_a_referral_for_prevention_waits(world: World, service: Service) -> None:
    service.lists["service-referrals", ""] = [listed(world, "prevention", 5, upn=ANOTHER, consent=None)]
    world.pull("education")
    assert [row["rules"] for row in world.held()] == ["EDU-P02"]


def test_twins_under_one_upn_are_not_made_one_child(world: World, service: Service) -> None:
    service.lists["enrolments", SCHOOL] = [listed(world, "enrolments", number, upn=UPN) for number in (1, 2)]
    world.pull("education")
    assert [row["rules"] for row in world.held()] == ["EDU-T08", "EDU-T08"]


def test_a_referral_for_support_is_taken_and_its_news_comes_back(world: World, service: Service) -> None:
    world.case_system_says("referrals", case_row("referrals", upn=UPN, **ASKED))
    world.pull("yjs")
    world.push("education")

    ((key, sent),) = service.effects
    assert sent == {
        "referral_id": "REF-1",
        "change": "new",
        "family_name": "Quillborne1",
        "given_names": "Ottoline",
        "date_of_birth": "2011-03-14",
        "upn": UPN,
        "school": None,
        "support_need": "education",
        "urgency": "soon",
        "referred_on": sent["referred_on"],
        "on_order": "yes",
        "weekly_hours_attended": 12.5,
    }
    assert world.rows("SELECT state FROM outbox WHERE to_partner = 'education'") == [{"state": "received"}]

    world.later(days=1)
    service.taken[key]["answer"] = {"key": key, "answer": "accepted", "id": "SUP-1"}
    news = {"referral_id": "REF-1", "state": "OFFERED", "offered_on": "2026-11-23"}
    service.lists["referral-updates", ""] = [listed(world, "updates", 9, upn="UN3", **news)]
    world.push("education")
    world.pull("education")
    world.push()

    assert world.rows("SELECT state FROM outbox WHERE to_partner = 'education'") == [{"state": "accepted"}]
    (row,) = [row for row in world.worklist() if row["kind"] == "status_update"]
    assert (row["referral_reference"], row["state"], str(row["offered_on"])) == (
        "REF-1",
        "offered",
        "2026-11-23",
    )
    # Though their record bears no number, the answer is put to the child who was referred.
    assert world.children() == 1


def test_a_whole_night_of_the_cast_prints_no_upn_and_leaves_no_trace_of_a_stranger(
    sqlite_world: World, service: Service
) -> None:
    world, played = sqlite_world, open_for(1, {})
    service.schools = played.schools
    service.lists.update(played.lists)
    open_case_system(world.case_system, 1)
    world.pull("yjs")
    known = {str(row["child_id"]) for row in world.rows("SELECT child_id FROM child")}
    world.pull("education")
    world.push("education")

    books = world.ledger("education")
    assert books["translated"]["out_of_scope"] > books["recorded"]["new"] > 100
    # Only referrals for prevention bring new children.
    (of_places,) = world.rows(f"SELECT count(DISTINCT child_id) AS n FROM circumstance WHERE {OF_SCHOOLS}")  # noqa: S608
    assert 0 < of_places["n"] <= len(known)
    assert service.effects
    assert found_in(told(world)) == set()
    strangers = [person for person in cast()[135:PUPILS] if not person.oddities]
    numbers = {person.identifiers.upn for person in strangers}
    traces = Traces.of(world.hub)
    assert not traces.plain(*numbers) | traces.sealed(*numbers)


def test_a_upn_goes_to_schools_and_to_the_childs_own_case_and_to_nobody_else() -> None:
    to = {
        (name, feed.name)
        for name in registry.partner_names()
        for feed in registry.connector(name).pushes
        if {"upn", "uln"} & feed.message.takes
    }
    assert to == {("education", "referrals"), ("yjs", "worklist")}
