"""What children's services promise of the dataset and of their answers, cell by cell as they come."""

from __future__ import annotations

import polars as pl

from quality.rules import Dimension, Holds, OneOf, Rule, warn

DATASET_LEAD = "safeguarding dataset lead"
DOOR_MANAGER = "front door manager"

NO_BIRTH_DATE = ("1900-01-01", "1970-01-01")
YES_OR_NO = ("Y", "y", "Yes", "yes", "1", "true", "N", "n", "No", "no", "0", "false")
REASONS = ("below_threshold", "known_already", "other_service", "other_authority")


def _cell(column: str) -> pl.Expr:
    return pl.col(column).str.strip_chars()


def _born() -> pl.Expr:
    said = (_cell("pers_dob") != "").fill_null(value=False)
    return said & ~_cell("pers_dob").is_in(NO_BIRTH_DATE)


def _birth_date(code: str) -> Rule:
    return warn(
        code,
        "The column pers_dob is filled, and not with 1900-01-01 or 1970-01-01.",
        Holds(("pers_dob",), _born),
        why="Without the birth date nothing you hold can be put to the child: a number alone is not enough "
        "to say that two records are one child.",
        fix="Fill in the birth date in the case system. Leave an estimate out until it is known.",
        owner=DATASET_LEAD,
        dimension=Dimension.COMPLETENESS,
    )


CIRCUMSTANCES = (
    _birth_date("SOC-R04"),
    warn(
        "SOC-R05",
        "A placement says whether it is confidential: Y or N.",
        Holds(
            ("confidential", "clap_cla_placement_id", "struck_out"),
            lambda: pl.when((_cell("clap_cla_placement_id") != "") & (_cell("struck_out") == "false")).then(
                _cell("confidential").is_in(YES_OR_NO).fill_null(value=False)
            ),
        ),
        why="We take it for confidential and do not read where the child lives, so a visit may go to the "
        "wrong door.",
        fix="Let the view write Y or N for every placement.",
        owner=DATASET_LEAD,
        dimension=Dimension.COMPLETENESS,
    ),
)

REFERRED = (_birth_date("SOC-R06"),)

OUTCOMES = (
    warn(
        "SOC-R07",
        "Where a reason is given for an outcome, it is one of the agreed codes.",
        OneOf("reason", REASONS),
        why="The child's worker reads only that no further action follows, and cannot tell what would.",
        fix="Choose one of the agreed reasons. If one is missing, tell our data desk.",
        owner=DOOR_MANAGER,
        dimension=Dimension.VALIDITY,
    ),
)
