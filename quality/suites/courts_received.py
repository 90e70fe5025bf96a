"""What the courts promise of their results, cell by cell as they come.

Asked here is only what the translation leaves no sign of. The drop holds adults too: whether somebody is a
child of ours must be told before anything else.
"""

from __future__ import annotations

import polars as pl

from quality.rules import Dimension, Holds, hold_row, warn
from quality.suites.any_child import EIGHTEEN

DATA_LEAD = "court results lead"

YES_OR_NO = ("true", "false")
# Written where there is no birth date. Read as dates, they would make an adult of a child.
NO_BIRTH_DATE = ("1900-01-01", "1970-01-01")
AGE_COLUMNS = ("is_youth", "birth_date", "hearing_day", "result_ordered_on", "shared_time")


def _cell(column: str) -> pl.Expr:
    text = pl.col(column).str.strip_chars()
    return pl.when(text != "").then(text)


def _day(column: str) -> pl.Expr:
    return _cell(column).str.slice(0, 10).str.to_date("%Y-%m-%d", strict=False)


def _day_in_court() -> pl.Expr:
    return pl.coalesce(_day("hearing_day"), _day("result_ordered_on"), _day("shared_time"))


def _born() -> pl.Expr:
    stands_in = _cell("birth_date").is_in(NO_BIRTH_DATE)
    return pl.when(~stands_in).then(_day("birth_date"))


def _age_can_be_told() -> pl.Expr:
    flagged = _cell("is_youth").is_in(YES_OR_NO)
    dated = _born() <= _day_in_court()
    is_company = (_cell("person_or_company") == "company").fill_null(value=False)
    return pl.when(~is_company).then(flagged.fill_null(value=False) | dated.fill_null(value=False))


def _flag_agrees_with_age() -> pl.Expr:
    under_18 = _born().dt.offset_by(f"{EIGHTEEN * 12}mo") > _day_in_court()
    return pl.when(_cell("is_youth") == "false").then(~under_18)


def _yes_or_no(column: str) -> Holds:
    return Holds((column,), lambda: _cell(column).is_in(YES_OR_NO))


RECEIVED = (
    hold_row(
        "CRT-R03",
        "A defendant has a birth date and a day in court, or the mark that says whether they are a youth.",
        Holds((*AGE_COLUMNS, "person_or_company"), _age_can_be_told),
        why="We keep nothing about adults, and may lose nothing about a child. Where the age cannot be told, "
        "a person has to look.",
        fix="Enter the birth date in the defendant's record, and share the result again. For a defendant "
        "who is no child, the mark alone is enough.",
        owner=DATA_LEAD,
        dimension=Dimension.COMPLETENESS,
        field="birth_date",
    ),
    warn(
        "CRT-R04",
        "A defendant under eighteen on the day in court is marked as a youth.",
        Holds(AGE_COLUMNS, _flag_agrees_with_age),
        why="Dealt with as an adult, a child may meet the wrong court, the wrong cell and no youth worker. "
        "We go by the birth date and take the result on.",
        fix="Check the birth date. If it is right, mark the defendant as a youth, and tell the listing team "
        "today if a hearing is still to come.",
        owner=DATA_LEAD,
        dimension=Dimension.CONSISTENCY,
    ),
    warn(
        "CRT-R05",
        "The mark for a youth says true or false.",
        _yes_or_no("is_youth"),
        why="We cannot read any other word, and fall back on the birth date. A child without one would wait.",
        fix="Let the export write true or false, as agreed.",
        owner=DATA_LEAD,
        dimension=Dimension.VALIDITY,
    ),
    hold_row(
        "CRT-R06",
        "The mark for a result that was struck out says true or false.",
        _yes_or_no("result_is_deleted"),
        why="Guessed wrongly, a result that no longer stands would follow the child, or one that stands "
        "would be lost.",
        fix="Let the export write true or false, as agreed, and share the result again.",
        owner=DATA_LEAD,
        dimension=Dimension.VALIDITY,
    ),
    hold_row(
        "CRT-R07",
        "A change to a result is of an agreed kind: none, added, updated or deleted.",
        _yes_or_no("result_is_amendment"),
        why="A kind nobody agreed may mean that the result no longer stands. A child must not be held to it.",
        fix="Tell our data desk what the new kind means. Until it is agreed, use one of the four and share "
        "the result again.",
        owner=DATA_LEAD,
        dimension=Dimension.VALIDITY,
    ),
)
