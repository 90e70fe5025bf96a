"""What follows from a FHIR partner's answer: by the table, and at the client against a running server."""

from __future__ import annotations

import json
import re
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

from connectors.errors import (
    ConnectorError,
    CredentialsRefusedError,
    PartnerRefusedError,
    PartnerUnavailableError,
)
from connectors.transports.fhir import (
    Conflict,
    FhirClient,
    FhirSite,
    RefusedMessageError,
    Stored,
    fhir_client,
)
from connectors.transports.fhir.judge import ABOUT_THE_MESSAGE
from connectors.transports.fhir.outcomes import KNOWN_CODES, KNOWN_ISSUES, RULES, Next, verdict_of
from tests.connectors.transports.conftest import Waits
from tests.connectors.transports.invented import NAME, identifier, ids, request
from tests.servers.fhir_peer import FhirPeer

PUBLISHED = Path(__file__).parent / "published"
THEN = {
    "bars_proxy_400_invalid": Next.REFUSED,
    "bars_proxy_409_duplicate": Next.LOOK_AGAIN,
    "bars_receiver_400_invalid": Next.REFUSED,
    "bars_receiver_404_not-found": Next.REFUSED,
    "bars_receiver_408_timeout": Next.TRY_AGAIN,
    "bars_receiver_409_conflict": Next.LOOK_AGAIN,
    "bars_receiver_409_duplicate": Next.DELIVERED,
    "bars_receiver_422_not-supported": Next.REFUSED,
    "bars_receiver_500_exception": Next.REFUSED,
    "bars_receiver_503_transient": Next.TRY_AGAIN,
    "bars_sender_401_expired": Next.SIGN_IN,
    "bars_sender_403_forbidden": Next.SIGN_IN,
    "bars_sender_406_processing": Next.REFUSED,
    "bars_sender_429_throttled": Next.TRY_AGAIN,
    "ers_422_pending": Next.WAIT,
    "ers_429_too_many_requests": Next.TRY_AGAIN,
    "ers_504_pas_not_responding": Next.TRY_AGAIN,
    "pds_200_too_many_matches": Next.REFUSED,
    "pds_409_resource_version_mismatch": Next.LOOK_AGAIN,
    "pds_412_precondition_failed": Next.REFUSED,
}
UUIDS = ("X-Request-ID", "X-Correlation-ID")


def published(name: str) -> tuple[int, dict[str, Any]]:
    (status,) = re.findall(r"_(\d{3})_", name)
    outcome: dict[str, Any] = json.loads((PUBLISHED / f"{name}.json").read_text())
    return int(status), outcome


def outcome(code: str, *issues: str, severity: str = "error") -> dict[str, Any]:
    """With a child's name wherever a partner may write words of their own."""
    words = {"diagnostics": NAME, "expression": [NAME]}
    coded = {"text": NAME, "coding": [{"code": NAME}, {"code": code, "display": NAME}]}
    told = [{"severity": severity, "code": issue, "details": coded, **words} for issue in issues]
    return {"resourceType": "OperationOutcome", "text": {"div": NAME}, "issue": told}


@pytest.mark.parametrize("name", sorted(file.stem for file in PUBLISHED.glob("*.json")))
def test_a_published_outcome_is_told_by_its_codes(name: str) -> None:
    status, said = published(name)
    verdict = verdict_of(status, said)
    assert verdict.then is THEN[name]
    assert verdict.words.startswith(str(status))
    assert {*verdict.words.split()[1:]} <= KNOWN_ISSUES | KNOWN_CODES


