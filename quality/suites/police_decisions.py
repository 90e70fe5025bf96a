"""What the hub promises the force of a decision file, and the force of its answers and decisions."""

from __future__ import annotations

import polars as pl

from quality.rules import DAY, Dimension, Holds, OneOf, hold_row, set_aside, warn
from quality.suites import any_child
from quality.suites.any_child import CLOCK_ALLOWANCE, Sender
from quality.suites.police_received import DATA_LEAD, filled, not_shortened
from schemas.clocks import BusinessState
from schemas.codes import load

# What leaves the hub is the hub's own to put right.
DATA_DESK = "data desk"
FORCE = Sender(owner=DATA_LEAD, person_record="the nominal record", offence_record="the crime record")

STATES = tuple(state.value for state in BusinessState)
AGREED_ANSWERS = ("accepted", "received", "refused")
UK_DATE = "%d/%m/%Y"
OUR_DESK = "Nothing to do at the force: our data desk puts it right and sends it again."


def _said(column: str, *words: str) -> Holds:
    return Holds((column,), lambda: pl.col(column).is_in(words).fill_null(value=False))


def _coded(column: str, codes: str) -> Holds:
    return Holds((column,), lambda: pl.col(column).is_in([code.code for code in load(codes).codes]))


def _day(column: str) -> pl.Expr:
    return pl.col(column).str.to_date(UK_DATE, strict=False)


def _begins_like_a_reference() -> pl.Expr:
    # What begins otherwise may be run by a spreadsheet.
    return pl.col("ReferralRef").str.contains(r"^[A-Za-z0-9]").fill_null(value=False)


def _both_or_neither() -> pl.Expr:
    return filled("OutcomeCode") == filled("DecidedOn")


OUTGOING = (
    hold_row(
        "POL-O01",
        "A row names the referral by the force's own reference.",
        Holds(("ReferralRef",), _begins_like_a_reference),
        why="The force could put the recommendation to no child, or to another.",
        fix=OUR_DESK,
        owner=DATA_DESK,
        dimension=Dimension.COMPLETENESS,
    ),
    hold_row(
        "POL-O02",
        "A row says whether it is new, changed or deleted.",
        _said("Change", "new", "changed", "deleted"),
        why="Taken for new, a correction would stand beside what it corrects.",
        fix=OUR_DESK,
        owner=DATA_DESK,
        dimension=Dimension.VALIDITY,
    ),
    hold_row(
        "POL-O03",
        "State is one of the agreed.",
        _said("State", *STATES),
        why="The force would not know how far the child is, and might decide too early.",
        fix=OUR_DESK,
        owner=DATA_DESK,
        dimension=Dimension.VALIDITY,
    ),
    hold_row(
        "POL-O04",
        "Recommendation is one of the agreed.",
        _coded("Recommendation", "recommendation"),
        why="A word the force does not know may be read as the harder outcome.",
        fix=OUR_DESK,
        owner=DATA_DESK,
        dimension=Dimension.VALIDITY,
    ),
    hold_row(
        "POL-O05",
        "Engagement is one of the agreed.",
        _coded("Engagement", "engagement"),
        why="A word the force does not know may be read as a refusal by the child.",
        fix=OUR_DESK,
        owner=DATA_DESK,
        dimension=Dimension.VALIDITY,
    ),
    warn(
        "POL-O06",
        "A recommendation comes with the day of the panel.",
        Holds(
            ("RecommendedOn", "Recommendation"),
            lambda: pl.when(pl.col("Recommendation").is_not_null()).then(
                pl.col("RecommendedOn").is_not_null()
            ),
        ),
        why="Of two recommendations nobody can tell which is the later.",
        fix="Enter the day of the panel in the case system.",
        owner=DATA_DESK,
        dimension=Dimension.COMPLETENESS,
    ),
    warn(
        "POL-O07",
        "A recommendation is not earlier than the assessment it rests on.",
        Holds(("RecommendedOn", "AssessedOn"), lambda: _day("RecommendedOn") >= _day("AssessedOn")),
        why="One of the days is wrong, or the panel met without knowing the child.",
        fix="Check both days in the case system.",
        owner=DATA_DESK,
        dimension=Dimension.CONSISTENCY,
    ),
    warn(
        "POL-O08",
        "Completed is Y only where State is completed.",
        Holds(
            ("Completed", "State"),
            lambda: pl.when(pl.col("Completed") == "Y").then(pl.col("State") == "completed"),
        ),
        why="The force may close the matter while the child is still at work on it.",
        fix="Close the programme in the case system once it is done, and not before.",
        owner=DATA_DESK,
        dimension=Dimension.CONSISTENCY,
    ),
)

