"""What schools list about pupils, and what goes between them and the YJS."""

from datetime import UTC, date, datetime

import polars as pl

from quality.suites import education_pupils, education_referrals
from rule_tables import RuleTable, breaks, keeps
from schemas.child_details import ChildDetails
from schemas.circumstance import Circumstance
from schemas.referral import Referral
from schemas.status_update import StatusUpdate

UPN, TEMPORARY = "H801200001001", "X00180001701A"
# Two that two pupils share, and two that one pupil has.
SHARED, FIRST, SECOND = "A950000178301", "X801200001002", "L801200001003"
PUPIL = {
    "reference": "E-1",
    "version_at": datetime(2026, 11, 22, 17, tzinfo=UTC),
    "is_deleted": False,
    "person_reference": "P1",
    "family_name": "Thornbury",
    "given_names": "Ada May",
    "born_on": date(2011, 2, 14),
    "upn": UPN,
    "uln": "1000000043",
}
FACT_TYPES = {
    name: column.dtype for name, column in (Circumstance.columns() | ChildDetails.columns()).items()
}
OF_A_PUPIL = (
    keeps("EDU-T01", "a surname that reads like nothing", family_name="Null"),
    breaks("EDU-T01", "a stand-in", family_name="Unknown"),
    keeps("EDU-T02", "there is none", given_names=None),
    breaks("EDU-T02", "a stand-in", given_names="N/K"),
    keeps("EDU-T03", "letters alone"),
    breaks("EDU-T03", "a class stands behind the name", given_names="Ada 9B"),
    keeps("EDU-T04", "an accent", family_name="Brünhagård"),
    breaks("EDU-T04", "an accent that went through the wrong letters", family_name="BrÃ¼nhagard"),
    keeps("EDU-T05", "none is there", born_on=None),
    breaks("EDU-T05", "a slip in the century", born_on=date(2061, 2, 14)),
    keeps("EDU-T06", "written today", version_at=datetime(2026, 11, 23, 4, tzinfo=UTC)),
    breaks("EDU-T06", "written in two days", version_at=datetime(2026, 11, 25, 4, tzinfo=UTC)),
    keeps("EDU-T07", "the example of the guide"),
    keeps("EDU-T07", "there is none", upn=None),
    breaks("EDU-T07", "another check letter", upn="R247962919251", person_reference="P7"),
    breaks("EDU-T07", "too short", upn="R325", person_reference="P8"),
    keeps("EDU-T08", "his own"),
    breaks("EDU-T08", "one of two with it", upn=SHARED, person_reference="P2"),
    breaks("EDU-T08", "the other of the two", upn=SHARED, person_reference="P3"),
    breaks("EDU-T08", "the first of two", upn=FIRST, person_reference="P4"),
    breaks("EDU-T08", "the second of two", upn=SECOND, person_reference="P4"),
    keeps("EDU-T09", "there is none", uln=None),
    breaks("EDU-T09", "another digit", uln="1000000007"),
)
SPANS = (
    keeps("EDU-T10", "still open", holds_until=None),
    keeps("EDU-T10", "one day", holds_from=date(2026, 11, 2), holds_until=date(2026, 11, 2)),
    breaks("EDU-T10", "the day before", holds_from=date(2026, 11, 2), holds_until=date(2026, 11, 1)),
)

