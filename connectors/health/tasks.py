"""A Task of theirs as a row of text: what became of a referral of ours.

What we look at has a column of ours. What FHIR has beside it for its own working is left out by name;
anything else stands under its own name, so that the hub can say that it came.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import orjson

from connectors.health.names import MESSAGE, REFERRAL
from connectors.transports.fhir import Resource
from connectors.transports.fhir.resources import as_list

BSER = "TaskBusinessStatus"
COLUMNS = (
    "referral",
    "task",
    "patient",
    "status",
    "said_at",
    "said_on",
    "started_on",
    "ended_on",
    "reason",
    "words",
    "deleted",
)
LOOKED_AT = frozenset(
    {
        "identifier",
        "id",
        "for",
        "status",
        "businessStatus",
        "statusReason",
        "meta",
        "lastModified",
        "executionPeriod",
    }
)
# By https://hl7.org/fhir/R4/task.html, and what every resource may have.
WORKINGS = """resourceType implicitRules language text instantiatesCanonical instantiatesUri basedOn
    groupIdentifier partOf intent priority code focus encounter authoredOn requester performerType owner
    location"""
LEFT_OUT = frozenset(WORKINGS.split())
Row = dict[str, str | None]


def is_ours(task: Resource) -> bool:
    return task.get("resourceType") == "Task" and referral_of(task) is not None


def referral_of(resource: Resource) -> str | None:
    return _identified(resource, REFERRAL)


def message_of(resource: Resource) -> str | None:
    return _identified(resource, MESSAGE)


def row_of(task: Mapping[str, Any]) -> tuple[Row, str | None]:
    """The row, and what is wrong with it."""
    status, changed = task.get("status"), _changed(task)
    period, why = _object(task.get("executionPeriod")), _object(task.get("statusReason"))
    row: Row = {
        **dict.fromkeys(COLUMNS),
        "referral": referral_of(dict(task)),
        "task": _text(task.get("id")),
        "patient": _text(_object(task.get("for")).get("reference")),
        "status": status_of(task),
        "said_at": changed,
        "said_on": changed[:10] if changed else None,
        "started_on": (_text(period.get("start")) or "")[:10] or None,
        "ended_on": (_text(period.get("end")) or "")[:10] or None,
        "reason": next((_text(one.get("display")) for one in _codings(why)), None),
        "words": _text(why.get("text")),
        "deleted": "yes" if status == "entered-in-error" else "no",
    }
    others = {name: _written(value) for name, value in task.items() if name not in LOOKED_AT | LEFT_OUT}
    return row | others, _wrong(row, status)


def status_of(task: Mapping[str, Any]) -> str | None:
    """Their business status by BSeR where they use it; another list of theirs is a question for a person."""
    business = _object(task.get("businessStatus"))
    if business and task.get("status") != "entered-in-error":
        known = next((one for one in _codings(business) if BSER in str(one.get("system"))), None)
        return f"bser {known['code']}" if known and _text(known.get("code")) else "another list"
    status = _text(task.get("status"))
    return f"task {status}" if status else None


def _wrong(row: Row, status: object) -> str | None:
    if row["referral"] is None:
        return "it names no referral of ours"
    return None if isinstance(status, str) else "its status is not a word"


def _identified(resource: Resource, ending: str) -> str | None:
    known = (one for one in as_list(resource.get("identifier")) if isinstance(one, dict))
    return next((_text(one.get("value")) for one in known if str(one.get("system")).endswith(ending)), None)


def _changed(task: Mapping[str, Any]) -> str | None:
    """By the server's clock; a file that no server wrote has only what its writer says."""
    return _text(_object(task.get("meta")).get("lastUpdated")) or _text(task.get("lastModified"))


def _codings(concept: Mapping[str, Any]) -> list[Mapping[str, Any]]:
    return [one for one in as_list(concept.get("coding")) if isinstance(one, dict)]


def _object(told: object) -> Mapping[str, Any]:
    return told if isinstance(told, dict) else {}


def _text(told: object) -> str | None:
    return told.strip() or None if isinstance(told, str) else None


def _written(value: object) -> str:
    return value if isinstance(value, str) else orjson.dumps(value).decode()
