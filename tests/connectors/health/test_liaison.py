"""A Bundle from liaison and diversion is read as it says, and no further."""

from __future__ import annotations

import json
from datetime import UTC, date, datetime
from io import BytesIO
from typing import Any

import polars as pl
import pytest

from connectors.errors import UnreadableMessageError
from connectors.health import connector
from tests.connectors.health.liaison_bundles import (
    NHS,
    ODS,
    SNOMED,
    Resource,
    bundle,
    flag,
    part,
    patient,
    published,
    request,
)

FEED = connector.pull_feed("liaison")
TODAY = date(2026, 11, 23)


def opened(told: object) -> pl.DataFrame:
    (rows,) = FEED.open(BytesIO(json.dumps(told).encode()))
    return rows.with_columns(message=pl.lit(0, pl.Int64))


def read(told: object) -> dict[str, Any]:
    """The one row, translated."""
    rows = opened(told)
    child, record = FEED.child.frame(rows, TODAY), FEED.record.frame(rows, TODAY)
    (found,) = pl.concat([record, child], how="horizontal").to_dicts()
    return found


def questions(told: object) -> set[tuple[str, str | None]]:
    rows = opened(told)
    tables = (FEED.record, FEED.child)
    return {
        (one.rule, one.field) for table in tables for one in table.findings(rows, table.frame(rows, TODAY))
    }


def test_a_referral_is_read_whole() -> None:
    found = read(bundle())
    assert {name: value for name, value in found.items() if value is not None} == {
        "reference": "LD-1",
        "version_at": datetime(2026, 11, 22, 9, tzinfo=UTC),
        "is_deleted": False,
        "to_service": "youth_justice_service",
        "need": "mental_health",
        "urgency": "urgent",
        "referred_on": date(2026, 11, 20),
        "lawful_basis": "uk_gdpr_9_2_h",
        "child_view": "not_asked",
        "parents_view": "not_asked",
        "referrer": "Northmoor Liaison and Diversion",
        "family_name": "Quillborne",
        "given_names": "Ottoline May",
        "born_on": date(2011, 3, 14),
        "sex": "female",
        "sex_as_sent": "female",
        "address": "4 Cobbler's Row, Northmoor",
        "postcode": "NX1 2AB",
        "nhs_number": "9000000009",
        "gp": "Q99001",
    }
    assert questions(bundle()) == set()


@pytest.mark.parametrize("name", ["minimal-bars-referral.json", "minimal-fhir-referral-transaction.json"])
def test_a_message_and_a_transaction_are_read(name: str) -> None:
    found = read(published(name))
    assert opened(published(name))["problem"].to_list() == [None]
    assert (found["reference"], found["nhs_number"]) == ("YJS-2026-000123", "9000000009")
    assert found["referred_on"] == date(2026, 3, 2)


def as_referred(name: str) -> Resource:
    """The patient of a published example, referred."""
    return bundle(child={**part(published(name), "Patient"), "generalPractitioner": []})


@pytest.mark.parametrize(
    ("name", "number"), [("bars_booking.json", "9476719931"), ("minimal-bars-referral.json", "9000000009")]
)
def test_a_sound_number_of_a_published_patient_passes(name: str, number: str) -> None:
    told = as_referred(name)
    assert read(told)["nhs_number"] == number
    assert questions(told) == set()


def test_a_number_that_fails_its_check_is_set_aside_and_told_of_and_the_referral_goes_on() -> None:
    """BaRS marks it as verified; its last digit does not fit."""
    told = as_referred("bars_validation.json")
    found = read(told)
    assert (found["nhs_number"], found["family_name"], found["reference"]) == (None, "Jones", "LD-1")
    assert questions(told) == {("HUB-T01", "nhs_number")}
    assert opened(told)["problem"].to_list() == [None]


def test_the_published_validation_request_is_held_as_no_referral() -> None:
    rows = opened(published("bars_validation.json"))
    assert rows["problem"].to_list() == ["by its category it is no referral"]
    assert rows["references_outside"].to_list() == ["Encounter.episodeOfCare"]


@pytest.mark.parametrize(
    "told",
    [
        published("bars_booking.json"),
        {"resourceType": "Bundle", "type": "searchset", "entry": [{"resource": request()}]},
        {"resourceType": "ServiceRequest"},
        [],
    ],
)
def test_what_brings_no_referral_is_refused(told: object) -> None:
    with pytest.raises(UnreadableMessageError) as refused:
        opened(told)
    assert refused.value.code == "HEA-R04"


def test_a_reference_to_a_part_that_was_left_out_refuses_the_message() -> None:
    told = bundle()
    told["entry"] = [one for one in told["entry"] if one["resource"]["resourceType"] != "Patient"]
    with pytest.raises(UnreadableMessageError) as refused:
        opened(told)
    assert refused.value.code == "HEA-R07"
    assert "ServiceRequest.subject" in refused.value.what


