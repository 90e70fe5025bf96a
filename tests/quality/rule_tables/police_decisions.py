"""What the YJS tells the force, what the force answers, and what it decides."""

from datetime import UTC, date, datetime, timedelta

import polars as pl

from quality.suites import police_decisions
from rule_tables import TODAY, RuleTable, breaks, keeps
from schemas.child_details import ChildDetails
from schemas.status_update import StatusUpdate

NEXT_YEAR = TODAY + timedelta(days=365)
COLUMNS = (
    "ReferralRef", "AssessedOn", "Recommendation", "RecommendedOn", "Engagement", "State", "StateOn",
    "Completed", "Change",
)  # fmt: skip

outgoing = RuleTable(
    rules=police_decisions.OUTGOING,
    types=dict.fromkeys(COLUMNS, pl.String),
    good={
        "ReferralRef": "NMP-R-0001234",
        "AssessedOn": "18/11/2026",
        "Recommendation": "outcome_22",
        "RecommendedOn": "20/11/2026",
        "Engagement": "engaged",
        "State": "accepted",
        "StateOn": "20/11/2026",
        "Completed": None,
        "Change": "new",
    },
    cases=(
        keeps("POL-O01", "another form is still a reference", ReferralRef="R7E"),
        breaks("POL-O01", "there is none", ReferralRef=None),
        breaks("POL-O01", "a spreadsheet would run it", ReferralRef="=1+1"),
        keeps("POL-O02", "a correction", Change="changed"),
        breaks("POL-O02", "no word", Change=None),
        breaks("POL-O02", "another word", Change="amended"),
        keeps("POL-O03", "declined", State="declined"),
        breaks("POL-O03", "another word", State="pending"),
        breaks("POL-O03", "no word", State=None),
        keeps("POL-O04", "assessed, and not yet before the panel", Recommendation=None, RecommendedOn=None),
        breaks("POL-O04", "their number for ours", Recommendation="22"),
        keeps("POL-O05", "nothing is known yet", Engagement=None),
        breaks("POL-O05", "a sentence", Engagement="comes when reminded"),
        keeps("POL-O06", "no recommendation yet", Recommendation=None, RecommendedOn=None),
        breaks("POL-O06", "when was it?", RecommendedOn=None),
        keeps("POL-O07", "the same day", RecommendedOn="18/11/2026"),
        keeps("POL-O07", "no assessment was needed", AssessedOn=None),
        breaks("POL-O07", "the month before", RecommendedOn="20/10/2026"),
        keeps("POL-O08", "done", Completed="Y", State="completed"),
        keeps("POL-O08", "ended before", Completed="N", State="ended_early"),
        breaks("POL-O08", "done, and still going on", Completed="Y", State="started"),
    ),
)

acknowledged = RuleTable(
    rules=police_decisions.ACKNOWLEDGED,
    types={
        **dict.fromkeys(("message_key", "answer", "reason", "their_reference"), pl.String),
        "at": pl.Datetime("us", "UTC"),
    },
    good={"message_key": "key", "answer": "accepted", "at": datetime(2026, 11, 23, 5, tzinfo=UTC)},
    cases=(
        keeps("POL-A01", "rejected, and why", answer="refused", reason="NMP-D01: the referral is closed"),
        breaks("POL-A01", "words without a rule", answer="refused", reason="no rule given: closed"),
        breaks("POL-A01", "nothing at all", answer="refused"),
        keeps("POL-A02", "received: the answer comes tomorrow", answer="received"),
        breaks("POL-A02", "it does not add up", answer="unknown"),
        keeps("POL-A03", "today"),
        breaks("POL-A03", "next year", at=datetime(2027, 11, 23, 5, tzinfo=UTC)),
    ),
)

received = RuleTable(
    rules=police_decisions.UPDATES_RECEIVED,
    types=dict.fromkeys(("OutcomeCode", "DecidedOn"), pl.String),
    good={"OutcomeCode": "22", "DecidedOn": "21/11/2026"},
    cases=(
        keeps("POL-R08", "nothing is decided yet", OutcomeCode="", DecidedOn=" "),
        breaks("POL-R08", "decided, but when?", DecidedOn=""),
        breaks("POL-R08", "a day of what?", OutcomeCode=""),
    ),
)

translated = RuleTable(
    rules=police_decisions.UPDATES_TRANSLATED,
    types={
        name: column.dtype for name, column in (StatusUpdate.columns() | ChildDetails.columns()).items()
    },
    good={
        "reference": "NMP-U-0001234",
        "referral_reference": "NMP-R-0001234",
        "version_at": datetime(2026, 11, 22, 17, tzinfo=UTC),
        "is_deleted": False,
        "decision": "22",
        "decided_on": date(2026, 11, 21),
        "person_reference": "N0004711",
        "family_name": "Thornbury",
        "given_names": "Ada May",
        "born_on": date(2011, 2, 14),
        "pnc": "2024/0123456X",
    },
    cases=(
        keeps("POL-T27", "the force's own form"),
        breaks("POL-T27", "a long number, shortened", reference="1.23E+11"),
        keeps("POL-T28", "the force's own form"),
        breaks("POL-T28", "a long number, shortened", referral_reference="1.23E+11"),
        keeps("POL-T29", "no name, but a PNC id", family_name=None, given_names=None),
        breaks("POL-T29", "nothing at all", family_name=None, given_names=None, pnc=None,
               person_reference=None),
        keeps("POL-T30", "a surname that reads like nothing", family_name="Null"),
        breaks("POL-T30", "a stand-in", family_name="Unknown"),
        keeps("POL-T31", "there is none", given_names=None),
        breaks("POL-T31", "a stand-in", given_names="N/K"),
        keeps("POL-T32", "none is there", born_on=None),
        breaks("POL-T32", "a slip in the century", born_on=date(2061, 2, 14), pnc=None),
        keeps("POL-T33", "given in the year of the tenth birthday", pnc="2021/0123456X"),
        breaks("POL-T33", "given the year before", pnc="2020/0123456X"),
        keeps("POL-T34", "written today", version_at=datetime(2026, 11, 23, 4, tzinfo=UTC)),
        breaks("POL-T34", "written in two days", version_at=datetime(2026, 11, 25, 4, tzinfo=UTC)),
        keeps("POL-T35", "decided today", decided_on=TODAY),
        breaks("POL-T35", "in a year", decided_on=NEXT_YEAR),
    ),
)  # fmt: skip
