"""What is checked of every match, whoever the partner is."""

from __future__ import annotations

import polars as pl

from quality.rules import Dimension, Holds, hold_row, warn

DATA_DESK = "data desk"

MATCHING = (
    hold_row(
        "HUB-M01",
        "All identifiers of a record point to one child.",
        Holds(("one_child",), lambda: pl.col("one_child")),
        why="Two children behind one record: one of them would get the other's help, or the other's trouble.",
        fix="Compare the two children in the case system and tell the partner which identifier is wrong.",
        owner=DATA_DESK,
        dimension=Dimension.UNIQUENESS,
    ),
    warn(
        "HUB-M02",
        "An identifier comes with the birth date that we know it by.",
        Holds(("birth_date_agrees",), lambda: pl.col("birth_date_agrees")),
        why="The identifier or the birth date is wrong, or it is another child. The records stay apart.",
        fix="Check the birth date and the identifier at the source; the next file puts it right.",
        owner=DATA_DESK,
        dimension=Dimension.CONSISTENCY,
    ),
    hold_row(
        "HUB-M03",
        "An answer to a referral has the birth date of the child who was referred.",
        Holds(("referral_agrees",), lambda: pl.col("referral_agrees")),
        why="The answer may be about another child. Whoever referred would be told of a stranger, and act on "
        "it.",
        fix="Look in the case system whether the referral's reference stands in the right case. If it does, "
        "and a birth date is only mistyped, release the row: it goes to the child who was referred.",
        owner=DATA_DESK,
        dimension=Dimension.CONSISTENCY,
    ),
    hold_row(
        "HUB-M04",
        "A partner who is asked only about our children gives the birth date that we know the child by.",
        Holds(("is_ours",), lambda: pl.col("is_ours")),
        why="The number is one of our children's, the birth date is not: it is our child with a slip, or a "
        "child the YJS has no business with.",
        fix="Compare the number and the birth date with the case system. A slip is put right at the partner; "
        "a stranger's row is discarded.",
        owner=DATA_DESK,
        dimension=Dimension.CONSISTENCY,
    ),
)
