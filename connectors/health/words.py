"""What our codes are in theirs, as tables. Where a choice is ours, it is dated.

SNOMED CT codes are those seen in published code and value sets, none checked against a release. A need
without one goes in words alone. Sources: BaRS 1.4.0, public value sets, and UK Core R4.
"""

from __future__ import annotations

from collections.abc import Mapping

SNOMED = "http://snomed.info/sct"
PATIENT_REFERRAL = ("3457005", "Patient referral")
# Ours, 2026-11-28: which kind of referral each need is.
REFERRALS_BY_NEED: Mapping[str, tuple[str, str]] = {
    "mental_health": ("306291008", "Referral to child and adolescent psychiatrist"),
    "speech_language": ("308452008", "Referral to speech and language therapist"),
}
NEEDS: Mapping[str, str] = {
    "mental_health": "Mental health and emotional wellbeing",
    "physical_health": "Physical health",
    "speech_language": "Speech, language and communication",
}
# Ours, 2026-11-28. FHIR has four steps, and so have we.
PRIORITIES: Mapping[str, str] = {
    "routine": "routine",
    "soon": "urgent",
    "urgent": "asap",
    "emergency": "stat",
}
GENDERS: Mapping[str, str] = {"male": "male", "female": "female", "other": "other", "not_known": "unknown"}
RISKS: Mapping[str, str] = {
    "safeguarding": "There is a safeguarding concern.",
    "risk_to_wellbeing": "High risk to the child's own safety or wellbeing.",
    "risk_of_harm": "High risk of harm to others.",
}
