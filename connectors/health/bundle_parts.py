"""A Bundle in which resources speak of one another: each by its fullUrl, or by kind and id."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from connectors.errors import UnreadableMessageError
from connectors.health.names import NHS_NUMBER, ODS_ORGANISATION
from connectors.transports.fhir import Resource
from connectors.transports.fhir.resources import as_list, as_resource, references

KINDS = ("message", "transaction", "collection")
WITHIN = "urn:uuid:"


@dataclass(frozen=True)
class Parts:
    bundle: Resource
    resources: tuple[Resource, ...]
    by_name: Mapping[str, Resource]

    @classmethod
    def of(cls, told: object) -> Parts:
        """UnreadableMessageError HEA-R04 for what is no Bundle of a kind that brings referrals."""
        bundle = as_resource(told)
        if bundle is None or bundle["resourceType"] != "Bundle" or bundle.get("type") not in KINDS:
            raise no_referral(f"The message is no Bundle of FHIR that is a {', a '.join(KINDS)}.")
        entries = [one for one in as_list(bundle.get("entry")) if isinstance(one, dict)]
        named = [(one.get("fullUrl"), as_resource(one.get("resource"))) for one in entries]
        by_name: dict[str, Resource] = {}
        for url, resource in named:
            if resource is not None:
                names = (url, f"{resource['resourceType']}/{resource.get('id')}")
                by_name |= {name: resource for name in names if isinstance(name, str)}
        return cls(bundle, tuple(one for _, one in named if one is not None), by_name)

    def every(self, kind: str) -> Iterator[Resource]:
        return (one for one in self.resources if one["resourceType"] == kind)

    def at(self, reference: object) -> Resource:
        """What it leads to within the Bundle; nothing, where that is elsewhere."""
        named = as_object(reference).get("reference")
        return self.by_name.get(named, {}) if isinstance(named, str) else {}

    def dangling(self) -> list[str]:
        """Where references stand that can only lead to a part of this Bundle, and lead to none."""
        return [place for place, named in self._leading_out() if named.startswith(WITHIN)]

    def outside(self) -> list[str]:
        return [place for place, named in self._leading_out() if not named.startswith((WITHIN, "#"))]

    def _leading_out(self) -> Iterator[tuple[str, str]]:
        for resource in self.resources:
            yield from ((place, name) for place, name in references(resource) if name not in self.by_name)


def no_referral(what: str) -> UnreadableMessageError:
    return UnreadableMessageError(
        what,
        fix="ask the sender for a FHIR R4 Bundle with a ServiceRequest in it.",
        code="HEA-R04",
    )


def nhs_number_of(patient: Resource) -> str | None:
    return identified(patient, NHS_NUMBER)


def ods_of(resource: Mapping[str, Any]) -> str | None:
    """Senders write the system's name in either case, and the code too."""
    code = identified(resource, ODS_ORGANISATION)
    return code.upper() if code else None


def identified(resource: Mapping[str, Any], system: str) -> str | None:
    return next((value for known, value in identifiers(resource) if known == system.casefold()), None)


def identifiers(resource: Mapping[str, Any]) -> Iterator[tuple[str, str]]:
    """System, whatever its case, and value. A reference has but one."""
    told = resource.get("identifier")
    for one in as_list(told) if isinstance(told, list) else [told]:
        if value := text_of(as_object(one).get("value")):
            yield str(as_object(one).get("system")).casefold(), value


def as_object(told: object) -> Mapping[str, Any]:
    return told if isinstance(told, dict) else {}


def text_of(told: object) -> str | None:
    return told.strip() or None if isinstance(told, str) else None