@pytest.mark.parametrize(
    ("status", "said", "then"),
    [
        (500, outcome("TOO_MANY_REQUESTS", "throttled"), Next.TRY_AGAIN),
        (500, outcome("REC_SERVER_ERROR", "transient"), Next.REFUSED),
        (500, None, Next.TRY_AGAIN),
        (425, outcome("REC_TOO_EARLY", "duplicate"), Next.WAIT),
        (409, outcome("REC_CONFLICT", "duplicate", "conflict"), Next.LOOK_AGAIN),
        (409, outcome("", "duplicate"), Next.LOOK_AGAIN),
        (409, None, Next.LOOK_AGAIN),
        (412, outcome("", "multiple-matches"), Next.LOOK_AGAIN),
        (200, outcome("", "timeout"), Next.TRY_AGAIN),
        (200, outcome("", "conflict"), Next.LOOK_AGAIN),
        (200, outcome("", "informational", severity="information"), Next.REFUSED),
        (200, {"resourceType": "OperationOutcome"}, Next.REFUSED),
        (200, {"resourceType": "OperationOutcome", "issue": "x"}, Next.REFUSED),
        (501, None, Next.REFUSED),
        (418, None, Next.REFUSED),
    ],
)
def test_a_status_alone_is_not_the_answer(status: int, said: dict[str, Any] | None, then: Next) -> None:
    assert verdict_of(status, said).then is then


def test_what_informs_does_not_hide_what_fails() -> None:
    said = outcome("REC_CONFLICT", "duplicate")
    said["issue"].append({"severity": "information", "code": "informational"})
    assert verdict_of(409, said).then is Next.DELIVERED


def test_every_rule_can_be_reached() -> None:
    """A rule behind a wider one would be words without effect."""
    for number, rule in enumerate(RULES):
        probe = (rule.status or 299, rule.issue or "value", rule.code or "BAD_REQUEST")
        assert next(i for i, one in enumerate(RULES) if one.holds(*probe)) == number


def delivered(client: FhirClient) -> Stored | Conflict:
    return client.deliver("$process-message", request(), ids=ids())


@pytest.mark.server
@pytest.mark.parametrize("name", THEN)
def test_at_the_client_the_table_decides(peer: FhirPeer, client: FhirClient, name: str) -> None:
    """The answer the first time; the second time a message of theirs."""
    status, said = published(name)
    peer.faults(method="POST", status=status, body=said)
    peer.faults(method="POST", status=200, body={"resourceType": "Bundle", "type": "message"})
    answers: dict[Next, object] = {
        Next.DELIVERED: Stored(is_new=False),
        Next.LOOK_AGAIN: Conflict(None),
        **dict.fromkeys((Next.TRY_AGAIN, Next.WAIT), Stored(is_new=True)),
        Next.REFUSED: RefusedMessageError if status in ABOUT_THE_MESSAGE else PartnerRefusedError,
        Next.SIGN_IN: CredentialsRefusedError,
    }
    then = THEN[name]
    try:
        answer: object = (
            replace(told, resource=None) if isinstance(told := delivered(client), Stored) else told
        )
    except ConnectorError as error:
        answer = type(error)
    assert answer == answers[then]
    assert len(peer.asked) == (2 if then in (Next.TRY_AGAIN, Next.WAIT) else 1)


@pytest.mark.server
@pytest.mark.parametrize(
    ("status", "code", "issue"),
    [
        (400, "REC_BAD_REQUEST", "invalid"),
        (401, "SEND_UNAUTHORIZED", "login"),
        (403, NAME, NAME),
        (409, NAME, "conflict"),
        (200, NAME, NAME),
        (503, NAME, "transient"),
        (412, NAME, "multiple-matches"),
    ],
)
def test_no_word_of_theirs_reaches_an_error_or_a_log(
    peer: FhirPeer,
    client: FhirClient,
    caplog: pytest.LogCaptureFixture,
    status: int,
    code: str,
    issue: str,
) -> None:
    caplog.set_level("DEBUG")
    peer.faults(method="POST", status=status, body=outcome(code, issue), times=9)
    with pytest.raises(ConnectorError) as told:
        client.create(request(), identifier=identifier(), ids=ids())
    assert str(status) in str(told.value)
    chain: BaseException | None = told.value
    while chain:
        assert NAME not in f"{chain!r} {chain}"
        chain = chain.__cause__ or chain.__context__
    assert NAME not in caplog.text


