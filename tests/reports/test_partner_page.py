"""A partner's page: what to do first, the numbers both ways, the records to fix, the last nights."""

from __future__ import annotations

import re
from dataclasses import replace
from datetime import timedelta

import pytest
import sqlalchemy as sa

from hub import report
from hub.store.tables import held_row
from quality.reports.balance import balances_of
from quality.reports.pages import render_partner
from quality.reports.partner_night import FIRST_TO_DO, PartnerNight, PastNight, WaitingReason
from quality.reports.trend import HEIGHT, trends_of
from tests.reports.full_nights import busy_courts, busy_police, past_nights
from tests.reports.nights import AT_CUT_OFF, NIGHT, came, courts, police, sent, waiting
from tests.reports.outline import Outline
from tests.world import World, referral


def words_of(partner: PartnerNight) -> str:
    return Outline(render_partner(partner, NIGHT, AT_CUT_OFF)).words


def partner(world: World, name: str = "police") -> PartnerNight:
    facts = report.collect(world.hub, world.hub.night)
    return next(one for one in facts.partners if one.name == name)


def reason(records: int, owner: str = "Police", why: str = "It is late.") -> WaitingReason:
    return WaitingReason(why, "Send it again.", owner, records, 0, 0, (waiting(),))


def test_what_to_do_first_is_the_partners_own_and_holds_back_most() -> None:
    held = (reason(1), reason(70, "data desk"), reason(3), reason(9), reason(5))
    first = police(held=held, stuck=(reason(4),)).first_to_do
    assert [one.records for one in first] == [9, 5, 4]
    assert len(first) == FIRST_TO_DO


def test_the_page_says_what_to_do_and_leads_to_the_records() -> None:
    page = render_partner(busy_police(), NIGHT, AT_CUT_OFF)
    words = Outline(page).words
    assert "9 records It is late. How to fix it: Send it again. See the 9 records" in words
    assert "9 records wait for you. 40 records wait for somebody else" in words
    assert '<a class="govuk-link govuk-link--no-visited-state" href="#held-1">See the 9 records' in page


def test_a_record_to_fix_has_its_reference_place_days_holder_and_state() -> None:
    words = words_of(busy_police())
    assert (
        "NMP-R-0000017 row 14 of referral_1.csv Key for the data desk: 01a2:0:14:0 3 A. Lead In progress"
    ) in words
    assert "And 8 more. The data desk has the whole list." in words


@pytest.mark.parametrize(
    ("state", "said"),
    [
        ("waiting", "New"),
        ("waiting for next file", "Waiting for the next file"),
        ("came back", "Came back"),
        # Nobody has given it words yet.
        ("sent_to_panel", "Sent to panel"),
    ],
)
def test_a_state_is_said_in_words_and_a_new_one_as_it_is(state: str, said: str) -> None:
    one = replace(reason(1), shown=(waiting(state=state),))
    assert f"Police {said} Messages" in words_of(
        police(held=(one,), parked=busy_police().parked, waits_for={"Police": 1})
    )


def test_a_state_that_the_hub_does_not_know_still_waits(world: World) -> None:
    world.police_send(referral(1, ReferralRef=""))
    world.pull("police")
    with world.hub.store.transaction() as connection:
        connection.execute(held_row.update().values(state="asked the school", with_whom="A. Lead"))
    (held,) = partner(world).held
    assert (held.records, held.shown[0].state, held.shown[0].with_whom) == (1, "asked the school", "A. Lead")
    with world.hub.store.transaction() as connection:
        connection.execute(held_row.update().values(state="explained"))
    assert partner(world).held == ()


def test_answers_are_counted_with_what_is_open_from_earlier_nights() -> None:
    some = replace(busy_courts(), sent=sent(due=2, accepted=2, earlier_refused=3))
    words = words_of(some)
    assert "2 accepted Tonight’s, taken into your system." in words
    assert "3 refused 3 from earlier nights." in words


def test_what_is_not_shared_says_why_and_is_nobodys_refusal(world: World) -> None:
    world.police_send(referral(1), referral(2))
    world.pull("police")
    with world.hub.store.transaction() as connection:
        connection.execute(
            sa.text("UPDATE outbox SET not_shared_because = 'the agreement ended on 22 November'")
        )
    yjs = partner(world, "yjs")
    (why,) = yjs.stuck
    assert (why.why, why.records) == ("Not shared because the agreement ended on 22 November.", 2)
    assert yjs.waits_for == {"Information governance lead, Northmoor Youth Justice Service": 2}
    assert yjs.sent is not None
    assert (yjs.sent.waiting, yjs.sent.earlier_not_shared) == (0, 2)


def test_the_balance_line_says_both_sides() -> None:
    (line,) = balances_of(police())
    assert line.holds
    assert line.line == "58 received = 55 recorded + 2 held + 1 duplicate"
    assert "No record was lost. 58 received = 55 recorded + 2 held + 1 duplicate." in words_of(police())


