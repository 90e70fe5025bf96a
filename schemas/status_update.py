"""What became of a referral, in the Youth Justice Board's dates."""

from __future__ import annotations

import dataframely as dy

from schemas.fields import OURS, POLICE, YJB, Sensitivity, field

PLAIN = Sensitivity.PLAIN
SPECIAL = Sensitivity.SPECIAL_CATEGORY
OFFENCE = Sensitivity.CRIMINAL_OFFENCE


class StatusUpdate(dy.Schema):
    reference = dy.String(primary_key=True, metadata=field("The receiver's reference for it.", OURS, PLAIN))
    referral_from = dy.String(
        nullable=True, metadata=field("The partner who sent the referral it answers.", OURS, PLAIN)
    )
    referral_reference = dy.String(
        metadata=field("The referral it answers, by the sender's id.", OURS, PLAIN)
    )
    version_at = dy.Datetime(
        time_zone="UTC", nullable=True, metadata=field("When the receiver said so.", OURS, PLAIN)
    )
    is_deleted = dy.Bool(metadata=field("The receiver has withdrawn it.", OURS, PLAIN))
    state = dy.String(metadata=field("The business state: see the clocks.", OURS, PLAIN))
    state_on = dy.Date(nullable=True, metadata=field("The day it came to be so.", OURS, PLAIN))
    reason = dy.String(nullable=True, metadata=field("Why, where it was declined or ended.", OURS, PLAIN))
    screened_on = dy.Date(nullable=True, metadata=field("Screened.", YJB, PLAIN))
    referred_on = dy.Date(nullable=True, metadata=field("Referred.", YJB, PLAIN))
    offered_on = dy.Date(nullable=True, metadata=field("Offered.", YJB, PLAIN))
    attended_start_on = dy.Date(nullable=True, metadata=field("First attended.", YJB, PLAIN))
    attended_end_on = dy.Date(nullable=True, metadata=field("Last attended.", YJB, PLAIN))
    intervention_type = dy.String(nullable=True, metadata=field("Which help was given.", YJB, SPECIAL))
    assessed_on = dy.Date(nullable=True, metadata=field("The YJS's assessment was done.", YJB, PLAIN))
    recommendation = dy.String(
        nullable=True,
        metadata=field(
            "What the YJS's panel recommends; the police decide.", OURS, OFFENCE, codes="recommendation"
        ),
    )
    recommended_on = dy.Date(nullable=True, metadata=field("The day of the panel.", OURS, PLAIN))
    engagement = dy.String(
        nullable=True, metadata=field("Does the child take part?", OURS, OFFENCE, codes="engagement")
    )
    completed = dy.Bool(nullable=True, metadata=field("The programme was completed (KPI 6).", YJB, OFFENCE))
    decision = dy.String(
        nullable=True,
        metadata=field(
            "What the police decided, by outcome number.", POLICE, OFFENCE, codes="police_outcome"
        ),
    )
    decided_on = dy.Date(nullable=True, metadata=field("The day they decided.", POLICE, PLAIN))
    words = dy.String(
        nullable=True, metadata=field("The receiver's own words.", OURS, SPECIAL, free_text=True)
    )
    lawful_basis = dy.String(
        nullable=True,
        metadata=field("What allows the sender to share it.", OURS, PLAIN, codes="lawful_basis"),
    )
    code_maps = dy.String(
        nullable=True, metadata=field("The versions of the code maps that read it.", OURS, PLAIN)
    )
