"""What schools promise of what they list about pupils, in our words.

A row that is held or a value that is set aside comes again the next night: everything is listed every night.
"""

from __future__ import annotations

from collections.abc import Callable

import polars as pl

from quality.rules import DAY, Dimension, Holds, Rule, hold_row, set_aside, warn
from quality.suites import any_child
from quality.suites.any_child import CLOCK_ALLOWANCE, Sender, filled_unless_struck_out
from schemas.identifiers import uln, upn

DATA_LEAD = "education data lead"
SCHOOLS = Sender(owner=DATA_LEAD, person_record="the pupil's record", offence_record="the incident record")

# The Department for Education sets no number of days: a month is long enough to ask the last school.
TEMPORARY_FOR = "30d"
# KPI 2 counts so many hours a week as full time: at school age, and above.
FULL_TIME_MINUTES, FULL_TIME_MINUTES_ABOVE = 25 * 60, 16 * 60
FULL_TIME = ("SCHOOL_FULL_TIME", "ALTERNATIVE_PROVISION_PRU_FULL_TIME")
SCHOOL_AGE_ENDS_IN, SCHOOL_YEAR_BEGINS_IN = 16, 9
PLAN, HELPED = "E", ("K", "E")


def _read_by(canonical: Callable[[pl.Expr], pl.Expr], column: str) -> pl.Expr:
    """The translation leaves a number that cannot be read as it was sent."""
    written = pl.col(column)
    return pl.when(written.is_not_null()).then(canonical(written).is_not_null())


def _one_for_one() -> pl.Expr:
    """Within one night's list."""
    pupils = pl.col("person_reference").n_unique().over("upn")
    numbers = pl.col("upn").drop_nulls().n_unique().over("person_reference")
    return pl.when(pl.col("upn").is_not_null()).then((pupils == 1) & (numbers <= 1))


def _not_temporary_for_long() -> pl.Expr:
    since = pl.col("holds_from").dt.offset_by(TEMPORARY_FOR)
    return pl.when(upn.is_temporary(pl.col("upn"))).then(pl.col(DAY) <= since)


def _is_of_school_age() -> pl.Expr:
    """Up to the June of the school year in which they are sixteen; the very day differs by a few."""
    later = (pl.col("born_on").dt.month() >= SCHOOL_YEAR_BEGINS_IN).cast(pl.Int32)
    year = pl.col("born_on").dt.year() + SCHOOL_AGE_ENDS_IN + later
    return pl.col(DAY) <= pl.date(year, 6, 30)


def _full_time_is_full() -> pl.Expr:
    least = (
        pl.when(_is_of_school_age())
        .then(pl.lit(FULL_TIME_MINUTES))
        .when(~_is_of_school_age())
        .then(pl.lit(FULL_TIME_MINUTES_ABOVE))
    )
    offered = pl.col("weekly_minutes_offered")
    return pl.when(pl.col("provision").is_in(FULL_TIME)).then(offered >= least)


def _where_there_is_help(column: str, helps: tuple[str, ...]) -> Holds:
    return Holds(
        (column, "sen_provision"),
        lambda: pl.when(pl.col("sen_provision").is_in(helps)).then(pl.col(column).is_not_null()),
    )


def _filled(code: str, column: str, sentence: str, *, why: str, fix: str) -> Rule:
    return warn(
        code,
        sentence,
        Holds((column, "is_deleted"), lambda: filled_unless_struck_out(column)),
        why=why,
        fix=fix,
        owner=DATA_LEAD,
        dimension=Dimension.COMPLETENESS,
    )


# The same of every list, so under the same codes.
PUPIL = (
    any_child.name_is_a_name("EDU-T01", SCHOOLS, "family_name"),
    any_child.name_is_a_name("EDU-T02", SCHOOLS, "given_names"),
    any_child.names_without_digits("EDU-T03", SCHOOLS),
    any_child.names_with_whole_letters("EDU-T04", SCHOOLS),
    any_child.born_already("EDU-T05", SCHOOLS),
    any_child.version_made_already("EDU-T06", SCHOOLS),
    hold_row(
        "EDU-T07",
        "The check letter of a UPN is right; UN1 to UN7 stand where there is none.",
        Holds(("upn",), lambda: _read_by(upn.canonical, "upn")),
        why="A UPN with a slip is nobody's, or another pupil's. The record waits until a person has asked.",
        fix="Copy the UPN from the pupil's record of the school that gave it; never type it. Where there is "
        "none yet, write the code that says why.",
        owner=DATA_LEAD,
        dimension=Dimension.VALIDITY,
    ),
    hold_row(
        "EDU-T08",
        "One pupil has one UPN, and a UPN one pupil.",
        Holds(("upn", "person_reference"), _one_for_one),
        why="By a shared UPN two pupils become one child, and each is met with the other's story. Twins have "
        "one birth date, so nothing else would tell.",
        fix="Find which of the two was given it first. The other's is wrongly allocated: take it out, and "
        "keep it nowhere, not even as a former one.",
        owner=DATA_LEAD,
        dimension=Dimension.UNIQUENESS,
    ),
    set_aside(
        "EDU-T09",
        "The check digit of a ULN is right; 9999999999 stands where there is none.",
        Holds(("uln",), lambda: _read_by(uln.canonical, "uln")),
        why="A wrong number leads to another learner's results.",
        fix="Look the learner up at the Learning Records Service and copy the number.",
        owner=DATA_LEAD,
        dimension=Dimension.VALIDITY,
    ),
)

