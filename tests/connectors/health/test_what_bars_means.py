"""A BaRS message that comes back means what the decision table of Core 1.5.0 says, and nothing else."""

from __future__ import annotations

import csv
import json
from collections.abc import Iterator
from datetime import date
from io import BytesIO
from pathlib import Path
from typing import Any

import pytest

from connectors.health import connector
from connectors.health.bars_meaning import facts_of, meaning_of

PUBLISHED = Path(__file__).parent / "published"
PROGRESS = connector.pull_feed("progress")
REASON = "https://fhir.nhs.uk/CodeSystem/message-reason-bars"
CATEGORY = "https://fhir.nhs.uk/CodeSystem/message-category-servicerequest"
# What the table says in its own words, and in ours.
MEANINGS = {
    "new referral": "new referral",
    "new validation request": "new validation",
    "referral cancelled": "referral cancelled",
    "validation cancelled": "validation cancelled",
    "validation updated": "validation updated",
    "did not attend / safeguarding feedback": "did not attend or safeguarding",
    "interim response": "interim",
    "final response": "final",
    "rejected": "rejected",
}


def message(**said: Any) -> dict[str, Any]:
    """A response as a receiver sends it, with what matters to a test in its place."""
    told = {
        "event": "servicerequest-response", "category": "validation", "reason": "new", "status": "completed",
        "encounter": "triaged", "plan": "completed", "version": "1.1.0", "answers": "B-1",
        "reference": "REF-1", "why": None,
    } | said  # fmt: skip
    system = "https://northmoor-yjs.example/Id/yjs-referral"
    header: dict[str, Any] = {
        "resourceType": "MessageHeader",
        "eventCoding": {"code": told["event"]},
        "reason": {"coding": [{"system": REASON, "code": told["reason"]}]},
    }
    if told["answers"]:
        header["response"] = {"identifier": told["answers"], "code": "ok"}
    request = {
        "resourceType": "ServiceRequest",
        "identifier": [{"system": system, "value": told["reference"]}] if told["reference"] else [],
        "status": told["status"],
        "category": [{"coding": [{"system": CATEGORY, "code": told["category"]}]}],
    }
    rejected = {"system": "https://fhir.nhs.uk/CodeSystem/rejected-reasons-bars", "code": told["why"]}
    encounter = {
        "resourceType": "Encounter",
        "status": told["encounter"],
        "reasonCode": [{"coding": [rejected]}],
    }
    plan = {"resourceType": "CarePlan", "status": told["plan"]}
    return {
        "resourceType": "Bundle",
        "id": "R-1",
        "meta": {"versionId": told["version"]} if told["version"] else {},
        "type": "message",
        "timestamp": "2026-11-22T09:00:00+00:00",
        "entry": [{"resource": one} for one in (header, request, encounter, plan)],
    }


def published() -> Iterator[Any]:
    """Each line of the published table, for each of the values that it allows."""
    with (PUBLISHED / "bars-message-decision-table.csv").open() as file:
        for row in csv.DictReader(file):
            if row["meaning"] not in MEANINGS:
                continue
            for reason in row["reason"].split("|"):
                for status in row["ServiceRequest.status"].split("|"):
                    said = {"event": row["eventCoding"], "category": row["ServiceRequest.category"]}
                    said |= {"reason": reason, "status": status} | condition(row["other condition"])
                    yield pytest.param(
                        said, MEANINGS[row["meaning"]], id=f"{row['meaning']} {reason} {status}"
                    )


def condition(written: str) -> dict[str, str]:
    plan = next((one for one in ("completed", "active") if f"CarePlan.status {one}" in written), "completed")
    encounter = next((one for one in ("in-progress", "triaged") if one in written), "finished")
    return {"plan": plan, "encounter": encounter}


@pytest.mark.parametrize(("said", "meaning"), tuple(published()))
def test_each_line_of_the_table_is_read_as_it_is_published(said: dict[str, str], meaning: str) -> None:
    assert meaning_of(facts_of(message(**said))) == meaning


NOTHING: dict[str, dict[str, Any]] = {
    "another status": {"status": "draft"},
    "another category": {"category": "booking"},
    "a response to nothing": {"answers": None},
    "no version": {"version": None},
    "an encounter that the line does not allow": {"encounter": "planned"},
    "a referral whose plan is not complete": {
        "event": "servicerequest-request", "category": "referral", "status": "active", "plan": "active",
    },
}  # fmt: skip


@pytest.mark.parametrize("said", NOTHING.values(), ids=NOTHING)
def test_anything_else_means_nothing(said: dict[str, Any]) -> None:
    assert meaning_of(facts_of(message(**said))) is None


def test_an_update_that_is_no_cancellation_is_one() -> None:
    """As the published ambulance examples have it, and the guide's own text has not."""
    said = {"event": "servicerequest-request", "category": "referral", "reason": "update", "status": "active"}
    assert meaning_of(facts_of(message(**said))) == "referral updated"


def test_a_published_request_is_read() -> None:
    bundle = json.loads((PUBLISHED / "bars_validation.json").read_text())
    bundle["meta"]["versionId"] = "1.1.0"
    facts = facts_of(bundle)
    assert (facts.event, facts.reason, facts.category, facts.status) == (
        "servicerequest-request", "new", "validation", "active",
    )  # fmt: skip


ANSWERED: dict[str, tuple[dict[str, Any], str | None, str | None]] = {
    "final": ({}, "completed", None),
    "interim": ({"status": "active", "encounter": "in-progress"}, "accepted", None),
    "rejected": (
        {"status": "revoked", "why": "FC"}, "declined", "the service could not reach the family",
    ),
    # A child who did not come, or one to worry about: a person must look.
    "one of two things": ({"category": "referral", "status": "revoked"}, None, None),
}  # fmt: skip


@pytest.mark.parametrize(("said", "state", "reason"), ANSWERED.values(), ids=ANSWERED)
def test_a_response_becomes_a_status_update(
    said: dict[str, Any], state: str | None, reason: str | None
) -> None:
    (rows,) = PROGRESS.open(BytesIO(json.dumps(message(**said)).encode()))
    (update,) = PROGRESS.record.frame(rows, date(2026, 11, 23)).to_dicts()
    assert (update["referral_reference"], update["state"], update["reason"]) == ("REF-1", state, reason)
    assert rows["problem"].to_list() == [None]


@pytest.mark.parametrize(
    ("said", "problem"),
    [
        ({"reference": None}, "it names no referral of ours"),
        ({"status": "draft"}, "the decision table of BaRS has no line for it"),
        ({"event": "booking-request"}, "it is no response to a referral"),
    ],
)
def test_what_cannot_be_a_response_is_in_front_of_a_person(said: dict[str, Any], problem: str) -> None:
    (rows,) = PROGRESS.open(BytesIO(json.dumps(message(**said)).encode()))
    assert rows["problem"].to_list() == [problem]
