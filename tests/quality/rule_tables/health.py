"""What health services answer, and what we refer to them."""

from datetime import UTC, date, datetime

import polars as pl

from quality.suites import health
from rule_tables import RuleTable, breaks, keeps
from schemas.child_details import ChildDetails
from schemas.status_update import StatusUpdate

progress = RuleTable(
    rules=health.TRANSLATED,
    types={name: column.dtype for name, column in (StatusUpdate.columns() | ChildDetails.columns()).items()},
    good={
        "reference": "RFNMY1",
        "referral_reference": "RFNMY1",
        "version_at": datetime(2026, 11, 22, 9, tzinfo=UTC),
        "is_deleted": False,
        "state": "started",
        "attended_start_on": date(2026, 11, 20),
    },
    cases=(
        keeps("HEA-T01", "yesterday"),
        breaks("HEA-T01", "next year", version_at=datetime(2027, 11, 22, 9, tzinfo=UTC)),
        keeps("HEA-T02", "it says when"),
        breaks("HEA-T02", "it does not", version_at=None),
        keeps("HEA-T03", "declined, and why", state="declined", reason="Lives outside the area"),
        keeps("HEA-T03", "declined, in their own words", state="declined", words="known to the night team"),
        breaks("HEA-T03", "declined, and no word", state="declined"),
        keeps("HEA-T04", "one appointment", attended_end_on=date(2026, 11, 20)),
        keeps("HEA-T04", "not ended yet"),
        breaks("HEA-T04", "ended the day before", attended_end_on=date(2026, 11, 19)),
        keeps("HEA-T05", "today", attended_start_on=date(2026, 11, 23)),
        breaks("HEA-T05", "next month", attended_start_on=date(2026, 12, 23)),
    ),
)

outgoing = RuleTable(
    rules=health.OUTGOING,
    types=dict.fromkeys(("Referral", "Change", "FamilyName", "NHSNumber", "SafeContact"), pl.String)
    | {"BornOn": pl.Date},
    good={
        "Referral": "RFNMY1",
        "Change": "new",
        "FamilyName": "Quillborne",
        "NHSNumber": "9000000009",
        "SafeContact": "write to the school",
        "BornOn": date(2011, 3, 14),
    },
    cases=(
        keeps("HEA-O01", "a name"),
        keeps("HEA-O01", "taken back", FamilyName=None, Change="deleted"),
        breaks("HEA-O01", "none", FamilyName=None),
        keeps("HEA-O02", "taken back", NHSNumber=None, Change="deleted"),
        breaks("HEA-O02", "none", NHSNumber=None),
        keeps("HEA-O03", "taken back", BornOn=None, Change="deleted"),
        breaks("HEA-O03", "none", BornOn=None, Change="changed"),
        keeps("HEA-O04", "taken back", SafeContact=None, Change="deleted"),
        breaks("HEA-O04", "none", SafeContact=None),
        keeps("HEA-O05", "slashes are no trouble", Referral="RF/2026/1"),
        breaks("HEA-O05", "a comma", Referral="RF,1"),
        breaks("HEA-O05", "a bar", Referral="RF|1"),
    ),
)

acknowledged = RuleTable(
    rules=health.ACKNOWLEDGED,
    types=dict.fromkeys(("message_key", "answer", "reason", "their_reference"), pl.String)
    | {"at": pl.Datetime("us", "UTC")},
    good={"message_key": "key", "answer": "accepted", "at": datetime(2026, 11, 23, 5, tzinfo=UTC)},
    cases=(
        keeps("HEA-A01", "taken"),
        keeps("HEA-A01", "refused, and why", answer="refused", reason="not sent: the form lacks GP practice"),
        breaks("HEA-A01", "refused, and no word", answer="refused"),
    ),
)