def test_a_reference_to_something_elsewhere_is_only_told_of() -> None:
    rows = opened(bundle(asked=request(encounter={"reference": "Encounter/17"})))
    assert rows["problem"].to_list() == [None]
    assert rows["references_outside"].to_list() == ["ServiceRequest.encounter"]


@pytest.mark.parametrize("system", [ODS, ODS.lower(), "https://fhir.nhs.uk/Id/ODS-organization-code"])
@pytest.mark.parametrize("code", ["RYG", "ryg"])
def test_ods_is_read_in_either_case(system: str, code: str) -> None:
    told = bundle(asked=request(requester={"identifier": {"system": system, "value": code}}))
    assert read(told)["referrer"] == "RYG"


@pytest.mark.parametrize("code", [{"coding": [{"system": SNOMED, "code": "308453003"}]}, {"text": "Boxing"}])
def test_a_help_that_is_none_of_ours_is_asked_about(code: Resource) -> None:
    told = bundle(asked=request(code=code))
    assert read(told)["need"] is None
    assert questions(told) == {("HUB-T02", "need")}


def test_that_it_is_a_referral_is_no_need() -> None:
    told = bundle(asked=request(code={"coding": [{"system": SNOMED, "code": "3457005"}]}))
    assert (read(told)["need"], questions(told)) == (None, set())


@pytest.mark.parametrize("status", ["revoked", "entered-in-error"])
def test_what_is_withdrawn_is_deleted(status: str) -> None:
    assert read(bundle(asked=request(status=status)))["is_deleted"] is True


@pytest.mark.parametrize("status", ["draft", "completed", None, ["active"]])
def test_a_status_that_no_standing_referral_has_holds_the_row(status: object) -> None:
    (problem,) = opened(bundle(asked=request(status=status)))["problem"]
    assert problem == "its status is none of a referral that stands or is withdrawn"


SAFEGUARDING = {"system": SNOMED, "code": "836881000000105"}
OF_A_LIST = {"system": "https://fhir.nhs.uk/CodeSystem/safeguarding-codes-bars", "code": "whichever"}
SELF_HARM = {"system": SNOMED, "code": "401206008"}
STRANGE = {"system": "https://liaison.example/flags", "code": "RED"}


@pytest.mark.parametrize(
    ("told", "safeguarding", "wellbeing", "unread"),
    [
        (flag(SAFEGUARDING), True, None, None),
        (flag(OF_A_LIST), True, None, None),
        (flag(SELF_HARM), None, True, None),
        (flag(STRANGE), None, None, "yes"),
        (flag(SAFEGUARDING, status="inactive"), None, None, None),
        (flag(SAFEGUARDING, subject={"reference": "Location/1"}), None, None, None),
    ],
)
def test_a_flag_about_the_child_is_read_or_told_of(
    told: Resource, safeguarding: bool | None, wellbeing: bool | None, unread: str | None
) -> None:
    found = read(bundle(told))
    assert (found["safeguarding"], found["risk_to_wellbeing"]) == (safeguarding, wellbeing)
    assert opened(bundle(told))["flags_unread"].to_list() == [unread]


def test_a_safeguarding_code_in_the_reason_counts() -> None:
    assert read(bundle(asked=request(reasonCode=[{"coding": [SAFEGUARDING]}])))["safeguarding"] is True


def test_an_address_that_no_longer_holds_is_not_taken() -> None:
    old = {"use": "old", "text": "1 The Past", "postalCode": "NX9 9ZZ"}
    assert read(bundle(child=patient(address=[old])))["address"] is None


def test_what_nobody_agreed_stands_under_its_own_name() -> None:
    told = bundle({"resourceType": "Observation"}, child=patient(telecom=[{"value": "none"}]))
    assert {"Patient.telecom", "Observation"} <= {*opened(told).columns}


@pytest.mark.parametrize(("born", "ours"), [("2008-11-21", True), ("2008-11-20", False), ("2008", None)])
def test_the_scope_is_whoever_was_under_eighteen_when_it_was_written(born: str, ours: bool | None) -> None:
    rows = opened(bundle(child=patient(birthDate=born)))
    assert rows.select(FEED.scope.ours())[:, 0].to_list() == [ours]


def test_their_own_number_is_kept_beside_the_nhs_number_whatever_the_case_of_the_system() -> None:
    known = [{"system": NHS.upper(), "value": "9000000009"}, {"system": "urn:theirs", "value": "P-7"}]
    found = read(bundle(child=patient(identifier=known)))
    assert (found["nhs_number"], found["person_reference"]) == ("9000000009", "P-7")
