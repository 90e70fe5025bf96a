"""An NHS number is taken from PDS only where it is sure. Its published answers come from a FHIR server."""

from __future__ import annotations

import json
from collections.abc import Iterator
from datetime import date
from pathlib import Path
from typing import Any

import pytest

from connectors.contract import Answer
from connectors.errors import CredentialsRefusedError
from connectors.health import connector
from connectors.health.lines import Lines
from tests.connectors.health.children import referral
from tests.connectors.health.conftest import to
from tests.servers.fhir_peer import FhirPeer

pytestmark = pytest.mark.server

PUBLISHED = Path(__file__).parent / "published"
(REFERRALS,) = connector.pushes
SUCCESSOR, CUFF_BORN = "9732019395", date(1926, 1, 7)


@pytest.fixture
def traced(peer: FhirPeer) -> Iterator[Lines]:
    with to(fhir_url=peer.base, pds_url=peer.base) as lines:
        yield lines


def published(name: str) -> Any:
    return json.loads((PUBLISHED / f"pds_{name}.json").read_text())


def answers(peer: FhirPeer, name: str, *, status: int = 200) -> None:
    peer.faults(method="GET", match="/Patient", status=status, body=published(name), times=9)


def sent(peer: FhirPeer, lines: Lines, **changed: Any) -> dict[str, Any]:
    """The identifier by which the service got to know the child."""
    (receipt,) = REFERRALS.push(lines, [referral(**changed)])
    assert receipt.answer is Answer.RECEIVED
    (posted,) = [json.loads(one["body"]) for one in peer.asked if one["method"] == "POST"]
    identifier: dict[str, Any] = posted["entry"][0]["resource"]["identifier"][0]
    return identifier


def test_the_one_match_whose_birth_date_agrees_gives_the_number(peer: FhirPeer, traced: Lines) -> None:
    answers(peer, "cuff_superseded_searchset")
    known = sent(peer, traced, NHSNumber=None, BornOn=CUFF_BORN)
    assert known["value"] == SUCCESSOR
    assert "number-present-and-verified" in json.dumps(known)


NOT_SURE: dict[str, tuple[str, int, date]] = {
    "another birth date": ("cuff_superseded_searchset", 200, date(1926, 1, 8)),
    "two matches": ("mock_multiple_searchset", 200, date(1997, 8, 20)),
    "too many, with status 200": ("TOO_MANY_MATCHES", 200, date(2011, 3, 14)),
    "nobody": ("RESOURCE_NOT_FOUND", 404, date(2011, 3, 14)),
    "a question that they do not take": ("INVALID_SEARCH_DATA", 400, date(2011, 3, 14)),
    "a restricted record": ("Sensitive_PatientSearch", 200, date(2005, 6, 16)),
}


@pytest.mark.parametrize(("name", "status", "born"), NOT_SURE.values(), ids=NOT_SURE)
def test_what_is_not_sure_gives_no_number_and_holds_up_no_referral(
    peer: FhirPeer, traced: Lines, name: str, status: int, born: date
) -> None:
    answers(peer, name, status=status)
    known = sent(peer, traced, NHSNumber=None, BornOn=born)
    assert known["system"].endswith("/yjs-patient")


def test_of_a_restricted_record_nothing_leaves(peer: FhirPeer, traced: Lines) -> None:
    answers(peer, "Sensitive_PatientSearch")
    sent(peer, traced, NHSNumber=None, BornOn=date(2005, 6, 16))
    posted = json.dumps([one["body"] for one in peer.asked if one["method"] == "POST"])
    assert "9000000025" not in posted
    assert "Smythe" not in posted


def test_a_number_that_was_replaced_is_sent_as_the_one_that_holds(peer: FhirPeer, traced: Lines) -> None:
    successor = published("cuff_superseded_searchset")["entry"][0]["resource"]
    peer.faults(method="GET", match="/Patient/9000000009", status=200, body=successor)
    assert sent(peer, traced, BornOn=CUFF_BORN)["value"] == SUCCESSOR


def test_a_number_of_somebody_else_is_not_called_verified(peer: FhirPeer, traced: Lines) -> None:
    answers(peer, "patient_9000000009")
    known = sent(peer, traced)
    assert "number-present-but-not-traced" in json.dumps(known)


def test_pds_that_is_down_keeps_no_child_waiting(peer: FhirPeer, traced: Lines) -> None:
    peer.faults(method="GET", match="/Patient", status=503, times=99)
    assert sent(peer, traced, NHSNumber=None)["system"].endswith("/yjs-patient")
    asked = len(peer.asked)
    list(REFERRALS.push(traced, [referral("REF-2", NHSNumber=None)]))
    # The referral alone: who is away is not waited for twice.
    assert len(peer.asked) == asked + 1


def test_a_sign_in_that_is_refused_is_for_a_person(peer: FhirPeer, traced: Lines) -> None:
    peer.faults(method="GET", match="/Patient", status=401)
    with pytest.raises(CredentialsRefusedError):
        list(REFERRALS.push(traced, [referral(NHSNumber=None)]))


def test_the_question_is_the_one_that_the_service_recommends(peer: FhirPeer, traced: Lines) -> None:
    answers(peer, "TOO_MANY_MATCHES")
    sent(peer, traced, NHSNumber=None)
    (asked,) = [one["url"] for one in peer.asked if "/Patient?" in one["url"]]
    for part in ("given=Ott%2A", "family=Quillborne", "birthdate=eq2011-03-14", "address-postalcode=NX%2A"):
        assert part in asked
    assert "_count" not in asked
