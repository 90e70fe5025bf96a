"""What the page says of a partner's night, as a table: the numbers, and the sentence they come to."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from typing import Any

import pytest

from quality.reports import sentences, wording
from quality.reports.night import headline, summary, waiting_sentence
from quality.reports.partner_night import LeftAlone, WaitingReason
from tests.reports.nights import NIGHT, came, courts, night, police, sent, waiting

LATER = datetime(2026, 11, 23, 6, 10, tzinfo=UTC)


@pytest.mark.parametrize(
    ("numbers", "said"),
    [
        # The issue's own sentence.
        (
            {"received": 58, "recorded": 55, "held": 2, "duplicate": 1},
            "58 received: 55 recorded, 2 held, 1 duplicate. Nothing was lost.",
        ),
        ({}, "Came at 05:02: nothing new."),
        ({"at": (LATER, LATER)}, "Came at 06:10: nothing new."),
        (
            {"messages": 2, "repeated": 2},
            "Came at 05:02: nothing new. 2 messages had come before and stayed closed.",
        ),
        # What nobody could open is not "nothing new".
        (
            {"messages": 1, "parked": 1},
            "Came at 05:02. 1 message could not be opened and is parked. Nothing was lost.",
        ),
        (
            {"received": 3, "recorded": 3, "parked": 2},
            "3 received: 3 recorded. 2 messages could not be opened and are parked. Nothing was lost.",
        ),
        (
            {"received": 1, "released": 2, "recorded": 3},
            "1 received and 2 released by a person: 3 recorded. Nothing was lost.",
        ),
        ({"released": 1, "recorded": 1}, "1 released by a person: 1 recorded. Nothing was lost."),
        (
            {"received": 5, "for_review": 1, "older": 1, "discarded": 1, "out_of_scope": 2},
            (
                "5 received: 1 for a person to match, 1 older than ours, 1 discarded, "
                "2 not about our children. Nothing was lost."
            ),
        ),
        ({"received": 12_345, "recorded": 12_345}, "12,345 received: 12,345 recorded. Nothing was lost."),
        # Stopped half-way is not lost, and is said.
        ({"received": 9, "on_the_way": 9}, "9 received: 9 still on the way. Nothing was lost."),
        ({"received": 9, "recorded": 8, "lost": 1}, "9 received: 8 recorded. It does not balance: 1 lost."),
        (
            {"received": 9, "recorded": 9, "lost": 1, "doubled": 1},
            "9 received: 9 recorded. It does not balance: 1 lost and 1 counted twice.",
        ),
    ],
)
def test_what_came(numbers: dict[str, Any], said: str) -> None:
    assert sentences.came_sentence(came(**numbers)) == said


@pytest.mark.parametrize(
    ("numbers", "said"),
    [
        ({}, "Reached at 05:02: nothing was due."),
        (
            {"earlier_unanswered": 12, "earlier_refused": 1},
            "Reached at 05:02: nothing was due. From earlier nights: 12 not answered yet, 1 refused.",
        ),
        (
            {"due": 220, "accepted": 200, "unanswered": 16, "refused": 4},
            (
                "220 due: 220 sent. Of those sent: 200 accepted, 16 not answered yet, 4 refused. "
                "Nothing was lost."
            ),
        ),
        (
            {"due": 3, "waiting": 2, "held": 1},
            "3 due: 0 sent, 2 waiting, 1 held. Nothing was lost.",
        ),
        (
            {"due": 2, "unsure": 1, "replaced": 1},
            (
                "2 due: 1 sent, 1 replaced by a newer version. "
                "Of those sent: 1 without a clear answer, to be sent again. Nothing was lost."
            ),
        ),
        (
            {"due": 2, "accepted": 1, "lost": 1},
            "2 due: 1 sent. Of those sent: 1 accepted. It does not balance: 1 lost.",
        ),
    ],
)
def test_what_was_handed_over(numbers: dict[str, Any], said: str) -> None:
    assert sentences.sent_sentence(sent(**numbers)) == said


@pytest.mark.parametrize(
    ("records", "older", "said"),
    [
        (0, 0, "Nothing is held."),
        (1, 0, "1 record is held now."),
        (2, 2, "2 records are held now, from earlier nights."),
        (7, 5, "7 records are held now: 2 since tonight, 5 from earlier nights."),
    ],
)
def test_who_waits_now_with_the_older_ones_apart(records: int, older: int, said: str) -> None:
    reason = WaitingReason("Why.", "Fix.", "Police", records, at_risk=0, older=older)
    assert sentences.held_sentence(police(held=(reason,) if records else ())) == said


@pytest.mark.parametrize(
    ("flagged", "doubtful", "said"),
    [
        (0, 0, "No record with a safety flag waits."),
        (1, 0, "1 record with a safety flag waits for a person."),
        (2, 0, "2 records with a safety flag wait for a person."),
        (0, 1, "1 record whose safety flags could not be read waits for a person."),
        (
            1,
            3,
            (
                "1 record with a safety flag waits and 3 records whose safety flags could not be read wait "
                "for a person."
            ),
        ),
    ],
)
def test_a_child_who_may_be_at_risk(flagged: int, doubtful: int, said: str) -> None:
    assert sentences.at_risk_sentence(flagged, doubtful) == said


def test_a_missing_partner_is_named_in_the_summary() -> None:
    facts = night(police(), courts(came=came(at=()), missing=("results",)))
    assert "Courts: Missing: nothing ran tonight for results." in summary(facts)
    assert summary(facts).startswith("RED: the night to Monday 23 November 2026. 1 thing is wrong.")


@pytest.mark.parametrize(
    ("alone", "said"),
    [
        (
            LeftAlone("pull", "5 tries in a row failed", LATER, NIGHT),
            "Fetching is left alone until 06:10: 5 tries in a row failed.",
        ),
        (
            LeftAlone("push", "they asked for it", LATER + timedelta(days=1), NIGHT),
            "Handing over is left alone until 06:10 on 24 November: they asked for it.",
        ),
        (
            LeftAlone("pull", "5 tries in a row failed", LATER, NIGHT, over=True),
            "Fetching was left alone until 06:10: 5 tries in a row failed. The next run tries once.",
        ),
        (
            LeftAlone("push", "our sign-in was refused twice", None, NIGHT),
            "Handing over is left alone until a person has looked: our sign-in was refused twice.",
        ),
    ],
)
def test_who_is_left_alone_until_when_and_why(alone: LeftAlone, said: str) -> None:
    partner = police(missing=("referrals",), left_alone=(alone,))
    assert sentences.partner_sentence(partner).startswith(
        f"Missing: nothing ran tonight for referrals. {said}"
    )


def test_the_summary_has_the_colour_then_the_child_at_risk_then_a_line_for_each_partner() -> None:
    facts = night(police(), courts(), at_risk=(waiting(),), flagged=1)
    assert summary(facts).splitlines() == [
        (
            "GREEN: the night to Monday 23 November 2026. Every partner came, every hop balances, "
            "and nothing was lost."
        ),
        "1 record with a safety flag waits for a person.",
        "  - Police, NMP-R-0000017, since 05:02: The reference is missing.",
        "Nothing waits for a person.",
        "",
        "Police: 58 received: 55 recorded, 2 held, 1 duplicate. Nothing was lost.",
        "Courts: Came at 05:02: nothing new.",
    ]


def test_of_very_many_at_risk_the_summary_names_the_first_and_counts_the_rest() -> None:
    facts = night(at_risk=tuple(waiting(key=str(number)) for number in range(30)), flagged=45)
    lines = summary(facts).splitlines()
    assert sum("NMP-R-0000017" in line for line in lines) == 20
    assert "  - and 25 more, on the page" in lines


def test_parked_messages_are_never_called_harmless() -> None:
    said = waiting_sentence(night(police(came=came(parked=2))))
    assert said == "2 messages could not be opened: whether a child at risk is in there cannot be told."


def test_a_night_without_any_partner_is_red() -> None:
    facts = night(partners=())
    assert not facts.is_green
    assert headline(facts) == "1 thing is wrong."


@pytest.mark.parametrize(
    ("when", "said"),
    [
        (datetime(2026, 11, 23, 5, 2, tzinfo=UTC), "05:02"),
        (datetime(2026, 11, 12, 22, 40, tzinfo=UTC), "22:40 on 12 November"),
    ],
)
def test_a_moment_before_the_night_has_its_day(when: datetime, said: str) -> None:
    assert wording.moment(when, NIGHT) == said
