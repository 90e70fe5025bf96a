"""A referral over FHIR is there once, says what is agreed, and what becomes of it is read from its Task."""

from __future__ import annotations

import json
from collections.abc import Callable
from datetime import date
from io import BytesIO
from typing import Any

import polars as pl
import pytest

from connectors.contract import Answer, OutboundMessage, Receipt, Since
from connectors.errors import PartnerUnavailableError
from connectors.health import connector
from connectors.health.lines import Lines
from connectors.transports.http import HttpLimits
from tests.connectors.health.children import key, referral
from tests.servers.fhir_peer import FhirPeer

pytestmark = pytest.mark.server

(REFERRALS,) = connector.pushes
PROGRESS = connector.pull_feed("progress")
BSER = "https://fhir.hl7.org.uk/CodeSystem/TaskBusinessStatusCS"
Open = Callable[[], Lines]


def pushed(lines: Lines, *messages: OutboundMessage) -> list[Receipt]:
    return list(REFERRALS.push(lines, messages))


def pulled(lines: Lines, cursor: str | None = None) -> tuple[list[dict[str, Any]], str | None]:
    """Every status update as the hub would translate it, and the cursor."""
    updates = []
    for message in PROGRESS.pull(lines, Since(cursor, ())):
        assert message.problem is None
        for rows in PROGRESS.open(BytesIO(b"".join(message.body))):
            sound = rows.filter(pl.col("problem").is_null())
            updates += PROGRESS.record.frame(sound, date(2026, 11, 23)).to_dicts()
        cursor = message.cursor or cursor
    return updates, cursor


def of_kinds(peer: FhirPeer) -> dict[str, int]:
    return {kind: len(peer.held(kind)) for kind in ("Patient", "ServiceRequest", "Task")}


def stands(peer: FhirPeer, **changed: Any) -> None:
    """Their clerk writes into the one Task."""
    (task,) = peer.held("Task")
    peer.keeps(task | changed)


ONE_OF_EACH = {"Patient": 1, "ServiceRequest": 1, "Task": 1}


def test_a_referral_is_stored_once_with_its_child_and_its_task(peer: FhirPeer, by_fhir: Open) -> None:
    (receipt,) = pushed(by_fhir(), referral())
    (request,) = peer.held("ServiceRequest")
    (patient,) = peer.held("Patient")
    assert (receipt.answer, receipt.their_reference) == (Answer.RECEIVED, f"ServiceRequest/{request['id']}")
    assert of_kinds(peer) == ONE_OF_EACH
    assert request["subject"]["reference"] == f"Patient/{patient['id']}"
    assert request["priority"] == "urgent"
    assert patient["identifier"][0]["value"] == "9000000009"


def test_the_reply_lost_after_commit_then_retried_leaves_exactly_one(peer: FhirPeer, by_fhir: Open) -> None:
    """Within the call, and again the next night by whoever never heard of it."""
    peer.faults(method="POST", drop=True)
    (receipt,) = pushed(by_fhir(), referral())
    (again,) = pushed(by_fhir(), referral())
    assert receipt.answer is again.answer is Answer.RECEIVED
    assert receipt.their_reference == again.their_reference
    assert of_kinds(peer) == ONE_OF_EACH


def test_the_reply_lost_every_time_is_an_error_and_the_next_night_finds_it_there(
    peer: FhirPeer, by_fhir: Open
) -> None:
    # As often as one call may be repeated.
    peer.faults(method="POST", drop=True, times=HttpLimits().attempts)
    with pytest.raises(PartnerUnavailableError):
        pushed(by_fhir(), referral())
    assert of_kinds(peer) == ONE_OF_EACH
    (receipt,) = pushed(by_fhir(), referral())
    assert receipt.answer is Answer.RECEIVED
    assert of_kinds(peer) == ONE_OF_EACH


def test_two_referrals_of_one_child_share_the_patient(peer: FhirPeer, by_fhir: Open) -> None:
    pushed(by_fhir(), referral("REF-1"), referral("REF-2"))
    assert of_kinds(peer) == {"Patient": 1, "ServiceRequest": 2, "Task": 2}


