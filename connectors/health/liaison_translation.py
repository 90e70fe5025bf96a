"""A referral from liaison and diversion, and what each column becomes."""

from __future__ import annotations

from pathlib import Path

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
    identifier,
    instant,
    text,
    yes,
)
from connectors.translation import Translation
from schemas.child_details import ChildDetails
from schemas.identifiers import nhs_number
from schemas.referral import Referral

CODES = Path(__file__).parent / "codes"
NEEDS = Codes(CODES / "need.csv", onto="referral_need")
PRIORITIES = Codes(CODES / "priority.csv", onto="urgency")
GENDERS = Codes(CODES / "gender.csv", onto="sex")
ADULT_MONTHS = 18 * 12

referral = Translation(
    Referral,
    reference=text("reference"),
    version_at=instant("said_at"),
    is_deleted=yes("deleted", when=("yes",), no=("no",)),
    to_service=always(value="youth_justice_service", because="the workflow is for the YJS"),
    need=code("need", NEEDS),
    urgency=code("priority", PRIORITIES),
    referred_on=day("authored_on"),
    lawful_basis=always(value="uk_gdpr_9_2_h", because="the service refers a child for help"),
    safeguarding=yes("safeguarding", when=("yes",), no=()),
    risk_to_wellbeing=yes("wellbeing", when=("yes",), no=()),
    child_view=always(value="not_asked", because="the Bundle has no place for the child's view"),
    parents_view=always(value="not_asked", because="the Bundle has no place for the parents' view"),
    referrer=text("referrer"),
)

child = Translation(
    ChildDetails,
    person_reference=text("patient"),
    family_name=text("family_name"),
    given_names=text("given_names"),
    born_on=day("born_on"),
    sex=code("gender", GENDERS),
    sex_as_sent=text("gender"),
    address=text("address"),
    postcode=home_postcode("postcode"),
    nhs_number=identifier("nhs_number", nhs_number.canonical, "NHS number"),
    gp=text("gp"),
)


def _is_child() -> pl.Expr:
    """Under 18 when it was written; unknown without a birth date, and then the row stays."""
    written = pl.coalesce(
        day_in("authored_on"), cell("said_at").str.slice(0, 10).str.to_date("%Y-%m-%d", strict=False)
    )
    return day_in("born_on").dt.offset_by(f"{ADULT_MONTHS}mo") > written


scope = Scope(
    "Children under 18 on the day on which they were referred.",
    _is_child,
    # The last two are for the rules alone: places in the Bundle, and no word of the child.
    takes=("born_on", "authored_on", "said_at", "flags_unread", "references_outside"),
)
