"""A BaRS message goes once under ids that stay the same, and each published error has its consequence."""

from __future__ import annotations

import csv
import json
from base64 import b64decode
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from connectors.contract import Answer, Receipt
from connectors.errors import (
    ConnectorError,
    CredentialsRefusedError,
    PartnerRefusedError,
    PartnerUnavailableError,
)
from connectors.health import connector
from connectors.health.bars_message import bars_bundle, wrong_counts
from connectors.health.lines import Lines
from connectors.health.names import Names
from connectors.health.resources import Asked
from connectors.health.settings import RouteName, ServiceRow
from tests.connectors.health.children import CHILD, key, referral
from tests.connectors.health.conftest import to
from tests.servers.fhir_peer import FhirPeer

pytestmark = pytest.mark.server

PUBLISHED = Path(__file__).parent / "published"
(REFERRALS,) = connector.pushes
SERVICE = ServiceRow(name="Northmoor CAMHS", route=RouteName.BARS, ods="RYG", service_id="2000011147")
ANSWER = {"resourceType": "Bundle", "type": "message", "entry": []}
TAKES = {
    "resourceType": "MessageDefinition",
    "status": "active",
    "date": "2026-01-01",
    "eventCoding": {"code": "servicerequest-request"},
    "useContext": [
        {
            "code": {"system": "https://fhir.nhs.uk/CodeSystem/usecases-categories-bars", "code": "a4t3"},
            "valueCodeableConcept": {"coding": [{"code": "2000011147"}]},
        }
    ],
}


@pytest.fixture
def by_bars(peer: FhirPeer) -> Iterator[Lines]:
    peer.keeps(TAKES)
    with to(services=[SERVICE.model_dump()], bars_url=peer.base) as lines:
        yield lines


def answers(peer: FhirPeer, status: int = 200, body: object = ANSWER, **how: Any) -> None:
    peer.faults(method="POST", match="$process-message", status=status, body=body, **how)


def shows(peer: FhirPeer, **request: Any) -> None:
    """What they hold of the child's requests."""
    system = "https://northmoor-yjs.example/Id/yjs-referral"
    held = {"resourceType": "ServiceRequest", "id": "1", "identifier": [{"system": system, "value": "REF-1"}]}
    entries = [{"resource": held | request}] if request else []
    peer.faults(
        method="GET",
        match="/ServiceRequest?",
        status=200,
        body={"resourceType": "Bundle", "type": "searchset", "total": len(entries), "entry": entries},
        times=9,
    )


def posts(peer: FhirPeer) -> list[dict[str, Any]]:
    return [one for one in peer.asked if one["method"] == "POST" and "$process-message" in one["url"]]


def pushed(lines: Lines, **changed: Any) -> Receipt:
    (receipt,) = REFERRALS.push(lines, [referral(**changed)])
    return receipt


def made(**changed: Any) -> dict[str, Any]:
    asked = Asked(CHILD | changed, key("REF-1"), SERVICE, Names("https://northmoor-yjs.example/Id"), "yjs01")
    return bars_bundle(asked, service_id="2000099999", use_case="a4t3")


def test_a_message_goes_with_every_header_that_is_wanted(peer: FhirPeer, by_bars: Lines) -> None:
    answers(peer)
    assert pushed(by_bars).answer is Answer.RECEIVED
    (sent,) = posts(peer)
    headers = sent["headers"]
    assert json.loads(b64decode(headers["nhsd-target-identifier"]))["value"] == "2000011147"
    assert json.loads(b64decode(headers["nhsd-end-user-organisation"]))["resourceType"] == "Organization"
    assert json.loads(b64decode(headers["nhsd-requesting-software"]))["resourceType"] == "Device"
    assert headers["accept"] == "application/fhir+json; version=1.4.0"
    assert headers["use-context"] == "a4t3|referral|servicerequest-request|new"


def test_what_the_service_takes_is_asked_before_anything_is_sent(peer: FhirPeer, by_bars: Lines) -> None:
    peer.reset()
    answers(peer)
    with pytest.raises(PartnerRefusedError, match="takes no referrals by BaRS"):
        pushed(by_bars)
    assert posts(peer) == []


def test_our_message_is_sound_to_a_validator_of_others(peer: FhirPeer) -> None:
    """Medplum's: what is mandatory, what is unknown, how a date is written; of each resource."""
    for change in ("new", "deleted"):
        for entry in made(Change=change)["entry"]:
            peer.keeps(entry["resource"])
    assert len(peer.held("Organization")) == 4


def test_our_message_has_the_counts_of_its_definition_and_no_fewer_are_sent() -> None:
    minimal = json.loads((PUBLISHED / "minimal-bars-referral.json").read_text())
    assert wrong_counts(made()) == wrong_counts(made(Change="deleted")) == wrong_counts(minimal) == ()
    minimal["entry"] = [
        one for one in minimal["entry"] if "Consent" not in json.dumps(one["resource"]["resourceType"])
    ]
    assert wrong_counts(minimal) == ("Consent 0 (1 or more)",)
    minimal["entry"] += [one for one in minimal["entry"] if one["resource"]["resourceType"] == "Patient"]
    assert wrong_counts(minimal) == ("Patient 2 (1)", "Consent 0 (1 or more)")


def test_every_reference_of_our_message_leads_to_something_in_it() -> None:
    for bundle in (made(), made(Change="deleted")):
        known = {one["fullUrl"] for one in bundle["entry"]}
        written = json.dumps(bundle)
        assert {part.split('"')[0] for part in written.split('"reference": "')[1:]} <= known


