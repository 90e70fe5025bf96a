"""A transaction: several resources that are stored together or not at all, each of them once."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from typing import Any
from urllib.parse import urlencode, urlsplit

from connectors.errors import MisconfiguredError
from connectors.transports.fhir.resources import (
    KIND,
    LOGICAL_ID,
    Identifier,
    Resource,
    as_list,
    as_resource,
    reference_of,
    references,
    version_of,
)
from connectors.transports.http.errors import Host

URN = re.compile(r"urn:uuid:[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}")
# What cannot be a reference to something outside: "urn" is left out now and then.
INSIDE = re.compile(r"(urn)?:uuid:", re.IGNORECASE)
RELATIVE = re.compile(r"[A-Z][A-Za-z]+/[A-Za-z0-9\-.]{1,64}(/_history/.+)?")
STORED = {"200": False, "201": True}
MAKES = "look at what the connector makes of the record; nothing was sent."
TRUSTS = "look with the partner what they hold of it, before it is sent again."


@dataclass(frozen=True)
class Entry:
    """One that is stored unless they have one with this identifier."""

    resource: Resource = field(repr=False)
    identifier: Identifier
    # By which the others of the transaction refer to it, such as "urn:uuid:…".
    full_url: str


@dataclass(frozen=True)
class Stored:
    """They have it, once."""

    # False where they had it already.
    is_new: bool
    # Such as "ServiceRequest/123", and its version for the next update; None where they do not say.
    reference: str | None = None
    version: str | None = None
    resource: Resource | None = field(default=None, repr=False)


@dataclass(frozen=True)
class Transacted:
    """One for each entry, in their order."""

    stored: tuple[Stored, ...]
    # Where an entry refers to something that only the partner can know, such as "entry 2: Task.owner".
    warnings: tuple[str, ...]


def if_none_exist(identifier: Identifier) -> str:
    return urlencode({"identifier": identifier.token})


def transaction_of(entries: Sequence[Entry], *, most: int) -> Resource:
    """`MisconfiguredError` for what must not be sent."""
    if not 1 <= len(entries) <= most:
        raise _unsound(f"holds {len(entries)} entries; there may be 1 to {most}")
    known = {entry.full_url for entry in entries}
    if len(known) < len(entries) or not all(URN.fullmatch(one) for one in known):
        raise _unsound("has an entry whose address is no urn:uuid, or that of another")
    for number, entry in enumerate(entries, 1):
        check_is_identified(entry.resource, entry.identifier)
        for place, reference in references(entry.resource):
            if INSIDE.match(reference) and reference not in known:
                raise _unsound(f"refers to something that it does not hold, in entry {number}: {place}")
    return {"resourceType": "Bundle", "type": "transaction", "entry": [_request(one) for one in entries]}


def check_is_identified(resource: Resource, identifier: Identifier) -> None:
    if not (identifier.is_sound and identifier.is_in(resource)):
        raise _unsound("has a resource without a sound identifier by which a repeat of it is known")


def warnings_of(entries: Sequence[Entry]) -> Iterator[str]:
    for number, entry in enumerate(entries, 1):
        for place, reference in references(entry.resource):
            if RELATIVE.fullmatch(reference):
                yield f"entry {number}: {place}"


def _request(entry: Entry) -> Resource:
    kind = entry.resource["resourceType"]
    request = {"method": "POST", "url": kind, "ifNoneExist": if_none_exist(entry.identifier)}
    return {"fullUrl": entry.full_url, "resource": entry.resource, "request": request}


def stored_by(host: Host, bundle: Resource | None, entries: Sequence[Entry]) -> tuple[Stored, ...]:
    """All of them, by position; where one is not as it must be, none is believed."""
    answers = as_list((bundle or {}).get("entry"))
    is_kind = bundle and (bundle["resourceType"], bundle.get("type")) == ("Bundle", "transaction-response")
    if not is_kind or len(answers) != len(entries):
        raise host.refused("answers a transaction with another number of entries, or none", fix=TRUSTS)
    return tuple(_stored(host, answer, entry) for answer, entry in zip(answers, entries, strict=True))


def _stored(host: Host, answer: object, entry: Entry) -> Stored:
    told: Any = answer if isinstance(answer, dict) else {}
    response = told.get("response")
    response = response if isinstance(response, dict) else {}
    status = str(response.get("status", "")).partition(" ")[0]
    if status not in STORED:
        raise host.refused("does not say of each part of a transaction that they have it", fix=TRUSTS)
    resource = as_resource(told.get("resource"))
    where = response.get("location")
    return stored(host, resource, where, is_new=STORED[status], asked=(entry.resource, entry.identifier))


def stored(
    host: Host,
    resource: Resource | None,
    location: object,
    *,
    is_new: bool,
    asked: tuple[Resource, Identifier],
) -> Stored:
    """Of what they hand back, once it is shown to be what was asked for."""
    kind, identifier = asked[0]["resourceType"], asked[1]
    if resource is None:
        place = _place(location)
        if place is None or place[0] != kind:
            raise host.refused("does not say where it keeps what we sent", fix=TRUSTS)
        return Stored(is_new, f"{place[0]}/{place[1]}", place[2])
    if resource["resourceType"] != kind or not identifier.is_in(resource):
        raise host.refused("hands back another resource than the one that we named", fix=TRUSTS)
    if any(INSIDE.match(reference) for _, reference in references(resource)):
        raise host.refused("keeps references of ours that lead nowhere with them", fix=TRUSTS)
    return Stored(is_new, reference_of(resource), version_of(resource), resource)


def _place(location: object) -> tuple[str, str, str | None] | None:
    """Kind, id and version of an address such as ".../Task/123/_history/4"."""
    parts = urlsplit(location).path.split("/") if isinstance(location, str) else []
    version = parts[-1] if parts[-2:-1] == ["_history"] else None
    kind, logical = (parts[:-2] if version else parts)[-2:] if len(parts) > 1 else ("", "")
    sound = KIND.fullmatch(kind) and LOGICAL_ID.fullmatch(logical)
    return (kind, logical, version) if sound else None


def _unsound(what: str) -> MisconfiguredError:
    return MisconfiguredError(f"A FHIR message that we made {what}.", fix=MAKES)
