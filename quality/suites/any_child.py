"""What is asked of everybody who sends records about children, in our words, after the translation.

Each partner's suite gives it a code of its own, and says what their records are called.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from functools import reduce
from operator import or_

import polars as pl

from quality.rules import DAY, Dimension, Holds, Matches, Rule, hold_row, set_aside, warn

# What is typed where a name is not known. Never a word that is somebody's name: Null, None, Na and X are.
STAND_INS_FOR_A_NAME = (
    "UNKNOWN",
    "NAME UNKNOWN",
    "NOT KNOWN",
    "NOT GIVEN",
    "NOT RECORDED",
    "NOT PROVIDED",
    "NO NAME",
    "REFUSED",
    "N/K",
    "N/A",
    "TBA",
    "TBC",
    "FNU",
    "LNU",
    "XX",
    "XXX",
    "?",
    "-",
    ".",
)
# A letter that went through the wrong character set: two odd ones in its place, or a mark.
BROKEN_LETTERS = "[ÃÂ][\u0080-\u00bf]|\ufffd|\\p{L}\\?\\p{L}"
OFFENCE_CODE = r"[A-Z]{2}[0-9]{5}[A-Z]?$"
IDENTIFIERS = ("person_reference", "nhs_number", "upn", "uln", "pnc", "cro")
NAMES = ("family_name", "given_names")
# Ten is the age of criminal responsibility; at eighteen the adult services take over.
TEN, EIGHTEEN = 10, 18
# Clocks differ, and midnight is not the same moment everywhere.
CLOCK_ALLOWANCE = "1d"


@dataclass(frozen=True)
class Sender:
    """Whose record it is: who puts it right, and what they call the record of a person and of an offence."""

    owner: str
    person_record: str
    offence_record: str


def birthday(years: int) -> pl.Expr:
    return pl.col("born_on").dt.offset_by(f"{years * 12}mo")


def day_of_version() -> pl.Expr:
    return pl.col("version_at").dt.date()


def somebody(code: str, sender: Sender) -> Rule:
    def has_name_or_identifier() -> pl.Expr:
        named = [_is_name(name) for name in NAMES] + [pl.col("aliases").list.len() > 0]
        identified = [pl.col(name).is_not_null() for name in IDENTIFIERS]
        about_somebody = reduce(or_, [each.fill_null(value=False) for each in named + identified])
        # A record that is struck out need only be found again, and that is by its reference.
        return pl.when(~pl.col("is_deleted")).then(about_somebody)

    return hold_row(
        code,
        "A record says whom it is about: by a name or by an identifier.",
        Holds((*NAMES, "aliases", *IDENTIFIERS, "is_deleted"), has_name_or_identifier),
        why="Without either, nobody can be found, and nobody can be helped. It might be any child.",
        fix=f"Add the name or the identifier to {sender.person_record}; the next message brings it to us. "
        "Until then, tell our data desk by telephone who it is.",
        owner=sender.owner,
        dimension=Dimension.COMPLETENESS,
    )


def name_is_a_name(code: str, sender: Sender, name: str) -> Rule:
    words = name.replace("_", " ")
    return set_aside(
        code,
        f"No stand-in such as UNKNOWN or N/K is written for the {words}.",
        Holds((name,), lambda: _is_name(name)),
        why="Two children called Unknown look like one child to a computer. One would get the other's "
        "record.",
        fix=f"Leave the {words} empty in {sender.person_record} until it is known, then fill it in.",
        owner=sender.owner,
        dimension=Dimension.VALIDITY,
    )


def names_without_digits(code: str, sender: Sender) -> Rule:
    return warn(
        code,
        "A name has no digits in it.",
        Holds(NAMES, lambda: _joined_names().str.contains("[0-9]").not_()),
        why="A date or a number in the name means that the child is not found under their name, "
        "or that cells have moved.",
        fix=f"Take the number out of the name in {sender.person_record}. If many rows are so, look whether "
        "columns have moved in the export.",
        owner=sender.owner,
        dimension=Dimension.VALIDITY,
    )


def names_with_whole_letters(code: str, sender: Sender) -> Rule:
    return warn(
        code,
        "Names come with their letters whole, accents too.",
        Holds(NAMES, lambda: _joined_names().str.contains(BROKEN_LETTERS).not_()),
        why="A child whose name has an accent is not found again, and is greeted by a name that is not "
        "theirs.",
        fix="Have the export written as UTF-8 from end to end. Then correct the names that are already "
        f"broken in {sender.person_record}.",
        owner=sender.owner,
        dimension=Dimension.ACCURACY,
    )


def born_already(code: str, sender: Sender) -> Rule:
    return set_aside(
        code,
        "A birth date is not later than the day the record came.",
        Holds(("born_on", DAY), lambda: pl.col("born_on") <= pl.col(DAY)),
        why="A birth date that cannot be right would keep the child apart from their own record.",
        fix=f"Correct the year of birth in {sender.person_record}.",
        owner=sender.owner,
        dimension=Dimension.ACCURACY,
    )


def ten_or_older(code: str, sender: Sender, *, about_an_offence: Holds) -> Rule:
    """`about_an_offence` tells the records it is asked of: a child of nine may be missing."""

    def old_enough() -> pl.Expr:
        born, offence = pl.col("born_on"), pl.col("offence_on")
        at = pl.when(offence >= born).then(offence).otherwise(day_of_version())
        asked = about_an_offence.expr() & (born <= at)
        return pl.when(asked).then(birthday(TEN) <= at)

    columns = ("born_on", "offence_on", "version_at", *about_an_offence.columns)
    return hold_row(
        code,
        "A child was ten or older at the time of an offence.",
        Holds(tuple(dict.fromkeys(columns)), old_enough),
        why="Below ten there is no offence in law. Either a date is wrong, or a young child needs social "
        "care today and not us.",
        fix=f"Check the birth date in {sender.person_record} and the date in {sender.offence_record}. If "
        "both are right, refer the child to children's social care, and tell our data desk that you have.",
        owner=sender.owner,
        dimension=Dimension.VALIDITY,
    )


def offence_after_birth(code: str, sender: Sender) -> Rule:
    def after_birth() -> pl.Expr:
        # Where the birth date lies beyond the record itself, it is the birth date that is wrong.
        sound = pl.col("born_on") <= day_of_version()
        return pl.when(sound).then(pl.col("offence_on") >= pl.col("born_on"))

    return set_aside(
        code,
        "An offence is not earlier than the birth of the child.",
        Holds(("offence_on", "born_on", "version_at"), after_birth),
        why="The age at the offence decides what may happen to the child. A wrong date makes a wrong age.",
        fix=f"Check the date in {sender.offence_record}, and the birth date in {sender.person_record}.",
        owner=sender.owner,
        dimension=Dimension.CONSISTENCY,
    )


def offence_happened(code: str, sender: Sender) -> Rule:
    return set_aside(
        code,
        "An offence is not later than the day the record came.",
        Holds(("offence_on", DAY), lambda: pl.col("offence_on") <= pl.col(DAY).dt.offset_by(CLOCK_ALLOWANCE)),
        why="A date to come makes the child older at the offence than they were, and may take them to an "
        "adult court.",
        fix=f"Correct the date in {sender.offence_record}; most often it is the year.",
        owner=sender.owner,
        dimension=Dimension.ACCURACY,
    )


def version_made_already(code: str, sender: Sender) -> Rule:
    return set_aside(
        code,
        "The time of a record's last change is not later than the day it came.",
        Holds(("version_at", DAY), lambda: day_of_version() <= pl.col(DAY).dt.offset_by(CLOCK_ALLOWANCE)),
        why="The newest change wins. One from the future would win for ever, and nothing you correct later "
        "would reach the child's worker.",
        fix="Set the clock of the system that writes the export, and send the record again.",
        owner=sender.owner,
        dimension=Dimension.TIMELINESS,
    )


def pnc_after_ten(code: str, sender: Sender) -> Rule:
    def given_after_ten() -> pl.Expr:
        return pl.col("pnc").str.head(4).cast(pl.Int32, strict=False) >= pl.col("born_on").dt.year() + TEN

    return set_aside(
        code,
        "A PNC id was given in the year of the tenth birthday or later.",
        Holds(("pnc", "born_on"), given_after_ten),
        why="An older PNC id is likely to be an older relative's. By it, another person's history would be "
        "read as the child's.",
        fix=f"Look the child up on the PNC and correct the id, or the birth date, in {sender.person_record}.",
        owner=sender.owner,
        dimension=Dimension.CONSISTENCY,
    )


def offence_code(code: str, sender: Sender, *, then: Callable[..., Rule]) -> Rule:
    """`then` is what follows for this sender: `warn` where local codes are in use, else `set_aside`."""
    return then(
        code,
        "An offence code is two letters and five digits, sometimes with one more letter.",
        Matches("offence_code", OFFENCE_CODE),
        why="A code with a slip in it names another offence, or none. The child's worker would prepare for "
        "the wrong one.",
        fix=f"Pick the offence from the list in {sender.offence_record} instead of typing it. A nought and "
        "the letter O are often mixed up.",
        owner=sender.owner,
        dimension=Dimension.VALIDITY,
    )


def own_ethnicity(code: str, sender: Sender) -> Rule:
    return warn(
        code,
        "The child's own word for their ethnicity is there, or that they would not say.",
        Holds(
            ("ethnicity_self_defined", "is_deleted"),
            lambda: filled_unless_struck_out("ethnicity_self_defined"),
        ),
        why="Black and mixed heritage children are treated worse in many places. Where it is not recorded, "
        "nobody can see it, and nobody puts it right.",
        fix=f"Ask the child, and record the answer in {sender.person_record}. If they would rather not say, "
        "use NS. What an officer sees is recorded apart.",
        owner=sender.owner,
        dimension=Dimension.COMPLETENESS,
    )


def filled_unless_struck_out(column: str) -> pl.Expr:
    """Filled, in a record that is not struck out."""
    return pl.when(~pl.col("is_deleted")).then(pl.col(column).is_not_null())


def _is_name(column: str) -> pl.Expr:
    return ~pl.col(column).str.strip_chars().str.to_uppercase().is_in(STAND_INS_FOR_A_NAME)


def _joined_names() -> pl.Expr:
    return pl.concat_str(NAMES, separator=" ", ignore_nulls=True)
