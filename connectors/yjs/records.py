"""What each reporting view says, in our words. 1900-01-01 stands for "open" or "not applicable"."""

from __future__ import annotations

from pathlib import Path

import polars as pl

from connectors.contract import Scope
from connectors.readings import (
    Codes,
    Reading,
    always,
    cell,
    code,
    computed,
    day_in,
    day_or_open,
    home_postcode,
    identifier,
    instant,
    joined,
    marker,
    pnc_id,
    text,
    yes,
)
from connectors.translation import Translation
from connectors.yjs.views import LISTED
from schemas.child_details import ChildDetails
from schemas.circumstance import Circumstance
from schemas.clocks import BusinessState
from schemas.identifiers import nhs_number, upn
from schemas.referral import Referral
from schemas.screening import Screening
from schemas.status_update import StatusUpdate

CODES = Path(__file__).parent / "codes"
SEXES = Codes(CODES / "sex.csv", onto="sex")
ETHNICITIES = Codes(CODES / "ethnicity.csv", onto="ethnicity_self_defined")
NEEDS = Codes(CODES / "need.csv", onto="referral_need")
URGENCIES = Codes(CODES / "urgency.csv", onto="urgency")
CONSENT_GIVERS = Codes(CODES / "consent_given_by.csv", onto="consent_giver")
DISPOSALS = Codes(CODES / "disposal_type.csv", onto="kpi_type_of_order")
RECOMMENDATIONS = Codes(CODES / "panel_recommendation.csv", onto="recommendation")
ENGAGEMENTS = Codes(CODES / "engagement.csv", onto="engagement")
PARENTS_TOLD = Codes(CODES / "parents_told.csv", onto="parents_told")
CONCERN = Codes(CODES / "concern.csv", onto="concern")
VIEWS = Codes(CODES / "view.csv", onto="view_standing")
MARKERS = ("SG", "SW", "RH")
OPEN = "1900-01-01"
YES, NO = ("YES", "Yes", "Y", "true", "1"), ("NO", "No", "N", "false", "0")
HIGH, NOT_HIGH = ("HIGH", "VERY_HIGH", "High", "Very high"), ("LOW", "MEDIUM", "Low", "Medium")
ADULT_MONTHS = 18 * 12


def _day(*columns: str) -> Reading:
    return day_or_open(*columns, open_is=OPEN)


def _struck_out() -> pl.Expr:
    """Struck out in the return, or on the list of deleted children: whatever else the row says."""
    return pl.any_horizontal(cell(name).is_in(YES).fill_null(value=False) for name in ("deleted", LISTED))


IS_DELETED = computed(("deleted", LISTED), _struck_out, f"deleted or {LISTED} is true")
LEFT_BEHIND = {
    "currentyotid": "which service holds the child does not change what is said",
    "signoff_date": "it says which return is the latest; the rows come in that order",
    "source_return_id": "it says which return is the latest; the rows come in that order",
    "return_end_date": "it says which return is the latest; the rows come in that order",
    "cmssystem": "stays with the message as it came",
    "cmsextractversion": "stays with the message as it came",
}

child = Translation(
    ChildDetails,
    person_reference=text("ypid"),
    family_name=text("familyName"),
    given_names=text("givenNames"),
    born_on=_day("dateOfBirth"),
    sex=code("sex", SEXES),
    sex_as_sent=text("sex"),
    ethnicity_self_defined=code("ethnicity", ETHNICITIES),
    address=joined("addressLine1", "addressLine2", "town"),
    postcode=home_postcode("postcode"),
    pnc=pnc_id("pncnumber"),
    nhs_number=identifier("nhsNumber", nhs_number.canonical, "NHS number"),
    upn=identifier("upn", upn.canonical, "UPN"),
)


def _minutes_a_week() -> pl.Expr:
    """Hours with a point, such as 12.5."""
    hours = pl.when(cell("weeklyHoursAttended").str.contains(r"^[0-9]{1,2}(\.[0-9]{1,2})?$")).then(
        cell("weeklyHoursAttended")
    )
    return (hours.cast(pl.Float64) * 60).round().cast(pl.Int64)


referred_child = child.widened(gp=text("gpPractice"), school=text("school"))

referral = Translation(
    Referral,
    ignores=LEFT_BEHIND,
    reference=text("referralID"),
    is_deleted=IS_DELETED,
    to_service=text("service"),
    reason=always(value="support_need", because="the YJS refers for a help that a child needs"),
    need=code("need", NEEDS),
    urgency=code("urgency", URGENCIES),
    screened_on=_day("kpi4MHDateScreened", "kpi5SMDateScreened", "dateScreened"),
    referred_on=_day("kpi4MHDateReferred", "kpi5SMDateReferred", "dateReferred"),
    lawful_basis=always(
        value="crime_and_disorder_act_1998_s39", because="the YJS arranges help for the child"
    ),
    consent_given_by=code("consentGivenBy", CONSENT_GIVERS),
    no_consent_because=text("noConsentReason"),
    parents_told=code("parentsTold", PARENTS_TOLD),
    parents_not_told_because=text("parentsNotToldReason"),
    concern=code("concern", CONCERN),
    factors=text("assessmentFactors"),
    phoned_at=instant("phonedAt"),
    is_on_order=yes("onOrder", when=YES, no=NO),
    weekly_minutes_attended=Reading(
        ("weeklyHoursAttended",), lambda _: _minutes_a_week(), "hours a week, such as 12.5, as minutes"
    ),
    safeguarding=marker("riskMarkers", "SG", among=MARKERS),
    risk_to_wellbeing=marker("riskMarkers", "SW", among=MARKERS),
    risk_of_harm=marker("riskMarkers", "RH", among=MARKERS),
    child_view=code("childView", VIEWS),
    child_view_words=text("childViewWords"),
    parents_view=code("parentsView", VIEWS),
    diversity_needs=text("diversityNeeds"),
    safe_contact=text("safeContact"),
    worker=text("worker"),
)


