"""Searches over FHIR are read whole, and what changed since a moment is given once."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest

from connectors.errors import (
    MisconfiguredError,
    PartnerRefusedError,
    PartnerUnavailableError,
    UnreadableMessageError,
)
from connectors.transports.fhir import FhirClient
from connectors.transports.fhir.tasks import Coding, TaskState, newer_states
from tests.connectors.transports.invented import NAME, REFERRALS, identifier, request, task
from tests.servers.fhir_peer import FhirPeer

LONG_AGO = datetime(2020, 1, 1, tzinfo=UTC)
FOUND = {"status": 200}


def keys(changes: Iterable[Any]) -> list[str]:
    return [change.key for change in changes]


def key_of(resource: Any) -> str:
    return f"{resource['resourceType']}/{resource['id']}/_history/{resource['meta']['versionId']}"


def kept(peer: FhirPeer, many: int) -> list[Any]:
    return [peer.keeps(request(f"YJS-{number}")) for number in range(many)]


def moment_of(resource: Any) -> datetime:
    return datetime.fromisoformat(resource["meta"]["lastUpdated"])


def searchset(*entries: object, **bundle: Any) -> dict[str, Any]:
    return {**FOUND, "body": {"resourceType": "Bundle", "type": "searchset", "entry": [*entries], **bundle}}


@pytest.mark.server
def test_a_resource_is_read(peer: FhirPeer, client: FhirClient) -> None:
    (theirs,) = kept(peer, 1)
    assert client.read("ServiceRequest", theirs["id"]) == theirs
    with pytest.raises(PartnerRefusedError, match="404 not-found"):
        client.read("ServiceRequest", "00000000-0000-4000-8000-000000000000")


@pytest.mark.server
def test_another_kind_than_was_asked_for_is_refused(peer: FhirPeer, client: FhirClient) -> None:
    peer.faults(**FOUND, body=task(id="1"))
    with pytest.raises(PartnerRefusedError, match="another kind"):
        client.read("ServiceRequest", "1")


@pytest.mark.server
@pytest.mark.parametrize("many", [0, 1, 3, 7])
def test_a_search_is_read_whole_with_its_total(peer: FhirPeer, client: FhirClient, many: int) -> None:
    theirs = kept(peer, many)
    pages = list(client.search("ServiceRequest", {"_count": "3"}))
    found = [one for page in pages for one in page.resources]
    assert sorted(one["id"] for one in found) == sorted(one["id"] for one in theirs)
    assert {page.total for page in pages} == {many}
    assert len(pages) == max(1, -(-many // 3))


@pytest.mark.server
def test_each_page_is_asked_for_by_ids_of_its_own(peer: FhirPeer, client: FhirClient) -> None:
    kept(peer, 5)
    list(client.search("ServiceRequest", {"_count": "2"}))
    asked = [one["headers"]["x-request-id"] for one in peer.asked if one["method"] == "GET"]
    assert len(asked) == len({*asked}) == 3


@pytest.mark.server
def test_pages_that_move_while_they_are_read_are_not_taken_for_the_whole(
    peer: FhirPeer, client: FhirClient
) -> None:
    """What is changed between two pages moves to the end, and the first of the next page up into this one."""
    first, *_ = kept(peer, 4)
    changes = iter(client.since("ServiceRequest", LONG_AGO, query={"_count": "2"}))
    assert next(changes).resource == first
    peer.keeps({**first, "priority": "urgent"})
    with pytest.raises(PartnerUnavailableError, match="shows fewer records than it counts"):
        list(changes)


@pytest.mark.server
def test_what_has_changed_is_given_once_and_nothing_before_the_overlap(
    peer: FhirPeer, client: FhirClient
) -> None:
    old, new = kept(peer, 2)
    everything = client.since("ServiceRequest", LONG_AGO)
    assert keys(everything) == [key_of(old), key_of(new)]
    assert everything.moment == moment_of(new)

    changed = peer.keeps({**old, "priority": "urgent"})
    again = client.since("ServiceRequest", everything.moment, seen={key_of(old), key_of(new)})
    assert keys(again) == [key_of(changed)]
    assert again.moment == moment_of(changed)

    far = moment_of(changed) + client.site.overlap + timedelta(seconds=1)
    assert keys(client.since("ServiceRequest", far)) == []
    near = moment_of(changed) + client.site.overlap
    assert keys(client.since("ServiceRequest", near)) == [key_of(changed)]


@pytest.mark.server
def test_where_to_begin_is_known_only_once_all_was_read(peer: FhirPeer, client: FhirClient) -> None:
    kept(peer, 4)
    changes = client.since("ServiceRequest", LONG_AGO, query={"_count": "2"})
    beginning = iter(changes)
    next(beginning)
    assert changes.moment is None
    peer.faults(method="GET", status=404)
    with pytest.raises(PartnerRefusedError):
        list(beginning)
    assert changes.moment is None


@pytest.mark.server
def test_nothing_new_leaves_the_moment_where_it_was(peer: FhirPeer, client: FhirClient) -> None:
    changes = client.since("ServiceRequest", LONG_AGO)
    assert keys(changes) == []
    assert changes.moment == LONG_AGO


def dated(day: str, logical: str = "1") -> object:
    return {"resource": request(id=logical, meta={"versionId": "1", "lastUpdated": day})}


@pytest.mark.server
def test_a_record_dated_into_the_future_does_not_hide_what_comes_before_it(
    peer: FhirPeer, client: FhirClient
) -> None:
    peer.faults(**searchset(dated("2999-01-01T00:00:00Z")))
    changes = client.since("ServiceRequest", LONG_AGO)
    assert keys(changes) == ["ServiceRequest/1/_history/1"]
    assert changes.moment is not None
    assert changes.moment < datetime.now(UTC) + timedelta(minutes=5)


@pytest.mark.server
def test_without_versions_it_is_told_by_its_content(peer: FhirPeer, client: FhirClient) -> None:
    entries = [{"resource": request(id="1", status=status)} for status in ("active", "active", "revoked")]
    peer.faults(**searchset(*entries))
    first, second = keys(client.since("ServiceRequest", LONG_AGO))
    assert first != second


@pytest.mark.server
def test_what_they_include_is_shown_and_no_change_of_the_kind(peer: FhirPeer, client: FhirClient) -> None:
    entries = (
        {"resource": request(id="1"), "search": {"mode": "match"}},
        {"resource": task(id="2"), "search": {"mode": "include"}},
        {"resource": {"resourceType": "OperationOutcome", "issue": [{"severity": "information"}]}},
    )
    peer.faults(**searchset(*entries, total=1), times=2)
    (page,) = client.search("ServiceRequest", {})
    assert [one["resourceType"] for one in page.resources] == ["ServiceRequest", "Task"]
    assert len(list(client.since("ServiceRequest", LONG_AGO))) == 1


WARNED = {"resource": {"resourceType": "OperationOutcome", "issue": [{"severity": "warning"}]}}
UNSOUND: dict[str, tuple[dict[str, Any], type[Exception]]] = {
    "an entry without a resource": (searchset({}), UnreadableMessageError),
    "an entry that is the resource": (searchset(request(id="1")), UnreadableMessageError),
    "no entry": (searchset("1"), UnreadableMessageError),
    "no id": (searchset({"resource": request()}), UnreadableMessageError),
    "an id that is none": (searchset({"resource": request(id="../1")}), UnreadableMessageError),
    "another bundle": (searchset(type="history"), UnreadableMessageError),
    "no bundle": ({**FOUND, "body": request(id="1")}, UnreadableMessageError),
    "no total": (searchset(total="3"), UnreadableMessageError),
    "links that are none": (searchset(link=[7]), UnreadableMessageError),
    "fewer than they count": (searchset(total=3), PartnerUnavailableError),
    "a warning": (searchset(WARNED), PartnerRefusedError),
    "another place": (
        searchset(link=[{"relation": "next", "url": "http://127.0.0.2/next"}]),
        PartnerRefusedError,
    ),
    "nothing": ({**FOUND, "raw": ""}, UnreadableMessageError),
    "a web page": (
        {**FOUND, "raw": "<html>", "headers": {"content-type": "text/html"}},
        PartnerRefusedError,
    ),
    "JSON of another kind": ({**FOUND, "raw": '{"records": []}'}, PartnerRefusedError),
    "a list": ({**FOUND, "raw": "[]"}, PartnerRefusedError),
    "a key twice": (
        {**FOUND, "raw": '{"resourceType": "Bundle", "type": "searchset", "total": 1, "total": 0}'},
        UnreadableMessageError,
    ),
    "cut short": ({**FOUND, "raw": '{"resourceType": "Bundle"'}, UnreadableMessageError),
    "too deep": (
        {**FOUND, "raw": '{"resourceType": "Bundle", "entry": ' + "[" * 70 + "]" * 70 + "}"},
        UnreadableMessageError,
    ),
}


@pytest.mark.server
@pytest.mark.parametrize(("answer", "kind"), UNSOUND.values(), ids=UNSOUND)
def test_an_answer_that_is_not_sound_is_no_short_listing(
    peer: FhirPeer, client: FhirClient, answer: dict[str, Any], kind: type[Exception]
) -> None:
    peer.faults(**answer)
    with pytest.raises(kind) as told:
        list(client.search("ServiceRequest", {}))
    assert type(told.value) is kind or kind is UnreadableMessageError
    assert NAME not in str(told.value)


@pytest.mark.server
def test_a_parameter_that_they_do_not_know_may_not_be_passed_over(peer: FhirPeer, client: FhirClient) -> None:
    list(client.search("Task", {"status": "accepted"}))
    (asked,) = peer.asked
    assert asked["headers"]["prefer"] == "handling=strict"
    assert asked["headers"]["accept"] == "application/fhir+json"


def test_a_moment_without_a_time_zone_is_no_moment() -> None:
    with pytest.raises(MisconfiguredError, match="time zone"):
        FhirClient.since(None, "Task", datetime(2026, 1, 1))  # type: ignore[arg-type] # noqa: DTZ001


BUSINESS = {"coding": [{"system": "https://example.org/bser", "code": "4.0"}], "text": NAME}


def polled(client: FhirClient, known: dict[str, TaskState]) -> list[TaskState]:
    states = newer_states(client.since("Task", LONG_AGO), known)
    known.update({state.reference: state for state in states})
    return states


@pytest.mark.server
def test_a_task_is_told_of_when_it_moves_and_not_again(peer: FhirPeer, client: FhirClient) -> None:
    theirs = peer.keeps(task(focus={"reference": "ServiceRequest/7"}))
    known: dict[str, TaskState] = {}
    (first,) = polled(client, known)
    assert (first.status, first.business_status, first.focus) == ("requested", (), "ServiceRequest/7")
    assert first.identifiers == (identifier("YJS-1-1"),)
    assert polled(client, known) == []

    peer.keeps({**theirs, "status": "received"})
    peer.keeps({**theirs, "status": "rejected", "businessStatus": BUSINESS})
    (second,) = polled(client, known)
    assert (second.status, second.reference) == ("rejected", first.reference)
    assert second.business_status == (Coding("https://example.org/bser", "4.0"),)
    assert NAME not in repr(second)
    assert REFERRALS not in repr(second)


def version(number: str, at: str, **changes: Any) -> object:
    return {"resource": task(id="1", meta={"versionId": number, "lastUpdated": at}, **changes)}


@pytest.mark.server
def test_an_older_version_that_comes_later_changes_nothing(peer: FhirPeer, client: FhirClient) -> None:
    """As from a copy of theirs that lags behind."""
    late = version("3", "2026-03-02T09:31:00Z", status="accepted")
    early = version("2", "2026-03-02T10:30:00+01:00", status="received")
    peer.faults(**searchset(late, early))
    known: dict[str, TaskState] = {}
    assert [state.status for state in polled(client, known)] == ["accepted"]
    peer.faults(**searchset(early))
    assert polled(client, known) == []
    peer.faults(**searchset(version("4", "2026-03-02T09:31:00Z", status="completed")))
    assert [state.status for state in polled(client, known)] == ["completed"]


@pytest.mark.server
def test_a_task_whose_state_cannot_be_read_holds_up_no_other(peer: FhirPeer, client: FhirClient) -> None:
    muddled = {"resource": task(id="2", status=7, businessStatus=[1], focus="x", identifier=["x", {}])}
    peer.faults(**searchset(muddled, version("1", "2026-03-02T09:31:00Z")))
    states = newer_states(client.since("Task", LONG_AGO), {})
    assert [(one.status, one.business_status, one.focus) for one in states] == [
        (None, (), None),
        ("requested", (), None),
    ]