@pytest.mark.parametrize(
    "changes",
    [
        {"came": came(received=9, recorded=8)},
        {"came": came(received=9, recorded=8, lost=1)},
        {"came": came(received=9, recorded=9, lost=1, doubled=1)},
        {"gaps": busy_police().gaps},
    ],
    ids=["sides", "lost", "lost and doubled", "named"],
)
def test_a_side_that_differs_is_never_called_whole(changes: dict[str, object]) -> None:
    words = words_of(police(**changes))
    assert "It does not balance." in words
    assert "No record was lost." not in words


def test_every_number_of_a_drawing_is_in_its_table() -> None:
    (trend,) = trends_of(police(past=past_nights()))
    page = render_partner(police(past=past_nights()), NIGHT, AT_CUT_OFF)
    figure = page[page.index("<figure") : page.index("</figure>")]
    drawing = figure[figure.index("</defs>") :]
    rows = re.findall(r"<tr.*?</tr>", figure, re.DOTALL)[1:]
    in_table = [
        [int(one.replace(",", "")) for one in re.findall(r"<td[^>]*>([\d,]+)</td>", row)] for row in rows
    ]
    assert in_table == [
        [night.received, night.recorded, night.held, night.other] if night.ran else []
        for night in reversed(past_nights())
    ]
    drawn = [float(one) for one in re.findall(r'<rect class="hub-bar[^>]* height="([\d.]+)"/>', drawing)]
    counts = [
        count for night in past_nights() for count in (night.recorded, night.held, night.other) if count
    ]
    assert drawn == pytest.approx([HEIGHT * count / trend.most for count in counts], abs=0.01)
    assert "Nothing ran" in Outline(figure).words


def test_a_drawing_has_a_title_and_a_description() -> None:
    page = render_partner(busy_courts(), NIGHT, AT_CUT_OFF)
    drawings = re.findall(r"<svg[^>]*role=\"img\"[^>]*>.*?</svg>", page, re.DOTALL)
    assert len(drawings) == 2
    for drawing in drawings:
        names = re.search(r'aria-labelledby="(\S+) (\S+)"', drawing)
        assert names
        assert f'<title id="{names[1]}">' in drawing
        assert f'<desc id="{names[2]}">14 nights from Tuesday 10 November 2026' in drawing


def test_the_first_night_has_a_drawing_and_before_it_there_is_none() -> None:
    alone = tuple(PastNight(NIGHT - timedelta(days=ago)) for ago in (1, 0))
    assert trends_of(police(past=alone)) == ()
    quiet = (*alone[:1], PastNight(NIGHT, ran=True))
    (trend,) = trends_of(police(past=quiet))
    assert (trend.most, trend.bars, len(trend.gaps)) == (0, (), 1)


def test_the_last_nights_are_what_the_books_say(world: World) -> None:
    for number in (1, 2, 3):
        world.police_send(referral(number), referral(10 + number, ReferralRef=""))
        world.pull("police")
        world.push("yjs")
        world.later(days=1)
    world.later(days=-1)

    query = (
        "SELECT night, hop, bucket, sum(records) AS n FROM ledger_line WHERE partner = '{}' "
        "GROUP BY night, hop, bucket"
    )
    by_hand = {
        (str(row["night"]), row["hop"], row["bucket"]): int(row["n"])
        for name in ("police", "yjs")
        for row in world.rows(query.format(name))
    }
    police_nights, yjs_nights = (partner(world, name).past for name in ("police", "yjs"))
    assert [one.ran for one in police_nights] == [False] * 11 + [True] * 3
    for one in police_nights[-3:]:
        day = one.night.isoformat()
        assert one.received == by_hand[(day, "translated", "opened_records")] == 2
        assert one.recorded == by_hand[(day, "recorded", "new")] == 1
        assert one.held == by_hand[(day, "translated", "held")] == 1
    for one in yjs_nights[-3:]:
        assert one.sent == by_hand[(one.night.isoformat(), "acknowledged", "sent")] == 1


def test_the_numbers_of_the_page_are_the_numbers_of_the_store(world: World) -> None:
    world.police_send(referral(1), referral(2, ReferralRef=""), referral(3, ReferralRef=""))
    world.pull("police")
    world.push("yjs")
    one, yjs = partner(world), partner(world, "yjs")
    held = world.rows("SELECT count(*) AS n FROM held_row WHERE state = 'new'")[0]["n"]
    recorded = world.rows("SELECT count(*) AS n FROM referral")[0]["n"]
    messages = world.rows("SELECT count(*) AS n FROM outbox WHERE to_partner = 'yjs'")[0]["n"]
    (inward,), balances = balances_of(one)[:1], balances_of(yjs)
    assert inward.line == f"{held + recorded} received = {recorded} recorded + {held} held"
    assert balances[-1].total == messages == 1
    assert all(each.holds for each in (inward, *balances))
    assert f"{recorded} of {held + recorded}" in words_of(one)


def test_a_partner_who_only_receives_has_no_records_to_fix() -> None:
    words = words_of(courts(came=None, sent=sent()))
    assert "Records to fix" not in words
    assert "What we sent you, and how you answered" in words


def test_records_of_strangers_are_not_held_against_who_sent_them() -> None:
    one = police(came=came(received=500, recorded=40, out_of_scope=460))
    assert "Recorded, of what you sent about our children 40 of 40" in words_of(one)
