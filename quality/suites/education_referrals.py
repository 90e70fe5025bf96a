"""What schools promise of referrals to the YJS and of their answers, and the YJS of its own referrals."""

from __future__ import annotations

import polars as pl

from quality.rules import DAY, Dimension, Holds, OneOf, hold_row, warn
from quality.suites import any_child
from quality.suites.any_child import CLOCK_ALLOWANCE, filled_unless_struck_out
from quality.suites.education_pupils import DATA_LEAD, PUPIL, SCHOOLS

# What leaves the hub is the hub's own to put right.
DATA_DESK = "data desk"
INCLUSION_LEAD = "education inclusion lead"
OUR_DESK = "Nothing to do at the school: our data desk puts it right and sends it again."

# Ours, until the services agree one: four weeks are half of half a term.
OFFER_STANDS_FOR = "28d"
OFFERED = "offered"
AGREED_ANSWERS = ("accepted", "received", "refused")
EDUCATION_NEEDS = ("education", "special_educational_needs")
IN_ORDER = ("offered_on", "attended_start_on", "attended_end_on")


def _in_order() -> pl.Expr:
    """Of those that are there."""
    offered, started, ended = (pl.col(name) for name in IN_ORDER)
    wrong = [offered > started, started > ended, offered > ended]
    return ~pl.any_horizontal(each.fill_null(value=False) for each in wrong)


def _taken_up() -> pl.Expr:
    due = pl.col(DAY) > pl.col("offered_on").dt.offset_by(OFFER_STANDS_FOR)
    told = pl.col("attended_start_on").is_not_null() | pl.col("reason").is_not_null()
    return pl.when((pl.col("state") == OFFERED) & due).then(told)


def _said(column: str, *words: str) -> Holds:
    return Holds((column,), lambda: pl.col(column).is_in(words).fill_null(value=False))


def _who() -> pl.Expr:
    named = pl.col("family_name").is_not_null() & pl.col("date_of_birth").is_not_null()
    return pl.when(pl.col("change") != "deleted").then(named | pl.col("upn").is_not_null())


PREVENTION = (
    *PUPIL,
    any_child.somebody("EDU-P01", SCHOOLS),
    hold_row(
        "EDU-P02",
        "A referral for prevention says who agreed to it.",
        Holds(("consent_given_by", "is_deleted"), lambda: filled_unless_struck_out("consent_given_by")),
        why="Prevention is voluntary. Without a yes from the child or the parent nobody may ring them.",
        fix="Ask the parent or the child, and enter who agreed. If the child is in danger, do not wait: ring "
        "the front door of children's services.",
        owner=INCLUSION_LEAD,
        dimension=Dimension.COMPLETENESS,
    ),
    warn(
        "EDU-P03",
        "A referral for prevention says whether the parents know.",
        Holds(("parents_told", "is_deleted"), lambda: filled_unless_struck_out("parents_told")),
        why="The first call would tell them, and trust is lost before the help begins.",
        fix="Enter whether the parents were told. Where it is not known, say so.",
        owner=INCLUSION_LEAD,
        dimension=Dimension.COMPLETENESS,
    ),
    warn(
        "EDU-P04",
        "A referral for prevention says which help is asked for.",
        Holds(("need", "is_deleted"), lambda: filled_unless_struck_out("need")),
        why="The wrong worker rings, and the family tells its story twice.",
        fix="Choose the need in the referral.",
        owner=INCLUSION_LEAD,
        dimension=Dimension.COMPLETENESS,
    ),
)

UPDATES = (
    *PUPIL,
    hold_row(
        "EDU-U01",
        "Support is offered before it starts, and starts before it ends.",
        Holds(IN_ORDER, _in_order),
        why="How long children wait is counted from these days. One of them is wrong.",
        fix="Check the days in the referral.",
        owner=INCLUSION_LEAD,
        dimension=Dimension.CONSISTENCY,
    ),
    warn(
        "EDU-U02",
        "Support that was offered is taken up within four weeks, or it is said why not.",
        Holds(("state", "offered_on", "attended_start_on", "reason", DAY), _taken_up),
        why="Offered and not attended looks like help, and is none. Nobody goes and asks the child.",
        fix="Enter the first day, or why it has not begun.",
        owner=INCLUSION_LEAD,
        dimension=Dimension.TIMELINESS,
    ),
    warn(
        "EDU-U03",
        "A referral that is declined comes with the reason.",
        Holds(
            ("reason", "state"),
            lambda: pl.when(pl.col("state") == "declined").then(pl.col("reason").is_not_null()),
        ),
        why="The child's worker cannot put right what nobody tells, and the child stays without help.",
        fix="Enter the reason in the referral.",
        owner=INCLUSION_LEAD,
        dimension=Dimension.COMPLETENESS,
    ),
)

OUTGOING = (
    hold_row(
        "EDU-O01",
        "A referral says which child it is about: by name and birth date, or by UPN.",
        Holds(("family_name", "date_of_birth", "upn", "change"), _who),
        why="The help could be offered to another pupil, who would learn that the YJS asked for it.",
        fix=OUR_DESK,
        owner=DATA_DESK,
        dimension=Dimension.COMPLETENESS,
    ),
    hold_row(
        "EDU-O02",
        "A referral says whether it is new, changed or deleted.",
        _said("change", "new", "changed", "deleted"),
        why="Taken for new, a correction would be a second referral for the same child.",
        fix=OUR_DESK,
        owner=DATA_DESK,
        dimension=Dimension.VALIDITY,
    ),
    warn(
        "EDU-O03",
        "A referral asks for help in education or with special needs, and for nothing else.",
        _said("support_need", *EDUCATION_NEEDS),
        why="Any other need is left out, as no business of a school. Nobody there knows what is asked.",
        fix="Nothing to do at the school: our data desk looks at the route.",
        owner=DATA_DESK,
        dimension=Dimension.VALIDITY,
    ),
    warn(
        "EDU-O04",
        "A referral says whether the child is on an order: yes or no.",
        _said("on_order", "yes", "no"),
        why="The school plans a meeting and does not know whether the child may be elsewhere by order.",
        fix="Enter in the case system whether the child is on an order.",
        owner=DATA_DESK,
        dimension=Dimension.COMPLETENESS,
    ),
)

ACKNOWLEDGED = (
    warn(
        "EDU-A01",
        "A refused referral comes with a reason that we know.",
        Holds(
            ("reason", "answer"),
            lambda: pl.when(pl.col("answer") == "refused").then(
                pl.col("reason") != "they gave no reason that we know"
            ),
        ),
        why="Nobody can put right what is not told, and the child stays without help.",
        fix="Give one of the agreed reasons with every refusal.",
        owner=INCLUSION_LEAD,
        dimension=Dimension.COMPLETENESS,
    ),
    warn(
        "EDU-A02",
        "An answer is accepted or refused.",
        OneOf("answer", AGREED_ANSWERS),
        why="With any other word nobody knows whether the child will be helped, and both sides may wait.",
        fix="Answer accepted or refused. A third answer is agreed with our data desk first.",
        owner=INCLUSION_LEAD,
        dimension=Dimension.VALIDITY,
    ),
    warn(
        "EDU-A03",
        "An answer is not dated later than the day we read it.",
        Holds(("at", DAY), lambda: pl.col("at").dt.date() <= pl.col(DAY).dt.offset_by(CLOCK_ALLOWANCE)),
        why="How long children wait for an answer is counted from these times, and would be counted wrongly.",
        fix="Set the clock of the service.",
        owner=DATA_LEAD,
        dimension=Dimension.TIMELINESS,
    ),
)
