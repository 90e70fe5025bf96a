"""The record kinds by name, and which of their fields say that a child may be at risk."""

from __future__ import annotations

import dataframely as dy

from schemas.circumstance import Circumstance
from schemas.outcome import Outcome
from schemas.referral import Referral
from schemas.screening import Screening
from schemas.status_update import StatusUpdate

KINDS: dict[str, type[dy.Schema]] = {
    "referral": Referral,
    "outcome": Outcome,
    "screening": Screening,
    "circumstance": Circumstance,
    "status_update": StatusUpdate,
}

# A record with any of these true that waits heads every list: no gate hides a child at risk.
SAFETY_FLAGS = ("safeguarding", "risk_to_wellbeing", "risk_of_harm", "remanded")


def kind_name(kind: type[dy.Schema]) -> str:
    return next(name for name, known in KINDS.items() if known is kind)


def safety_flags(kind: type[dy.Schema]) -> tuple[str, ...]:
    return tuple(flag for flag in SAFETY_FLAGS if flag in kind.columns())
