"""What health services say of a child whom the YJS referred: a Task, by FHIR R4 and BSeR's list."""

import random
from datetime import datetime, timedelta
from typing import Any

from simulators.cast import bystanders, cast
from simulators.nights import iso, morning
from simulators.yjs_nights import known, night_rows

Resource = dict[str, Any]
YJS_REFERRAL = "https://northmoor-yjs.example/Id/yjs-referral"
YJS_MESSAGE = "https://northmoor-yjs.example/Id/yjs-message"
BSER = "http://hl7.org/fhir/us/bser/CodeSystem/TaskBusinessStatusCS"
NEEDS = ("MENTAL_HEALTH", "SPEECH_LANGUAGE_COMMUNICATION", "PHYSICAL_HEALTH")
# What becomes of a referral, a step a night: the Task's status, BSeR's code, and what it is called there.
WELL = (
    ("received", "2.0", "Service Request Created"),
    ("accepted", "3.0", "Service Request Accepted"),
    ("in-progress", "5.1.1", "Event Scheduled"),
    ("in-progress", "5.1.4", "Event Completed"),
    ("completed", "7.0", "Service Request Fulfillment Completed"),
)
AWAY = (*WELL[:3], ("in-progress", "5.1.2", "Event Unattended"))
NO = (WELL[0], ("rejected", "4.0", "Service Request Declined"))
DECLINED = ("Known to another team", "Does not meet the threshold", "Lives outside the area")


def task(
    number: int, reference: str, *, status: str, code: str | None, said_at: datetime, version: int
) -> Resource:
    """As their server keeps it."""
    made: Resource = {
        "resourceType": "Task",
        "id": f"task-{number}",
        "meta": {"versionId": str(version), "lastUpdated": iso(said_at)},
        "identifier": [{"system": YJS_REFERRAL, "value": reference}],
        "status": status,
        "intent": "order",
        "for": {"reference": f"Patient/patient-{number}"},
        "lastModified": iso(said_at),
    }
    if code:
        made["businessStatus"] = {"coding": [{"system": BSER, "code": code}]}
    return made


def step(task_before: Resource, reference: str, nights: int, said_at: datetime) -> Resource:
    """Where it stands after so many nights. All chance comes from the referral."""
    rng = random.Random(reference)
    way = rng.choice((WELL, WELL, WELL, AWAY, NO))
    place = min(nights, len(way) - 1)
    status, code, words = way[place]
    moved = {
        **task_before,
        "meta": {"versionId": str(place + 1), "lastUpdated": iso(said_at)},
        "status": status,
        "businessStatus": {"coding": [{"system": BSER, "code": code, "display": words}]},
        "lastModified": iso(said_at),
    }
    if way is NO and place:
        moved["statusReason"] = {"coding": [{"display": rng.choice(DECLINED)}]}
    if status in ("in-progress", "completed") and code != "5.1.1":
        moved["executionPeriod"] = {"start": iso(said_at - timedelta(days=1))}
    return moved


def referred_before(night: int) -> dict[int, Resource]:
    """Of those whom the YJS referred by letter before the hub was there: one in two."""
    everybody = known(cast(), bystanders())
    rows = [row for row in night_rows(1, everybody)["referrals"] if row["need"] in NEEDS]
    found = {}
    for number, row in enumerate(rows, 1):
        reference = row["referralID"]
        if number % 2:
            nights = night - 1 + random.Random(f"{reference} begun").randrange(3)
            at = morning(night) - timedelta(hours=number % 12 + 1)
            empty = task(number, reference, status="received", code=None, said_at=at, version=1)
            found[number] = step(empty, reference, nights, at)
    return found
