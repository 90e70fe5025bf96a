"""FHIR resources as they come: parsed JSON, with the few questions that the transport has about them."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from datetime import UTC, datetime
from hashlib import sha256
from typing import Any
from uuid import UUID, uuid4, uuid5

import orjson

from connectors.errors import UnreadableMessageError

Resource = dict[str, Any]
KIND = re.compile(r"[A-Z][A-Za-z]{1,63}", re.ASCII)
LOGICAL_ID = re.compile(r"[A-Za-z0-9\-.]{1,64}", re.ASCII)
# FHIR has these escaped in a search; a server that misses that would take each repeat for a new one.
DIVIDES = frozenset("\\,|$")
OURS = UUID("6f2b6d6e-3c0f-5f0c-9a55-6f1f1c3d7c0e")


@dataclass(frozen=True)
class Identifier:
    system: str
    value: str = field(repr=False)

    @property
    def token(self) -> str:
        """As a search takes it."""
        return f"{self.system}|{self.value}"

    @property
    def is_sound(self) -> bool:
        return bool(self.system and self.value) and not DIVIDES & {*self.system, *self.value}

    def is_in(self, resource: Resource) -> bool:
        return any(
            isinstance(one, dict) and (one.get("system"), one.get("value")) == (self.system, self.value)
            for one in as_list(resource.get("identifier"))
        )


@dataclass(frozen=True)
class Ids:
    """What a partner tells repeats by: of the message, and of the conversation that it belongs to."""

    request: UUID
    correlation: UUID

    @classmethod
    def of(cls, key: str, *, conversation: str) -> Ids:
        """The same for the same message on every repeat, tonight and tomorrow."""
        return cls(uuid5(OURS, f"message {key}"), uuid5(OURS, f"conversation {conversation}"))

    @classmethod
    def for_a_question(cls) -> Ids:
        return cls(uuid4(), uuid4())

    @property
    def headers(self) -> Mapping[str, str]:
        return {"X-Request-ID": str(self.request), "X-Correlation-ID": str(self.correlation)}


def unreadable(what: str) -> UnreadableMessageError:
    return UnreadableMessageError(
        what, fix="tell the partner: FHIR R4 is not written like that.", code="HUB-R14"
    )


def as_resource(told: object) -> Resource | None:
    kind = told.get("resourceType") if isinstance(told, dict) else None
    return told if isinstance(told, dict) and isinstance(kind, str) and KIND.fullmatch(kind) else None


def as_list(told: object) -> list[Any]:
    """FHIR's repeating elements are lists; whatever else stands there is none of them."""
    return told if isinstance(told, list) else []


def reference_of(resource: Resource) -> str:
    """Such as "Task/123"."""
    logical = resource.get("id")
    if not isinstance(logical, str) or not LOGICAL_ID.fullmatch(logical):
        raise unreadable("A resource that a partner keeps has no id that could be one.")
    return f"{resource['resourceType']}/{logical}"


def version_of(resource: Resource) -> str | None:
    version = _meta(resource).get("versionId")
    return version if isinstance(version, str) and LOGICAL_ID.fullmatch(version) else None


def key_of(resource: Resource) -> str:
    """Of this version of it, such as "Task/123/_history/4"; told by content where they count no versions."""
    content = orjson.dumps(resource, option=orjson.OPT_SORT_KEYS)
    return f"{reference_of(resource)}/_history/{version_of(resource) or sha256(content).hexdigest()}"


def updated_at(resource: Resource) -> datetime | None:
    told = _meta(resource).get("lastUpdated")
    try:
        moment = datetime.fromisoformat(told) if isinstance(told, str) else None
    except ValueError:
        return None
    return moment.astimezone(UTC) if moment and moment.tzinfo else None


def is_same_content(one: Resource, other: Resource) -> bool:
    """Apart from what a server writes into it by itself."""
    theirs = ("meta", "text")
    return {k: v for k, v in one.items() if k not in theirs} == {
        k: v for k, v in other.items() if k not in theirs
    }


def references(node: object, place: str = "") -> Iterator[tuple[str, str]]:
    """Every reference inside, and where it stands, such as "ServiceRequest.subject"."""
    if isinstance(node, list):
        for one in node:
            yield from references(one, place)
    elif isinstance(node, dict):
        if isinstance(node.get("reference"), str):
            yield place, node["reference"]
        start = place or node.get("resourceType", "")
        for name, inside in node.items():
            yield from references(inside, f"{start}.{name}")


def _meta(resource: Resource) -> Mapping[str, Any]:
    meta = resource.get("meta")
    return meta if isinstance(meta, dict) else {}
