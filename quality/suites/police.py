"""What the force promises of its files, and what the YJS promises of its own."""

from __future__ import annotations

import polars as pl

from quality.rules import (
    Dimension,
    Filled,
    Holds,
    MessageConsequence,
    RuleWords,
    Suite,
    hold_row,
    set_aside,
    warn,
)
from quality.suites import any_child
from quality.suites.any_child import EIGHTEEN, Sender, birthday, day_of_version
from quality.suites.police_decisions import ACKNOWLEDGED, OUTGOING, UPDATES_RECEIVED, UPDATES_TRANSLATED
from quality.suites.police_received import DATA_LEAD, RECEIVED, not_shortened
from schemas.hops import Hop

FORCE = Sender(owner=DATA_LEAD, person_record="the nominal record", offence_record="the crime record")

# The file is about an offence for these; a missing child, or one in need of an adult, may have none.
ABOUT_AN_OFFENCE = ("out_of_court_decision", "released_under_investigation", "charged")


def _about_an_offence() -> pl.Expr:
    told = pl.col("offence_on").is_not_null() | pl.col("offence_code").is_not_null()
    return told | pl.col("reason").is_in(ABOUT_AN_OFFENCE).fill_null(value=False)


OFFENCE = Holds(("offence_on", "offence_code", "reason"), _about_an_offence)


def _where_an_offence(column: str) -> Holds:
    return Holds(
        (column, *OFFENCE.columns), lambda: pl.when(_about_an_offence()).then(pl.col(column).is_not_null())
    )


def _where_a_decision_is_asked(column: str) -> Holds:
    return Holds((column, "reason"), lambda: pl.when(_decision_asked()).then(pl.col(column).is_not_null()))


def _decision_asked() -> pl.Expr:
    return pl.col("reason") == "out_of_court_decision"


