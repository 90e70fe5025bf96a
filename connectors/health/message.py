"""What a health service is told of a referral, whichever route it goes by. Only what stands here can leave.

No word of the offence, of its date, of a remand, or of anybody it was done to.
"""

from __future__ import annotations

from connectors.outward import Outward, flags_set, ours

# What a child's referral is in the words of the hub's change.
NEW, CHANGED, WITHDRAWN = "new", "changed", "deleted"

message = Outward(
    Referral=ours("reference"),
    Change=ours("change"),
    Service=ours("to_service"),
    Need=ours("need"),
    Urgency=ours("urgency"),
    ReferredOn=ours("referred_on"),
    FamilyName=ours("family_name"),
    GivenNames=ours("given_names"),
    BornOn=ours("born_on"),
    Sex=ours("sex"),
    Address=ours("address"),
    Postcode=ours("postcode"),
    NHSNumber=ours("nhs_number"),
    GP=ours("gp"),
    Risks=flags_set("safeguarding", "risk_to_wellbeing", "risk_of_harm"),
    SafeContact=ours("safe_contact"),
    Worker=ours("worker"),
    Consent=ours("consent_given_by"),
)
