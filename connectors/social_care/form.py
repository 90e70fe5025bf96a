"""The multi-agency referral form, as data: the same lines by REST and by mail.

No line is left blank: what is not known is said.
"""

from __future__ import annotations

from datetime import date

import polars as pl

from connectors.contract import Answer
from connectors.forms.form import Decision, Form, Line, Reason
from connectors.outward import Writing, british_day, flags_set, ours, yes_or_no

# The YJS is a service of the same authority: neither the police (6) nor another legal agency (7).
SOURCE = "5B"
LONDON = "Europe/London"

# What a contact may come to, in the words of the dataset (SSD038). Any of them is an answer to our form:
# that they take no further action is no refusal to take the form.
NO_FURTHER_ACTION, ADVICE = "No Further Action", "Information and Advice"
EARLY_HELP, REFERRAL = "EH Referral", "CIN Referral"
DECISIONS = (
    Decision("no_further_action", NO_FURTHER_ACTION, Answer.ACCEPTED),
    Decision("advice", ADVICE, Answer.ACCEPTED),
    Decision("early_help", EARLY_HELP, Answer.ACCEPTED),
    Decision("referral", REFERRAL, Answer.ACCEPTED),
)
REASONS = (
    Reason("below_threshold", "Below the threshold for children's services"),
    Reason("known_already", "Is worked with already"),
    Reason("other_service", "Another service is right for the child"),
    Reason("other_authority", "Lives in the area of another authority"),
)


def _always(code: str, because: str) -> Writing:
    # Made of the reference, so that the agree list shows it: a form that has one has both.
    return Writing(("reference",), lambda: pl.lit(code), f"always {code}: {because}")


def _london_time(name: str) -> Writing:
    def make() -> pl.Expr:
        moment = pl.col(name).cast(pl.Datetime("us", "UTC"))
        return moment.dt.convert_time_zone(LONDON).dt.strftime("%d/%m/%Y %H:%M")

    return Writing((name,), make, f"{name}, as dd/mm/yyyy hh:mm in London")


CHILD, REQUEST, CONCERN = "The child", "The request", "The concern"
CONSENT, VOICE = "Consent and parents", "In their own words"

MARF = Form(
    service="Northmoor Children's Services",
    title="Multi-agency referral form",
    version="1",
    dated=date(2026, 11, 1),
    source="ours, after the forms of six authorities and the children in need census",
    send_to="address",
    lines=(
        Line("Reference", "Our reference", ours("reference"), REQUEST, mandatory=True),
        Line("Change", "Is this new, changed or withdrawn?", ours("change"), REQUEST),
        Line("Source", "Source of the referral", _always(SOURCE, "the YJS"), REQUEST, mandatory=True),
        Line("Referrer", "Who refers, at the YJS", ours("worker"), REQUEST),
        Line("ReferredOn", "Date of the referral", british_day("referred_on"), REQUEST),
        Line("Need", "What is asked for", ours("need"), REQUEST),
        Line("Urgency", "How soon an answer is needed", ours("urgency"), REQUEST),
        Line("PhonedAt", "Told by telephone, before this form", _london_time("phoned_at"), REQUEST),
        Line("OnOrder", "Is the child on an order?", yes_or_no("is_on_order"), REQUEST),
        Line("Surname", "Family name", ours("family_name"), CHILD, mandatory=True),
        Line("Forenames", "Given names", ours("given_names"), CHILD),
        Line("BirthDate", "Date of birth", british_day("born_on"), CHILD),
        Line("Sex", "Sex", ours("sex"), CHILD),
        Line("NhsNumber", "NHS number", ours("nhs_number"), CHILD),
        Line("Address", "Where the child lives", ours("address"), CHILD),
        Line("Postcode", "Postcode", ours("postcode"), CHILD),
        Line("SafeContact", "The safe way to reach the family", ours("safe_contact"), CHILD),
        Line("Gp", "GP practice", ours("gp"), CHILD),
        Line("School", "School or college", ours("school"), CHILD),
        Line("DiversityNeeds", "Language, faith, disability", ours("diversity_needs"), CHILD),
        Line("Concern", "Category of concern", ours("concern"), CONCERN),
        Line("Factors", "Assessment factors", ours("factors"), CONCERN),
        Line("Risks", "Risks that are marked", flags_set("safeguarding", "risk_to_wellbeing"), CONCERN),
        Line("Consent", "Who consented", ours("consent_given_by"), CONSENT),
        Line("NoConsentReason", "If nobody did, why it is shared", ours("no_consent_because"), CONSENT),
        Line("ParentsTold", "Do the parents know?", ours("parents_told"), CONSENT),
        Line("ParentsNotToldReason", "If not, why", ours("parents_not_told_because"), CONSENT),
        Line("ChildView", "The child's view", ours("child_view"), VOICE),
        Line("ChildViewWords", "What the child says", ours("child_view_words"), VOICE),
        Line("ParentsView", "The parents' view", ours("parents_view"), VOICE),
    ),
    decisions=DECISIONS,
    reasons=REASONS,
)
