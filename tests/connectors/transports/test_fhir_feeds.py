"""FHIR in the hub's words: what changed as messages and rows, what is handed over as receipts."""

from __future__ import annotations

import io
from collections.abc import Iterable
from datetime import UTC, datetime
from typing import Any

import pytest

from connectors.contract import Answer, InboundMessage, Receipt, Since
from connectors.errors import CredentialsRefusedError, PartnerRefusedError, PartnerUnavailableError
from connectors.transports.fhir import Entry, FhirClient, FhirSite, feeds, fhir_client
from connectors.transports.http import HttpSite
from simulators.json_service import JsonService, serving
from tests.connectors.transports.conftest import Waits
from tests.connectors.transports.invented import NAME, REFERRALS, REQUEST, request, task
from tests.servers.fhir_peer import FhirPeer

LONG_AGO = datetime(2020, 1, 1, tzinfo=UTC)
NEVER = Since(None, ())
KEYS = ["camhs:yjs:YJS-1:ab", "camhs:yjs:YJS 2|3:cd", "camhs:yjs:YJS-4:ef"]


def outgoing(key: str, **changes: Any) -> feeds.Outgoing:
    named = feeds.named(REFERRALS, key)
    return feeds.Outgoing(key, "YJS", (Entry(request(named.value, **changes), named, REQUEST),))


def told(receipts: Iterable[Receipt]) -> list[tuple[str, Answer, str | None]]:
    return [(one.key, one.answer, one.reason) for one in receipts]


def pulled(client: FhirClient, since: Since = NEVER) -> list[InboundMessage]:
    return list(feeds.changed_since(client, "ServiceRequest", since))


def ids_in(messages: Iterable[InboundMessage]) -> list[str]:
    opened = feeds.rows(["id"])
    frames = [frame for one in messages for frame in opened(io.BytesIO(b"".join(one.body)))]
    return [value for frame in frames for value in frame["id"]]


@pytest.mark.server
def test_what_changed_comes_with_the_cursor_last(peer: FhirPeer, client: FhirClient) -> None:
    theirs = [peer.keeps(request(f"YJS-{number}"))["id"] for number in range(230)]
    messages = pulled(client)
    assert sorted(ids_in(messages)) == sorted(theirs)
    assert [one.cursor is not None for one in messages] == [False, False, False, True]


@pytest.mark.server
def test_the_next_pull_begins_where_the_last_ended_and_looks_back(peer: FhirPeer, client: FhirClient) -> None:
    first = peer.keeps(request("YJS-1"))["id"]
    (*_, end) = pulled(client)
    second = peer.keeps(request("YJS-2"))["id"]
    assert ids_in(pulled(client, Since(end.cursor, ()))) == [first, second]


@pytest.mark.server
def test_nothing_where_something_was_is_an_error_and_at_first_is_none(
    peer: FhirPeer, client: FhirClient
) -> None:
    assert pulled(client) == []
    theirs = peer.keeps(request("YJS-1"))
    (*_, end) = pulled(client)
    peer.removes(f"ServiceRequest/{theirs['id']}")
    with pytest.raises(PartnerUnavailableError, match="finds nothing, and last time it did"):
        pulled(client, Since(end.cursor, ()))


def test_every_place_in_a_resource_is_a_column() -> None:
    child = {"resourceType": "Patient", "name": [{"given": ["Ottoline", "Mae"]}], "active": True}
    body = feeds._body([request(contained=[child], code={"text": None})])
    (frame,) = feeds.rows(["id"])(io.BytesIO(body))
    row = frame.row(0, named=True)
    assert row["contained.name.given"] == "Ottoline"
    assert row["contained.name.given.2"] == "Mae"
    assert row["contained.active"] == "true"
    assert row["identifier.value"] == "YJS-1"
    assert row["code.text"] is None


@pytest.mark.server
def test_one_that_is_declined_holds_up_no_other(peer: FhirPeer, client: FhirClient) -> None:
    """The second lacks what is mandatory."""
    refused = outgoing(KEYS[1], subject=None)
    receipts = list(feeds.hand_over(client, [outgoing(KEYS[0]), refused, outgoing(KEYS[2])]))
    assert [one.answer for one in receipts] == [Answer.RECEIVED, Answer.REFUSED, Answer.RECEIVED]
    assert str(receipts[1].reason).startswith("their answer is 400")
    assert len(peer.held("ServiceRequest")) == 2
    assert not [one for one in receipts if NAME in repr(one)]