def test_a_child_without_a_number_is_nobody_elses(peer: FhirPeer, by_fhir: Open) -> None:
    pushed(by_fhir(), referral("REF-1", NHSNumber=None), referral("REF-2", NHSNumber=None))
    assert of_kinds(peer)["Patient"] == 2


def test_a_change_goes_over_what_they_hold_and_leaves_theirs_alone(peer: FhirPeer, by_fhir: Open) -> None:
    pushed(by_fhir(), referral())
    (held,) = peer.held("ServiceRequest")
    peer.keeps(held | {"locationCode": [{"text": "clinic 4"}]})
    (receipt,) = pushed(by_fhir(), referral(version=2, Change="changed", Urgency="urgent"))
    (changed,) = peer.held("ServiceRequest")
    assert receipt.answer is Answer.RECEIVED
    assert (changed["priority"], changed["locationCode"]) == ("asap", [{"text": "clinic 4"}])
    assert of_kinds(peer) == ONE_OF_EACH


def test_a_change_of_theirs_in_between_is_not_overwritten(peer: FhirPeer, by_fhir: Open) -> None:
    pushed(by_fhir(), referral())
    peer.faults(method="PUT", status=412, times=9)
    (receipt,) = pushed(by_fhir(), referral(version=2, Change="changed", Urgency="urgent"))
    (held,) = peer.held("ServiceRequest")
    assert (receipt.answer, held["priority"]) == (Answer.UNKNOWN, "urgent")


def test_what_is_withdrawn_is_read_first_and_revoked(peer: FhirPeer, by_fhir: Open) -> None:
    pushed(by_fhir(), referral())
    (receipt,) = pushed(by_fhir(), referral(version=2, Change="deleted"))
    (held,) = peer.held("ServiceRequest")
    assert (receipt.answer, held["status"]) == (Answer.RECEIVED, "revoked")
    (again,) = pushed(by_fhir(), referral(version=2, Change="deleted"))
    assert again.answer is Answer.ACCEPTED


def test_what_they_have_completed_is_not_withdrawn(peer: FhirPeer, by_fhir: Open) -> None:
    pushed(by_fhir(), referral())
    (held,) = peer.held("ServiceRequest")
    peer.keeps(held | {"status": "completed"})
    (receipt,) = pushed(by_fhir(), referral(version=2, Change="deleted"))
    assert receipt.answer is Answer.REFUSED
    assert "completed" in (receipt.reason or "")


def test_a_referral_that_they_refuse_holds_up_no_other(peer: FhirPeer, by_fhir: Open) -> None:
    outcome = {"resourceType": "OperationOutcome", "issue": [{"severity": "error", "code": "business-rule"}]}
    peer.faults(method="POST", status=422, body=outcome)
    refused, taken = pushed(by_fhir(), referral("REF-1"), referral("REF-2"))
    assert (refused.answer, taken.answer) == (Answer.REFUSED, Answer.RECEIVED)
    assert "business-rule" in (refused.reason or "")


@pytest.mark.parametrize("sign", ["|", ",", "$", "\\"])
def test_a_reference_that_fhir_cannot_find_again_is_not_sent(
    peer: FhirPeer, by_fhir: Open, sign: str
) -> None:
    odd, sound = pushed(by_fhir(), referral(f"REF{sign}1"), referral("REF-2"))
    assert (odd.answer, sound.answer) == (Answer.REFUSED, Answer.RECEIVED)
    assert of_kinds(peer) == ONE_OF_EACH


def test_nothing_of_an_offence_leaves(peer: FhirPeer, by_fhir: Open) -> None:
    assert not REFERRALS.message.takes & {
        "offence_code",
        "offence_on",
        "crime_reference",
        "remanded",
        "reason",
    }
    pushed(by_fhir(), referral(Offence="robbery"))
    assert "robbery" not in json.dumps(peer.asked)


