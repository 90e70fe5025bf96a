"""An invented child who is referred, as the hub hands her over."""

from __future__ import annotations

from datetime import date
from typing import Any

from connectors.contract import OutboundMessage

CHILD: dict[str, Any] = {
    "Referral": "REF-1",
    "Change": "new",
    "Service": "Northmoor CAMHS",
    "Need": "mental_health",
    "Urgency": "soon",
    "ReferredOn": date(2026, 11, 20),
    "FamilyName": "Quillborne",
    "GivenNames": "Ottoline May",
    "BornOn": date(2011, 3, 14),
    "Sex": "female",
    "Address": "4 Cobbler's Row, Northmoor",
    "Postcode": "NX1 2AB",
    "NHSNumber": "9000000009",
    "GP": "Q99001",
    "Risks": "risk_to_wellbeing",
    "SafeContact": "ring her aunt, never the house",
    "Worker": "Case worker 7",
    "Consent": "parent",
}


def key(reference: str, version: int = 1) -> str:
    return f"health:yjs:{reference}:{version:08x}"


def referral(reference: str = "REF-1", *, version: int = 1, **changed: Any) -> OutboundMessage:
    return OutboundMessage(key(reference, version), {**CHILD, "Referral": reference, **changed})