enrolments = RuleTable(
    rules=education_pupils.ENROLMENTS,
    types=FACT_TYPES,
    good={
        **PUPIL,
        "holds_from": date(2026, 11, 2),
        "provision": "SCHOOL_FULL_TIME",
        "weekly_minutes_offered": 1500,
        "weekly_minutes_attended": 1200,
    },
    cases=(
        *OF_A_PUPIL,
        *SPANS,
        keeps("EDU-T11", "three weeks ago", upn=TEMPORARY, person_reference="P9"),
        keeps("EDU-T11", "long ago, and permanent", holds_from=date(2025, 9, 1)),
        breaks(
            "EDU-T11", "since September", upn=TEMPORARY, person_reference="P9", holds_from=date(2026, 9, 2)
        ),
        keeps("EDU-T12", "part time", provision="SCHOOL_PART_TIME", weekly_minutes_offered=1200),
        keeps("EDU-T12", "above school age", born_on=date(2009, 2, 14), weekly_minutes_offered=1260),
        keeps("EDU-T12", "not known how old", born_on=None, weekly_minutes_offered=1260),
        breaks("EDU-T12", "21 hours at 15", weekly_minutes_offered=1260),
        breaks(
            "EDU-T12", "16, and of this school year", born_on=date(2010, 9, 1), weekly_minutes_offered=1260
        ),
        breaks("EDU-T12", "15 hours at 17", born_on=date(2009, 2, 14), weekly_minutes_offered=900,
               weekly_minutes_attended=900),
        keeps("EDU-T13", "struck out", weekly_minutes_offered=None, is_deleted=True),
        breaks("EDU-T13", "how many?", weekly_minutes_offered=None, provision="SCHOOL_PART_TIME"),
        keeps("EDU-T14", "every hour", weekly_minutes_attended=1500),
        breaks("EDU-T14", "one more", weekly_minutes_attended=1560),
    ),
)  # fmt: skip

attendance = RuleTable(
    rules=education_pupils.ATTENDANCE,
    types=FACT_TYPES,
    good={**PUPIL, "holds_from": date(2026, 9, 2), "sessions_possible": 80},
    cases=(
        *OF_A_PUPIL,
        *SPANS,
        keeps("EDU-T15", "in detention all the time", sessions_possible=0, sessions_detained=80),
        breaks("EDU-T15", "no marks, or a strange one", sessions_possible=None),
        keeps("EDU-T16", "struck out", holds_from=None, is_deleted=True),
        breaks("EDU-T16", "since when?", holds_from=None),
    ),
)

suspensions = RuleTable(
    rules=education_pupils.SUSPENSIONS,
    types=FACT_TYPES,
    good={**PUPIL, "holds_from": date(2026, 11, 19), "suspension_reason": "DB"},
    cases=(
        *OF_A_PUPIL,
        *SPANS,
        keeps("EDU-T17", "struck out", suspension_reason=None, is_deleted=True),
        breaks("EDU-T17", "why?", suspension_reason=None),
        keeps("EDU-T18", "today", holds_from=date(2026, 11, 23)),
        breaks("EDU-T18", "next year", holds_from=date(2027, 11, 23)),
    ),
)

needs = RuleTable(
    rules=education_pupils.NEEDS,
    types=FACT_TYPES,
    good={**PUPIL, "holds_from": date(2025, 9, 1), "sen_provision": "E", "sen_type": "SEMH"},
    cases=(
        *OF_A_PUPIL,
        *SPANS,
        keeps("EDU-T19", "support, and since when is not known", sen_provision="K", holds_from=None),
        breaks("EDU-T19", "a plan of which year?", holds_from=None),
        keeps("EDU-T20", "no need", sen_provision="N", sen_type=None),
        breaks("EDU-T20", "support for what?", sen_provision="K", sen_type=None),
        keeps("EDU-T21", "struck out", sen_provision=None, is_deleted=True),
        breaks("EDU-T21", "which help?", sen_provision=None),
    ),
)

prevention = RuleTable(
    rules=education_referrals.PREVENTION,
    types={name: column.dtype for name, column in (Referral.columns() | ChildDetails.columns()).items()},
    good={**PUPIL, "consent_given_by": "parent", "parents_told": "told", "need": "offending_behaviour"},
    cases=(
        *OF_A_PUPIL,
        keeps("EDU-P01", "no name, but a UPN", family_name=None, given_names=None, person_reference=None,
              upn="G801200001010"),
        breaks("EDU-P01", "nothing at all", family_name=None, given_names=None, person_reference=None,
               upn=None, uln=None),
        keeps("EDU-P02", "struck out", consent_given_by=None, is_deleted=True),
        breaks("EDU-P02", "who agreed?", consent_given_by=None),
        keeps("EDU-P03", "it is not known, and said so", parents_told="not_known"),
        breaks("EDU-P03", "do they know?", parents_told=None),
        keeps("EDU-P04", "struck out", need=None, is_deleted=True),
        breaks("EDU-P04", "which help?", need=None),
    ),
)  # fmt: skip

