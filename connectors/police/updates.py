"""The force's answer to a recommendation: their columns, and what each becomes."""

from __future__ import annotations

import polars as pl

from connectors.contract import Scope
from connectors.police.translation import CODES, UK_DATE
from connectors.readings import Codes, always, cell, code, computed, day, day_in, instant, pnc_id, text
from connectors.translation import Translation
from schemas.child_details import ChildDetails
from schemas.status_update import StatusUpdate

OUTCOMES = Codes(CODES / "outcome.csv", onto="police_outcome")
# Referred as a child, decided about after the birthday: still ours.
ADULT_MONTHS = 19 * 12


def _state() -> pl.Expr:
    """Of the request for a decision. What becomes of any help is the YJS's to say."""
    decided = cell("OutcomeCode").is_not_null()
    return pl.when(decided).then(pl.lit("completed")).otherwise(pl.lit("waiting"))


update = Translation(
    StatusUpdate,
    reference=text("UpdateRef"),
    referral_from=always(value="police", because="the force answers its own referrals"),
    referral_reference=text("ReferralRef"),
    version_at=instant("LastUpdated"),
    is_deleted=always(value=False, because="the force corrects a decision and never withdraws it by file"),
    state=computed(("OutcomeCode",), _state, "completed once there is an outcome, waiting until then"),
    state_on=day("DecidedOn", UK_DATE),
    decision=code("OutcomeCode", OUTCOMES),
    decided_on=day("DecidedOn", UK_DATE),
    lawful_basis=always(value="dpa_2018_part_3", because="the force shares for law enforcement"),
)

child = Translation(
    ChildDetails,
    person_reference=text("NominalID"),
    family_name=text("Surname"),
    given_names=text("Forenames"),
    born_on=day("DOB", UK_DATE),
    pnc=pnc_id("PNCID"),
)


def _is_ours() -> pl.Expr:
    born = day_in("DOB", UK_DATE)
    made = cell("LastUpdated").str.slice(0, 10).str.to_date("%Y-%m-%d", strict=False)
    return born.dt.offset_by(f"{ADULT_MONTHS}mo") > made


scope = Scope(
    "Those under 19 on the day of the update: referred as children.", _is_ours, takes=("DOB", "LastUpdated")
)
