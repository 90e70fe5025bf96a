"""What a BaRS message means to whoever receives it: the decision table of Core 1.5.0, as a table.

Where the guide contradicts itself: "complete" is no status of an Encounter in R4, so "finished" is read; and
an update to a referral that is no cancellation is one, as the published ambulance examples have it.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from connectors.health.tasks import COLUMNS, Row, referral_of
from connectors.transports.fhir import Resource
from connectors.transports.fhir.resources import as_list

REQUEST, RESPONSE = "servicerequest-request", "servicerequest-response"
CANCELS = ("revoked", "entered-in-error")
DONE = ("triaged", "finished")
# https://fhir.nhs.uk/CodeSystem/rejected-reasons-bars
REJECTED: Mapping[str, str] = {
    "RRNA": "what was asked for is not available in time",
    "FC": "the service could not reach the family",
    "OTH": "another reason, which the service does not code",
}


@dataclass(frozen=True)
class Line:
    event: str
    category: str
    reasons: tuple[str, ...]
    statuses: tuple[str, ...]
    meaning: str
    # Of the Encounter and of the CarePlan, where the table asks for them; empty: whichever.
    encounter: tuple[str, ...] = ()
    plan: tuple[str, ...] = ()


NEW, UPDATE, EITHER = ("new",), ("update",), ("new", "update")
# The first that holds counts. What no line says is REC_BAD_REQUEST "invariant" (400).
TABLE: tuple[Line, ...] = (
    Line(REQUEST, "referral", NEW, ("active",), "new referral", DONE, ("completed",)),
    Line(REQUEST, "validation", NEW, ("active",), "new validation", ("triaged", "in-progress"), ("active",)),
    Line(REQUEST, "referral", UPDATE, CANCELS, "referral cancelled"),
    Line(REQUEST, "referral", UPDATE, ("active", "on-hold"), "referral updated"),
    Line(REQUEST, "validation", UPDATE, CANCELS, "validation cancelled"),
    Line(REQUEST, "validation", UPDATE, ("active", "on-hold"), "validation updated"),
    Line(RESPONSE, "referral", NEW, ("revoked",), "did not attend or safeguarding"),
    Line(RESPONSE, "validation", NEW, ("active",), "interim", ("in-progress",)),
    Line(RESPONSE, "validation", EITHER, ("completed",), "final", DONE),
    Line(RESPONSE, "validation", EITHER, ("revoked",), "rejected", ("triaged", "cancelled")),
)


@dataclass(frozen=True)
class Facts:
    event: str | None
    category: str | None
    reason: str | None
    status: str | None
    encounters: frozenset[str]
    plans: frozenset[str]
    # Of a response: the Bundle that it answers.
    answers: str | None
    version: str | None


def facts_of(bundle: Resource) -> Facts:
    header = _first(bundle, "MessageHeader")
    request = _first(bundle, "ServiceRequest")
    return Facts(
        event=_text(_object(header.get("eventCoding")).get("code")),
        category=_code_of(as_list(request.get("category")), "message-category-servicerequest"),
        reason=_code_of([header.get("reason")], "message-reason-bars"),
        status=_text(request.get("status")),
        encounters=frozenset(_statuses(bundle, "Encounter")),
        plans=frozenset(_statuses(bundle, "CarePlan")),
        answers=_text(_object(header.get("response")).get("identifier")),
        version=_text(_object(bundle.get("meta")).get("versionId")),
    )


def meaning_of(facts: Facts) -> str | None:
    """None: nothing that the table knows, which a receiver refuses."""
    if facts.version is None or (facts.event == RESPONSE and facts.answers is None):
        return None
    return next((line.meaning for line in TABLE if _holds(line, facts)), None)


def row_of_message(bundle: Resource) -> tuple[Row, str | None]:
    """A response as a row of text, and what is wrong with it."""
    facts, meaning = facts_of(bundle), meaning_of(facts_of(bundle))
    named = (referral_of(one) for kind in ("ServiceRequest", "Encounter") for one in _every(bundle, kind))
    said = _text(bundle.get("timestamp"))
    row: Row = {
        **dict.fromkeys(COLUMNS),
        "referral": next((one for one in named if one), None),
        "patient": None,
        "status": f"bars {meaning}" if meaning else None,
        "said_at": said,
        "said_on": said[:10] if said else None,
        "reason": next(_reasons(bundle), None) if meaning == "rejected" else None,
        "deleted": "no",
    }
    return row, _wrong(facts, row)


def _wrong(facts: Facts, row: Row) -> str | None:
    if facts.event != RESPONSE:
        return "it is no response to a referral"
    if row["status"] is None:
        return "the decision table of BaRS has no line for it"
    return None if row["referral"] else "it names no referral of ours"


def _holds(line: Line, facts: Facts) -> bool:
    return (
        (facts.event, facts.category) == (line.event, line.category)
        and facts.reason in line.reasons
        and facts.status in line.statuses
        and (not line.encounter or bool(facts.encounters & {*line.encounter}))
        and (not line.plan or bool(facts.plans & {*line.plan}))
    )


def _reasons(bundle: Resource) -> Iterator[str]:
    """Why they do not take it, in words of ours: theirs may say more of the child."""
    for encounter in _every(bundle, "Encounter"):
        for concept in as_list(encounter.get("reasonCode")):
            code = _code_of([concept], "rejected-reasons-bars") or ""
            if code in REJECTED:
                yield REJECTED[code]


def _every(bundle: Resource, kind: str) -> Iterator[Resource]:
    for entry in as_list(bundle.get("entry")):
        resource = _object(entry).get("resource") if isinstance(entry, dict) else None
        if isinstance(resource, dict) and resource.get("resourceType") == kind:
            yield resource


def _first(bundle: Resource, kind: str) -> Resource:
    return next(_every(bundle, kind), {})


def _statuses(bundle: Resource, kind: str) -> Iterator[str]:
    yield from (status for one in _every(bundle, kind) if (status := _text(one.get("status"))))


def _code_of(concepts: list[Any], system: str) -> str | None:
    codings = (_object(coding) for one in concepts for coding in as_list(_object(one).get("coding")))
    known = (one for one in codings if str(one.get("system")).lower().endswith(system))
    return next((_text(one.get("code")) for one in known), None)


def _object(told: object) -> Mapping[str, Any]:
    return told if isinstance(told, dict) else {}


def _text(told: object) -> str | None:
    return told if isinstance(told, str) and told else None
