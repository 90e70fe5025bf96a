"""A reason is kept in plain: what could say who a child is, is refused."""

from __future__ import annotations

from datetime import date

import pytest

from hub.reasons import NoReasonError, ReasonNamesAChildError, checked_reason, names_nobody
from simulators import identifiers

TODAY = date(2026, 11, 23)
BIRTH_DATES = (
    "14/03/2011",
    "14.3.11",
    "14 03 2011",
    "14 March 2011",
    "14th of March, 2011",
    "14Mar2011",
    "March 14, 2011",
    "03-14-2011",
    "2011-03-14",
    "2011/3/14",
    "20110314",
    "14032011",
    "140311",
)
HARMLESS = (
    "the nominal record is right, rang the officer",
    "rang on 23/11/2026 at 14:30",
    "it comes again on 24 November 2026",
    "case NMP/10001/26, referral NMP-R-0000002",
    "ring 01632 960123 before five",
    "version 2.3.1 of row 17 in referrals_20261123T043000Z.csv",
)


@pytest.mark.parametrize("day", BIRTH_DATES)
def test_a_date_of_birth_is_refused_however_it_is_written(day: str) -> None:
    with pytest.raises(ReasonNamesAChildError, match="a date of birth") as refused:
        checked_reason(f"the child was born on {day}.", today=TODAY)
    assert day not in str(refused.value)


@pytest.mark.parametrize("shape", ["{}{}{}", "{} {} {}", "{}-{}-{}"])
def test_an_nhs_number_is_refused_however_it_is_written(shape: str) -> None:
    number = shape.format("999", "000", "0018")
    with pytest.raises(ReasonNamesAChildError, match="an NHS number"):
        checked_reason(f"NHS number {number}, rang the surgery", today=TODAY)


def test_a_police_number_is_refused() -> None:
    with pytest.raises(ReasonNamesAChildError, match="a PNC id"):
        checked_reason(f"the same as {identifiers.pnc(2024, 100_001)}", today=TODAY)


@pytest.mark.parametrize("reason", HARMLESS)
def test_what_names_nobody_is_kept_on_one_line(reason: str) -> None:
    assert names_nobody(reason, today=TODAY)
    assert checked_reason(f"  {reason}\n", today=TODAY) == reason


@pytest.mark.parametrize("reason", [None, " \n", "x" * 501])
def test_no_reason_is_none_and_a_long_one_neither(reason: str | None) -> None:
    with pytest.raises(NoReasonError):
        checked_reason(reason, today=TODAY)
