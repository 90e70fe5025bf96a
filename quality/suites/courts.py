"""What the courts promise of their results."""

from __future__ import annotations

import polars as pl

from quality.rules import DAY, Dimension, Holds, MessageConsequence, RuleWords, Suite, set_aside, warn
from quality.suites import any_child
from quality.suites.any_child import CLOCK_ALLOWANCE, EIGHTEEN, Sender, birthday, filled_unless_struck_out
from quality.suites.courts_received import DATA_LEAD, RECEIVED
from schemas.hops import Hop

COURT = Sender(
    owner=DATA_LEAD, person_record="the defendant's record", offence_record="the case's offence record"
)

OFFENCE = Holds(
    ("offence_on", "offence_code"),
    lambda: pl.col("offence_on").is_not_null() | pl.col("offence_code").is_not_null(),
)


def _sentence_says_what() -> pl.Expr:
    said = pl.col("disposal").is_not_null() | pl.col("disposal_code").is_not_null()
    return pl.when(pl.col("stage") == "sentenced").then(said)


TRANSLATED = (
    any_child.somebody("CRT-T01", COURT),
    any_child.name_is_a_name("CRT-T02", COURT, "family_name"),
    any_child.name_is_a_name("CRT-T03", COURT, "given_names"),
    any_child.names_without_digits("CRT-T04", COURT),
    any_child.names_with_whole_letters("CRT-T05", COURT),
    any_child.born_already("CRT-T06", COURT),
    any_child.ten_or_older("CRT-T07", COURT, about_an_offence=OFFENCE),
    any_child.offence_after_birth("CRT-T08", COURT),
    any_child.offence_happened("CRT-T09", COURT),
    any_child.version_made_already("CRT-T10", COURT),
    any_child.pnc_after_ten("CRT-T11", COURT),
    any_child.offence_code("CRT-T12", COURT, then=warn),
    set_aside(
        "CRT-T13",
        "An offence is not later than the day in court.",
        Holds(("offence_on", "hearing_on"), lambda: pl.col("offence_on") <= pl.col("hearing_on")),
        why="The age at the offence decides which orders a court may make. A wrong date makes a wrong age.",
        fix="Correct the date in the case's offence record, and share the result again. If the day in court "
        "is the wrong one, correct that.",
        owner=DATA_LEAD,
        dimension=Dimension.CONSISTENCY,
    ),
    set_aside(
        "CRT-T14",
        "An order is not made later than the day its result came.",
        Holds(("ordered_on", DAY), lambda: pl.col("ordered_on") <= pl.col(DAY).dt.offset_by(CLOCK_ALLOWANCE)),
        why="The time for the first panel and the plan is counted from that day. The child would be seen "
        "late.",
        fix="Correct the day of the order on the result, and share it again.",
        owner=DATA_LEAD,
        dimension=Dimension.ACCURACY,
    ),
    warn(
        "CRT-T15",
        "A result has the child's birth date.",
        Holds(("born_on", "is_deleted"), lambda: filled_unless_struck_out("born_on")),
        why="The birth date tells two children of one name apart. Without it the result may stand beside the "
        "child's record instead of in it.",
        fix="Take the birth date at the first hearing and enter it in the defendant's record.",
        owner=DATA_LEAD,
        dimension=Dimension.COMPLETENESS,
    ),
    any_child.own_ethnicity("CRT-T16", COURT),
    warn(
        "CRT-T17",
        "The defendant is not yet eighteen on the day in court.",
        Holds(("born_on", "hearing_on"), lambda: birthday(EIGHTEEN) > pl.col("hearing_on")),
        why="Whoever turned eighteen on the way passes to probation, and can fall between the two services.",
        fix="Check the birth date. If it is right, tell the probation service of the result as well.",
        owner=DATA_LEAD,
        dimension=Dimension.TIMELINESS,
    ),
    warn(
        "CRT-T18",
        "A result has the case's reference number (URN).",
        Holds(("case_reference", "is_deleted"), lambda: filled_unless_struck_out("case_reference")),
        why="Without it the worker cannot put the result to the right case, and may ask the child about the "
        "wrong one.",
        fix="Enter the URN on the case before results are shared.",
        owner=DATA_LEAD,
        dimension=Dimension.COMPLETENESS,
    ),
    warn(
        "CRT-T19",
        "A sentence says what the sentence is: a result code or its name.",
        Holds(("disposal_code", "disposal", "stage"), _sentence_says_what),
        why="The child leaves court with an order, and the service that must carry it out does not know "
        "which.",
        fix="Result the offence with a code from the list, and share it again.",
        owner=DATA_LEAD,
        dimension=Dimension.COMPLETENESS,
    ),
    warn(
        "CRT-T20",
        "A result has the day in court.",
        Holds(("hearing_on", "is_deleted"), lambda: filled_unless_struck_out("hearing_on")),
        why="Time limits for reports and first meetings are counted from that day, and would be counted "
        "wrongly.",
        fix="Enter the sitting day on the hearing, and share the result again.",
        owner=DATA_LEAD,
        dimension=Dimension.COMPLETENESS,
    ),
)

# CRT-R01 was given for unreadable messages before the hub's own codes told them apart; it is not used again.
FOUND_BY_THE_CLIENT = (
    RuleWords(
        "CRT-R02",
        MessageConsequence.REJECT_MESSAGE,
        "A message has one of the agreed layouts.",
        why="What stands in an unknown place cannot be found, so the children's results wait until somebody "
        "has looked.",
        fix="Tell us whether the layout has changed, and send a specimen about invented people. If another "
        "kind of file was put in the drop, take it out and send the results.",
        owner=DATA_LEAD,
        dimension=Dimension.VALIDITY,
    ),
)

suite = Suite(
    "courts",
    {"results": {Hop.RECEIVED: RECEIVED, Hop.TRANSLATED: TRANSLATED}},
    found_in_messages=FOUND_BY_THE_CLIENT,
)
