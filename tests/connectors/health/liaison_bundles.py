"""Referrals from liaison and diversion: the published examples, and an invented child."""

from __future__ import annotations

import json
from copy import deepcopy
from pathlib import Path
from typing import Any

PUBLISHED = Path(__file__).parent / "published"
ODS = "https://fhir.nhs.uk/Id/ods-organization-code"
NHS = "https://fhir.nhs.uk/Id/nhs-number"
SNOMED = "http://snomed.info/sct"
CHILD, REQUEST, TEAM, PRACTICE = (f"urn:uuid:00000000-0000-4000-8000-00000000000{n}" for n in range(1, 5))
Resource = dict[str, Any]


def published(name: str) -> Resource:
    told: Resource = json.loads((PUBLISHED / name).read_text())
    return told


def part(bundle: Resource, kind: str) -> Resource:
    found: Resource = next(
        one["resource"] for one in bundle["entry"] if one["resource"]["resourceType"] == kind
    )
    return found


def patient(**changed: Any) -> Resource:
    return {
        "resourceType": "Patient",
        "identifier": [{"system": NHS, "value": "9000000009"}],
        "name": [{"use": "official", "family": "Quillborne", "given": ["Ottoline", "May"]}],
        "gender": "female",
        "birthDate": "2011-03-14",
        "address": [
            {"use": "home", "line": ["4 Cobbler's Row"], "city": "Northmoor", "postalCode": "NX1 2AB"}
        ],
        "generalPractitioner": [{"reference": PRACTICE}],
    } | changed


def request(**changed: Any) -> Resource:
    return {
        "resourceType": "ServiceRequest",
        "meta": {"lastUpdated": "2026-11-22T09:00:00+00:00"},
        "identifier": [{"system": "https://liaison.example/Id/referral", "value": "LD-1"}],
        "status": "active",
        "intent": "order",
        "priority": "asap",
        "code": {"coding": [{"system": SNOMED, "code": "390866009"}]},
        "subject": {"reference": CHILD},
        "authoredOn": "2026-11-20T10:00:00+00:00",
        "requester": {"reference": TEAM},
    } | changed


def bundle(*more: Resource, child: Resource | None = None, asked: Resource | None = None) -> Resource:
    named = {
        CHILD: child or patient(),
        REQUEST: asked or request(),
        TEAM: {"resourceType": "Organization", "name": "Northmoor Liaison and Diversion"},
        PRACTICE: {
            "resourceType": "Organization",
            "identifier": [{"system": ODS.upper(), "value": "q99001"}],
        },
    }
    entries: list[Resource] = [{"fullUrl": name, "resource": deepcopy(one)} for name, one in named.items()]
    return {
        "resourceType": "Bundle",
        "type": "collection",
        "entry": [*entries, *({"resource": one} for one in more)],
    }


def flag(code: Resource, **changed: Any) -> Resource:
    return {
        "resourceType": "Flag",
        "status": "active",
        "code": {"coding": [code]},
        "subject": {"reference": CHILD},
    } | changed