def _need_found() -> pl.Expr:
    """Yes where any concern is; no where all that are stated are not; else it is not known."""
    said = cell("concern").str.split(";")
    return (
        pl.when(said.list.eval(pl.element().is_in(YES)).list.any())
        .then(pl.lit(value=True))
        .when(said.list.eval(pl.element().is_in(NO)).list.all())
        .then(pl.lit(value=False))
    )


screening = Translation(
    Screening,
    ignores=LEFT_BEHIND,
    reference=computed(
        ("assessmentID", "help"),
        # Without the assessment's own id there is no reference.
        lambda: pl.concat_str(cell("assessmentID"), cell("help"), separator="/"),
        "the assessment and the help",
    ),
    is_deleted=IS_DELETED,
    assessment_reference=text("assessmentID"),
    help=text("help"),
    screened_on=_day("date"),
    need_found=Reading(("concern",), lambda _: _need_found(), "yes where any concern is stated"),
    stage=text("stage"),
    is_complete=yes("assessmentStatus", when=("COMPLETE", "Complete"), no=("IN_PROGRESS", "In progress")),
    risk_to_wellbeing=yes("safetyWellbeingJudgement", when=HIGH, no=NOT_HIGH),
    risk_of_harm=yes("roshjudgement", when=HIGH, no=NOT_HIGH),
    lawful_basis=always(value="crime_and_disorder_act_1998_s39", because="the YJS assesses the child"),
)

order = Translation(
    Circumstance,
    ignores=LEFT_BEHIND,
    reference=text("interventionProgrammeID"),
    is_deleted=IS_DELETED,
    fact=always(value="order", because="the view holds orders and programmes"),
    disposal=code("disposalType", DISPOSALS),
    disposal_as_sent=text("cmsdisposalType"),
    holds_from=_day("startDate"),
    holds_until=_day("endDate"),
    completed=yes("kpi6SuccessfullyCompleted", when=YES, no=NO),
    lawful_basis=always(value="crime_and_disorder_act_1998_s39", because="the YJS supervises the order"),
)

COMPLETED = yes("completed", when=YES, no=NO)


def _state() -> pl.Expr:
    """Ended without a word on whether it was completed stays "started": a guess could bring a charge."""
    completed = (
        pl.when(cell("completed").is_in(YES))
        .then(pl.lit(BusinessState.COMPLETED.value))
        .when(cell("completed").is_in(NO) & day_in("endedOn").is_not_null())
        .then(pl.lit(BusinessState.ENDED_EARLY.value))
    )
    declined = day_in("declinedOn").is_not_null() | cell("declinedReason").is_not_null()
    begun = pl.when(day_in("startedOn").is_not_null()).then(pl.lit(BusinessState.STARTED.value))
    return (
        pl.when(declined)
        .then(pl.lit(BusinessState.DECLINED.value))
        .otherwise(pl.coalesce(completed, begun, pl.lit(BusinessState.ACCEPTED.value)))
    )


def _state_on() -> pl.Expr:
    by_state = {
        BusinessState.DECLINED: "declinedOn",
        BusinessState.COMPLETED: "endedOn",
        BusinessState.ENDED_EARLY: "endedOn",
        BusinessState.STARTED: "startedOn",
        BusinessState.ACCEPTED: "acceptedOn",
    }
    return pl.coalesce(
        pl.when(_state() == state.value).then(day_in(column)) for state, column in by_state.items()
    )


STATE_COLUMNS = ("declinedOn", "declinedReason", "completed", "endedOn", "startedOn")

progress = Translation(
    StatusUpdate,
    ignores=LEFT_BEHIND,
    # One case may answer two referrals, so the case alone is no key; and half of it would be another's.
    reference=computed(
        ("caseID", "sourceReference"),
        lambda: pl.concat_str(cell("caseID"), cell("sourceReference"), separator="/"),
        "the case and the referral it answers",
    ),
    referral_from=text("fromPartner"),
    referral_reference=text("sourceReference"),
    is_deleted=IS_DELETED,
    state=computed(STATE_COLUMNS, _state, "what the dates and completed say together"),
    state_on=computed((*STATE_COLUMNS, "acceptedOn"), _state_on, "the date that goes with the state"),
    reason=text("declinedReason"),
    attended_start_on=_day("startedOn"),
    attended_end_on=_day("endedOn"),
    assessed_on=_day("assessedOn"),
    recommendation=code("panelRecommendation", RECOMMENDATIONS),
    recommended_on=_day("recommendedOn"),
    engagement=code("engagement", ENGAGEMENTS),
    completed=COMPLETED,
    lawful_basis=always(
        value="crime_and_disorder_act_1998_s115", because="whoever referred is told what became of it"
    ),
)


def scope_by(words: str, *days: str) -> Scope:
    """A child of ours by any of these days: whoever was one at the time stays ours after a birthday."""
    took = ("return_start_date", *days)

    def is_child() -> pl.Expr:
        first = pl.min_horizontal(day_in(column) for column in took)
        return day_in("dateOfBirth").dt.offset_by(f"{ADULT_MONTHS}mo") > first

    return Scope(f"Under 18 at the start of the return, or {words}.", is_child, ("dateOfBirth", *took))