TRANSLATED = (
    not_shortened(
        "POL-T01",
        "reference",
        theirs="ReferralRef",
        why="Shortened references look alike, and one child's referral would be written over another's.",
        then=hold_row,
    ),
    not_shortened(
        "POL-T02",
        "person_reference",
        theirs="NominalID",
        why="Shortened keys look alike, and the records of several children would be joined as one.",
        then=set_aside,
    ),
    any_child.somebody("POL-T03", FORCE),
    any_child.name_is_a_name("POL-T04", FORCE, "family_name"),
    any_child.name_is_a_name("POL-T05", FORCE, "given_names"),
    any_child.names_without_digits("POL-T06", FORCE),
    any_child.names_with_whole_letters("POL-T07", FORCE),
    any_child.born_already("POL-T08", FORCE),
    any_child.ten_or_older("POL-T09", FORCE, about_an_offence=OFFENCE),
    any_child.offence_after_birth("POL-T10", FORCE),
    any_child.offence_happened("POL-T11", FORCE),
    any_child.version_made_already("POL-T12", FORCE),
    any_child.pnc_after_ten("POL-T13", FORCE),
    any_child.offence_code("POL-T14", FORCE, then=set_aside),
    warn(
        "POL-T15",
        "LastUpdated says when the referral was last changed.",
        Filled("version_at"),
        why="Without it we take the newest file to hold the newest words. If files come out of order, an old "
        "state of things replaces the new one.",
        fix="Let the export write LastUpdated in every row, with date, time and zone.",
        owner=DATA_LEAD,
        dimension=Dimension.TIMELINESS,
    ),
    warn(
        "POL-T16",
        "Reason says why the child is referred.",
        Filled("reason_as_sent"),
        why="The worker cannot tell a missing child from a charge, and the urgent one waits its turn.",
        fix="Let the officer choose a reason before the referral can be saved.",
        owner=DATA_LEAD,
        dimension=Dimension.COMPLETENESS,
    ),
    warn(
        "POL-T17",
        "A referral about an offence has the child gravity score, 1 to 5.",
        _where_an_offence("gravity"),
        why="The score opens the door out of court. Without it a child may be charged who need not have "
        "been.",
        fix="Score the offence by the Child Gravity Matrix and enter the score on the crime record, with the "
        "reason if you depart from the matrix.",
        owner=DATA_LEAD,
        dimension=Dimension.COMPLETENESS,
    ),
    warn(
        "POL-T18",
        "Where a decision out of court is asked for, Admission says Y, N or U.",
        _where_a_decision_is_asked("admission_as_sent"),
        why="What the child says decides which outcomes are open to them. Unanswered, the quickest way is "
        "closed.",
        fix="Enter what the child said in interview; U where they have not been asked or did not answer.",
        owner=DATA_LEAD,
        dimension=Dimension.COMPLETENESS,
    ),
    warn(
        "POL-T19",
        "Where a decision out of court is asked for, DecisionDeadline says by when.",
        _where_a_decision_is_asked("decision_due_on"),
        why="Without the day, the assessment is made in turn and may come after the decision it was for.",
        fix="Enter the day by which you need our assessment; most often it is the day the bail ends.",
        owner=DATA_LEAD,
        dimension=Dimension.TIMELINESS,
    ),
    warn(
        "POL-T20",
        "DecisionDeadline is not before the day of the referral.",
        Holds(("decision_due_on", "version_at"), lambda: pl.col("decision_due_on") >= day_of_version()),
        why="Nobody can meet a day that has gone. The decision is then made without knowing the child.",
        fix="Refer on the day the decision is made to ask us, and enter a day that leaves ten working days.",
        owner=DATA_LEAD,
        dimension=Dimension.TIMELINESS,
    ),
    set_aside(
        "POL-T21",
        "DecisionDeadline is not more than a year after the referral.",
        Holds(
            ("decision_due_on", "version_at"),
            lambda: pl.col("decision_due_on") <= day_of_version().dt.offset_by("1y"),
        ),
        why="A slip in the year would put the child at the end of every list.",
        fix="Correct the year of the deadline on the crime record.",
        owner=DATA_LEAD,
        dimension=Dimension.ACCURACY,
    ),
    any_child.own_ethnicity("POL-T22", FORCE),
    warn(
        "POL-T23",
        "A child who is referred is not yet eighteen.",
        Holds(("born_on", "version_at"), lambda: birthday(EIGHTEEN) > day_of_version()),
        why="Whoever turned eighteen since the offence is dealt with by adult services, and needs help over "
        "that step before it is taken.",
        fix="Check the birth date. If it is right, tell the probation service too, and agree with the YJS "
        "who leads.",
        owner=DATA_LEAD,
        dimension=Dimension.TIMELINESS,
    ),
    warn(
        "POL-T24",
        "Officer names the officer in the case.",
        Filled("referrer"),
        why="When something is unclear there is nobody to ring, and the child waits for the answer.",
        fix="Let the export write the officer in the case, with collar number.",
        owner=DATA_LEAD,
        dimension=Dimension.COMPLETENESS,
    ),
    warn(
        "POL-T25",
        "RiskMarkers says RD (remanded) only where the Reason is CHG (charged).",
        Holds(
            ("remanded", "reason"),
            lambda: pl.when(pl.col("remanded")).then(pl.col("reason") == "charged"),
        ),
        why="A child can be remanded only once charged. One of the two is out of date, and either the bed or "
        "the lawyer comes too late.",
        fix="Bring Reason up to date when the child is charged; remove RD when the remand has ended.",
        owner=DATA_LEAD,
        dimension=Dimension.CONSISTENCY,
    ),
    warn(
        "POL-T26",
        "A referral about an offence has the CrimeRef.",
        _where_an_offence("crime_reference"),
        why="Without it the later outcome cannot be put to this offence, and the child seems to have two.",
        fix="Link the referral to the crime record before it is sent.",
        owner=DATA_LEAD,
        dimension=Dimension.COMPLETENESS,
    ),
)

FOUND_BY_THE_CLIENT = (
    RuleWords(
        "POL-R01",
        MessageConsequence.REJECT_MESSAGE,
        "The manifest beside a file can be read.",
        why="We cannot tell whether the file is whole, so none of its children are referred tonight.",
        fix="Write the manifest again as agreed, after the file. We look for it every night.",
        owner=DATA_LEAD,
        dimension=Dimension.VALIDITY,
    ),
    RuleWords(
        "POL-R02",
        MessageConsequence.REJECT_MESSAGE,
        "A file that a manifest names is in the folder.",
        why="The children in that file are not referred until it comes.",
        fix="Put the file in the folder, under the name in the manifest. We look for it every night.",
        owner=DATA_LEAD,
        dimension=Dimension.COMPLETENESS,
    ),
)

suite = Suite(
    "police",
    {
        "referrals": {Hop.RECEIVED: RECEIVED, Hop.TRANSLATED: TRANSLATED},
        "updates": {Hop.RECEIVED: UPDATES_RECEIVED, Hop.TRANSLATED: UPDATES_TRANSLATED},
        "decisions": {Hop.OUTGOING: OUTGOING, Hop.ACKNOWLEDGED: ACKNOWLEDGED},
    },
    found_in_messages=FOUND_BY_THE_CLIENT,
)