SAID: dict[str, tuple[dict[str, Any], str]] = {
    "accepted": ({"status": "accepted"}, "accepted"),
    "their code goes before the status": (
        {"status": "in-progress", "businessStatus": {"coding": [{"system": BSER, "code": "5.1.1"}]}},
        "offered",
    ),
    "unattended": (
        {"status": "in-progress", "businessStatus": {"coding": [{"system": BSER, "code": "5.1.2"}]}},
        "did_not_attend",
    ),
    "rejected": ({"status": "rejected"}, "declined"),
}


@pytest.mark.parametrize(("said", "state"), SAID.values(), ids=SAID)
def test_what_the_task_says_becomes_a_status_update(
    peer: FhirPeer, by_fhir: Open, said: dict[str, Any], state: str
) -> None:
    pushed(by_fhir(), referral())
    stands(peer, **said)
    (update,), _ = pulled(by_fhir())
    assert (update["referral_from"], update["referral_reference"]) == ("yjs", "REF-1")
    assert (update["state"], update["is_deleted"]) == (state, False)
    assert update["version_at"] is not None


def test_a_business_status_of_another_list_is_a_question(peer: FhirPeer, by_fhir: Open) -> None:
    pushed(by_fhir(), referral())
    stands(peer, status="accepted", businessStatus={"coding": [{"system": "urn:ours", "code": "A7"}]})
    (update,), _ = pulled(by_fhir())
    assert update["state"] is None


def test_the_task_answers_the_message(peer: FhirPeer, by_fhir: Open) -> None:
    pushed(by_fhir(), referral("REF-1"), referral("REF-2"))
    assert list(REFERRALS.answers(by_fhir(), [key("REF-1"), key("REF-2")])) == []
    first, second = peer.held("Task")
    peer.keeps(first | {"status": "accepted"})
    peer.keeps(second | {"status": "rejected"})
    told = {one.key: one.answer for one in REFERRALS.answers(by_fhir(), [key("REF-1"), key("REF-2")])}
    assert set(told.values()) == {Answer.ACCEPTED, Answer.REFUSED}


def test_polling_begins_again_with_an_overlap_and_sees_what_changed(peer: FhirPeer, by_fhir: Open) -> None:
    pushed(by_fhir(), referral("REF-1"), referral("REF-2"))
    before, cursor = pulled(by_fhir())
    assert [one["state"] for one in before] == ["referred", "referred"]
    first, _ = peer.held("Task")
    peer.keeps(first | {"status": "accepted"})
    after, later = pulled(by_fhir(), cursor)
    assert sorted(one["state"] for one in after) == ["accepted", "referred"]
    assert cursor is not None
    assert later is not None
    assert later > cursor


def test_a_task_of_anybody_else_is_not_asked_for(peer: FhirPeer, by_fhir: Open) -> None:
    system = "https://hospital.example/Id/order"
    others = {"resourceType": "Task", "status": "accepted", "intent": "order"}
    peer.keeps(others | {"identifier": [{"system": system, "value": "4711"}]})
    pushed(by_fhir(), referral())
    updates, _ = pulled(by_fhir())
    assert [one["reference"] for one in updates] == ["REF-1"]
    (asked,) = [
        one for one in peer.asked if "/Task?" in json.dumps(one) and "_lastUpdated" in json.dumps(one)
    ]
    assert "yjs-referral%7C" in json.dumps(asked)


def test_many_pages_are_all_read(peer: FhirPeer, by_fhir: Open) -> None:
    for number in range(230):
        peer.keeps(
            {
                "resourceType": "Task",
                "identifier": [
                    {"system": "https://northmoor-yjs.example/Id/yjs-referral", "value": f"REF-{number}"}
                ],
                "status": "accepted",
                "intent": "order",
            }
        )
    updates, _ = pulled(by_fhir())
    assert len({one["reference"] for one in updates}) == 230


def test_nothing_where_there_was_something_is_told_of(peer: FhirPeer, by_fhir: Open) -> None:
    pushed(by_fhir(), referral())
    _, cursor = pulled(by_fhir())
    peer.reset()
    with pytest.raises(PartnerUnavailableError):
        pulled(by_fhir(), cursor)
