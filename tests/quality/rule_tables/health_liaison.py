"""Whom liaison and diversion refers to the YJS."""

from datetime import UTC, date, datetime

import polars as pl

from quality.suites import health_liaison
from rule_tables import TODAY, RuleTable, breaks, keeps
from schemas.child_details import ChildDetails
from schemas.referral import Referral

NOBODY = {"family_name": None, "given_names": None, "nhs_number": None, "person_reference": None}

received = RuleTable(
    rules=health_liaison.RECEIVED,
    types=dict.fromkeys(("references_outside", "flags_unread"), pl.String),
    good={"references_outside": None, "flags_unread": None},
    cases=(
        keeps("HEA-R08", "all is in the Bundle"),
        breaks("HEA-R08", "an episode on their own server", references_outside="Encounter.episodeOfCare"),
        keeps("HEA-R09", "no flag, or one that we know"),
        breaks("HEA-R09", "a flag of a list that nobody agreed", flags_unread="yes"),
    ),
)

translated = RuleTable(
    rules=health_liaison.TRANSLATED,
    types={name: column.dtype for name, column in (Referral.columns() | ChildDetails.columns()).items()},
    good={
        "reference": "LD-1",
        "version_at": datetime(2026, 11, 22, 9, tzinfo=UTC),
        "is_deleted": False,
        "need": "mental_health",
        "referred_on": date(2026, 11, 20),
        "person_reference": "P-1",
        "family_name": "Quillborne",
        "given_names": "Ottoline May",
        "born_on": date(2011, 3, 14),
        "nhs_number": "9000000009",
    },
    cases=(
        keeps("HEA-T06", "no name, but their own number", **NOBODY | {"person_reference": "P-1"}),
        keeps("HEA-T06", "withdrawn: found by its reference", **NOBODY | {"is_deleted": True}),
        breaks("HEA-T06", "nothing at all", **NOBODY),
        keeps("HEA-T07", "a surname that reads like nothing", family_name="Null"),
        breaks("HEA-T07", "a stand-in", family_name="Unknown"),
        keeps("HEA-T08", "none is given", given_names=None),
        breaks("HEA-T08", "a stand-in", given_names="N/K"),
        keeps("HEA-T09", "hyphens", family_name="Quill-Borne"),
        breaks("HEA-T09", "a number in the name", given_names="Ottoline 2"),
        keeps("HEA-T10", "an accent, whole", family_name="Quillbörne"),
        breaks("HEA-T10", "a letter lost", family_name="Quillb\ufffdrne"),
        keeps("HEA-T11", "born today", born_on=TODAY),
        breaks("HEA-T11", "a slip in the century", born_on=date(2061, 3, 14)),
        keeps("HEA-T12", "yesterday"),
        breaks("HEA-T12", "next year", version_at=datetime(2027, 11, 22, 9, tzinfo=UTC)),
        keeps("HEA-T13", "it says when"),
        breaks("HEA-T13", "it does not", version_at=None),
        keeps("HEA-T14", "today", referred_on=TODAY),
        breaks("HEA-T14", "next month", referred_on=date(2026, 12, 23)),
        keeps("HEA-T15", "withdrawn", need=None, is_deleted=True),
        breaks("HEA-T15", "no word of the help", need=None),
        keeps("HEA-T16", "a sound one"),
        breaks("HEA-T16", "none", nhs_number=None),
    ),
)
