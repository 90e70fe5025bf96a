"""Was the child assessed for a help, when, and was a need found?"""

from __future__ import annotations

import dataframely as dy

from schemas.fields import OURS, YJB, Sensitivity, field

PLAIN = Sensitivity.PLAIN
SPECIAL = Sensitivity.SPECIAL_CATEGORY


class Screening(dy.Schema):
    reference = dy.String(
        primary_key=True, metadata=field("The assessor's own reference for it.", OURS, PLAIN)
    )
    version_at = dy.Datetime(
        time_zone="UTC", nullable=True, metadata=field("When the assessor made this version.", OURS, PLAIN)
    )
    is_deleted = dy.Bool(metadata=field("The assessor has withdrawn it.", YJB, PLAIN))
    assessment_reference = dy.String(
        nullable=True, metadata=field("The assessment it was part of.", YJB, PLAIN)
    )
    help = dy.String(
        nullable=True,
        metadata=field("The help the child was assessed for.", YJB, SPECIAL, codes="referral_need"),
    )
    screened_on = dy.Date(nullable=True, metadata=field("The day of the assessment.", YJB, PLAIN))
    need_found = dy.Bool(nullable=True, metadata=field("A need was found.", YJB, SPECIAL))
    stage = dy.String(nullable=True, metadata=field("The assessment's stage, as sent.", YJB, PLAIN))
    is_complete = dy.Bool(nullable=True, metadata=field("The assessment is signed off.", YJB, PLAIN))
    risk_to_wellbeing = dy.Bool(
        nullable=True, metadata=field("Safety flag: high risk to own safety or wellbeing.", YJB, SPECIAL)
    )
    risk_of_harm = dy.Bool(
        nullable=True, metadata=field("Safety flag: high risk of harm to others.", YJB, SPECIAL)
    )
    lawful_basis = dy.String(
        nullable=True,
        metadata=field("What allows the sender to share it.", OURS, PLAIN, codes="lawful_basis"),
    )
    code_maps = dy.String(
        nullable=True, metadata=field("The versions of the code maps that read it.", OURS, PLAIN)
    )
