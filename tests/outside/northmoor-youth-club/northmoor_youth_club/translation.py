"""Their columns, and what each becomes; our fields, and what they are called there."""

from __future__ import annotations

from pathlib import Path

import polars as pl

from connectors.contract import Scope
from connectors.outward import Outward, british_day, ours
from connectors.readings import Codes, always, cell, code, day, day_in, instant, text, yes
from connectors.translation import Translation
from schemas.child_details import ChildDetails
from schemas.referral import Referral

HELPS = Codes(Path(__file__).parent / "codes" / "help.csv", onto="referral_need")

record = Translation(
    Referral,
    reference=text("id"),
    version_at=instant("changed_at"),
    is_deleted=yes("withdrawn", when=("yes",), no=("no",)),
    need=code("help", HELPS),
    reason_as_sent=text("wish"),
    lawful_basis=always(value="uk_gdpr_6_1_e", because="the agreement says so"),
)
child = Translation(
    ChildDetails,
    person_reference=text("id"),
    family_name=text("surname"),
    given_names=text("forename"),
    born_on=day("born"),
)
message = Outward(
    reference=ours("reference"),
    change=ours("change"),
    help=ours("need"),
    urgency=ours("urgency"),
    surname=ours("family_name"),
    born=british_day("born_on"),
)


def _is_child() -> pl.Expr:
    written = cell("changed_at").str.slice(0, 10).str.to_date("%Y-%m-%d", strict=False)
    return day_in("born").dt.offset_by("18y") > written


scope = Scope("Those under 18 when they were written about.", _is_child, takes=("born", "changed_at"))