updates = RuleTable(
    rules=education_referrals.UPDATES,
    types={name: column.dtype for name, column in (StatusUpdate.columns() | ChildDetails.columns()).items()},
    good={**PUPIL, "referral_reference": "REF-1", "state": "accepted"},
    cases=(
        *OF_A_PUPIL,
        keeps("EDU-U01", "not offered yet"),
        keeps("EDU-U01", "all in a day", offered_on=date(2026, 11, 2), attended_start_on=date(2026, 11, 2),
              attended_end_on=date(2026, 11, 2)),
        breaks("EDU-U01", "begun before the offer", offered_on=date(2026, 11, 2),
               attended_start_on=date(2026, 11, 1)),
        breaks("EDU-U01", "ended before the offer", offered_on=date(2026, 11, 2),
               attended_end_on=date(2026, 11, 1)),
        keeps("EDU-U02", "a fortnight ago", state="offered", offered_on=date(2026, 11, 9)),
        keeps("EDU-U02", "long ago, and why", state="offered", offered_on=date(2026, 9, 9), reason="ill"),
        breaks("EDU-U02", "long ago, and nothing since", state="offered", offered_on=date(2026, 9, 9)),
        keeps("EDU-U03", "declined, and why", state="declined", reason="moved away"),
        breaks("EDU-U03", "declined, but why?", state="declined"),
    ),
)  # fmt: skip

outgoing = RuleTable(
    rules=education_referrals.OUTGOING,
    types=dict.fromkeys(
        ("family_name", "date_of_birth", "upn", "change", "support_need", "on_order"), pl.String
    ),
    good={
        "family_name": "Thornbury",
        "date_of_birth": "2011-02-14",
        "upn": UPN,
        "change": "new",
        "support_need": "education",
        "on_order": "no",
    },
    cases=(
        keeps("EDU-O01", "by UPN alone", family_name=None, date_of_birth=None),
        keeps("EDU-O01", "by name and birth date", upn=None),
        keeps("EDU-O01", "withdrawn", upn=None, family_name=None, change="deleted"),
        breaks("EDU-O01", "a name alone", upn=None, date_of_birth=None),
        keeps("EDU-O02", "a correction", change="changed"),
        breaks("EDU-O02", "another word", change="amended"),
        keeps("EDU-O03", "special needs", support_need="special_educational_needs"),
        breaks("EDU-O03", "none of a school's business", support_need="mental_health"),
        breaks("EDU-O03", "no word", support_need=None),
        keeps("EDU-O04", "yes", on_order="yes"),
        breaks("EDU-O04", "it is not said", on_order=None),
    ),
)

acknowledged = RuleTable(
    rules=education_referrals.ACKNOWLEDGED,
    types={**dict.fromkeys(("answer", "reason"), pl.String), "at": pl.Datetime("us", "UTC")},
    good={"answer": "accepted", "at": datetime(2026, 11, 23, 5, tzinfo=UTC)},
    cases=(
        keeps(
            "EDU-A01", "refused, and why", answer="refused", reason="the pupil has left the area's schools"
        ),
        breaks("EDU-A01", "refused", answer="refused", reason="they gave no reason that we know"),
        keeps("EDU-A02", "received: the answer comes later", answer="received"),
        breaks("EDU-A02", "another word", answer="unknown"),
        keeps("EDU-A03", "today"),
        breaks("EDU-A03", "next year", at=datetime(2027, 11, 23, 5, tzinfo=UTC)),
    ),
)
