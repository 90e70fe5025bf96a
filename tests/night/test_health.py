"""A child whom the YJS refers to CAMHS, there and back: over FHIR, to a server that others wrote."""

from __future__ import annotations

import json
from collections.abc import Iterator
from typing import Any

import pytest

from tests.conftest import needs
from tests.servers.fhir_peer import VERSION, FhirPeer, fhir_peer, installed
from tests.world import World, case_row

pytestmark = pytest.mark.server
NHS_NUMBER = "9000000009"


@pytest.fixture(scope="module")
def running_camhs(request: pytest.FixtureRequest) -> Iterator[FhirPeer]:
    folder = request.config.cache.mkdir(f"medplum@{VERSION}")
    needs("Medplum's FHIR router on Node", found=installed(folder))
    with fhir_peer(folder) as running:
        yield running


@pytest.fixture
def camhs(running_camhs: FhirPeer, monkeypatch: pytest.MonkeyPatch) -> FhirPeer:
    running_camhs.reset()
    monkeypatch.setenv("HUB_HEALTH_FHIR_URL", running_camhs.base)
    monkeypatch.setenv("HUB_HEALTH_PATIENCE", "6")
    return running_camhs


def referred(world: World, **changed: Any) -> None:
    world.case_system_says("referrals", case_row("referrals", **{"nhsNumber": NHS_NUMBER} | changed))
    world.pull("yjs")


def stands(camhs: FhirPeer, **changed: Any) -> None:
    (task,) = camhs.held("Task")
    camhs.keeps(task | changed)


def outbox(world: World) -> list[str]:
    return [
        row["state"] for row in world.rows("SELECT state FROM outbox WHERE to_partner = 'health' ORDER BY 1")
    ]


def test_referred_accepted_and_on_the_worklist_of_the_same_child(quiet_world: World, camhs: FhirPeer) -> None:
    referred(quiet_world)
    quiet_world.push("health")
    (request,) = camhs.held("ServiceRequest")
    assert request["identifier"][0]["value"] == "REF-1"
    assert request["performer"][0]["display"] == "Northmoor CAMHS"
    assert outbox(quiet_world) == ["received"]

    stands(camhs, status="accepted")
    quiet_world.later(days=1)
    quiet_world.pull("health")
    quiet_world.push("yjs")
    (row,) = quiet_world.worklist()
    assert (row["kind"], row["from_partner"], row["state"]) == ("status_update", "health", "accepted")
    assert row["referral_reference"] == "REF-1"
    assert quiet_world.children() == 1

    quiet_world.push("health")
    assert outbox(quiet_world) == ["accepted"]


def test_the_reply_lost_after_commit_is_one_referral_the_next_night(
    quiet_world: World, camhs: FhirPeer
) -> None:
    referred(quiet_world)
    camhs.faults(method="POST", drop=True, times=1)
    quiet_world.push("health")
    quiet_world.later(days=1)
    quiet_world.push("health")
    assert len(camhs.held("ServiceRequest")) == len(camhs.held("Task")) == len(camhs.held("Patient")) == 1
    assert outbox(quiet_world) == ["received"]


def test_without_consent_nothing_leaves(quiet_world: World, camhs: FhirPeer) -> None:
    referred(quiet_world, consentGivenBy=None)
    quiet_world.push("health")
    assert camhs.held("Patient") == []
    (told,) = quiet_world.rows("SELECT not_shared_because AS why FROM outbox WHERE to_partner = 'health'")
    assert "consent" in told["why"]


def test_what_is_withdrawn_is_revoked_with_them(quiet_world: World, camhs: FhirPeer) -> None:
    referred(quiet_world)
    quiet_world.push("health")
    quiet_world.later(days=1)
    referred(quiet_world, deleted=True)
    quiet_world.push("health")
    (request,) = camhs.held("ServiceRequest")
    assert request["status"] == "revoked"


def test_a_help_that_is_not_about_health_is_not_sent_there(quiet_world: World, camhs: FhirPeer) -> None:
    referred(quiet_world, need="ETE")
    quiet_world.push("health")
    assert camhs.held("ServiceRequest") == []
    assert "Quillborne" not in json.dumps(camhs.asked)
