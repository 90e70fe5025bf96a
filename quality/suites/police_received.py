"""What the force promises of its referral file, cell by cell as it comes.

Asked here is only what the translation leaves no sign of, or puts in other words.
"""

from __future__ import annotations

from collections.abc import Callable

import polars as pl

from quality.rules import Dimension, Holds, Rule, warn

DATA_LEAD = "police data lead"

AGREED_MARKERS = ("SG", "SW", "RH", "RD", "none")
# Written where there is no birth date. Read as dates, they would make an adult of a child.
NO_BIRTH_DATE = ("01/01/1900", "01/01/1970")
# What spreadsheets make of a long number or of a formula that failed.
SPREADSHEET_DAMAGE = r"^([0-9][0-9.,]*[eE]\+?[0-9]+|#.*)$"


def cell(column: str) -> pl.Expr:
    return pl.col(column).str.strip_chars()


def filled(column: str) -> pl.Expr:
    return cell(column).str.len_chars().fill_null(0) > 0


def _marks() -> pl.Expr:
    marks = cell("RiskMarkers").str.split(";").list.eval(pl.element().str.strip_chars())
    return marks.list.filter(pl.element() != "")


def _agreed_marks() -> pl.Expr:
    return _marks().list.eval(pl.element().is_in(AGREED_MARKERS)).list.all()


def _none_stands_alone() -> pl.Expr:
    return ~_marks().list.contains("none") | (_marks().list.len() == 1)


def _says_where() -> pl.Expr:
    return pl.any_horizontal(filled(column) for column in ("AddressLine1", "AddressLine2", "Postcode"))


def not_shortened(code: str, column: str, *, theirs: str, why: str, then: Callable[..., Rule]) -> Rule:
    return then(
        code,
        f"{theirs} is written out, not shortened to a number by a spreadsheet.",
        Holds((column,), lambda: ~pl.col(column).str.contains(SPREADSHEET_DAMAGE)),
        why=why,
        fix="Export straight from the crime system, without opening the file in a spreadsheet. If you must, "
        "set the column to text first. Then send the file again.",
        owner=DATA_LEAD,
        dimension=Dimension.UNIQUENESS,
    )


RECEIVED = (
    warn(
        "POL-R03",
        "DOB is filled, and not with 01/01/1900 or 01/01/1970.",
        Holds(("DOB",), lambda: filled("DOB") & ~cell("DOB").is_in(NO_BIRTH_DATE)),
        why="The birth date tells two children of one name apart. Without it the referral goes on, and may "
        "come to stand beside the child's record instead of in it.",
        fix="Ask for the birth date at the next contact and fill it in on the nominal record. Leave it empty "
        "until then: a made-up date is worse than none.",
        owner=DATA_LEAD,
        dimension=Dimension.COMPLETENESS,
    ),
    warn(
        "POL-R04",
        "RiskMarkers holds only the agreed markers: SG, SW, RH, RD, or none.",
        Holds(("RiskMarkers",), _agreed_marks),
        why="A marker that nobody agreed may be the serious one. The referral goes on, but nobody is "
        "alarmed.",
        fix="Use the agreed markers. If you need a new one, tell our data desk what it means before it is "
        "sent. If this child is in danger, ring the YJS duty worker now.",
        owner=DATA_LEAD,
        dimension=Dimension.VALIDITY,
    ),
    warn(
        "POL-R05",
        "RiskMarkers says none, or it says markers, but not both.",
        Holds(("RiskMarkers",), _none_stands_alone),
        why="We take the marker to be meant, so a child may be met with more alarm than is due.",
        fix="Remove none where there is a marker; remove the marker where there is no risk.",
        owner=DATA_LEAD,
        dimension=Dimension.CONSISTENCY,
    ),
    warn(
        "POL-R06",
        "Where there is an OffenceCode, there is an OffenceDate.",
        Holds(
            ("OffenceDate", "OffenceCode"),
            lambda: pl.when(filled("OffenceCode")).then(filled("OffenceDate")),
        ),
        why="The age on that day decides whether the child is dealt with as a child. Without it we take the "
        "age on the day of the referral.",
        fix="Fill in the date on the crime record. Where it is not known, give the first day it can have "
        "been.",
        owner=DATA_LEAD,
        dimension=Dimension.COMPLETENESS,
    ),
    warn(
        "POL-R07",
        "A row says where the child lives, or with NF1 1NF that there is no fixed home.",
        Holds(("AddressLine1", "AddressLine2", "Postcode"), _says_where),
        why="The first letter has nowhere to go, and the visit is missed. A child without a home needs one "
        "first.",
        fix="Fill in the address on the nominal record. For a child without a fixed home, give the postcode "
        "NF1 1NF.",
        owner=DATA_LEAD,
        dimension=Dimension.COMPLETENESS,
    ),
)
