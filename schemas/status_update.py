"""What became of a referral, in the Youth Justice Board's dates."""

from __future__ import annotations

import dataframely as dy

from schemas.fields import OURS, YJB, Sensitivity, field

PLAIN = Sensitivity.PLAIN
SPECIAL = Sensitivity.SPECIAL_CATEGORY


class StatusUpdate(dy.Schema):
    reference = dy.String(primary_key=True, metadata=field("The receiver's reference for it.", OURS, PLAIN))
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
    words = dy.String(
        nullable=True, metadata=field("The receiver's own words.", OURS, SPECIAL, free_text=True)
    )