@pytest.mark.server
def test_a_create_that_they_know_already_is_delivered(peer: FhirPeer, client: FhirClient) -> None:
    peer.faults(method="POST", status=409, body=published("bars_receiver_409_duplicate")[1])
    assert client.create(request(), identifier=identifier(), ids=ids()) == Stored(is_new=False)


@pytest.fixture
def echoing(site: FhirSite) -> FhirSite:
    return replace(site, echoes=UUIDS)


NO_ANSWER: dict[str, dict[str, Any]] = {
    "without our ids": {"mute": True},
    "a failure without our ids": {"mute": True, "status": 404},
    "with the ids of another": {"headers": {"x-request-id": "00000000-0000-4000-8000-000000000000"}},
    "a failure without saying why": {"status": 404, "raw": ""},
    "a failure that is a web page": {
        "status": 409,
        "raw": "<html>",
        "headers": {"content-type": "text/html"},
    },
    "a failure with another resource": {"status": 400, "body": request()},
    "a failure that is cut short": {"status": 400, "raw": '{"resourceType": "OperationOutcome"'},
}


@pytest.mark.server
@pytest.mark.parametrize("fault", NO_ANSWER.values(), ids=NO_ANSWER)
def test_what_something_on_the_way_says_is_no_answer_of_theirs(
    peer: FhirPeer, echoing: FhirSite, waits: Waits, fault: dict[str, Any]
) -> None:
    peer.faults(method="POST", **fault)
    with fhir_client(echoing, time=waits.time()) as client:
        stored = client.create(request(), identifier=identifier(), ids=ids())
    (held,) = peer.held("ServiceRequest")
    assert stored.reference == f"ServiceRequest/{held['id']}"
    sent = [{name: one["headers"][name.lower()] for name in UUIDS} for one in peer.asked[:2]]
    assert sent == [{**ids().headers}] * 2


@pytest.mark.server
def test_where_it_goes_on_they_count_as_away(peer: FhirPeer, echoing: FhirSite, waits: Waits) -> None:
    peer.faults(method="POST", mute=True, times=9)
    with (
        fhir_client(echoing, time=waits.time()) as client,
        pytest.raises(PartnerUnavailableError, match="without the ids"),
    ):
        client.create(request(), identifier=identifier(), ids=ids())
    assert len(peer.asked) == 3


@pytest.mark.server
def test_a_refused_sign_in_without_our_ids_is_not_tried_again(peer: FhirPeer, echoing: FhirSite) -> None:
    peer.faults(method="POST", mute=True, status=403, raw="", times=9)
    with fhir_client(echoing) as client, pytest.raises(CredentialsRefusedError):
        client.create(request(), identifier=identifier(), ids=ids())
    assert len(peer.asked) == 1


@pytest.mark.server
def test_where_no_echo_is_agreed_none_is_missed(peer: FhirPeer, client: FhirClient) -> None:
    peer.faults(method="POST", mute=True)
    assert client.create(request(), identifier=identifier(), ids=ids()).is_new
    peer.faults(method="POST", status=404, raw="")
    with pytest.raises(PartnerRefusedError, match="answers 404"):
        client.create(request("YJS-2"), identifier=identifier("YJS-2"), ids=ids())
    assert len(peer.asked) == 2


@pytest.mark.server
def test_a_profile_says_what_each_call_bears(peer: FhirPeer, site: FhirSite) -> None:
    versioned = "application/fhir+json; version=1.4.0"
    profiled = replace(site, accept=versioned, headers={"NHSD-Target-Identifier": "e30="})
    with fhir_client(profiled) as client:
        client.create(request(), identifier=identifier(), ids=ids())
        list(client.search("ServiceRequest", {}))
    for asked in peer.asked:
        assert asked["headers"]["accept"] == versioned
        assert asked["headers"]["nhsd-target-identifier"] == "e30="
        assert "idempotency-key" not in asked["headers"]
    assert peer.asked[0]["headers"]["content-type"] == "application/fhir+json"
