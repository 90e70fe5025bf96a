"""Referrals both ways: schools ask for prevention, the YJS asks for support, and what became of it."""

from __future__ import annotations

import polars as pl

from connectors.contract import Scope
from connectors.education.translation import CODES, NO, UPN, YES, pupil
from connectors.outward import Outward, Writing, ours
from connectors.readings import (
    Codes,
    Reading,
    always,
    cell,
    code,
    day,
    day_in,
    home_postcode,
    instant,
    text,
    yes,
)
from connectors.translation import Translation
from schemas.child_details import ChildDetails
from schemas.clocks import BusinessState
from schemas.referral import Referral
from schemas.status_update import StatusUpdate

NEEDS = Codes(CODES / "need.csv", onto="referral_need")
URGENCIES = Codes(CODES / "urgency.csv", onto="urgency")
CONSENT_GIVERS = Codes(CODES / "consent.csv", onto="consent_giver")
PARENTS_TOLD = Codes(CODES / "parents_told.csv", onto="parents_told")
# Their word for how far a referral has come, in capitals, is ours for these; another is held.
STATES = {
    state.value.upper(): state.value
    for state in (
        BusinessState.INFORMATION_REQUESTED,
        BusinessState.ACCEPTED,
        BusinessState.WAITING,
        BusinessState.OFFERED,
        BusinessState.STARTED,
        BusinessState.DID_NOT_ATTEND,
        BusinessState.COMPLETED,
        BusinessState.ENDED_EARLY,
        BusinessState.DECLINED,
    )
}
HELP_OF_SCHOOLS = ("education", "special_educational_needs")
ADULT_MONTHS = 18 * 12
# Referred as a child, answered after the birthday: still ours.
ANSWERED_MONTHS = 19 * 12

prevention = Translation(
    Referral,
    reference=text("RecordID"),
    version_at=instant("UpdatedAt"),
    is_deleted=yes("Deleted", when=YES, no=NO),
    to_service=always(value="youth_justice_service", because="the list is for the YJS's prevention offer"),
    reason=always(value="prevention", because="the list is for the YJS's prevention offer"),
    need=code("Need", NEEDS),
    urgency=code("Urgency", URGENCIES),
    referred_on=day("ReferredOn"),
    lawful_basis=always(
        value="crime_and_disorder_act_1998_s37", because="it is to keep the child from offending"
    ),
    consent_given_by=code("ConsentGivenBy", CONSENT_GIVERS),
    consent_on=day("ConsentOn"),
    parents_told=code("ParentsTold", PARENTS_TOLD),
    safeguarding=yes("Safeguarding", when=YES, no=NO),
    referrer=text("Referrer"),
    safe_contact=text("SafeContact"),
)
referred = pupil.widened(address=text("Address"), postcode=home_postcode("Postcode"))


def _state() -> pl.Expr:
    return cell("State").replace_strict(
        list(STATES), list(STATES.values()), default=None, return_dtype=pl.String
    )


update = Translation(
    StatusUpdate,
    reference=text("RecordID"),
    referral_from=always(value="yjs", because="they answer the YJS's referrals"),
    referral_reference=text("ReferralID"),
    version_at=instant("UpdatedAt"),
    is_deleted=yes("Deleted", when=YES, no=NO),
    state=Reading(("State",), lambda _: _state(), "one of the agreed states"),
    state_on=day("StateOn"),
    reason=text("Reason"),
    offered_on=day("OfferedOn"),
    attended_start_on=day("StartedOn"),
    attended_end_on=day("EndedOn"),
    lawful_basis=always(
        value="children_act_2004_s10", because="schools and the YJS work together for the child"
    ),
)
answered = Translation(
    ChildDetails,
    person_reference=text("PupilID"),
    family_name=text("LegalSurname"),
    given_names=text("LegalForenames"),
    born_on=day("DOB"),
    upn=UPN,
)


def _younger_than(months: int) -> pl.Expr:
    made = cell("UpdatedAt").str.slice(0, 10).str.to_date("%Y-%m-%d", strict=False)
    return day_in("DOB").dt.offset_by(f"{months}mo") > made


referred_scope = Scope(
    "Pupils under 18 when the referral was last changed.",
    lambda: _younger_than(ADULT_MONTHS),
    takes=("DOB", "UpdatedAt"),
)
answered_scope = Scope(
    "Those under 19 on the day of the update: referred as children.",
    lambda: _younger_than(ANSWERED_MONTHS),
    takes=("DOB", "UpdatedAt"),
)


def _iso_day(name: str) -> Writing:
    return Writing(
        (name,), lambda: pl.col(name).cast(pl.Date).dt.strftime("%Y-%m-%d"), f"{name}, as yyyy-mm-dd"
    )


def _yes_or_no(name: str) -> Writing:
    def make() -> pl.Expr:
        said = pl.col(name).cast(pl.Boolean)
        return pl.when(said).then(pl.lit("yes")).when(~said).then(pl.lit("no"))

    return Writing((name,), make, f"{name}, as yes or no")


def _help_of_schools(name: str) -> Writing:
    """Any other need of the child is no business of a school."""

    def make() -> pl.Expr:
        return pl.when(pl.col(name).is_in(HELP_OF_SCHOOLS)).then(pl.col(name))

    return Writing((name,), make, f"{name}, where it is of {' or '.join(HELP_OF_SCHOOLS)}")


def _hours(name: str) -> Writing:
    return Writing((name,), lambda: (pl.col(name).cast(pl.Float64) / 60).round(2), f"{name}, as hours")


# Who, which help, and whether there is an order: never which, nor an offence, nor anything of social care.
support = Outward(
    referral_id=ours("reference"),
    change=ours("change"),
    family_name=ours("family_name"),
    given_names=ours("given_names"),
    date_of_birth=_iso_day("born_on"),
    upn=ours("upn"),
    school=ours("school"),
    support_need=_help_of_schools("need"),
    urgency=ours("urgency"),
    referred_on=_iso_day("referred_on"),
    on_order=_yes_or_no("is_on_order"),
    weekly_hours_attended=_hours("weekly_minutes_attended"),
)
