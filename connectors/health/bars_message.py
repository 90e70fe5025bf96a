"""A referral as a BaRS message: one Bundle with everything in it, by Core 1.5.0 and its definition.

There is no use case for a YJS that refers to health: the code is a setting, and so far a stand-in.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Mapping
from datetime import UTC, datetime, time
from typing import Any
from uuid import uuid5

from connectors.health.message import CHANGED, WITHDRAWN
from connectors.health.names import ODS_ORGANISATION
from connectors.health.resources import UK_CORE, Asked, patient, said_of_it
from connectors.transports.fhir import Resource
from connectors.transports.fhir.resources import OURS, as_list

BARS = "https://fhir.nhs.uk/"
SERVICE_ID = f"{BARS}Id/dos-service-id"
DEFINITION = f"{BARS}MessageDefinition/bars-message-servicerequest-request-referral"
CANCELLED = f"{BARS}MessageDefinition/bars-message-servicerequest-request-cancelled"
ACT_CODES = "http://terminology.hl7.org/CodeSystem/v3-ActCode"
VERSION = "1.1.0"
# Least and most, by https://fhir.nhs.uk/MessageDefinition/bars-message-servicerequest-request-referral
# 1.0.0-beta. No validator of FHIR looks at it; the guide leaves it to whoever sends and receives.
MANY = 1_000
ONE, SOME = (1, 1), (1, MANY)
OF_A_REFERRAL: Mapping[str, tuple[int, int]] = {
    **dict.fromkeys(
        ("MessageHeader", "ServiceRequest", "Patient", "Encounter", "CarePlan", "HealthcareService"), ONE
    ),
    "Organization": (2, MANY),
    **dict.fromkeys(("Practitioner", "PractitionerRole", "Consent"), SOME),
}
OF_A_CANCELLATION: Mapping[str, tuple[int, int]] = {
    **dict.fromkeys(("MessageHeader", "ServiceRequest", "Patient"), ONE),
    "Organization": (2, MANY),
}
# What a cancellation is made of, of all that a referral is made of.
CANCELS = frozenset(OF_A_CANCELLATION)


def bars_bundle(asked: Asked, *, service_id: str, use_case: str) -> Resource:
    """The same for the same message. Its id is that of the message: the guide wants it both kept and new."""
    cancels = asked.says("Change") == WITHDRAWN
    parts = _parts(asked, service_id, use_case)
    at = moment(asked)
    return {
        "resourceType": "Bundle",
        "id": str(uuid5(OURS, f"bundle {asked.key}")),
        "meta": {"versionId": VERSION, "lastUpdated": at, **_profile("BARSBundleMessage")},
        "type": "message",
        "timestamp": at,
        "entry": [
            {"fullUrl": asked.url(part), "resource": {**made, "meta": {**made["meta"], "lastUpdated": at}}}
            for part, made in parts.items()
            if not cancels or made["resourceType"] in CANCELS
        ],
    }


def moment(asked: Asked) -> str:
    """Noon of the day of the referral: the same on every repeat. Without that day there is no message."""
    return datetime.combine(asked.body["ReferredOn"], time(12), UTC).isoformat()


def wrong_counts(bundle: Resource) -> tuple[str, ...]:
    """What there is too little or too much of, such as "Organization 1 (2 or more)"."""
    kinds = Counter(_kinds(bundle))
    header = next((one for one in _resources(bundle) if one.get("resourceType") == "MessageHeader"), {})
    table = OF_A_CANCELLATION if header.get("definition") == CANCELLED else OF_A_REFERRAL
    return tuple(
        f"{kind} {kinds[kind]} ({least}{' or more' if most == MANY else ''})"
        for kind, (least, most) in table.items()
        if not least <= kinds[kind] <= most
    )


def _kinds(bundle: Resource) -> Iterator[str]:
    yield from (str(one.get("resourceType")) for one in _resources(bundle))


def _resources(bundle: Resource) -> Iterator[Resource]:
    for entry in as_list(bundle.get("entry")):
        if isinstance(entry, dict) and isinstance(entry.get("resource"), dict):
            yield entry["resource"]


def _parts(asked: Asked, service_id: str, use_case: str) -> dict[str, Resource]:
    return {
        "header": _header(asked, service_id),
        "request": _request(asked, use_case),
        "encounter": _encounter(asked),
        "plan": _plan(asked),
        "patient": patient(asked),
        "worker": _core("Practitioner", name=[{"text": asked.says("Worker") or "Youth justice worker"}]),
        "role": _core(
            "PractitionerRole", practitioner=_to(asked, "worker"), organization=_to(asked, "sender")
        ),
        # Named so: a real receiver refuses any other names.
        "sender": _organisation(asked.our_ods, "Sender Organization"),
        "receiver": _organisation(asked.row.ods, "Receiving/performing Organization"),
        "service": _service(asked),
        "consent": _consent(asked),
    }


def _header(asked: Asked, service_id: str) -> Resource:
    change = asked.says("Change")
    reason = "update" if change in (CHANGED, WITHDRAWN) else "new"
    return {
        "resourceType": "MessageHeader",
        "meta": _profile("BARSMessageHeader-servicerequest-request"),
        "eventCoding": _code("message-events-bars", "servicerequest-request"),
        "destination": [
            {"endpoint": f"{SERVICE_ID}|{asked.row.service_id}", "receiver": _to(asked, "receiver")}
        ],
        "sender": _to(asked, "sender"),
        "source": {
            "name": "Youth Justice Service",
            "software": "Referral Hub",
            "endpoint": f"{SERVICE_ID}|{service_id}",
        },
        "reason": {"coding": [_code("message-reason-bars", reason)]},
        "focus": [_to(asked, "request")],
        "definition": CANCELLED if change == WITHDRAWN else DEFINITION,
    }


def _request(asked: Asked, use_case: str) -> Resource:
    cancels = asked.says("Change") == WITHDRAWN
    said = {"authoredOn": moment(asked)} if cancels else said_of_it(asked) | {"authoredOn": moment(asked)}
    inside = {} if cancels else {"basedOn": [_to(asked, "plan")], "encounter": _to(asked, "encounter")}
    identifier = asked.names.referral(asked.reference)
    return {
        "resourceType": "ServiceRequest",
        "meta": _profile("BARSServiceRequest-request-referral"),
        "identifier": [{"system": identifier.system, "value": identifier.value}],
        "status": "revoked" if cancels else "active",
        "intent": "plan",
        "subject": _to(asked, "patient"),
        "occurrencePeriod": {"start": moment(asked)},
        **inside,
        **said,
        "category": [
            {
                "coding": [
                    _code("message-category-servicerequest", "referral") | {"display": "Transfer of Care"},
                    _code("usecases-categories-bars", use_case),
                ]
            }
        ],
        "requester": _to(asked, "sender" if cancels else "worker"),
        "performer": [_to(asked, "receiver" if cancels else "service")],
    }


def _encounter(asked: Asked) -> Resource:
    identifier = asked.names.referral(asked.reference)
    act = {
        "system": "http://terminology.hl7.org/CodeSystem/v3-ActCode",
        "code": "AMB",
        "display": "ambulatory",
    }
    return _core(
        "Encounter",
        identifier=[{"system": identifier.system, "value": identifier.value}],
        status="finished",
        **{"class": act},
        subject=_to(asked, "patient"),
        period={"start": moment(asked), "end": moment(asked)},
    )


def _plan(asked: Asked) -> Resource:
    why = said_of_it(asked)["code"]["text"] or "Help with health"
    return _core(
        "CarePlan",
        status="completed",
        intent="plan",
        subject=_to(asked, "patient"),
        encounter=_to(asked, "encounter"),
        activity=[{"outcomeCodeableConcept": [{"text": why}], "detail": {"status": "not-started"}}],
    )


def _service(asked: Asked) -> Resource:
    return _core(
        "HealthcareService",
        identifier=[{"system": SERVICE_ID, "value": asked.row.service_id}],
        active=True,
        providedBy=_to(asked, "receiver"),
        name=asked.says("Service") or asked.row.name,
    )


def _consent(asked: Asked) -> Resource:
    scope = {"system": "http://terminology.hl7.org/CodeSystem/consentscope", "code": "patient-privacy"}
    policy = {"system": ACT_CODES, "code": "OPTIN"}
    return _core(
        "Consent",
        status="active",
        scope={"coding": [scope]},
        category=[{"coding": [_code("consent-categories-bars", "DRC") | {"display": "Direct Care"}]}],
        patient=_to(asked, "patient"),
        dateTime=moment(asked)[:10],
        policyRule={"coding": [policy]},
    )


def _organisation(ods: str, name: str) -> Resource:
    return _core("Organization", identifier=[{"system": ODS_ORGANISATION, "value": ods.upper()}], name=name)


def _core(kind: str, **said: Any) -> Resource:
    return {"resourceType": kind, "meta": {"profile": [f"{UK_CORE}{kind}"]}, **said}


def _profile(name: str) -> Resource:
    return {"profile": [f"{BARS}StructureDefinition/{name}"]}


def _code(system: str, code: str) -> Resource:
    return {"system": f"{BARS}CodeSystem/{system}", "code": code}


def _to(asked: Asked, part: str) -> Resource:
    return {"reference": asked.url(part)}