def test_their_own_reference_is_kept(peer: FhirPeer, by_bars: Lines) -> None:
    planned = {
        "resourceType": "Encounter",
        "status": "planned",
        "identifier": [{"system": "urn:theirs", "value": "C-77"}],
    }
    answers(peer, body=ANSWER | {"entry": [{"resource": planned}]})
    assert pushed(by_bars).their_reference == "C-77"


def test_a_change_is_another_message_of_the_same_conversation(peer: FhirPeer, by_bars: Lines) -> None:
    answers(peer, times=2)
    pushed(by_bars)
    pushed(by_bars, version=2, Change="changed")
    one, two = (sent["headers"] for sent in posts(peer))
    assert one["x-correlation-id"] == two["x-correlation-id"]
    assert one["x-request-id"] != two["x-request-id"]
    assert two["use-context"].endswith("|update")


WITHDRAWN: dict[str, tuple[dict[str, Any], Answer, int]] = {
    "active: it is taken back": ({"status": "active"}, Answer.RECEIVED, 1),
    "taken back already": ({"status": "revoked"}, Answer.ACCEPTED, 0),
    "completed": ({"status": "completed"}, Answer.REFUSED, 0),
    "not shown": ({}, Answer.REFUSED, 0),
}


@pytest.mark.parametrize(("held", "answer", "sent"), WITHDRAWN.values(), ids=WITHDRAWN)
def test_it_is_read_before_it_is_taken_back(
    peer: FhirPeer, by_bars: Lines, held: dict[str, Any], answer: Answer, sent: int
) -> None:
    shows(peer, **held)
    answers(peer)
    assert pushed(by_bars, Change="deleted").answer is answer
    assert len(posts(peer)) == sent
    for one in posts(peer):
        header = json.loads(one["body"])["entry"][0]["resource"]
        assert header["definition"].endswith("bars-message-servicerequest-request-cancelled")


def test_without_the_ids_that_we_sent_it_is_not_their_answer(peer: FhirPeer, by_bars: Lines) -> None:
    answers(peer, mute=True)
    answers(peer)
    assert pushed(by_bars).answer is Answer.RECEIVED
    first, second = posts(peer)
    assert first["headers"]["x-request-id"] == second["headers"]["x-request-id"]
    assert first["body"] == second["body"]


def test_a_failure_without_an_outcome_is_of_the_network(peer: FhirPeer, by_bars: Lines) -> None:
    answers(peer, status=409, raw="<html>", headers={"content-type": "text/html"}, times=9)
    with pytest.raises(PartnerUnavailableError):
        pushed(by_bars)
    assert len({one["headers"]["x-request-id"] for one in posts(peer)}) == 1


# The beginning of what the table says, and what follows: how often we send, and what is told.
STOPS, SIGN_IN, DONE, READ, AGAIN = "stops", "sign in", "delivered", "read", "again"
FOLLOWS = {
    "stop: raise": SIGN_IN,
    "stop": STOPS,
    "not in the retry list": STOPS,
    "fetch a new token": SIGN_IN,
    "retry after access": SIGN_IN,
    "treat as delivered": DONE,
    "do not retry": READ,
    "retry with the same": AGAIN,
    "wait and retry": AGAIN,
    "back off": AGAIN,
}


def published_errors() -> Iterator[Any]:
    with (PUBLISHED / "bars-error-actions.csv").open() as file:
        rows = [row for row in csv.DictReader(file) if row["http"] != "(any)"]
    for row in rows:
        follows = next(then for begins, then in FOLLOWS.items() if row["sender should"].startswith(begins))
        for code in codes(row["code"]):
            for issue in row["issue.code"].split("|"):
                yield pytest.param(int(row["http"]), code, issue, follows, id=f"{row['http']} {code} {issue}")


def codes(written: str) -> list[str]:
    if written == "SEND_/REC_/PROXY_NOT_IMPLEMENTED":
        return [f"{place}_NOT_IMPLEMENTED" for place in ("SEND", "REC", "PROXY")]
    return written.split(" / ")


@pytest.mark.parametrize(("status", "code", "issue", "follows"), tuple(published_errors()))
def test_each_published_error_has_its_published_consequence(
    peer: FhirPeer, by_bars: Lines, status: int, code: str, issue: str, follows: str
) -> None:
    coding = {"system": "https://fhir.nhs.uk/Codesystem/http-error-codes", "code": code}
    told = {"severity": "error", "code": issue, "details": {"coding": [coding]}}
    shows(peer, status="active")
    answers(peer, status=status, body={"resourceType": "OperationOutcome", "issue": [told]})
    answers(peer)
    receipt, error = outcome(by_bars)
    assert len(posts(peer)) == (2 if follows == AGAIN else 1)
    reads = [one for one in peer.asked if "/ServiceRequest?" in one["url"]]
    assert bool(reads) == (follows == READ)
    if follows in (DONE, AGAIN):
        assert receipt == Answer.RECEIVED
    elif follows == SIGN_IN:
        assert isinstance(error, CredentialsRefusedError)
    else:
        assert receipt == Answer.REFUSED or isinstance(error, PartnerRefusedError)


def outcome(lines: Lines) -> tuple[Answer | None, ConnectorError | None]:
    try:
        return pushed(lines).answer, None
    except ConnectorError as error:
        return None, error
