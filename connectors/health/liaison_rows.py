"""A ServiceRequest to the YJS as a row of text, with the child whom it is about.

What we look at has a column of ours. An element that is neither that nor FHIR's own working stands under
its own name, so that the hub can say that it came; so does a kind of resource that no referral needs.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

import orjson

from connectors.health.bundle_parts import (
    Parts,
    as_object,
    identifiers,
    nhs_number_of,
    ods_of,
    text_of,
)
from connectors.health.liaison_flags import marks_of
from connectors.health.names import NHS_NUMBER
from connectors.health.row_frames import Read, Row
from connectors.transports.fhir import Resource
from connectors.transports.fhir.resources import as_list

COLUMNS = (
    *("reference", "said_at", "deleted", "need", "priority", "authored_on", "referrer"),
    *("safeguarding", "wellbeing", "flags_unread", "references_outside"),
    *("patient", "nhs_number", "family_name", "given_names", "born_on", "gender"),
    *("address", "postcode", "gp"),
)
REQUEST = "servicerequest-request"
STANDS, WITHDRAWN = ("active", "on-hold"), ("revoked", "entered-in-error")
# Of https://fhir.nhs.uk/CodeSystem/message-category-servicerequest, and the one that we take.
CATEGORIES, REFERRAL = "message-category-servicerequest", "referral"
# By SNOMED CT: that it is a referral, and not which help is asked for.
NO_NEED = frozenset({"3457005", "306206005", "792891000000102"})
# By https://hl7.org/fhir/R4/, what every resource has, and what the two have beside what we look at.
WORKINGS = "resourceType id meta implicitRules language text identifier"
REQUEST_WORKINGS = """instantiatesCanonical instantiatesUri basedOn replaces requisition intent encounter
    occurrenceDateTime occurrencePeriod occurrenceTiming performerType performer locationCode
    locationReference supportingInfo relevantHistory"""
OF_REQUEST = {*WORKINGS.split(), *REQUEST_WORKINGS.split(), "status", "category", "priority", "code"} | {
    *("subject", "authoredOn", "requester")
}
OF_PATIENT = {*WORKINGS.split(), "active", "name", "gender", "birthDate", "address", "generalPractitioner"}
OF_A_REFERRAL = """MessageHeader ServiceRequest Patient Organization Practitioner PractitionerRole
    HealthcareService Location Encounter CarePlan Consent Flag Task"""
KINDS = {*OF_A_REFERRAL.split()}


def row_of(request: Resource, parts: Parts) -> Read:
    """The row, and what is wrong with it."""
    patient = parts.at(request.get("subject"))
    status = text_of(request.get("status"))
    row: Row = {
        "reference": _reference(request, parts),
        "said_at": _said_at(request, parts),
        "deleted": "yes" if status in WITHDRAWN else "no",
        "need": _need(as_object(request.get("code"))),
        "priority": text_of(request.get("priority")),
        "authored_on": (text_of(request.get("authoredOn")) or "")[:10] or None,
        "referrer": _named(request.get("requester"), parts),
        "references_outside": "; ".join(sorted({*parts.outside()})) or None,
        **marks_of(request, parts),
        **_of_patient(patient, parts),
    }
    return row | dict(_not_agreed(request, patient, parts)), _wrong(request, status, parts)


def _wrong(request: Resource, status: str | None, parts: Parts) -> str | None:
    events = {as_object(one.get("eventCoding")).get("code") for one in parts.every("MessageHeader")}
    if not events <= {REQUEST}:
        return "it comes in a message that is no request"
    if status not in (*STANDS, *WITHDRAWN):
        return "its status is none of a referral that stands or is withdrawn"
    asked = {
        str(coding.get("code"))
        for concept in as_list(request.get("category"))
        for coding in _codings(concept)
        if str(coding.get("system")).casefold().endswith(CATEGORIES)
    }
    return None if asked <= {REFERRAL} else "by its category it is no referral"


def _of_patient(patient: Resource, parts: Parts) -> Row:
    name, home = _current(patient.get("name"), "official"), _current(patient.get("address"), "home")
    lines = [*as_list(home.get("line")), home.get("city"), home.get("district")]
    given = [text_of(one) or "" for one in as_list(name.get("given"))]
    return {
        "patient": next(
            (value for system, value in identifiers(patient) if system != NHS_NUMBER.casefold()), None
        ),
        "nhs_number": nhs_number_of(patient),
        "family_name": text_of(name.get("family")),
        "given_names": " ".join(one for one in given if one) or None,
        "born_on": text_of(patient.get("birthDate")),
        "gender": text_of(patient.get("gender")),
        "address": ", ".join(one for line in lines if (one := text_of(line))) or text_of(home.get("text")),
        "postcode": text_of(home.get("postalCode")),
        "gp": next((one for one in _practices(patient, parts) if one), None),
    }


def _reference(request: Resource, parts: Parts) -> str | None:
    """The request's own identifier; BaRS gives the case's to the Encounter, and none to the request."""
    encounter = parts.at(request.get("encounter"))
    named = (value for one in (request, encounter) for _, value in identifiers(one))
    return next(named, text_of(request.get("id")))


def _said_at(request: Resource, parts: Parts) -> str | None:
    of_bundle = parts.bundle.get("timestamp"), as_object(parts.bundle.get("meta")).get("lastUpdated")
    told = (as_object(request.get("meta")).get("lastUpdated"), *of_bundle, request.get("authoredOn"))
    return next((one for one in map(text_of, told) if one), None)


def _need(code: Mapping[str, Any]) -> str | None:
    """The code, whichever list it is of; words alone are asked about like a code that nobody agreed."""
    codes = [text_of(one.get("code")) for one in _codings(code)]
    if any(codes):
        return next((one for one in codes if one and one not in NO_NEED), None)
    return text_of(code.get("text"))


def _named(reference: object, parts: Parts, *, deep: int = 2) -> str | None:
    """A person, their organisation, or both: by words, else by ODS code."""
    told, there = as_object(reference), parts.at(reference)
    name = _current(there.get("name"), "official")
    person = " ".join(filter(None, (*map(text_of, as_list(name.get("given"))), text_of(name.get("family")))))
    words = text_of(there.get("name")) or text_of(name.get("text")) or person or text_of(told.get("display"))
    behind = [
        _named(there.get(one), parts, deep=deep - 1) for one in ("practitioner", "organization") if deep
    ]
    return ", ".join(filter(None, (words or ods_of(there) or ods_of(told), *behind))) or None


def _practices(patient: Resource, parts: Parts) -> Iterator[str | None]:
    for reference in as_list(patient.get("generalPractitioner")):
        there = parts.at(reference)
        yield ods_of(there) or ods_of(as_object(reference)) or text_of(there.get("name"))
        yield text_of(as_object(reference).get("display"))


def _current(told: object, best: str) -> Mapping[str, Any]:
    """Of several names or addresses the one that is best, and never one that no longer holds."""
    known = [one for one in as_list(told) if isinstance(one, dict) and one.get("use") != "old"]
    return next((one for one in known if one.get("use") == best), known[0] if known else {})


def _not_agreed(request: Resource, patient: Resource, parts: Parts) -> Iterator[tuple[str, str]]:
    for resource, known in ((request, OF_REQUEST), (patient, OF_PATIENT)):
        for name in resource.keys() - known:
            yield f"{resource['resourceType']}.{name}", orjson.dumps(resource[name]).decode()
    yield from ((kind, "it came") for kind in {one["resourceType"] for one in parts.resources} - KINDS)


def _codings(concept: object) -> list[Mapping[str, Any]]:
    return [one for one in as_list(as_object(concept).get("coding")) if isinstance(one, dict)]
