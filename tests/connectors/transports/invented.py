"""Resources about an invented child, whose names no error may tell."""

from __future__ import annotations

from typing import Any

from connectors.transports.fhir import Entry, Identifier, Ids, Resource

REFERRALS = "https://yjs.example/Id/referral"
NAME = "Xanthippe"
PATIENT, REQUEST, TASK = (f"urn:uuid:00000000-0000-4000-8000-00000000000{n}" for n in (1, 2, 3))


def ids(key: str = "message-1") -> Ids:
    return Ids.of(key, conversation="YJS-1")


def identifier(value: str = "YJS-1") -> Identifier:
    return Identifier(REFERRALS, value)


def request(value: str = "YJS-1", **changes: Any) -> Resource:
    return {
        "resourceType": "ServiceRequest",
        "identifier": [{"system": REFERRALS, "value": value}],
        "status": "active",
        "intent": "order",
        "subject": {"display": NAME},
        **changes,
    }


def task(value: str = "YJS-1-1", **changes: Any) -> Resource:
    return {
        "resourceType": "Task",
        "identifier": [{"system": REFERRALS, "value": value}],
        "status": "requested",
        "intent": "order",
        **changes,
    }


def referral(**task_changes: Any) -> list[Entry]:
    """A child, the request about them, and the task to see to it."""
    patient = {
        "resourceType": "Patient",
        "identifier": [{"system": REFERRALS, "value": "P-1"}],
        "name": [{"given": [NAME]}],
    }
    about = request(subject={"reference": PATIENT})
    to_do = task(focus={"reference": REQUEST}, **{"for": {"reference": PATIENT}}, **task_changes)
    return [
        Entry(patient, identifier("P-1"), PATIENT),
        Entry(about, identifier(), REQUEST),
        Entry(to_do, identifier("YJS-1-1"), TASK),
    ]
