"""What Flags and codes say of a child's safety. A flag that nobody can read is told of, never passed over."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

from connectors.health.bundle_parts import Parts, as_object
from connectors.health.row_frames import Row
from connectors.transports.fhir import Resource
from connectors.transports.fhir.resources import as_list

# SNOMED CT, as BaRS lists them for safeguarding; ours, 2026-11-28: which flag of ours each is.
SAFEGUARDING = frozenset({"836881000000105", "864491000000105", "919461000000108", "766969008"})
WELLBEING = frozenset({"401206008"})
# Any code of a list with this in its name is one of safeguarding, whichever it is.
LIST = "safeguarding"


def marks_of(request: Resource, parts: Parts) -> Row:
    """ "yes" where it is said; nothing where it is not, for nobody said that there is no danger."""
    flags = list(_flags_about(request, parts))
    codes = [coding for one in flags for coding in _codings(one)]
    said = [*codes, *_codings_in(request.get("reasonCode"))]
    unread = any(not _is_read(_codings(one)) for one in flags)
    return {
        "safeguarding": "yes" if any(map(_is_safeguarding, said)) else None,
        "wellbeing": "yes" if any(map(_is_wellbeing, said)) else None,
        "flags_unread": "yes" if unread else None,
    }


def _flags_about(request: Resource, parts: Parts) -> Iterator[Resource]:
    """Those that hold, of this child; a flag of a place (is the scene safe?) is none of theirs."""
    subject = as_object(request.get("subject")).get("reference")
    for flag in parts.every("Flag"):
        about = as_object(flag.get("subject")).get("reference")
        if flag.get("status") == "active" and about is not None and about == subject:
            yield flag


def _codings(flag: Resource) -> list[Mapping[str, Any]]:
    return [*_codings_in([flag.get("code")]), *_codings_in(flag.get("category"))]


def _codings_in(concepts: object) -> Iterator[Mapping[str, Any]]:
    for concept in as_list(concepts):
        yield from (one for one in as_list(as_object(concept).get("coding")) if isinstance(one, dict))


def _is_read(codings: list[Mapping[str, Any]]) -> bool:
    return any(_is_safeguarding(one) or _is_wellbeing(one) for one in codings)


def _is_safeguarding(coding: Mapping[str, Any]) -> bool:
    is_wellbeing = coding.get("code") in WELLBEING
    return coding.get("code") in SAFEGUARDING or (
        LIST in str(coding.get("system")).casefold() and not is_wellbeing
    )


def _is_wellbeing(coding: Mapping[str, Any]) -> bool:
    return coding.get("code") in WELLBEING
