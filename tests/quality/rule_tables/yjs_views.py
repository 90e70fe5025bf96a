"""The case system's reporting views."""

from datetime import date, timedelta
from typing import Any

import dataframely as dy
import polars as pl

from quality.suites import yjs_views
from rule_tables import TODAY, RuleTable, breaks, keeps
from schemas.child_details import ChildDetails
from schemas.circumstance import Circumstance
from schemas.referral import Referral
from schemas.screening import Screening
from schemas.status_update import StatusUpdate

CHILD = {
    "is_deleted": False,
    "person_reference": "YP-1",
    "family_name": "Thornbury",
    "given_names": "Ada May",
    "born_on": date(2011, 2, 14),
    "ethnicity_self_defined": "W1",
    "pnc": "2024/0123456X",
}
LATER = TODAY + timedelta(days=2)
TOMORROW = TODAY + timedelta(days=1)


def _types(kind: type[dy.Schema]) -> dict[str, Any]:
    return {name: column.dtype for name, column in (kind.columns() | ChildDetails.columns()).items()}


received = RuleTable(
    rules=yjs_views.RECEIVED,
    types=dict.fromkeys(("dateOfBirth", "ypid", "deleted", "return_start_date"), pl.String),
    good={
        "dateOfBirth": "2011-02-14",
        "ypid": "YP-1",
        "deleted": "false",
        "return_start_date": "2026-10-01",
    },
    cases=(
        keeps("YJS-R03", "born on 1 January, as some are", dateOfBirth="2011-01-01"),
        breaks("YJS-R03", "it is empty", dateOfBirth=""),
        breaks("YJS-R03", "it is nothing", dateOfBirth=None),
        breaks("YJS-R03", "a stand-in for no date", dateOfBirth="1900-01-01"),
        keeps("YJS-R04", "any key", ypid="7"),
        breaks("YJS-R04", "nobody", ypid=" "),
        keeps("YJS-R05", "as SQLite writes it", deleted="1"),
        breaks("YJS-R05", "another word", deleted="maybe"),
        breaks("YJS-R05", "nothing", deleted=None),
        keeps("YJS-R06", "a day", return_start_date="2026-07-01"),
        breaks("YJS-R06", "nothing", return_start_date=""),
    ),
)

CHILD_CASES = (
    keeps("YJS-T01", "a surname that reads like nothing", family_name="Null"),
    breaks("YJS-T01", "a stand-in", family_name="Unknown"),
    keeps("YJS-T02", "there is none", given_names=None),
    breaks("YJS-T02", "a stand-in", given_names="n/k"),
    keeps("YJS-T03", "hyphens and apostrophes", family_name="O'Neill-Smith"),
    breaks("YJS-T03", "a number in the name", given_names="Ada 2"),
    keeps("YJS-T04", "accents, whole", family_name="Brünhagård"),
    breaks("YJS-T04", "a letter lost", family_name="Br\ufffdnhagard"),
    keeps("YJS-T05", "none is there", born_on=None),
    breaks("YJS-T05", "a slip in the century", born_on=date(2061, 2, 14), pnc=None),
    keeps("YJS-T06", "given in the year of the tenth birthday", pnc="2021/0123456X"),
    breaks("YJS-T06", "given the year before", pnc="2020/0123456X"),
    keeps("YJS-T07", "asked, and would not say", ethnicity_self_defined="NS"),
    breaks("YJS-T07", "not there", ethnicity_self_defined=None),
)