# Of everything that has a beginning and an end.
SPAN = set_aside(
    "EDU-T10",
    "Nothing ends before it began.",
    Holds(("holds_until", "holds_from"), lambda: pl.col("holds_until") >= pl.col("holds_from")),
    why="A place that ended before it began counts for nothing, and the pupil seems to be in no school.",
    fix="Check both dates in the pupil's record.",
    owner=DATA_LEAD,
    dimension=Dimension.CONSISTENCY,
)

ENROLMENTS = (
    *PUPIL,
    SPAN,
    warn(
        "EDU-T11",
        "A temporary UPN is replaced within 30 days of the enrolment.",
        Holds(("upn", "holds_from", DAY), _not_temporary_for_long),
        why="By a temporary number nobody else knows the pupil, and what others say of them is not found.",
        fix="Ask the pupil's last school or the authority for the permanent UPN, and enter it.",
        owner=DATA_LEAD,
        dimension=Dimension.TIMELINESS,
    ),
    hold_row(
        "EDU-T12",
        "Full time is 25 hours a week at school age, and 16 above it.",
        Holds(("provision", "weekly_minutes_offered", "born_on", DAY), _full_time_is_full),
        why="Marked full time with fewer hours, nobody asks what the child does with the rest of the day.",
        fix="Correct the hours of the timetable, or mark the place part time.",
        owner=DATA_LEAD,
        dimension=Dimension.CONSISTENCY,
    ),
    _filled(
        "EDU-T13",
        "weekly_minutes_offered",
        "A place says how many hours a week are offered.",
        why="Whether the child has enough school is asked by the hour, of every child, each quarter.",
        fix="Enter the hours of the timetable in the pupil's record.",
    ),
    warn(
        "EDU-T14",
        "No more hours are attended than are offered.",
        Holds(
            ("weekly_minutes_attended", "weekly_minutes_offered"),
            lambda: pl.col("weekly_minutes_attended") <= pl.col("weekly_minutes_offered"),
        ),
        why="One of the two is wrong, and a child with half a timetable may look well provided for.",
        fix="Check the hours of the timetable against the register.",
        owner=DATA_LEAD,
        dimension=Dimension.CONSISTENCY,
    ),
)

ATTENDANCE = (
    *PUPIL,
    SPAN,
    _filled(
        "EDU-T15",
        "sessions_possible",
        "A summary of attendance has marks, and each is agreed.",
        why="Half days in detention (Y5) and on a part-time timetable (C2) are what the child's worker asks "
        "about first; without the marks neither is seen.",
        fix="Export the marks of the register by their codes. A new code is agreed with our data desk first.",
    ),
    _filled(
        "EDU-T16",
        "holds_from",
        "A summary of attendance says from which day it counts.",
        why="Eighty half days of a term and of a month are two different children.",
        fix="Let the export write the first and the last day that are counted.",
    ),
)

SUSPENSIONS = (
    *PUPIL,
    SPAN,
    _filled(
        "EDU-T17",
        "suspension_reason",
        "A suspension or exclusion has a reason of the agreed list.",
        why="Suspended for a weapon or for talking back, a child needs another answer from us.",
        fix="Choose the main reason in the incident record.",
    ),
    set_aside(
        "EDU-T18",
        "A suspension does not begin later than the day it came.",
        Holds(("holds_from", DAY), lambda: pl.col("holds_from") <= pl.col(DAY).dt.offset_by(CLOCK_ALLOWANCE)),
        why="From the sixth day another place is due. A date to come moves that day away.",
        fix="Correct the first day in the incident record; most often it is the year.",
        owner=DATA_LEAD,
        dimension=Dimension.ACCURACY,
    ),
)

NEEDS = (
    *PUPIL,
    SPAN,
    warn(
        "EDU-T19",
        "An education, health and care plan has the day it began.",
        _where_there_is_help("holds_from", (PLAN,)),
        why="Whether a plan is this year's is asked of every child with a need.",
        fix="Enter the day of the plan in the pupil's record.",
        owner=DATA_LEAD,
        dimension=Dimension.COMPLETENESS,
    ),
    warn(
        "EDU-T20",
        "Where there is help for a special need, its type is said.",
        _where_there_is_help("sen_type", HELPED),
        why="The child's worker should know before the first meeting whether words or nerves are the matter.",
        fix="Choose the main type in the pupil's record; NSA where nobody has assessed it yet.",
        owner=DATA_LEAD,
        dimension=Dimension.COMPLETENESS,
    ),
    _filled(
        "EDU-T21",
        "sen_provision",
        "A record of special needs says which help is given: none, support, or a plan.",
        why="A record without it says nothing, and looks as if it did.",
        fix="Choose the provision in the pupil's record.",
    ),
)
