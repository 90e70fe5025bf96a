"""The courts' columns, and what each becomes. Three dates, never confused: the day in court, the day of
the order, and the moment the result was shared, which alone says what is newer.
"""

from __future__ import annotations

from pathlib import Path

import polars as pl

from connectors.contract import Scope
from connectors.courts.hearings import COLUMNS
from connectors.readings import (
    Codes,
    always,
    cell,
    code,
    computed,
    day,
    day_in,
    home_postcode,
    identifier,
    instant,
    joined,
    listed,
    pnc_id,
    text,
    yes,
)
from connectors.translation import Translation
from schemas.child_details import ChildDetails
from schemas.identifiers import cro
from schemas.outcome import Outcome

CODES = Path(__file__).parent / "codes"
BAIL = Codes(CODES / "bail_status.csv", onto="bail_status")
SEXES = Codes(CODES / "sex.csv", onto="sex")
ETHNICITIES = Codes(CODES / "ethnicity_self_defined.csv", onto="ethnicity_self_defined")
ETHNICITIES_OBSERVED = Codes(CODES / "ethnicity_observed.csv", onto="ethnicity_observed")
# Held away from home: custody, local authority care, secure accommodation.
AWAY_FROM_HOME = ("C", "L", "S")
AT_HOME = ("A", "B", "P", "R", "U")
# As hearings, registers and their short codes write it.
GUILTY = ("GUILTY", "FOUND_GUILTY", "PROVED_SJP", "G", "PSJ")
NOT_GUILTY = ("NOT_GUILTY", "FOUND_NOT_GUILTY", "N", "NG")
ADULT_MONTHS = 18 * 12


def _deleted() -> pl.Expr:
    return (cell("result_is_deleted") == "true").fill_null(value=False)


def _remanded() -> pl.Expr:
    """By bail status or by custody after the hearing; unknown where the court says neither.

    Older messages write bail in words. Words that are no code of ours are unknown too: never a "no".
    """
    return pl.any_horizontal(*(_away(column) for column in ("bail_status", "custody_after_hearing")))


def _away(column: str) -> pl.Expr:
    said = cell(column).str.to_uppercase()
    return (
        pl.when(said.is_in(AWAY_FROM_HOME) | said.str.contains("CUSTODY|SECURE|LOCAL AUTHORITY"))
        .then(pl.lit(value=True))
        .when(said.is_in(AT_HOME))
        .then(pl.lit(value=False))
    )


def _stage() -> pl.Expr:
    """Only what the message settles: a final result alone does not say sentenced or acquitted."""
    final = cell("result_category") == "FINAL"
    verdict = cell("verdict").str.to_uppercase().str.replace_all(" ", "_", literal=True)
    guilty = (cell("plea") == "GUILTY") | verdict.is_in(GUILTY)
    return (
        pl.when(final & guilty)
        .then(pl.lit("sentenced"))
        .when(final & verdict.is_in(NOT_GUILTY))
        .then(pl.lit("acquitted"))
        .when(cell("result_category") == "ANCILLARY")
        .then(pl.lit("ancillary_order"))
        .when(cell("result_category") == "INTERMEDIARY")
        .then(pl.lit("heard"))
        .when(_remanded())
        .then(pl.lit("remanded"))
        .when(cell("result_id").is_null())
        .then(pl.lit("charged"))
    )


def _needs() -> pl.Expr:
    language, needs = cell("interpreter_language"), cell("specific_requirements")
    said = pl.concat_str(pl.lit("interpreter: ") + language, needs, separator="; ", ignore_nulls=True)
    return pl.when(said != "").then(said)


outcome = Translation(
    Outcome,
    ignores={
        column: "not needed to know what was decided"
        for column in COLUMNS
        if column in {"title", "nationality", "asn", "arrest_date", "jurisdiction", "hearing_type", "case_id"}
        or column in {"message_shape", "is_reshare", "result_shared_on", "amendment_reason", "defendant_id"}
        or column in {"offence_id", "address_line_5"}
    },
    reference=text("reference"),
    version_at=instant("shared_time"),
    is_deleted=computed(("result_is_deleted",), _deleted, "result_is_deleted is true"),
    is_amendment=yes("result_is_amendment", when=("true",), no=("false",)),
    stage=computed(
        ("result_category", "plea", "verdict", "bail_status", "custody_after_hearing", "result_id"),
        _stage,
        "what category, plea, verdict and bail settle together",
    ),
    case_reference=text("case_urn"),
    hearing_id=text("hearing_id"),
    hearing_on=day("hearing_day"),
    ordered_on=day("result_ordered_on"),
    court_code=text("court_code"),
    court_name=text("court_name"),
    offence_code=text("offence_code"),
    offence_title=text("offence_title"),
    offence_on=day("offence_date"),
    plea=text("plea"),
    disposal_code=text("result_code"),
    disposal=text("result_label"),
    disposal_words=text("result_text"),
    bail_status=code("bail_status", BAIL),
    bail_status_as_sent=text("bail_status"),
    remanded=computed(("bail_status", "custody_after_hearing"), _remanded, "held in custody, care or secure"),
    diversity_needs=computed(
        ("interpreter_language", "specific_requirements"), _needs, "interpreter and other needs"
    ),
    lawful_basis=always(
        value="crime_and_disorder_act_1998_s115", because="courts to the YJS, by the register"
    ),
)

child = Translation(
    ChildDetails,
    person_reference=text("master_defendant_id"),
    family_name=text("last_name"),
    given_names=joined("first_name", "middle_name", by=" "),
    aliases=listed("aliases"),
    born_on=day("birth_date"),
    sex=code("gender", SEXES),
    sex_as_sent=text("gender"),
    ethnicity_self_defined=code("ethnicity_self_defined", ETHNICITIES),
    ethnicity_observed=code("ethnicity_observed", ETHNICITIES_OBSERVED),
    address=joined("address_line_1", "address_line_2", "address_line_3", "address_line_4", "address_line_5"),
    postcode=home_postcode("postcode"),
    pnc=pnc_id("pnc"),
    cro=identifier("cro", cro.canonical, "CRO number"),
    guardian=text("guardian_name"),
    guardian_contact=text("guardian_contact"),
)


def _is_child() -> pl.Expr:
    """The court's youth flag or an age under 18 on the day in court, whichever says child.

    A company is nobody's child. Without flag and birth date it cannot be told, and the row stays.
    """
    # Read as everywhere: a stand-in such as 1900-01-01 is no birth date, and must not make an adult.
    born = day_in("birth_date")
    in_court = pl.coalesce(
        day_in("hearing_day"),
        day_in("result_ordered_on"),
        cell("shared_time").str.slice(0, 10).str.to_date("%Y-%m-%d", strict=False),
    )
    under_18 = born.dt.offset_by(f"{ADULT_MONTHS}mo") > in_court
    flagged = pl.when(cell("is_youth") == "true").then(pl.lit(value=True))
    said_adult = pl.when(cell("is_youth") == "false").then(pl.lit(value=False))
    return (
        pl.when(cell("person_or_company") == "company")
        .then(pl.lit(value=False))
        .otherwise(pl.coalesce(flagged, under_18, said_adult))
    )


scope = Scope(
    "Defendants whom the court calls a youth, or who were under 18 on the day in court.",
    _is_child,
    takes=("person_or_company", "is_youth", "birth_date", "hearing_day", "result_ordered_on", "shared_time"),
)
