"""A referral as FHIR resources, after UK Core R4: Patient, ServiceRequest and Task."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any
from uuid import uuid5

from connectors.health.names import NHS_NUMBER, ODS_ORGANISATION, Names
from connectors.health.settings import ServiceRow
from connectors.health.words import (
    GENDERS,
    NEEDS,
    PATIENT_REFERRAL,
    PRIORITIES,
    REFERRALS_BY_NEED,
    RISKS,
    SNOMED,
)
from connectors.transports.fhir import Entry, Identifier, Resource
from connectors.transports.fhir.resources import OURS

UK_CORE = "https://fhir.hl7.org.uk/StructureDefinition/UKCore-"
VERIFICATION = "NHSNumberVerificationStatus"
# A number that nobody has traced: the case workers wrote it down.
TRACED = ("number-present-and-verified", "Number present and verified")
NOT_TRACED = ("number-present-but-not-traced", "Number present but not traced")
PRACTICE = re.compile(r"[A-Z][0-9]{5}", re.ASCII)
Body = Mapping[str, Any]


@dataclass(frozen=True)
class Asked:
    """One referral to one service, with what we call things and who we are."""

    body: Body
    key: str
    row: ServiceRow
    names: Names
    our_ods: str

    @property
    def reference(self) -> str:
        return str(self.body.get("Referral") or "")

    def url(self, part: str) -> str:
        """The same for the same message on every repeat."""
        return f"urn:uuid:{uuid5(OURS, f'{part} of {self.key}')}"

    def says(self, name: str) -> str | None:
        value = self.body.get(name)
        return None if value is None else str(value).strip() or None


def entries(asked: Asked) -> tuple[Entry, Entry, Entry]:
    referral = asked.names.referral(asked.reference)
    patient_url, request_url = asked.url("patient"), asked.url("request")
    return (
        Entry(patient(asked), patient_identifier(asked), patient_url),
        Entry(service_request(asked, subject=patient_url), referral, request_url),
        Entry(task(asked, focus=request_url, subject=patient_url), referral, asked.url("task")),
    )


def patient_identifier(asked: Asked) -> Identifier:
    return asked.names.patient(asked.says("NHSNumber"), asked.reference)


def patient(asked: Asked) -> Resource:
    given = (asked.says("GivenNames") or "").split()
    name = _filled({"use": "official", "family": asked.says("FamilyName"), "given": given})
    address = {"use": "home", "text": asked.says("Address"), "postalCode": asked.says("Postcode")}
    return _filled(
        {
            "resourceType": "Patient",
            "meta": _profile("Patient"),
            "identifier": [_known_by(patient_identifier(asked), is_traced="NHSNumberVerified" in asked.body)],
            "name": [name],
            "gender": GENDERS.get(asked.says("Sex") or "", "unknown"),
            "birthDate": asked.says("BornOn"),
            "address": [_filled(address)] if any(map(asked.says, ("Address", "Postcode"))) else [],
            "generalPractitioner": _practice(asked.says("GP")),
        }
    )


def service_request(asked: Asked, *, subject: str) -> Resource:
    return _filled(
        {
            "resourceType": "ServiceRequest",
            "meta": _profile("ServiceRequest"),
            "identifier": [
                _as_identifier(asked.names.referral(asked.reference)),
                _as_identifier(asked.names.message(asked.key)),
            ],
            "status": "active",
            "intent": "order",
            "subject": {"reference": subject},
            **said_of_it(asked),
        }
    )


def withdrawal(asked: Asked) -> Resource:
    """For those who hold it already: which referral, and that it is taken back."""
    return {
        "resourceType": "ServiceRequest",
        "identifier": [_as_identifier(asked.names.referral(asked.reference))],
        "status": "revoked",
        "intent": "order",
        "requester": _organisation(asked.our_ods),
    }


def said_of_it(asked: Asked) -> Resource:
    """What we may say anew of a request that they hold. All else of it is theirs."""
    need = asked.says("Need") or ""
    kind = REFERRALS_BY_NEED.get(need)
    code = {
        "coding": [_coding(SNOMED, *kind)] if kind else [],
        "text": NEEDS.get(need, need.replace("_", " ")),
    }
    return _filled(
        {
            "priority": PRIORITIES.get(asked.says("Urgency") or ""),
            "category": [{"coding": [_coding(SNOMED, *PATIENT_REFERRAL)]}],
            "code": _filled(code),
            "authoredOn": asked.says("ReferredOn"),
            "requester": _filled({**_organisation(asked.our_ods), "display": asked.says("Worker")}),
            "performer": [_filled({**_organisation(asked.row.ods), "display": asked.says("Service")})],
            "note": [{"text": words} for words in _notes(asked)],
        }
    )


def task(asked: Asked, *, focus: str, subject: str) -> Resource:
    return _filled(
        {
            "resourceType": "Task",
            "meta": _profile("Task"),
            "identifier": [_as_identifier(asked.names.referral(asked.reference))],
            "status": "requested",
            "intent": "order",
            "code": {"coding": [_coding("http://hl7.org/fhir/CodeSystem/task-code", "fulfill")]},
            "focus": {"reference": focus},
            "for": {"reference": subject},
            "authoredOn": asked.says("ReferredOn"),
            "requester": _organisation(asked.our_ods),
            "owner": _filled({**_organisation(asked.row.ods), "display": asked.says("Service")}),
        }
    )


def _notes(asked: Asked) -> Iterator[str]:
    for risk in (asked.says("Risks") or "").split("; "):
        if risk:
            yield RISKS[risk]
    if contact := asked.says("SafeContact"):
        yield f"Safe contact: {contact}"
    if consent := asked.says("Consent"):
        yield f"Consent was given by: {consent.replace('_', ' ')}"


def _known_by(identifier: Identifier, *, is_traced: bool) -> Resource:
    if identifier.system != NHS_NUMBER:
        return _as_identifier(identifier)
    coding = _coding(
        f"https://fhir.hl7.org.uk/CodeSystem/UKCore-{VERIFICATION}", *(TRACED if is_traced else NOT_TRACED)
    )
    standing = {"url": f"{UK_CORE.replace('UKCore-', 'Extension-UKCore-')}{VERIFICATION}"}
    return {
        "extension": [{**standing, "valueCodeableConcept": {"coding": [coding]}}],
        **_as_identifier(identifier),
    }


def _practice(gp: str | None) -> list[Resource]:
    if gp is None:
        return []
    return [_organisation(gp) if PRACTICE.fullmatch(gp) else {"display": gp}]


def _organisation(ods: str) -> Resource:
    """Written as it is defined; read, its case does not matter."""
    return {"identifier": {"system": ODS_ORGANISATION, "value": ods.upper()}} if ods else {}


def _as_identifier(one: Identifier) -> Resource:
    return {"system": one.system, "value": one.value}


def _coding(system: str, code: str, display: str | None = None) -> Resource:
    return _filled({"system": system, "code": code, "display": display})


def _profile(kind: str) -> Resource:
    return {"profile": [f"{UK_CORE}{kind}"]}


def _filled(made: Resource) -> Resource:
    """FHIR knows no empty element."""
    return {name: value for name, value in made.items() if value not in (None, "", [], {})}