@pytest.mark.server
def test_the_same_message_twice_is_stored_once(peer: FhirPeer, client: FhirClient) -> None:
    for _ in range(2):
        receipts = feeds.hand_over(client, map(outgoing, KEYS))
        assert {one.answer for one in receipts} == {Answer.RECEIVED}
    assert len(peer.held("ServiceRequest")) == len(KEYS)


@pytest.mark.server
@pytest.mark.parametrize(
    ("status", "issue", "answer"),
    [
        (409, "conflict", Answer.UNKNOWN),
        (412, "conflict", Answer.UNKNOWN),
        (422, "business-rule", Answer.REFUSED),
        (400, "invalid", Answer.REFUSED),
    ],
)
def test_what_they_say_of_this_message_is_its_receipt(
    peer: FhirPeer, client: FhirClient, status: int, issue: str, answer: Answer
) -> None:
    peer.faults(status=status, body=outcome(issue), method="POST", times=1)
    receipts = feeds.hand_over(client, [outgoing(KEYS[0]), outgoing(KEYS[2])])
    assert told(receipts) == [
        (KEYS[0], answer, f"their answer is {status} {issue}"),
        (KEYS[2], Answer.RECEIVED, None),
    ]


@pytest.mark.server
@pytest.mark.parametrize(
    ("fault", "error"),
    [
        ({"status": 401}, CredentialsRefusedError),
        ({"status": 404}, PartnerRefusedError),
        ({"status": 422, "body": request(id="1")}, PartnerRefusedError),
        ({"status": 200, "issue": "processing"}, PartnerRefusedError),
        ({"status": 503, "times": 9}, PartnerUnavailableError),
    ],
)
def test_what_is_about_us_or_the_way_ends_the_run(
    peer: FhirPeer, client: FhirClient, fault: dict[str, Any], error: type[Exception]
) -> None:
    body = fault.get("body", outcome(fault.get("issue", "exception")))
    peer.faults(status=fault["status"], body=body, method="POST", times=fault.get("times", 1))
    with pytest.raises(error):
        list(feeds.hand_over(client, [outgoing(KEYS[0])]))


def outcome(issue: str) -> dict[str, Any]:
    return {"resourceType": "OperationOutcome", "issue": [{"severity": "error", "code": issue}]}


@pytest.mark.server
def test_their_tasks_answer_what_was_asked(peer: FhirPeer, client: FhirClient) -> None:
    values = [feeds.named(REFERRALS, key).value for key in KEYS]
    why = {"coding": [{"code": "no-capacity"}]}
    peer.keeps(task(values[0], status="accepted", focus={"reference": "ServiceRequest/1"}))
    peer.keeps(task(values[1], status="rejected", businessStatus=why))
    peer.keeps(task(values[2], status="requested"))
    peer.keeps(task("somebody-elses", status="accepted"))
    receipts = list(feeds.answers(client, REFERRALS, KEYS, since=LONG_AGO))
    assert sorted(told(receipts)) == sorted(
        [(KEYS[0], Answer.ACCEPTED, None), (KEYS[1], Answer.REFUSED, "no-capacity")]
    )
    assert told(feeds.answers(client, REFERRALS, [], since=LONG_AGO)) == []


def test_a_web_page_in_place_of_an_answer_is_no_receipt(waits: Waits) -> None:
    service = JsonService(mood="html_in_200")
    with serving(service) as found:
        site = FhirSite(HttpSite("camhs", found["BASE_URL"]))
        with fhir_client(site, time=waits.time()) as client, pytest.raises(PartnerRefusedError):
            list(feeds.hand_over(client, [outgoing(KEYS[0])]))


def test_no_blank_is_written() -> None:
    parts = {"code": {"text": None}, "note": [{"text": ""}, {"text": "new"}], "status": "active", "name": []}
    assert feeds.without_blanks(parts) == {"note": [{"text": "new"}], "status": "active"}