progress = RuleTable(
    rules=yjs_views.PROGRESS,
    types=_types(StatusUpdate),
    good=CHILD
    | {
        "reference": "NMYJS-1/NMP-R-0000001",
        "referral_from": "police",
        "referral_reference": "NMP-R-0000001",
        "state": "started",
        "attended_start_on": date(2026, 10, 1),
        "assessed_on": date(2026, 9, 20),
        "recommendation": "outcome_22",
        "recommended_on": date(2026, 9, 25),
    },
    cases=(
        *CHILD_CASES,
        keeps("YJS-T10", "the courts", referral_from="courts"),
        breaks("YJS-T10", "nobody", referral_from=None),
        keeps("YJS-T11", "one day long", attended_end_on=date(2026, 10, 1), completed=True),
        breaks("YJS-T11", "ended before it began", attended_end_on=date(2026, 9, 30), completed=True),
        keeps("YJS-T12", "declined, and why", state="declined", reason="lives elsewhere"),
        keeps("YJS-T12", "struck out", state="declined", is_deleted=True),
        breaks("YJS-T12", "declined without a word", state="declined"),
        keeps("YJS-T13", "no recommendation yet", recommendation=None, recommended_on=None),
        breaks("YJS-T13", "of which panel?", recommended_on=None),
        keeps("YJS-T14", "not completed", attended_end_on=date(2026, 11, 1), completed=False),
        breaks("YJS-T14", "ended, and how?", attended_end_on=date(2026, 11, 1)),
        keeps("YJS-T15", "tomorrow: the clocks differ", assessed_on=TOMORROW),
        breaks("YJS-T15", "a plan", assessed_on=LATER),
        keeps("YJS-T16", "today", recommended_on=TODAY),
        breaks("YJS-T16", "a plan", recommended_on=LATER),
    ),
)

referrals = RuleTable(
    rules=yjs_views.REFERRALS,
    types=_types(Referral),
    good=CHILD
    | {
        "reference": "REF-1",
        "need": "mental_health",
        "to_service": "Northmoor CAMHS",
        "screened_on": date(2026, 10, 20),
        "referred_on": date(2026, 10, 22),
        "consent_given_by": "parent",
    },
    cases=(
        *CHILD_CASES,
        keeps("YJS-T20", "another help", need="education"),
        breaks("YJS-T20", "for what?", need=None),
        keeps("YJS-T21", "a service"),
        breaks("YJS-T21", "of whom?", to_service=None),
        keeps("YJS-T22", "today", referred_on=TODAY),
        breaks("YJS-T22", "when?", referred_on=None),
        keeps("YJS-T23", "tomorrow: the clocks differ", referred_on=TOMORROW),
        breaks("YJS-T23", "a plan", referred_on=LATER),
        keeps("YJS-T24", "on one day", referred_on=date(2026, 10, 20)),
        keeps("YJS-T24", "never screened", screened_on=None),
        breaks("YJS-T24", "referred before anybody looked", referred_on=date(2026, 10, 19)),
        keeps("YJS-T25", "the child", consent_given_by="child"),
        breaks("YJS-T25", "nobody", consent_given_by=None),
    ),
)

assessments = RuleTable(
    rules=yjs_views.ASSESSMENTS,
    types=_types(Screening),
    good=CHILD
    | {
        "reference": "AP-1/mental_health",
        "screened_on": date(2026, 10, 20),
        "is_complete": True,
        "need_found": False,
    },
    cases=(
        *CHILD_CASES,
        keeps("YJS-T30", "today", screened_on=TODAY),
        breaks("YJS-T30", "when?", screened_on=None),
        keeps("YJS-T31", "tomorrow: the clocks differ", screened_on=TOMORROW),
        breaks("YJS-T31", "a plan", screened_on=LATER),
        keeps("YJS-T32", "still being written", is_complete=False, need_found=None),
        breaks("YJS-T32", "signed off, and not answered", need_found=None),
    ),
)

orders = RuleTable(
    rules=yjs_views.ORDERS,
    types=_types(Circumstance),
    good=CHILD
    | {
        "reference": "IP-1",
        "fact": "order",
        "disposal_as_sent": "YC",
        "holds_from": date(2026, 10, 12),
    },
    cases=(
        *CHILD_CASES,
        keeps("YJS-T40", "it says from when"),
        breaks("YJS-T40", "from when?", holds_from=None),
        keeps("YJS-T41", "still open", holds_until=None),
        breaks("YJS-T41", "ended before it began", holds_until=date(2026, 10, 11)),
        keeps("YJS-T42", "any word", disposal_as_sent="RO"),
        breaks("YJS-T42", "which order?", disposal_as_sent=None),
    ),
)
