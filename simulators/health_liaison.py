"""What liaison and diversion refers to the YJS: Bundles of FHIR R4 in the YJS's mailbox."""

import json
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from simulators.mesh_exchange import OURS, Exchange, Message
from simulators.nights import iso

Resource = dict[str, Any]
WORKFLOW = "YJS_INBOUND"
TEAM = {"resourceType": "Organization", "name": "Northmoor Liaison and Diversion"}
TEAM_URL = "urn:uuid:00000000-0000-4000-8000-000000000000"
# What a newer version changes.
PRIORITIES = ("routine", "urgent", "asap")
NEED = {"coding": [{"system": "http://snomed.info/sct", "code": "390866009"}]}
ODD: Mapping[str, Resource] = {
    "": {},
    "new_column": {"landlord": "nobody agreed to this"},
    "unknown_code": {"code": {"coding": [{"system": "http://snomed.info/sct", "code": "ZZ"}]}},
    "poison": {"status": ["active", "revoked"]},
}


@dataclass
class Post(Exchange):
    """A mailbox exchange that tells of every knock."""

    knocked: Callable[[], None] = lambda: None

    def lets_in(self, mailbox: str, proof: str) -> bool:
        self.knocked()
        return super().lets_in(mailbox, proof)

    def refer(self, numbers: Iterable[int], *, version: int, at: datetime, **first: Any) -> None:
        """One Bundle about these children; what is said of the first's ServiceRequest besides."""
        entries = [{"fullUrl": TEAM_URL, "resource": TEAM}]
        for place, number in enumerate(numbers):
            asked = request(number, version=version, at=at) | (first if place == 0 else {})
            entries += [
                {"fullUrl": _url(number), "resource": patient(number)},
                {"fullUrl": f"urn:request:{number}", "resource": asked},
            ]
        bundle = {"resourceType": "Bundle", "type": "collection", "entry": entries}
        self.put(Message(OURS, WORKFLOW, _written(bundle)))


def patient(number: int) -> Resource:
    return {
        "resourceType": "Patient",
        "identifier": [{"system": "https://liaison.example/Id/patient", "value": f"LDP{number:06d}"}],
        "name": [{"use": "official", "family": f"Quillborne{number}", "given": ["Ottoline"]}],
        "gender": "female",
        "birthDate": "2011-03-14",
        "address": [
            {"use": "home", "line": ["4 Cobbler's Row"], "city": "Northmoor", "postalCode": "NX1 2AB"}
        ],
    }


def request(number: int, *, version: int, at: datetime) -> Resource:
    return {
        "resourceType": "ServiceRequest",
        "meta": {"lastUpdated": iso(at)},
        "identifier": [{"system": "https://liaison.example/Id/referral", "value": f"LD-{number}"}],
        "status": "active",
        "intent": "order",
        "priority": PRIORITIES[version - 1],
        "code": NEED,
        "subject": {"reference": _url(number)},
        "authoredOn": "2026-11-20",
        "requester": {"reference": TEAM_URL},
    }


def _url(number: int) -> str:
    return f"urn:uuid:00000000-0000-4000-8000-1{number:011d}"


def _written(bundle: Resource) -> bytes:
    return json.dumps(bundle).encode()
