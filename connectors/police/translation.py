"""The force's columns, and what each becomes."""

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
    instant,
    joined,
    listed,
    marker,
    pnc_id,
    text,
    whole,
)
from connectors.translation import Translation
from schemas.child_details import ChildDetails
from schemas.referral import Referral

CODES = Path(__file__).parent / "codes"
REASONS = Codes(CODES / "reason.csv", onto="referral_reason")
ADMISSIONS = Codes(CODES / "admission.csv", onto="admission")
SEXES = Codes(CODES / "sex.csv", onto="sex")
ETHNICITIES = Codes(CODES / "ethnicity_self_defined.csv", onto="ethnicity_self_defined")
ETHNICITIES_OBSERVED = Codes(CODES / "ethnicity_observed.csv", onto="ethnicity_observed")
UK_DATE = "%d/%m/%Y"
MARKS = ("SG", "SW", "RH", "RD", "none")
# Age on the day of the offence or, where that is missing, on the day of this version.
ADULT_MONTHS = 18 * 12

referral = Translation(
    Referral,
    reference=text("ReferralRef"),
    version_at=instant("LastUpdated"),
    is_deleted=always(value=False, because="the force never withdraws a referral by file"),
    to_service=always(value="youth_justice_service", because="the file is for the YJS"),
    reason=code("Reason", REASONS),
    reason_as_sent=text("Reason"),
    decision_due_on=day("DecisionDeadline", UK_DATE),
    crime_reference=text("CrimeRef"),
    offence_code=text("OffenceCode"),
    offence_on=day("OffenceDate", UK_DATE),
    gravity=whole("Gravity", least=1, most=5),
    admission=code("Admission", ADMISSIONS),
    admission_as_sent=text("Admission"),
    lawful_basis=always(value="dpa_2018_part_3", because="the force shares for law enforcement"),
    safeguarding=marker("RiskMarkers", "SG", among=MARKS),
    risk_to_wellbeing=marker("RiskMarkers", "SW", among=MARKS),
    risk_of_harm=marker("RiskMarkers", "RH", among=MARKS),
    remanded=marker("RiskMarkers", "RD", among=MARKS),
    child_view=always(value="not_asked", because="the file has no place for the child's view"),
    parents_view=always(value="not_asked", because="the file has no place for the parents' view"),
    referrer=text("Officer"),
)

child = Translation(
    ChildDetails,
    person_reference=text("NominalID"),
    family_name=text("Surname"),
    given_names=text("Forenames"),
    aliases=listed("Aliases"),
    born_on=day("DOB", UK_DATE),
    sex=code("Sex", SEXES),
    sex_as_sent=text("Sex"),
    ethnicity_self_defined=code("EthnicitySelfDefined", ETHNICITIES),
    ethnicity_observed=code("EthnicityObserved", ETHNICITIES_OBSERVED),
    address=joined("AddressLine1", "AddressLine2", "Town"),
    postcode=home_postcode("Postcode"),
    pnc=pnc_id("PNCID"),
)


def _is_child() -> pl.Expr:
    """Under 18 when the record was made; unknown without a birth date, and then the row stays."""
    # Read as everywhere: a stand-in such as 01/01/1900 is no birth date, and must not make an adult.
    born = day_in("DOB", UK_DATE)
    made = day_in("OffenceDate", UK_DATE)
    made = pl.coalesce(made, cell("LastUpdated").str.slice(0, 10).str.to_date("%Y-%m-%d", strict=False))
    return born.dt.offset_by(f"{ADULT_MONTHS}mo") > made


scope = Scope(
    "Children under 18 on the day of the offence.", _is_child, takes=("DOB", "OffenceDate", "LastUpdated")
)
