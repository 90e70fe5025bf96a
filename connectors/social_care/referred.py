"""Whom social care and early help refer to the YJS: the columns of our view, and what each becomes."""

from __future__ import annotations

import polars as pl

from connectors.contract import Scope
from connectors.readings import (
    Codes,
    always,
    cell,
    code,
    day,
    day_in,
    home_postcode,
    instant,
    joined,
    text,
    yes,
)
from connectors.social_care.circumstances import ADULT_MONTHS, CODES, NO, YES, person
from connectors.translation import Translation
from schemas.referral import Referral

REASONS = Codes(CODES / "reason.csv", onto="referral_reason")
URGENCIES = Codes(CODES / "urgency.csv", onto="urgency")
CONSENT_GIVERS = Codes(CODES / "consent_given_by.csv", onto="consent_giver")
PARENTS_TOLD = Codes(CODES / "parents_told.csv", onto="parents_told")
VIEWS = Codes(CODES / "view.csv", onto="view_standing")

referral = Translation(
    Referral,
    # The view's rows are already what they are: nothing says of them that they are a row of the dataset.
    ignores={
        "ssd_table": "the view's own name",
        "struck_out": "the view says in withdrawn which referral no longer stands",
        "confidential": "read before the row is taken in: an address that is confidential stays with them",
    },
    reference=text("referral_id"),
    version_at=instant("updated_at"),
    is_deleted=yes("withdrawn", when=YES, no=NO),
    to_service=always(value="youth_justice_service", because="the view is for the YJS"),
    reason=code("reason", REASONS),
    reason_as_sent=text("reason"),
    urgency=code("urgency", URGENCIES),
    referred_on=day("referred_on"),
    lawful_basis=always(
        value="children_act_2004_s10", because="children's services and the YJS work together for the child"
    ),
    consent_given_by=code("consent_given_by", CONSENT_GIVERS),
    no_consent_because=text("no_consent_reason"),
    parents_told=code("parents_told", PARENTS_TOLD),
    parents_not_told_because=text("parents_not_told_reason"),
    safeguarding=yes("safeguarding", when=YES, no=NO),
    child_view=code("child_view", VIEWS),
    parents_view=code("parents_view", VIEWS),
    safe_contact=text("safe_contact"),
    referrer=joined("from_service", "referrer", by=": "),
)

child = person.widened(
    person_reference=text("person_id"), address=text("address"), postcode=home_postcode("postcode")
)


def _is_child() -> pl.Expr:
    written = cell("updated_at").str.slice(0, 10).str.to_date("%Y-%m-%d", strict=False)
    referred = pl.coalesce(day_in("referred_on"), written)
    return day_in("pers_dob").dt.offset_by(f"{ADULT_MONTHS}mo") > referred


scope = Scope(
    "Children under 18 when they were referred.", _is_child, takes=("pers_dob", "referred_on", "updated_at")
)
COLUMNS = referral.takes | child.takes | set(scope.takes)
