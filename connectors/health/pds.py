"""The Personal Demographics Service: an NHS number, where one person is meant and the birth date agrees.

More than one match comes as an OperationOutcome with status 200, so the status proves nothing. Of the answer
only the number and the birth date are looked at; of somebody whose record is restricted, not even the number
is taken, and it looks as if there were nobody.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, replace
from typing import Any

from connectors.contract import OutboundMessage
from connectors.errors import CredentialsRefusedError, PartnerRefusedError, PartnerUnavailableError
from connectors.health.lines import Lines
from connectors.health.message import WITHDRAWN
from connectors.transports.fhir import FhirSite, Resource
from connectors.transports.fhir.resources import as_list, as_resource
from connectors.transports.fhir.site import KEY_HEADER
from connectors.transports.http import HttpClient, Time, below, http_client
from schemas.identifiers import nhs_number

VERIFIED = "NHSNumberVerified"
UNRESTRICTED = "U"
# By the trace that the service recommends: the beginning of the given name and of the postcode.
GIVEN_LETTERS, POSTCODE_LETTERS = 3, 2
Query = Mapping[str, str]


@dataclass
class Desk:
    site: FhirSite
    client: HttpClient
    # In this run: who was away for one child is not waited for again for the next.
    is_away: bool = False

    def asked(self, path: str, query: Query | None = None) -> Resource | None:
        """Of a refusal nothing follows but that no number is known: it may mean nobody, or too many."""
        if self.is_away:
            return None
        try:
            reply = self.client.ask(self.site.ask("GET", path, now=Time().now, query=query))
        except CredentialsRefusedError:
            raise
        except PartnerRefusedError:
            return None
        except PartnerUnavailableError:
            # A child must not wait for a number: the referral goes without.
            self.is_away = True
            return None
        return as_resource(reply.json()) if reply.body else None


def with_number(lines: Lines, message: OutboundMessage) -> OutboundMessage:
    """The message with the number as it holds now, if that is sure; else as it was."""
    if not lines.settings.pds_url or message.body.get("Change") == WITHDRAWN:
        return message
    number = number_of(_desk(lines), message.body)
    return replace(message, body={**message.body, "NHSNumber": number, VERIFIED: True}) if number else message


def number_of(desk: Desk, body: Mapping[str, Any]) -> str | None:
    """Of a number that was replaced, the one that came after it."""
    known = body.get("NHSNumber")
    found = desk.asked(below("Patient", known)) if known else _only_one(desk, body)
    return _sure(found, body) if found and found["resourceType"] == "Patient" else None


def _only_one(desk: Desk, body: Mapping[str, Any]) -> Resource | None:
    query = question(body)
    found = desk.asked("Patient", query) if query else None
    entries = as_list(found.get("entry")) if found and found["resourceType"] == "Bundle" else []
    return (
        as_resource(entries[0].get("resource"))
        if len(entries) == 1 and isinstance(entries[0], dict)
        else None
    )


def question(body: Mapping[str, Any]) -> Query | None:
    """None where we do not know enough to mean one person."""
    given, family = str(body.get("GivenNames") or "").strip(), str(body.get("FamilyName") or "").strip()
    postcode, born = str(body.get("Postcode") or "").strip(), body.get("BornOn")
    if not (len(given) >= GIVEN_LETTERS and family and len(postcode) >= POSTCODE_LETTERS and born):
        return None
    return {
        "given": f"{given[:GIVEN_LETTERS]}*",
        "family": family,
        "birthdate": f"eq{born}",
        "address-postalcode": f"{postcode[:POSTCODE_LETTERS]}*",
        "_fuzzy-match": "false",
        "_exact-match": "false",
        "_history": "true",
    }


def _sure(patient: Resource, body: Mapping[str, Any]) -> str | None:
    if patient.get("birthDate") != str(body.get("BornOn")) or not _is_unrestricted(patient):
        return None
    try:
        return nhs_number.parse(str(patient.get("id")))
    except ValueError:
        return None


def _is_unrestricted(patient: Resource) -> bool:
    meta = patient.get("meta")
    marks = as_list(meta.get("security")) if isinstance(meta, dict) else []
    return bool(marks) and all(isinstance(one, dict) and one.get("code") == UNRESTRICTED for one in marks)


def _desk(lines: Lines) -> Desk:
    desk: Desk = lines.keep("pds", lambda: _opened(lines))
    return desk


@contextmanager
def _opened(lines: Lines) -> Iterator[Desk]:
    site = FhirSite(lines.site(lines.settings.pds_url))
    with http_client(replace(site.http, key_header=KEY_HEADER)) as client:
        yield Desk(site, client)
