"""Health services with a book in hand: the caller says what becomes of which child.

The YJS's referrals and what became of them are played over FHIR, those of liaison and diversion over MESH.
Forms, BaRS, and MESH for the first two are met with servers that others wrote, in tests/connectors/health.
"""

import json
from collections.abc import Iterable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any

from simulators.health_liaison import ODD as ODD_REFERRALS
from simulators.health_liaison import Post
from simulators.health_service import Service, serving
from simulators.health_tasks import BSER, Resource, task
from simulators.mesh_exchange import THEIRS
from simulators.mesh_server import serving as serving_mesh

# Enough to tell slow from never, and short enough to wait for.
PATIENCE = "3"
# What MESH's door calls otherwise than our settings.
OURS_FOR_IT = {"CERTIFICATE_KEY": "KEY"}
STATUSES = ("accepted", "in-progress", "completed")
ODD: Mapping[str, Resource] = {
    "": {},
    "new_column": {"landlord": "nobody agreed to this"},
    "unknown_code": {"businessStatus": {"coding": [{"system": BSER, "code": "ZZ"}]}},
    "poison": {"status": ["accepted", "rejected"]},
}
BYPASSED = {
    "PUSH-06": "each referral is a transaction of its own, so no answer is about more than one",
}


@dataclass
class Rehearsed(Service):
    settings: Mapping[str, str] = field(default_factory=dict)
    plays: tuple[str, ...] = (
        "page_shifts", "page_changes", "page_fails", "repeats", "reorders", "counts_too_many", "empty",
        "lost_reply", "error_in_200", "html_in_200", "fewer_receipts", "refuses_one", "conflict_duplicate",
        "conflict_version", "too_early", "busy", "unauthorised", "down", "slow",
        "new_column", "unknown_code", "poison",
    )  # fmt: skip
    parts: Mapping[str, int] = field(default_factory=dict)
    post: Post = field(default_factory=Post)
    # When child 1 was last referred by liaison and diversion.
    referred_at: datetime | None = None

    def __post_init__(self) -> None:
        self.post.knocked = self._knocked

    def _knocked(self) -> None:
        self.asked += 1

    def begin(self) -> None:
        self.be("")
        self.refused, self.referred_at = "", None
        self.post.clear()
        for of_an_earlier_stage in (self.tasks, self.stored, self.effects):
            of_an_earlier_stage.clear()

    def be(self, mood: str) -> None:
        self.mood = mood
        self.post.be(mood)
        if mood == "page_changes" and self.referred_at:
            self.post.refer([1], version=2, at=self.referred_at + timedelta(microseconds=5))

    def say(self, feed: str, numbers: Iterable[int], *, version: int, at: datetime, oddity: str = "") -> None:
        numbers = list(numbers)
        if feed == "liaison":
            self.referred_at = at if 1 in numbers else self.referred_at
            self.post.refer(numbers, version=version, at=at, **ODD_REFERRALS[oddity])
            return
        for place, number in enumerate(numbers):
            status = STATUSES[version - 1]
            said = task(number, f"RF-{number}", status=status, code=None, said_at=at, version=version)
            self.tasks[number] = said | ODD[oddity if place == 0 else ""]

    def unsay(self, feed: str, number: int, *, at: datetime) -> None:
        if feed == "liaison":
            self.post.refer([number], version=1, at=at, status="revoked")
            return
        before = self.tasks[number]
        gone = task(number, f"RF-{number}", status="entered-in-error", code=None, said_at=at, version=9)
        self.tasks[number] = before | gone

    def work(self) -> None:
        for name, one in self.held("Task").items():
            self.held("Task")[name] = one | {"status": "accepted"}

    def heard(self) -> Iterable[tuple[str, Mapping[str, Any]]]:
        return [(key, told(patient, request)) for key, patient, request in tuple(self.effects)]


def told(patient: Resource, request: Resource) -> dict[str, Any]:
    """What they got, under the names that the YJS has for it."""
    name = (patient.get("name") or [{}])[0]
    address = (patient.get("address") or [{}])[0]
    return {
        "Referral": request["identifier"][0]["value"],
        "Service": request.get("performer", [{}])[0].get("display"),
        "Need": request["code"]["text"],
        "Urgency": request.get("priority"),
        "ReferredOn": request.get("authoredOn"),
        "FamilyName": name.get("family"),
        "GivenNames": " ".join(name.get("given", [])),
        "BornOn": patient.get("birthDate"),
        "Sex": patient.get("gender"),
        "Address": address.get("text"),
        "Postcode": address.get("postalCode"),
        "GP": " ".join(one.get("display", "") for one in patient.get("generalPractitioner", [])),
        "SafeContact": " ".join(one["text"] for one in request.get("note", [])),
        "Worker": request["requester"].get("display"),
    }


class Rehearsal:
    bypassed: Mapping[str, str] = BYPASSED

    @contextmanager
    def __call__(self, home: Path) -> Iterator[Rehearsed]:
        rehearsed = Rehearsed()
        with serving(rehearsed) as found, serving_mesh(rehearsed.post, home) as mesh:
            over_mesh = {
                f"HUB_HEALTH_MESH_{OURS_FOR_IT.get(name, name)}": said for name, said in mesh.items()
            }
            over_mesh["HUB_HEALTH_MESH_REFERRERS"] = json.dumps([THEIRS])
            rehearsed.settings = {**found, **over_mesh, "HUB_HEALTH_PATIENCE": PATIENCE}
            yield rehearsed


rehearsal = Rehearsal()
