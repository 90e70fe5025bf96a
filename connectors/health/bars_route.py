"""BaRS: a message to $process-message under ids that stay the same, and read before it is taken back."""

from __future__ import annotations

import json
from base64 import b64encode
from collections.abc import Iterator, Sequence
from datetime import UTC, date, datetime

from connectors.contract import Answer, OutboundMessage, Receipt
from connectors.errors import PartnerRefusedError
from connectors.health.bars_message import SERVICE_ID, bars_bundle, wrong_counts
from connectors.health.lines import PARTNER, Lines, base_url
from connectors.health.message import CHANGED, WITHDRAWN
from connectors.health.names import NHS_NUMBER, ODS_ORGANISATION
from connectors.health.resources import Asked
from connectors.health.settings import ServiceRow
from connectors.health.tasks import referral_of
from connectors.transports.fhir import (
    Conflict,
    FhirClient,
    FhirSite,
    Ids,
    RefusedMessageError,
    Resource,
    fhir_client,
)
from connectors.transports.fhir.resources import as_list

PROCESS = "$process-message"
ECHOES = ("X-Request-ID", "X-Correlation-ID")
NO_DAY = "not sent: BaRS needs the day of the referral"
NOT_SHOWN = "not withdrawn: they do not show it to us; ring the service"
NO_NUMBER = "not withdrawn: without an NHS number BaRS cannot find it; ring the service"


def push(lines: Lines, row: ServiceRow, messages: Sequence[OutboundMessage]) -> Iterator[Receipt]:
    _check_is_taken(lines, row)
    for message in messages:
        asked = Asked(message.body, message.key, row, lines.names, lines.settings.our_ods)
        answer, why, theirs = _told(lines, asked)
        yield Receipt(asked.key, answer, datetime.now(UTC), why, theirs)


def answers(lines: Lines, keys: Sequence[str]) -> Iterator[Receipt]:
    """Theirs come as messages of their own, to wherever we can be reached; nothing is asked for."""
    yield from ()


Told = tuple[Answer, str | None, str | None]


def _told(lines: Lines, asked: Asked) -> Told:
    ours = lines.settings
    if not isinstance(asked.body.get("ReferredOn"), date):
        return Answer.REFUSED, NO_DAY, None
    bundle = bars_bundle(asked, service_id=ours.our_service_id, use_case=ours.bars_use_case)
    if wrong := wrong_counts(bundle):
        return Answer.REFUSED, f"not sent: a BaRS message may not have {', '.join(wrong)}", None
    withdraws = asked.says("Change") == WITHDRAWN
    reason = "update" if withdraws or asked.says("Change") == CHANGED else "new"
    client = _client(lines, asked.row, reason)
    try:
        if withdraws and (told := _not_to_be_withdrawn(client, asked)):
            return told
        return _handed_over(client, asked, bundle)
    except RefusedMessageError as refusal:
        return Answer.REFUSED, refusal.what, None


def _handed_over(client: FhirClient, asked: Asked, bundle: Resource) -> Told:
    answer = client.deliver(PROCESS, bundle, ids=Ids.of(asked.key, conversation=asked.reference))
    if isinstance(answer, Conflict):
        held = _held(client, asked)
        standing = f"they hold it as {held.get('status')}" if held else "they show none of it"
        return Answer.REFUSED, f"not delivered: it was changed there meanwhile, and {standing}", None
    return Answer.RECEIVED, None, _their_reference(answer.resource or {}, asked)


def _not_to_be_withdrawn(client: FhirClient, asked: Asked) -> Told | None:
    """Read first, as the guide wants it; None where it is still active."""
    if not asked.says("NHSNumber"):
        return Answer.REFUSED, NO_NUMBER, None
    held = _held(client, asked)
    match held and held.get("status"):
        case None:
            return Answer.REFUSED, NOT_SHOWN, None
        case "active":
            return None
        case "revoked" | "entered-in-error":
            return Answer.ACCEPTED, None, None
        case _:
            return Answer.REFUSED, "not withdrawn: it is no longer active with them; ring the service", None


def _held(client: FhirClient, asked: Asked) -> Resource | None:
    """Their request of this referral, among all of the child's."""
    number = asked.says("NHSNumber")
    if not number:
        return None
    query = {"patient:identifier": f"{NHS_NUMBER}|{number}"}
    pages = client.search("ServiceRequest", query)
    held = (one for page in pages for one in page.resources if referral_of(one) == asked.reference)
    return next(held, None)


def _check_is_taken(lines: Lines, row: ServiceRow) -> None:
    """What a service takes it says itself; a message that it does not take is not sent to it."""
    use_case = lines.settings.bars_use_case
    pages = _client(lines, row, "new").search("MessageDefinition", {"context": row.service_id})
    taken = [one for page in pages for one in page.resources]
    if not any(_takes(one, use_case) for one in taken):
        raise PartnerRefusedError(
            f"{PARTNER}: the service takes no referrals by BaRS for the use case {use_case}.",
            fix="ask the service which it takes, and set HUB_HEALTH_BARS_USE_CASE, or another route.",
        )


def _takes(definition: Resource, use_case: str) -> bool:
    event = definition.get("eventCoding")
    is_request = isinstance(event, dict) and event.get("code") == "servicerequest-request"
    return is_request and f'"{use_case}"' in json.dumps(as_list(definition.get("useContext")))


def _client(lines: Lines, row: ServiceRow, reason: str) -> FhirClient:
    """One for each thing that the headers say."""
    ours = lines.settings
    context = f"{ours.bars_use_case}|referral|servicerequest-request|{reason}"
    site = FhirSite(
        lines.site(base_url(ours, row)),
        accept=f"application/fhir+json; version={ours.bars_version}",
        echoes=ECHOES,
        headers=_headers(lines, row) | {"use-context": context},
    )
    client: FhirClient = lines.keep(f"bars {row.name} {reason}", lambda: fhir_client(site))
    return client


def _headers(lines: Lines, row: ServiceRow) -> dict[str, str]:
    organisation = {
        "resourceType": "Organization",
        "identifier": [{"system": ODS_ORGANISATION, "value": lines.settings.our_ods.upper()}],
        "name": "Youth Justice Service",
    }
    name = {"name": "Referral Hub", "type": "user-friendly-name"}
    device = {"resourceType": "Device", "deviceName": [name]}
    return {
        "NHSD-Target-Identifier": _packed({"value": row.service_id, "system": SERVICE_ID}),
        "NHSD-End-User-Organisation": _packed(organisation),
        "NHSD-Requesting-Software": _packed(device),
    }


def _packed(said: object) -> str:
    return b64encode(json.dumps(said, separators=(",", ":")).encode()).decode()


def _their_reference(bundle: Resource, asked: Asked) -> str | None:
    """Of the appointment they made of it, where they made one."""
    resources = (one.get("resource") for one in as_list(bundle.get("entry")) if isinstance(one, dict))
    of_encounters = (
        one.get("identifier")
        for one in resources
        if isinstance(one, dict) and (one.get("resourceType"), one.get("status")) == ("Encounter", "planned")
    )
    names = (one.get("value") for told in of_encounters for one in as_list(told) if isinstance(one, dict))
    return next((name for name in names if isinstance(name, str) and name != asked.reference), None)
