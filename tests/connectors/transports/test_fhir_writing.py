"""What is written over FHIR is there once, whatever becomes of the answer, and overwrites nothing unseen."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from datetime import timedelta
from typing import Any

import pytest

from connectors.errors import MisconfiguredError, PartnerRefusedError, PartnerUnavailableError
from connectors.transports.fhir import Conflict, Entry, FhirClient, FhirSite, Identifier, Stored, fhir_client
from tests.connectors.transports.conftest import Waits
from tests.connectors.transports.invented import (
    NAME,
    PATIENT,
    REFERRALS,
    identifier,
    ids,
    referral,
    request,
    task,
)
from tests.servers.fhir_peer import FhirPeer

pytestmark = pytest.mark.server


def made(client: FhirClient, value: str = "YJS-1") -> Stored:
    return client.create(request(value), identifier=identifier(value), ids=ids(value))


def test_a_resource_is_created_once(peer: FhirPeer, client: FhirClient) -> None:
    first, second = made(client), made(client)
    assert (first.is_new, second.is_new) == (True, False)
    assert first.reference == second.reference
    assert [one["identifier"][0]["value"] for one in peer.held("ServiceRequest")] == ["YJS-1"]


LOST: dict[str, dict[str, Any]] = {
    "the line is dropped": {"drop": True},
    "they never answer": {"hang": True},
    "a proxy is tired": {"status": 502, "raw": "<html>", "headers": {"content-type": "text/html"}},
    "too many": {"status": 429, "headers": {"retry-after": "7"}},
}


@pytest.mark.parametrize("fault", LOST.values(), ids=LOST)
def test_a_lost_answer_to_a_create_leaves_exactly_one(
    peer: FhirPeer, client: FhirClient, fault: dict[str, Any]
) -> None:
    peer.faults(method="POST", **fault)
    stored = made(client)
    (held,) = peer.held("ServiceRequest")
    assert stored.reference == f"ServiceRequest/{held['id']}"
    # The store had it before the answer was lost, and only then.
    assert stored.is_new is not fault.get("drop", False)


def test_a_repeat_bears_the_same_ids_and_the_same_body(peer: FhirPeer, client: FhirClient) -> None:
    peer.faults(method="POST", drop=True, times=2)
    made(client)
    sent = [
        (one["headers"]["x-request-id"], one["headers"]["x-correlation-id"], one["body"])
        for one in peer.asked
    ]
    assert len(sent) == 3
    assert len({*sent}) == 1


def test_another_night_repeats_under_the_same_ids(peer: FhirPeer, site: FhirSite) -> None:
    for _ in range(2):
        with fhir_client(site) as tonight:
            made(tonight)
    assert len({one["headers"]["x-request-id"] for one in peer.asked}) == 1
    assert ids("message-1") != ids("message-2")
    assert ids("message-1").correlation == ids("message-2").correlation


def test_where_several_match_a_person_is_told(peer: FhirPeer, client: FhirClient) -> None:
    for _ in range(2):
        peer.keeps(request())
    with pytest.raises(PartnerRefusedError, match="several records with our identifier") as told:
        made(client)
    assert len(peer.held("ServiceRequest")) == 2
    assert NAME not in str(told.value)


def test_nothing_is_sent_that_a_repeat_would_double(peer: FhirPeer, client: FhirClient) -> None:
    for other in (identifier("YJS-2"), Identifier("", "YJS-1"), Identifier(REFERRALS, "")):
        with pytest.raises(MisconfiguredError, match="without a sound identifier"):
            client.create(request(), identifier=other, ids=ids())
    assert peer.asked == []


@pytest.mark.parametrize("value", ["YJS 1&identifier=x", "YJS/1+2", "YJS#1%20", "Zoë-1"])
def test_an_identifier_of_any_signs_finds_its_own(peer: FhirPeer, client: FhirClient, value: str) -> None:
    made(client, "other")
    assert [made(client, value).is_new, made(client, value).is_new] == [True, False]
    assert len(peer.held("ServiceRequest")) == 2


@pytest.mark.parametrize("value", ["YJS-1,other", "a|b", "a$b", "a\\b"])
def test_an_identifier_that_a_search_may_take_apart_is_not_sent(
    peer: FhirPeer, client: FhirClient, value: str
) -> None:
    with pytest.raises(MisconfiguredError, match="sound identifier") as told:
        made(client, value)
    assert value not in str(told.value)
    assert peer.asked == []


def test_another_resource_than_ours_is_not_taken_for_it(peer: FhirPeer, client: FhirClient) -> None:
    """As from a server that searches by something else than it was asked for."""
    theirs = peer.keeps(request("another child's"))
    peer.faults(method="POST", status=200, body=theirs)
    with pytest.raises(PartnerRefusedError, match="another resource"):
        made(client)


def test_a_server_that_hands_back_only_an_address_is_believed(peer: FhirPeer, client: FhirClient) -> None:
    where = {"location": f"{peer.base}/ServiceRequest/123/_history/4"}
    peer.faults(method="POST", status=201, raw="", headers=where)
    assert made(client) == Stored(True, "ServiceRequest/123", "4")
    for location in ({}, {"location": "/Patient/123"}, {"location": "here"}):
        peer.faults(method="POST", status=201, raw="", headers=location)
        with pytest.raises(PartnerRefusedError, match="where it keeps"):
            made(client)


def changed(stored: Stored, **changes: Any) -> dict[str, Any]:
    assert stored.resource
    return {**stored.resource, **changes}


def test_an_update_writes_over_the_version_that_was_seen(peer: FhirPeer, client: FhirClient) -> None:
    stored = made(client)
    assert stored.version
    updated = client.update(changed(stored, status="revoked"), version=stored.version, ids=ids("2"))
    assert isinstance(updated, Stored)
    assert updated.version not in (None, stored.version)
    assert [one["status"] for one in peer.held("ServiceRequest")] == ["revoked"]


def test_what_they_changed_meanwhile_is_never_overwritten(peer: FhirPeer, client: FhirClient) -> None:
    stored = made(client)
    assert stored.version
    theirs = peer.keeps(changed(stored, priority="urgent"))
    answer = client.update(changed(stored, status="revoked"), version=stored.version, ids=ids("2"))
    assert answer == Conflict(theirs)
    assert peer.held("ServiceRequest") == [theirs]
    again = client.update({**theirs, "status": "revoked"}, version=theirs["meta"]["versionId"], ids=ids("3"))
    assert isinstance(again, Stored)


@pytest.mark.parametrize(
    "refusal",
    [
        {"status": 409, "body": {"resourceType": "OperationOutcome", "issue": [{"code": "conflict"}]}},
        {"status": 409, "raw": "", "headers": {"content-type": "text/plain"}},
        {"status": 412},
    ],
)
def test_every_way_to_tell_of_a_conflict_is_one(
    peer: FhirPeer, client: FhirClient, refusal: dict[str, Any]
) -> None:
    stored = made(client)
    assert stored.version
    peer.faults(method="PUT", **refusal)
    answer = client.update(changed(stored, status="revoked"), version=stored.version, ids=ids("2"))
    assert answer == Conflict(stored.resource)


def test_a_lost_answer_to_an_update_is_no_conflict_with_ourselves(peer: FhirPeer, client: FhirClient) -> None:
    stored = made(client)
    assert stored.version
    peer.faults(method="PUT", drop=True)
    answer = client.update(changed(stored, status="revoked"), version=stored.version, ids=ids("2"))
    (held,) = peer.held("ServiceRequest")
    assert answer == Stored(False, stored.reference, held["meta"]["versionId"], held)


def test_a_transaction_is_stored_whole_with_its_references(peer: FhirPeer, client: FhirClient) -> None:
    done = client.transact(referral(), ids=ids())
    patient, about, to_do = done.stored
    assert [one.is_new for one in done.stored] == [True, True, True]
    assert done.warnings == ()
    assert peer.held("ServiceRequest")[0]["subject"]["reference"] == patient.reference
    (kept,) = peer.held("Task")
    assert (kept["focus"]["reference"], kept["for"]["reference"]) == (about.reference, patient.reference)
    assert f"Task/{kept['id']}" == to_do.reference


@pytest.mark.parametrize("fault", LOST.values(), ids=LOST)
def test_a_lost_answer_to_a_transaction_leaves_exactly_one_of_each(
    peer: FhirPeer, client: FhirClient, fault: dict[str, Any]
) -> None:
    peer.faults(method="POST", **fault)
    done = client.transact(referral(), ids=ids())
    held = [peer.held(kind) for kind in ("Patient", "ServiceRequest", "Task")]
    assert [len(one) for one in held] == [1, 1, 1]
    assert [one.reference for one in done.stored] == [
        f"{kind[0]['resourceType']}/{kind[0]['id']}" for kind in held
    ]


def test_a_transaction_of_which_a_part_fails_is_refused_whole_and_may_come_again(
    peer: FhirPeer, client: FhirClient
) -> None:
    with pytest.raises(PartnerRefusedError) as told:
        client.transact(referral(status=None), ids=ids())
    assert NAME not in str(told.value)
    # The peer does not roll back; what it kept is found again by its identifier.
    done = client.transact(referral(), ids=ids())
    assert [len(peer.held(kind)) for kind in ("Patient", "ServiceRequest", "Task")] == [1, 1, 1]
    assert all(one.reference for one in done.stored)


def test_a_transaction_in_which_several_match_is_refused(peer: FhirPeer, client: FhirClient) -> None:
    for _ in range(2):
        peer.keeps(request())
    with pytest.raises(PartnerRefusedError, match="several records with our identifier"):
        client.transact(referral(), ids=ids())


def response(*entries: object, kind: str = "transaction-response") -> dict[str, Any]:
    return {"status": 200, "body": {"resourceType": "Bundle", "type": kind, "entry": [*entries]}}


def part(reference: str, status: str = "201 Created") -> object:
    return {"response": {"status": status, "location": reference}}


THREE = (part("Patient/1"), part("ServiceRequest/2"), part("Task/3"))
MUDDLED = {
    "one too few": response(*THREE[:2]),
    "one too many": response(*THREE, part("Task/4")),
    "a batch": response(*THREE, kind="batch-response"),
    "in another order": response(THREE[1], THREE[0], THREE[2]),
    "a part that failed": response(*THREE[:2], part("Task/3", "400 Bad Request")),
    "a part that says nothing": response(*THREE[:2], {}),
    "no part at all": response(*THREE[:2], None),
    "a part without a place": response(*THREE[:2], {"response": {"status": "201"}}),
    "a place that is none": response(*THREE[:2], part("Task/3/../4?")),
    "a reference of ours": response(
        *THREE[:2], {"response": {"status": "201"}, "resource": task(focus={"reference": PATIENT})}
    ),
    "no Bundle": {"status": 200, "body": request()},
    "nothing": {"status": 200, "raw": ""},
}


@pytest.mark.parametrize("answer", MUDDLED.values(), ids=MUDDLED)
def test_an_answer_that_does_not_match_part_by_part_is_not_believed(
    peer: FhirPeer, client: FhirClient, answer: dict[str, Any]
) -> None:
    peer.faults(method="POST", **answer)
    with pytest.raises(PartnerRefusedError):
        client.transact(referral(), ids=ids())


def test_an_answer_that_names_only_places_is_matched_by_position(peer: FhirPeer, client: FhirClient) -> None:
    peer.faults(method="POST", **response(*THREE))
    done = client.transact(referral(), ids=ids())
    assert [one.reference for one in done.stored] == ["Patient/1", "ServiceRequest/2", "Task/3"]


def with_task(**changes: Any) -> list[Entry]:
    return referral(**changes)


NEVER_SENT: dict[str, tuple[Callable[[], list[Entry]], str]] = {
    "a dangling reference": (
        lambda: with_task(owner={"reference": "urn:uuid:00000000-0000-4000-8000-00000000000f"}),
        r"entry 3: Task.owner",
    ),
    "one without its urn": (
        lambda: with_task(note=[{"authorReference": {"reference": PATIENT.removeprefix("urn")}}]),
        r"Task.note.authorReference",
    ),
    "nothing": (list, "0 entries"),
    "too much": (lambda: referral() * 17, "51 entries"),
    "one address twice": (lambda: [*referral()[:1]] * 2, "that of another"),
    "an address that is none": (
        lambda: [replace(one, full_url=one.full_url[:-1]) for one in referral()],
        "no urn:uuid",
    ),
    "another identifier": (
        lambda: [replace(one, identifier=identifier("else")) for one in referral()],
        "without a sound identifier",
    ),
}


@pytest.mark.parametrize(("entries", "words"), NEVER_SENT.values(), ids=NEVER_SENT)
def test_a_transaction_that_cannot_be_sound_is_not_sent(
    peer: FhirPeer, client: FhirClient, entries: Callable[[], list[Entry]], words: str
) -> None:
    with pytest.raises(MisconfiguredError, match=words) as told:
        client.transact(entries(), ids=ids())
    assert NAME not in str(told.value)
    assert peer.asked == []


def test_a_reference_that_only_they_can_know_is_sent_with_a_warning(
    peer: FhirPeer, client: FhirClient
) -> None:
    done = client.transact(referral(owner={"reference": "Organization/RYG"}), ids=ids())
    assert done.warnings == ("entry 3: Task.owner",)
    assert len(peer.held("Task")) == 1


def test_a_server_that_stays_away_is_given_up_with_how_long_it_asks_for(
    peer: FhirPeer, client: FhirClient, waits: Waits
) -> None:
    peer.faults(method="POST", status=503, headers={"retry-after": "600"})
    with pytest.raises(PartnerUnavailableError) as told:
        made(client)
    assert told.value.retry_after == timedelta(minutes=10)
    assert waits.made == []
    assert peer.held("ServiceRequest") == []
