"""Several services at once: one that is down holds up neither referrals to the others nor their answers."""

from __future__ import annotations

import json
from collections.abc import Iterator
from datetime import date
from io import BytesIO
from pathlib import Path
from typing import Any

import pytest

import connectors.health
from connectors.contract import Answer, InboundMessage, Receipt, Since
from connectors.errors import PartnerUnavailableError
from connectors.health import connector
from connectors.health.lines import Lines
from tests.connectors.health.children import referral
from tests.connectors.health.conftest import to
from tests.servers.fhir_peer import FhirPeer
from tests.servers.lines import HOST, closed_port

(REFERRALS,) = connector.pushes
PROGRESS = connector.pull_feed("progress")
SAMPLE = Path(connectors.health.__file__).parent / "samples" / "accepted-tasks.json"


@pytest.fixture
def two(peer: FhirPeer) -> Iterator[Lines]:
    """The first is not there."""
    services: list[dict[str, Any]] = [
        {"name": "Northmoor CAMHS", "route": "fhir", "at": f"http://{HOST}:{closed_port()}/fhir/R4"},
        {"name": "*", "route": "fhir", "at": peer.base},
    ]
    with to(services=services, patience=2) as lines:
        yield lines


def answered(messages: list[InboundMessage]) -> list[str]:
    rows = [rows for one in messages for rows in PROGRESS.open(BytesIO(b"".join(one.body)))]
    return [one for frame in rows for one in PROGRESS.record.frame(frame, date(2026, 11, 23))["state"]]


@pytest.mark.server
def test_the_others_referrals_go_and_the_run_says_what_went_wrong(peer: FhirPeer, two: Lines) -> None:
    receipts: list[Receipt] = []
    with pytest.raises(PartnerUnavailableError):
        receipts.extend(REFERRALS.push(two, [referral("REF-1"), referral("REF-2", Service="Elsewhere")]))
    assert len(peer.held("ServiceRequest")) == 1


@pytest.mark.server
def test_the_others_answers_are_taken_and_the_trouble_is_told_of(peer: FhirPeer, two: Lines) -> None:
    (receipt,) = REFERRALS.push(two, [referral(Service="Elsewhere")])
    assert receipt.answer is Answer.RECEIVED
    messages = list(PROGRESS.pull(two, Since(None, frozenset())))
    troubles = [one.problem.code for one in messages if one.problem]
    assert troubles == ["HEA-R01"]
    assert answered([one for one in messages if not one.problem]) == ["referred"]


@pytest.mark.server
def test_each_server_is_asked_from_where_it_was_left_off(peer: FhirPeer, two: Lines) -> None:
    list(REFERRALS.push(two, [referral(Service="Elsewhere")]))
    (cursor,) = [one.cursor for one in PROGRESS.pull(two, Since(None, frozenset())) if one.cursor]
    assert list(json.loads(cursor)) == [peer.base]


def test_the_sample_is_read() -> None:
    (rows,) = PROGRESS.open(BytesIO(SAMPLE.read_bytes()))
    one, two = PROGRESS.record.frame(rows, date(2026, 11, 23)).to_dicts()
    assert (one["reference"], one["state"], one["reason"]) == ("REF-1", "offered", None)
    assert (two["reference"], two["state"], two["reason"]) == ("REF-2", "declined", "Lives outside the area")