ACKNOWLEDGED = (
    warn(
        "POL-A01",
        "A rejected row comes with the rule that it broke.",
        Holds(
            ("reason", "answer"),
            lambda: pl.when(pl.col("answer") == "refused").then(
                pl.col("reason").is_not_null() & ~pl.col("reason").str.starts_with("no rule given")
            ),
        ),
        why="We cannot put right what we are not told, and the decision is made without the YJS.",
        fix="Write the code of the rule into every row of the .rej.csv file.",
        owner=DATA_LEAD,
        dimension=Dimension.COMPLETENESS,
    ),
    warn(
        "POL-A02",
        "An acknowledgement adds up with our file.",
        OneOf("answer", AGREED_ANSWERS),
        why="Nobody knows which children's recommendations the force has taken, and both sides may wait.",
        fix="Write .ack.json and .rej.csv again from the file as you have it: its name, its checksum, its "
        "rows, and of the rejected ones our MessageKey.",
        owner=DATA_LEAD,
        dimension=Dimension.CONSISTENCY,
    ),
    warn(
        "POL-A03",
        "An acknowledgement is not dated later than the day we read it.",
        Holds(("at", DAY), lambda: pl.col("at").dt.date() <= pl.col(DAY).dt.offset_by(CLOCK_ALLOWANCE)),
        why="How long children wait for an answer is counted from these times, and would be counted wrongly.",
        fix="Set the clock of the system that writes the acknowledgement.",
        owner=DATA_LEAD,
        dimension=Dimension.TIMELINESS,
    ),
)

UPDATES_RECEIVED = (
    warn(
        "POL-R08",
        "OutcomeCode and DecidedOn come together.",
        Holds(("OutcomeCode", "DecidedOn"), _both_or_neither),
        why="A decision without its day, or a day without its decision, leaves the child's worker guessing.",
        fix="Fill in both on the crime record, or neither until it is decided.",
        owner=DATA_LEAD,
        dimension=Dimension.CONSISTENCY,
    ),
)

UPDATES_TRANSLATED = (
    not_shortened(
        "POL-T27",
        "reference",
        theirs="UpdateRef",
        why="Shortened references look alike, and one child's decision would be written over another's.",
        then=hold_row,
    ),
    not_shortened(
        "POL-T28",
        "referral_reference",
        theirs="ReferralRef",
        why="Shortened references look alike, and the decision would be put to another child.",
        then=hold_row,
    ),
    any_child.somebody("POL-T29", FORCE),
    any_child.name_is_a_name("POL-T30", FORCE, "family_name"),
    any_child.name_is_a_name("POL-T31", FORCE, "given_names"),
    any_child.born_already("POL-T32", FORCE),
    any_child.pnc_after_ten("POL-T33", FORCE),
    any_child.version_made_already("POL-T34", FORCE),
    set_aside(
        "POL-T35",
        "A decision is not dated later than the day it came.",
        Holds(("decided_on", DAY), lambda: pl.col("decided_on") <= pl.col(DAY).dt.offset_by(CLOCK_ALLOWANCE)),
        why="Times for appeal and for the start of help run from this day.",
        fix="Correct the date of the outcome on the crime record; most often it is the year.",
        owner=DATA_LEAD,
        dimension=Dimension.ACCURACY,
    ),
)
