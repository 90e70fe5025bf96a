"""A request that a service take a child on."""

from __future__ import annotations

import dataframely as dy

from schemas.fields import HMCTS, NPCC, OURS, POLICE, SOCIAL_CARE, UK_GDPR, YJB, Sensitivity, field

PLAIN = Sensitivity.PLAIN
CONTACT = Sensitivity.CONTACT
SPECIAL = Sensitivity.SPECIAL_CATEGORY
OFFENCE = Sensitivity.CRIMINAL_OFFENCE


class Referral(dy.Schema):
    reference = dy.String(
        primary_key=True, metadata=field("The sender's own reference for this referral.", YJB, PLAIN)
    )
    receiver_reference = dy.String(
        nullable=True, metadata=field("The receiver's own reference, once there is one.", OURS, PLAIN)
    )
    version_at = dy.Datetime(
        time_zone="UTC", nullable=True, metadata=field("When the sender made this version.", OURS, PLAIN)
    )
    is_deleted = dy.Bool(metadata=field("The sender has withdrawn the record.", YJB, PLAIN))
    to_service = dy.String(
        nullable=True, metadata=field("The service asked to take the child on.", OURS, PLAIN)
    )
    reason = dy.String(
        nullable=True, metadata=field("Why the child is referred.", POLICE, OFFENCE, codes="referral_reason")
    )
    reason_as_sent = dy.String(nullable=True, metadata=field("The sender's own reason code.", OURS, OFFENCE))
    need = dy.String(
        nullable=True, metadata=field("The help that is asked for.", YJB, SPECIAL, codes="referral_need")
    )
    urgency = dy.String(
        nullable=True, metadata=field("How soon an answer is needed.", OURS, PLAIN, codes="urgency")
    )
    screened_on = dy.Date(nullable=True, metadata=field("When the child was screened for it.", YJB, PLAIN))
    referred_on = dy.Date(nullable=True, metadata=field("When the child was referred.", YJB, PLAIN))
    decision_due_on = dy.Date(
        nullable=True, metadata=field("The decision is due by this day.", POLICE, PLAIN)
    )
    crime_reference = dy.String(nullable=True, metadata=field("The crime it follows from.", POLICE, OFFENCE))
    offence_code = dy.String(nullable=True, metadata=field("CJS offence code.", HMCTS, OFFENCE))
    offence_on = dy.Date(nullable=True, metadata=field("When the offence happened.", YJB, OFFENCE))
    gravity = dy.Int64(
        nullable=True, metadata=field("Child gravity score, 1 to 5.", NPCC, OFFENCE, codes="gravity")
    )
    admission = dy.String(
        nullable=True, metadata=field("Does the child admit it?", POLICE, OFFENCE, codes="admission")
    )
    admission_as_sent = dy.String(nullable=True, metadata=field("The sender's own code.", OURS, OFFENCE))
    lawful_basis = dy.String(
        nullable=True,
        metadata=field("What allows the sender to share it.", UK_GDPR, PLAIN, codes="lawful_basis"),
    )
    consent_given_by = dy.String(
        nullable=True,
        metadata=field(
            "Who agreed to a voluntary service; empty where it is not voluntary.",
            UK_GDPR,
            PLAIN,
            codes="consent_giver",
        ),
    )
    consent_capacity = dy.String(
        nullable=True,
        metadata=field("What allowed them to agree.", UK_GDPR, PLAIN, codes="consent_capacity"),
    )
    consent_on = dy.Date(nullable=True, metadata=field("When they agreed.", UK_GDPR, PLAIN))
    no_consent_because = dy.String(
        nullable=True,
        metadata=field("Why it is shared though nobody agreed.", SOCIAL_CARE, SPECIAL, free_text=True),
    )
    parents_told = dy.String(
        nullable=True,
        metadata=field("Do the parents know of the referral?", SOCIAL_CARE, PLAIN, codes="parents_told"),
    )
    parents_not_told_because = dy.String(
        nullable=True, metadata=field("Why the parents do not know.", SOCIAL_CARE, SPECIAL, free_text=True)
    )
    concern = dy.String(
        nullable=True, metadata=field("What harm is feared.", SOCIAL_CARE, SPECIAL, codes="concern")
    )
    factors = dy.String(
        nullable=True,
        metadata=field(
            "Codes of the children in need census for what was seen, separated by semicolons.",
            SOCIAL_CARE,
            SPECIAL,
        ),
    )
    phoned_at = dy.Datetime(
        time_zone="UTC",
        nullable=True,
        metadata=field("When it was told by telephone, before it was written.", SOCIAL_CARE, PLAIN),
    )
    is_on_order = dy.Bool(nullable=True, metadata=field("The child is on an order; not which.", OURS, PLAIN))
    weekly_minutes_attended = dy.Int64(
        nullable=True, metadata=field("Minutes a week in education or training now.", YJB, PLAIN)
    )
    risk_to_wellbeing = dy.Bool(
        nullable=True, metadata=field("Safety flag: high risk to own safety or wellbeing.", YJB, SPECIAL)
    )
    risk_of_harm = dy.Bool(
        nullable=True, metadata=field("Safety flag: high risk of harm to others.", YJB, SPECIAL)
    )
    safeguarding = dy.Bool(nullable=True, metadata=field("Safety flag: safeguarding concern.", OURS, SPECIAL))
    remanded = dy.Bool(nullable=True, metadata=field("Safety flag: remanded away from home.", YJB, OFFENCE))
    child_view = dy.String(
        nullable=True,
        metadata=field(
            "Was the child's view given, declined or not asked?", YJB, PLAIN, codes="view_standing"
        ),
    )
    child_view_words = dy.String(
        nullable=True, metadata=field("What the child says.", OURS, SPECIAL, free_text=True)
    )
    child_view_not_asked_because = dy.String(
        nullable=True, metadata=field("Why the child was not asked.", OURS, PLAIN, free_text=True)
    )
    parents_view = dy.String(
        nullable=True,
        metadata=field(
            "Was the parents' view given, declined or not asked?", YJB, PLAIN, codes="view_standing"
        ),
    )
    parents_view_words = dy.String(
        nullable=True, metadata=field("What the parents say.", OURS, SPECIAL, free_text=True)
    )
    parents_view_not_asked_because = dy.String(
        nullable=True, metadata=field("Why the parents were not asked.", OURS, PLAIN, free_text=True)
    )
    diversity_needs = dy.String(
        nullable=True,
        metadata=field(
            "Language, faith, disability: what the service must know.", YJB, SPECIAL, free_text=True
        ),
    )
    safe_contact = dy.String(
        nullable=True, metadata=field("The safe way to reach the family.", OURS, CONTACT)
    )
    worker = dy.String(nullable=True, metadata=field("The child's worker at the YJS.", OURS, CONTACT))
    referrer = dy.String(nullable=True, metadata=field("Who refers, at the sender.", POLICE, CONTACT))
    code_maps = dy.String(
        nullable=True, metadata=field("The versions of the code maps that read it.", OURS, PLAIN)
    )
