"""What makes a night red. Every reason says where, what is wrong, and what to do."""

from __future__ import annotations

from typing import Any

import pytest

from hub.ledger.balance import EQUATIONS
from quality.reports import wording
from quality.reports.partner_night import Gap, Stopped, Unwritten, WaitingReason
from schemas.hops import Hop
from tests.reports.nights import AT_TWO_MINUTES_PAST_FIVE, came, line, night, police

LOST = Gap("referrals", "matched", "lost", 1, ("01a2:0:14:0 (row 14 of referral_1.csv)",))


@pytest.mark.parametrize(
    ("changes", "reason"),
    [
        (
            {"missing": ("referrals",)},
            (
                "Police is missing: referrals did not run tonight. "
                "What to do: run `hub check police`, then `hub night --partner police`."
            ),
        ),
        (
            {"gaps": (LOST,)},
            (
                "Police, referrals, hop matched: 1 record is lost: 01a2:0:14:0 (row 14 of referral_1.csv). "
                "What to do: nothing of that run has gone further; "
                "report the fault, then run the night again."
            ),
        ),
        (
            {"ledger": (line(lost=2),)},
            (
                "Police, referrals, hop matched: the ledger does not balance: 2 records lost. "
                "What to do: report the fault, then run the night again."
            ),
        ),
        (
            {"ledger": (line(lost_between=1),)},
            (
                "Police, referrals, hop matched: the ledger does not balance: "
                "1 record lost on the way from the hop before. "
                "What to do: report the fault, then run the night again."
            ),
        ),
        (
            {"stopped": (Stopped("referrals", "hop translated", AT_TWO_MINUTES_PAST_FIVE),)},
            (
                "Police, referrals: stopped after hop translated; the next run goes on from there. "
                "What to do: run `hub night --partner police`."
            ),
        ),
        (
            {"unwritten": (Unwritten("referrals", "matched"),)},
            (
                "Police, referrals, hop matched: the hop was done and no ledger line tells of it. "
                "What to do: report the fault; the messages are kept in landing."
            ),
        ),
    ],
)
def test_a_red_night_says_where_what_and_what_to_do(changes: dict[str, Any], reason: str) -> None:
    facts = night(police(**changes))
    assert not facts.is_green
    assert facts.reasons == (reason,)


def test_a_loss_that_the_ledger_names_is_said_once() -> None:
    assert len(night(police(gaps=(LOST,), ledger=(line(lost=1),))).reasons) == 1


def test_a_loss_that_the_ledger_names_only_in_part_is_said_too() -> None:
    assert len(night(police(gaps=(LOST,), ledger=(line(lost=2),))).reasons) == 2


@pytest.mark.parametrize(
    "changes",
    [
        {},
        {"held": (WaitingReason("Why.", "Fix.", "Police", 2, at_risk=1, older=0),)},
        {"came": came(messages=1, parked=1)},
        {"stuck_count": 3},
    ],
    ids=["all is well", "records wait", "a message is parked", "messages were refused"],
)
def test_what_only_waits_for_a_person_leaves_the_night_green(changes: dict[str, Any]) -> None:
    assert night(police(**changes)).is_green


def test_every_bucket_of_every_hop_has_words() -> None:
    assert {hop.value for hop in Hop} == set(wording.HOPS)
    for hop, equation in EQUATIONS.items():
        assert {*equation.ins, *equation.outs} == set(wording.BUCKETS[hop.value])
