"""What every field of every record kind says about itself: its meaning, its source, how sensitive it is."""

from __future__ import annotations

from enum import StrEnum
from typing import Any

import dataframely as dy


class Sensitivity(StrEnum):
    IDENTITY = "identity"
    CONTACT = "contact"
    SPECIAL_CATEGORY = "special category"
    CRIMINAL_OFFENCE = "criminal offence"
    PLAIN = "plain"


# Where a definition comes from. The reference page prints these words.
YJB = "Youth Justice Board case-level data"
NPCC = "NPCC Child Gravity Matrix 2023"
HMCTS = "HMCTS hearing results"
POLICE = "police referral file"
DFE = "Department for Education"
SOCIAL_CARE = "multi-agency referral forms and the children in need census"
SSD = "Standard Safeguarding Dataset"
NHS = "NHS Data Dictionary"
UK_GDPR = "UK GDPR and Data Protection Act 2018"
OURS = "ours"


def field(
    meaning: str, source: str, sensitivity: Sensitivity, *, free_text: bool = False, codes: str | None = None
) -> dict[str, Any]:
    """The metadata of one column; `codes` names the code list that its values come from."""
    return {
        "meaning": meaning,
        "source": source,
        "sensitivity": sensitivity,
        "free_text": free_text,
        "codes": codes,
    }


def is_sealed(column: dy.Column) -> bool:
    """Identity, contact and free text live in the vault; all else may stand in the record."""
    about = column.metadata or {}
    return about["sensitivity"] in (Sensitivity.IDENTITY, Sensitivity.CONTACT) or bool(about["free_text"])


def sealed_fields(kind: type[dy.Schema]) -> tuple[str, ...]:
    return tuple(name for name, column in kind.columns().items() if is_sealed(column))


def plain_fields(kind: type[dy.Schema]) -> tuple[str, ...]:
    return tuple(name for name, column in kind.columns().items() if not is_sealed(column))


def mandatory_fields(kind: type[dy.Schema]) -> tuple[str, ...]:
    return tuple(name for name, column in kind.columns().items() if not column.nullable)


def coded_fields(kind: type[dy.Schema]) -> dict[str, str]:
    """Each field that takes its values from a code list, and the list's name."""
    coded = {name: (column.metadata or {})["codes"] for name, column in kind.columns().items()}
    return {name: codes for name, codes in coded.items() if codes is not None}
