"""What leaves for the case system, and what it answers."""

from datetime import UTC, datetime

import polars as pl

from quality.suites import yjs
from rule_tables import RuleTable, breaks, keeps

WORKLIST = dict.fromkeys(
    (
        "message_key", "record_key", "kind", "change", "hub_child_id", "from_partner", "source_reference",
        "family_name", "given_names", "aliases", "nhs_number", "upn", "pnc", "cro", "reason", "safety_flags",
        "lawful_basis", "disposal", "disposal_code", "stage",
    ),
    pl.String,
)  # fmt: skip
NOBODY = dict.fromkeys(("family_name", "given_names", "pnc"))
OUTCOME = {"kind": "outcome", "reason": None}

outgoing = RuleTable(
    rules=yjs.OUTGOING,
    types={**WORKLIST, "version_no": pl.Int64, "gravity": pl.Int64},
    good={
        "message_key": "key",
        "record_key": "police:referrals:NMP-R-0001234",
        "version_no": 1,
        "kind": "referral",
        "change": "new",
        "hub_child_id": "child",
        "from_partner": "police",
        "source_reference": "NMP-R-0001234",
        "family_name": "Thornbury",
        "given_names": "Ada May",
        "pnc": "2024/0123456X",
        "reason": "charged",
        "lawful_basis": "dpa_2018_part_3",
        "gravity": 2,
    },
    cases=(
        keeps("YJS-O01", "one of our children"),
        breaks("YJS-O01", "nobody", hub_child_id=None),
        keeps("YJS-O02", "a place at school", kind="circumstance"),
        keeps("YJS-O02", "an outcome", **OUTCOME, stage="sentenced"),
        keeps("YJS-O02", "what the police decided", kind="status_update", reason=None),
        breaks("YJS-O02", "a kind the worklist does not take", kind="screening"),
        breaks("YJS-O02", "no kind at all", kind=None),
        keeps("YJS-O03", "a correction", change="changed"),
        breaks("YJS-O03", "another word", change="amended"),
        breaks("YJS-O03", "no word", change=None),
        keeps("YJS-O04", "its second version", version_no=2),
        breaks("YJS-O04", "no version", version_no=None),
        breaks("YJS-O04", "no reference of the sender's", source_reference=None),
        keeps("YJS-O05", "from the courts", from_partner="courts"),
        breaks("YJS-O05", "from the case system itself", from_partner="yjs"),
        keeps("YJS-O06", "not scored", gravity=None),
        keeps("YJS-O06", "the highest", gravity=5),
        breaks("YJS-O06", "the other score, which goes to 8", gravity=8),
        keeps("YJS-O07", "at risk: the recorded reason takes its place", lawful_basis=None,
              safety_flags="safeguarding"),
        breaks("YJS-O07", "no lawful basis, and no risk known", lawful_basis=None),
        keeps("YJS-O08", "an alias", **NOBODY | {"aliases": "Ada Thorn"}),
        keeps("YJS-O08", "deleted: known by its record", **NOBODY | {"change": "deleted"}),
        breaks("YJS-O08", "neither name nor identifier", **NOBODY),
        keeps("YJS-O09", "an outcome has no reason", **OUTCOME, disposal="Referral order"),
        breaks("YJS-O09", "a referral without one", reason=None),
        keeps("YJS-O10", "deleted: nothing more to say", **OUTCOME | {"change": "deleted"}),
        breaks("YJS-O10", "an outcome that says nothing", **OUTCOME),
    ),
)  # fmt: skip

acknowledged = RuleTable(
    rules=yjs.ACKNOWLEDGED,
    types={
        **dict.fromkeys(("message_key", "answer", "reason", "their_reference"), pl.String),
        "at": pl.Datetime("us", "UTC"),
    },
    good={
        "message_key": "key",
        "answer": "accepted",
        "their_reference": "NMYJS-1",
        "at": datetime(2026, 11, 23, 8, tzinfo=UTC),
    },
    cases=(
        keeps(
            "YJS-A01", "refused, and why", answer="refused", reason="lives elsewhere", their_reference=None
        ),
        breaks("YJS-A01", "refused without a word", answer="refused", their_reference=None),
        keeps("YJS-A02", "received: there is no case yet", answer="received", their_reference=None),
        breaks("YJS-A02", "accepted, under which case?", their_reference=None),
        keeps("YJS-A03", "accepted"),
        breaks("YJS-A03", "no agreed answer", answer="unknown"),
        keeps("YJS-A04", "today"),
        keeps("YJS-A04", "tomorrow: the clocks differ", at=datetime(2026, 11, 24, 8, tzinfo=UTC)),
        breaks("YJS-A04", "next year", at=datetime(2027, 11, 23, 8, tzinfo=UTC)),
    ),
)
