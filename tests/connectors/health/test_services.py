"""Which service is reached by which route is a setting; one that cannot work is found before any call."""

from __future__ import annotations

import json
from typing import Any

import pytest

from connectors.contract import Answer
from connectors.errors import MisconfiguredError
from connectors.health import connector
from connectors.health.settings import HealthSettings, RouteName
from tests.connectors.health.children import referral
from tests.connectors.health.conftest import to

(REFERRALS,) = connector.pushes
CAMHS = {"name": "Northmoor CAMHS", "route": "fhir", "at": "http://127.0.0.1:1/fhir/R4"}


def test_the_list_of_services_is_read_from_the_environment(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv(
        "HUB_HEALTH_SERVICES", json.dumps([CAMHS, {"name": "*", "route": "mesh", "at": "CAMHS001"}])
    )
    first, other = HealthSettings().services
    assert (first.name, first.route, other.at) == ("Northmoor CAMHS", RouteName.FHIR, "CAMHS001")


@pytest.mark.parametrize("written", ["Northmoor CAMHS", "northmoor  camhs ", "NORTHMOOR CAMHS"])
def test_case_and_blanks_of_a_name_do_not_matter(written: str) -> None:
    with to(services=[CAMHS]) as lines:
        row = lines.row_for(written)
    assert row is not None
    assert row.name == "Northmoor CAMHS"


def test_a_referral_to_a_service_that_nobody_named_goes_back_unsent() -> None:
    with to(services=[CAMHS]) as lines:
        (receipt,) = REFERRALS.push(lines, [referral(Service="Northmoor Dentist")])
    assert receipt.answer is Answer.REFUSED
    assert "HUB_HEALTH_SERVICES" in (receipt.reason or "")


WRONG: dict[str, list[dict[str, Any]]] = {
    "nobody": [],
    "one twice": [CAMHS, {**CAMHS, "name": "northmoor camhs"}],
    "FHIR without an address": [{"name": "CAMHS", "route": "fhir"}],
    "MESH without a mailbox": [{"name": "CAMHS", "route": "mesh"}],
    "a form without an address": [{"name": "CAMHS", "route": "form"}],
    "a form that is not there": [{"name": "CAMHS", "route": "form", "at": "a@b.example", "form": "dentist"}],
    "BaRS without a service": [{"name": "CAMHS", "route": "bars", "at": "https://bars.example/FHIR/R4"}],
}


@pytest.mark.parametrize("services", WRONG.values(), ids=WRONG)
def test_what_cannot_work_is_found_before_any_call(services: list[dict[str, Any]]) -> None:
    with pytest.raises(MisconfiguredError, match="HUB_HEALTH_SERVICES"), to(services=services, smtp_host="x"):
        pass


def test_those_who_may_refer_to_us_need_mesh() -> None:
    with (
        pytest.raises(MisconfiguredError, match="HUB_HEALTH_MESH_REFERRERS"),
        to(services=[CAMHS], mesh_referrers=["LD001"]),
    ):
        pass
