"""Children's services over a night: what they hold of our children, whom they refer, and our form to them."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import UTC, date, datetime
from typing import Any

import pytest
from sqlalchemy import Engine, create_engine

from simulators.cast import cast
from simulators.social_care_dataset import create_dataset, midnight, show
from simulators.social_care_front import FrontDoor, decision_on, serving
from simulators.social_care_nights import person_row, referral_row
from tests.traces import Traces
from tests.world import World, case_row

Row = dict[str, Any]
GIRL, STRANGER, AFTER, BEFORE = (
    cast()[60],
    cast()[61],
    next(one for one in cast() if "adopted_after" in one.oddities),
    next(one for one in cast() if "adopted_before" in one.oddities),
)


@dataclass
class Department:
    world: World
    engine: Engine
    door: FrontDoor
    said: dict[str, list[Row]] = field(default_factory=dict)

    def hold(self, table: str, *rows: Row) -> None:
        self.said.setdefault(table, []).extend(rows)
        with self.engine.begin() as connection:
            show(connection, self.said)

    def know(self, *people: Any) -> None:
        self.hold("ssd_person", *(dict(person_row(person)) for person in people))


@pytest.fixture
def theirs(quiet_world: World, monkeypatch: pytest.MonkeyPatch) -> Iterator[Department]:
    url = f"sqlite:///{quiet_world.home / 'dataset.db'}"
    engine, door = create_engine(url), FrontDoor()
    create_dataset(engine)
    with serving(door) as settings:
        for name, value in {**settings, "HUB_SOCIAL_CARE_DATABASE_URL": url}.items():
            monkeypatch.setenv(name, value)
        yield Department(quiet_world, engine, door)
    engine.dispose()


def on_file(person: Any, number: int = 1, **changes: Any) -> dict[str, Any]:
    """As the case system knows the child."""
    who = {
        "familyName": person.family_name,
        "givenNames": person.given_names,
        "dateOfBirth": person.born_on,
        "nhsNumber": person.identifiers.nhs_number,
    }
    return case_row("orders", number, **who, **changes)


def care(person: Any, number: int) -> Row:
    return {
        "lega_legal_status_id": str(number),
        "lega_person_id": person_row(person)["pers_person_id"],
        "lega_legal_status": "C2",
        "lega_legal_status_start_date": midnight(date(2026, 3, 2)),
    }


def referral_to_them(number: int = 1, **changes: Any) -> dict[str, Any]:
    told = {
        "need": "SAFEGUARDING",
        "urgency": "EMERGENCY",
        "concern": "NEGLECT",
        "assessmentFactors": "3A;4A",
        "consentGivenBy": None,
        "noConsentReason": "to ask would put her at risk",
        "parentsTold": "NOT_TOLD",
        "parentsNotToldReason": "a parent is the risk",
        "phonedAt": "2026-11-22T17:45:00+00:00",
        "riskMarkers": "SG",
        "nhsNumber": GIRL.identifiers.nhs_number,
        "dateOfBirth": GIRL.born_on,
    }
    return case_row("referrals", number, **told | changes)


def test_what_they_hold_of_our_child_is_recorded_and_on_the_worklist(theirs: Department) -> None:
    world = theirs.world
    world.case_system_says("orders", on_file(GIRL))
    world.pull("yjs")
    theirs.know(GIRL, STRANGER)
    theirs.hold("ssd_legal_status", care(GIRL, 1), care(STRANGER, 2))
    world.pull("social_care")
    assert world.ledger("social_care")["translated"] == {
        "opened_records": 2,
        "translated": 1,
        "out_of_scope": 1,
    }
    world.push("yjs")
    (row,) = world.worklist()
    assert (row["kind"], row["fact"], row["legal_status"]) == ("circumstance", "care_status", "C2")
    assert row["source_reference"] == "ssd_legal_status/1"
    assert world.children() == 1
    traces, nobody = Traces.of(world.hub), STRANGER.identifiers.nhs_number
    assert not traces.plain(STRANGER.family_name, nobody) | traces.sealed(STRANGER.family_name, nobody)


def test_a_child_who_becomes_known_today_has_their_facts_the_next_night(theirs: Department) -> None:
    world = theirs.world
    theirs.know(GIRL)
    theirs.hold("ssd_legal_status", care(GIRL, 1))
    world.pull("social_care")
    world.case_system_says("orders", on_file(GIRL))
    world.pull("yjs")
    world.later(days=1)
    world.pull("social_care")
    facts = [row["fact"] for row in world.rows("SELECT fact FROM circumstance ORDER BY fact")]
    assert facts == ["care_status", "order"]


def test_where_a_child_lives_in_confidence_is_nowhere(theirs: Department) -> None:
    world = theirs.world
    world.case_system_says("orders", on_file(GIRL))
    world.pull("yjs")
    theirs.know(GIRL)
    theirs.hold(
        "hub_placements",
        {
            "clap_cla_placement_id": "1",
            "clap_person_id": person_row(GIRL)["pers_person_id"],
            "clap_cla_placement_start_date": midnight(date(2026, 3, 2)),
            "clap_cla_placement_provider": "Ravensgill House",
            "clap_cla_placement_postcode": "NX8 8ZZ",
            "confidential": "Y",
        },
    )
    world.pull("social_care")
    assert world.ledger("social_care")["translated"]["translated"] == 1
    traces = Traces.of(world.hub)
    assert not traces.plain("Ravensgill", "NX8 8ZZ") | traces.sealed("Ravensgill", "NX8 8ZZ")


def test_the_two_records_of_an_adopted_child_stay_two_children(theirs: Department) -> None:
    world = theirs.world
    assert AFTER.never_join == BEFORE.truth_id
    world.case_system_says("orders", on_file(AFTER, 1), on_file(BEFORE, 2))
    world.pull("yjs")
    theirs.know(AFTER, BEFORE)
    theirs.hold("ssd_legal_status", care(AFTER, 1), care(BEFORE, 2))
    world.pull("social_care")
    of_each = world.rows("SELECT reference, child_id FROM circumstance ORDER BY reference")
    assert len(of_each) == 4
    assert len({row["child_id"] for row in of_each}) == world.children() == 2


def test_whom_early_help_refers_comes_to_the_worklist_known_or_not(theirs: Department) -> None:
    world = theirs.world
    theirs.know(STRANGER)
    referred = {"updated_at": "2026-11-22T10:00:00Z", "referred_on": date(2026, 11, 20), "withdrawn": "N"}
    theirs.hold("hub_referrals", dict(referral_row(STRANGER, 1, **referred)))
    world.pull("social_care")
    world.push("yjs")
    (row,) = world.worklist()
    assert (row["kind"], row["reason"], row["from_partner"]) == ("referral", "prevention", "social_care")
    assert (row["family_name"], row["nhs_number"]) == (STRANGER.family_name, STRANGER.identifiers.nhs_number)


def test_a_child_at_risk_is_referred_and_what_came_of_it_is_on_the_worklist(theirs: Department) -> None:
    world = theirs.world
    world.case_system_says("referrals", referral_to_them())
    world.pull("yjs")
    world.push("social_care")
    ((key, form),) = theirs.door.effects
    assert (form["Reference"], form["Source"], form["Concern"]) == ("REF-1", "5B", "neglect")
    assert (form["PhonedAt"], form["Risks"], form["Factors"]) == ("22/11/2026 17:45", "safeguarding", "3A;4A")
    assert form["NoConsentReason"] == "to ask would put her at risk"
    assert (form["ParentsTold"], form["ParentsNotToldReason"]) == ("not_told", "a parent is the risk")
    assert all(form.values())
    theirs.door.decide(datetime(2026, 11, 23, 12, tzinfo=UTC))
    world.later(days=1)
    world.pull("social_care")
    world.push("social_care")
    (sent,) = world.rows("SELECT state, agreement FROM outbox WHERE to_partner = 'social_care'")
    assert (sent["state"], sent["agreement"]) == ("accepted", "NM-ISA-2026-05 version 1")
    world.push("yjs")
    (told,) = [row for row in world.worklist() if row["kind"] == "status_update"]
    accepted = decision_on(key) in ("EH Referral", "CIN Referral")
    assert (told["referral_reference"], told["state"]) == ("REF-1", "accepted" if accepted else "declined")
    assert world.children() == 1


def test_a_need_of_another_kind_is_not_told_to_them(theirs: Department) -> None:
    world = theirs.world
    world.case_system_says("referrals", case_row("referrals", 1), referral_to_them(2, need="EARLY_HELP"))
    world.pull("yjs")
    world.push("social_care")
    assert [form["Reference"] for _, form in theirs.door.effects] == ["REF-2"]
