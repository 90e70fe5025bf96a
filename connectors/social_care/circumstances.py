"""What each table of the dataset says, in our words: one dated fact for each row."""

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
    day,
    day_in,
    day_or_open,
    home_postcode,
    identifier,
    text,
    yes,
)
from connectors.social_care.dataset import CONFIDENTIAL, FACTS, ITEMS, STRUCK_OUT, TABLE
from connectors.translation import Translation
from schemas.child_details import ChildDetails
from schemas.circumstance import Circumstance
from schemas.identifiers import nhs_number

CODES = Path(__file__).parent / "codes"
LEGAL_STATUSES = Codes(CODES / "legal_status.csv", onto="legal_status")
CATEGORIES = Codes(CODES / "category_of_abuse.csv", onto="concern")
SEXES = Codes(CODES / "sex.csv", onto="sex")
YES, NO = ("Y", "y", "Yes", "yes", "1", "true"), ("N", "n", "No", "no", "0", "false")
OPEN = "1900-01-01"
# On remand: to the local authority's accommodation, or to youth detention accommodation.
REMANDED = "J1"
ADULT_MONTHS = 18 * 12
KEYS = tuple(item.key for item in ITEMS)
PEOPLE = tuple(item.person for item in ITEMS)
BEGAN = tuple(item.began for item in ITEMS)
ENDED = tuple(item.ended for item in ITEMS if item.ended)


def _first(*columns: str) -> Reading:
    """Each row has a cell in one of them at most: they stand in different tables."""
    return computed(columns, lambda: pl.coalesce(cell(name) for name in columns), "as sent")


def _reference() -> pl.Expr:
    """Keys are unique within their table only. Without its own key a row has no reference."""
    return pl.concat_str(cell(TABLE), pl.coalesce(cell(name) for name in KEYS), separator="/")


def _fact() -> pl.Expr:
    """A referral without further action made nobody a child in need: they were told of the child."""
    by_table = cell(TABLE).replace_strict(
        list(FACTS), list(FACTS.values()), default=None, return_dtype=pl.String
    )
    return pl.when(cell("cine_referral_nfa").is_in(YES)).then(pl.lit("contact")).otherwise(by_table)


def _remanded() -> pl.Expr:
    is_open = day_in("lega_legal_status_end_date").is_null()
    return pl.when(cell("lega_legal_status").is_not_null()).then(
        (cell("lega_legal_status") == REMANDED) & is_open
    )


circumstance = Translation(
    Circumstance,
    reference=computed((TABLE, *KEYS), _reference, "the table and its key"),
    is_deleted=yes(STRUCK_OUT, when=("true",), no=("false",)),
    fact=computed((TABLE, "cine_referral_nfa"), _fact, "by the table; no further action is a contact"),
    holds_from=day_or_open(*BEGAN, open_is=OPEN),
    holds_until=day_or_open(*ENDED, open_is=OPEN),
    legal_status=code("lega_legal_status", LEGAL_STATUSES),
    concern=code("cppl_cp_plan_latest_category", CATEGORIES),
    provider=_first(
        "clap_cla_placement_provider",
        "earl_episode_organisation",
        "invo_professional_team",
        "cine_referral_team",
    ),
    is_confidential=yes(CONFIDENTIAL, when=YES, no=NO),
    worker=_first("invo_professional_id", "earl_episode_worker_id", "cine_referral_worker_id"),
    detail_as_sent=_first(
        "lega_legal_status",
        "cine_cin_primary_need_code",
        "cppl_cp_plan_latest_category",
        "earl_episode_reason",
        "miss_missing_episode_type",
        "invo_professional_role_id",
        "cont_contact_source_code",
        "clap_cla_placement_type",
    ),
    remanded=computed(
        ("lega_legal_status", "lega_legal_status_end_date"), _remanded, f"{REMANDED} that has not ended"
    ),
    lawful_basis=always(
        value="children_act_2004_s10", because="children's services and the YJS work together for the child"
    ),
)

# Of ssd_person, which stands beside each row.
person = Translation(
    ChildDetails,
    family_name=text("pers_surname"),
    given_names=text("pers_forename"),
    born_on=day("pers_dob"),
    sex=code("pers_sex", SEXES),
    sex_as_sent=text("pers_sex"),
    nhs_number=identifier("pers_common_child_id", nhs_number.canonical, "NHS number"),
)
child = person.widened(
    person_reference=_first(*PEOPLE),
    postcode=home_postcode("clap_cla_placement_postcode"),
)


def _is_child() -> pl.Expr:
    """On the first day of the fact; a row without a day stays."""
    began = pl.coalesce(day_in(name) for name in BEGAN)
    return day_in("pers_dob").dt.offset_by(f"{ADULT_MONTHS}mo") > began


scope = Scope("Children under 18 when the fact began.", _is_child, takes=("pers_dob", *BEGAN))
COLUMNS = circumstance.takes | child.takes | set(scope.takes)
