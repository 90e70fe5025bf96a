"""Who gets what: rules, as a table."""

from __future__ import annotations

from hub import registry
from hub.store.outbox import Destination
from hub.store.queueing import Route

YJS_WORKLIST = Destination("yjs", "worklist")
POLICE_DECISIONS = Destination("police", "decisions")
HEALTH_REFERRALS = Destination("health", "referrals")
EDUCATION_REFERRALS = Destination("education", "referrals")
SOCIAL_CARE_REFERRALS = Destination("social_care", "referrals")
YJS = "yjs"
HEALTH_NEEDS = ("mental_health", "physical_health", "speech_language")
EDUCATION_NEEDS = ("education", "special_educational_needs")
SOCIAL_CARE_NEEDS = ("safeguarding", "early_help", "parenting")

ROUTES = (
    Route("referral", YJS_WORKLIST),
    Route("outcome", YJS_WORKLIST),
    Route("status_update", YJS_WORKLIST),
    Route("circumstance", YJS_WORKLIST),
    Route("referral", HEALTH_REFERRALS, sent_by=YJS, needs=HEALTH_NEEDS),
    Route("referral", EDUCATION_REFERRALS, sent_by=YJS, needs=EDUCATION_NEEDS),
    Route("referral", SOCIAL_CARE_REFERRALS, sent_by=YJS, needs=SOCIAL_CARE_NEEDS),
    Route("status_update", POLICE_DECISIONS, addressed_by="referral_from"),
)


def routes(kind: str, sender: str) -> tuple[Route, ...]:
    """To those who are connected: for anybody else nothing is laid ready."""
    connected = registry.partner_names()
    return tuple(
        route
        for route in ROUTES
        if route.kind == kind
        and route.to.partner != sender
        and route.sent_by in (None, sender)
        and route.to.partner in connected
    )
