"""The facts of real nights, read from the store: the numbers on the page are the numbers in the books."""

from __future__ import annotations

import re
from dataclasses import replace

import polars as pl
import pytest
import sqlalchemy as sa

from connectors.errors import MisconfiguredError, PartnerUnavailableError
from hub import registry, report
from hub.store import batches, books, held, outbox
from hub.store.batches import BatchRow
from hub.store.tables import outbox as outbox_table
from quality.reports import assets
from quality.reports.partner_night import Flag, PartnerNight
from quality.suites.matching import MATCHING
from schemas.clocks import HeldState
from schemas.hops import Consequence, Finding, Hop, RecordKey
from simulators.spoiled import spoiled_drop
from tests.world import World, referral


def partner(world: World, name: str = "police") -> PartnerNight:
    return next(one for one in world.facts().partners if one.name == name)


def police_referrals(connection: sa.Connection, world: World) -> list[BatchRow]:
    of_night = batches.of_night(connection, world.hub.night)
    return [one for one in of_night if (one.partner, one.feed) == ("police", "referrals")]


def whole_night(world: World) -> None:
    world.pull("police")
    world.pull("courts")
    world.pull("yjs")
    world.push("police")
    world.push("yjs")


def test_a_night_in_which_everybody_came_is_green(world: World) -> None:
    world.police_send(referral(1), referral(2))
    whole_night(world)

    facts = world.facts()
    assert facts.reasons == ()
    assert report.balanced(facts)
    assert report.summary(facts).splitlines()[-3:] == [
        "Courts: Came at 04:30: nothing new.",
        "Police: 2 received: 2 recorded. Nothing was lost. Reached at 04:30: nothing was due.",
        (
            "Youth Justice Service: Came at 04:30: nothing new. "
            "2 due: 2 sent. Of those sent: 2 not answered yet. Nothing was lost."
        ),
    ]


def test_a_partner_who_did_not_come_is_missing_and_the_night_is_red(sqlite_world: World) -> None:
    sqlite_world.pull("police")
    sqlite_world.pull("yjs")
    sqlite_world.push("police")
    sqlite_world.push("yjs")

    facts = sqlite_world.facts()
    assert not report.balanced(facts)
    assert [reason.split(".")[0] for reason in facts.reasons] == [
        "Courts is missing: results did not run tonight"
    ]


def test_a_released_row_does_not_stand_in_for_a_pull(
    sqlite_world: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    sqlite_world.police_send(referral(1, ReferralRef=""))
    whole_night(sqlite_world)
    (row,) = sqlite_world.held()
    key = RecordKey(row["batch_id"], row["message"], row["row"], row["part"])
    sqlite_world.later(days=1)
    with sqlite_world.hub.store.transaction() as connection:
        held.move(connection, key, HeldState.RELEASED, by="a", why="b", now=sqlite_world.now[0])
    monkeypatch.setenv("HUB_POLICE_PORT", "1")
    with pytest.raises(PartnerUnavailableError):
        sqlite_world.pull("police")

    police = partner(sqlite_world)
    assert police.missing == ("referrals", "updates", "decisions")
    # It went on without the partner; what is mandatory cannot be waived, so it is held again.
    assert "1 released by a person: 1 held." in report.summary(sqlite_world.facts())


def test_only_those_who_were_to_come_are_missed(sqlite_world: World) -> None:
    sqlite_world.pull("police")
    sqlite_world.push("police")
    facts = report.collect(sqlite_world.hub, sqlite_world.hub.night, ["police"])
    assert facts.is_green
    assert [one.title for one in facts.partners] == ["Police"]
    with pytest.raises(MisconfiguredError):
        report.collect(sqlite_world.hub, sqlite_world.hub.night, ["nobody"])


def test_a_held_row_with_a_safety_flag_heads_the_night(world: World) -> None:
    world.police_send(referral(1, ReferralRef=""), referral(2, ReferralRef="", RiskMarkers="SG"), referral(3))
    whole_night(world)

    facts = world.facts()
    (at_risk,) = facts.at_risk
    assert (facts.flagged, facts.doubtful, at_risk.flag) == (1, 0, Flag.SET)
    assert at_risk.called.startswith("row 3 of referral_NMP_NMYJS_20261123T043000Z_001.csv")
    assert at_risk.fix
    (reason,) = partner(world).held
    assert (reason.records, reason.at_risk, reason.older) == (2, 1, 0)
    assert [one.flag for one in reason.shown] == [Flag.SET, Flag.NONE]
    assert facts.is_green


def test_a_row_that_could_not_be_read_may_be_about_a_child_at_risk(sqlite_world: World) -> None:
    made = sqlite_world.police_send(referral(1), referral(2))
    sqlite_world.leave(
        sqlite_world.police_folder,
        replace(made, content=made.content.replace(b"PC 4471", b"PC 4471,one more", 1)).files(),
    )
    sqlite_world.pull("police")

    facts = sqlite_world.facts()
    assert (facts.flagged, facts.doubtful) == (0, 1)
    assert [one.flag for one in facts.at_risk] == [Flag.UNKNOWN]


def test_a_record_that_went_on_with_unread_safety_markers_is_named_once(world: World) -> None:
    world.police_send(referral(1, RiskMarkers="QX"), referral(2))
    whole_night(world)

    facts = world.facts()
    (one,) = facts.at_risk
    assert (facts.flagged, facts.doubtful, one.flag) == (0, 1, Flag.UNKNOWN)
    assert one.place.startswith("row 2 of ")
    unread = [found.what for found in partner(world).noticed if "cannot be read" in found.what]
    assert len(unread) == 1


def test_a_record_that_waits_for_matching_may_be_about_a_child_at_risk(world: World) -> None:
    world.police_send(referral(1))
    whole_night(world)
    with world.hub.store.transaction() as connection:
        (batch,) = police_referrals(connection, world)
        page = books.Page(batch.batch_id, "police", "referrals", world.hub.night)
        place = pl.DataFrame({"message": [0], "row": [2], "part": [0]})
        found = Finding("HUB-M01", Consequence.HOLD_ROW, MATCHING[0].sentence, places=place)
        books.write_findings(connection, page, Hop.MATCHED, [found])

    facts = world.facts()
    (one,) = facts.at_risk
    assert (facts.doubtful, one.flag) == (1, Flag.UNKNOWN)
    assert one.place.startswith("row 2 of ")
    said = {noticed.what: noticed.effect for noticed in partner(world).noticed}
    assert said["Not met: “All identifiers of a record point to one child.”"] == (
        "The record waits for a person to say which child it is about."
    )


def test_rows_held_on_earlier_nights_wait_still_and_are_counted_apart(sqlite_world: World) -> None:
    sqlite_world.police_send(referral(1, ReferralRef=""))
    whole_night(sqlite_world)
    sqlite_world.later(days=1)
    sqlite_world.police_send(referral(2, ReferralRef=""))
    whole_night(sqlite_world)

    police = partner(sqlite_world)
    assert (police.held_count, police.held_older) == (2, 1)
    assert police.came is not None
    assert police.came.held == 1


def test_a_message_that_could_not_be_opened_is_parked_with_its_reason(sqlite_world: World) -> None:
    good = sqlite_world.police_send(referral(1))
    spoiled = spoiled_drop(good, "html_login_page")
    sqlite_world.leave(sqlite_world.police_folder, spoiled.files())
    whole_night(sqlite_world)

    (parked,) = partner(sqlite_world).parked
    assert parked.name == spoiled.name
    assert parked.why == "The file is a web page, not CSV."
    assert parked.fix.startswith("look whether")
    assert sqlite_world.facts().is_green
    assert "1 message could not be opened and is parked." in report.summary(sqlite_world.facts())


def test_a_message_that_is_tried_again_is_one_message(sqlite_world: World) -> None:
    made = sqlite_world.police_send(referral(1))
    (sqlite_world.police_folder / made.name).unlink()
    sqlite_world.pull("police")
    sqlite_world.pull("police")

    (parked,) = partner(sqlite_world).parked
    assert (parked.name, parked.times, parked.messages) == (made.name, 2, 1)
    assert "1 message could not be opened and is parked." in report.summary(sqlite_world.facts())


def test_a_record_that_the_ledger_misses_is_named_by_its_place(world: World) -> None:
    drop = world.police_send(referral(1), referral(2))
    whole_night(world)
    with world.hub.store.transaction() as connection:
        (batch,) = police_referrals(connection, world)
        page = books.Page(batch.batch_id, "police", "referrals", world.hub.night)
        books.write_lines(connection, page, Hop.MATCHED, {"translated": 2, "matched": 1, "for_review": 0})
        books.write_gaps(connection, page, Hop.MATCHED, {f"{batch.batch_id}:0:3:0": "lost"})

    facts = world.facts()
    assert not facts.is_green
    assert facts.reasons[0].startswith(
        f"Police, referrals, hop matched: 1 record is lost: {batch.batch_id}:0:3:0 (row 3 of {drop.name})."
    )


def test_one_runs_loss_does_not_hide_behind_anothers_surplus(sqlite_world: World) -> None:
    for number in (1, 2):
        sqlite_world.police_send(referral(number))
        whole_night(sqlite_world)
    with sqlite_world.hub.store.transaction() as connection:
        for batch, matched in zip(police_referrals(connection, sqlite_world), (0, 2), strict=True):
            page = books.Page(batch.batch_id, "police", "referrals", sqlite_world.hub.night)
            books.write_lines(connection, page, Hop.MATCHED, {"translated": 1, "matched": matched})

    of_feed = (one for one in partner(sqlite_world).ledger if one.feed == "referrals")
    (line,) = (one for one in of_feed if one.hop == "matched")
    assert sum(line.ins.values()) == sum(line.outs.values())
    assert (line.lost, line.doubled) == (1, 1)
    assert not sqlite_world.facts().is_green


def test_a_record_lost_between_two_hops_is_missed(sqlite_world: World) -> None:
    sqlite_world.police_send(referral(1), referral(2))
    whole_night(sqlite_world)
    with sqlite_world.hub.store.transaction() as connection:
        (batch,) = police_referrals(connection, sqlite_world)
        page = books.Page(batch.batch_id, "police", "referrals", sqlite_world.hub.night)
        books.write_lines(connection, page, Hop.RECORDED, {"matched": 1, "new": 1})

    assert "1 record lost on the way from the hop before" in sqlite_world.facts().reasons[0]
    assert "It does not balance: 1 lost." in report.summary(sqlite_world.facts())


def test_a_hop_that_left_no_line_makes_the_night_red(sqlite_world: World) -> None:
    whole_night(sqlite_world)
    with sqlite_world.hub.store.transaction() as connection:
        connection.execute(sa.text("DELETE FROM ledger_line WHERE hop = 'matched' AND partner = 'courts'"))
    assert [reason.split(":")[0] for reason in sqlite_world.facts().reasons] == [
        "Courts, results, hop matched"
    ]


@pytest.mark.parametrize(
    ("state", "after"), [("landed", "received"), ("translated", "translated"), ("matched", "matched")]
)
def test_a_run_that_stopped_half_way_says_so(sqlite_world: World, state: str, after: str) -> None:
    sqlite_world.police_send(referral(1))
    whole_night(sqlite_world)
    done = ("received", "translated", "matched", "recorded")
    undone = done[done.index(after) + 1 :]
    with sqlite_world.hub.store.transaction() as connection:
        connection.execute(
            sa.text("UPDATE batch SET state = :state WHERE partner = 'police' AND feed = 'referrals'"),
            {"state": state},
        )
        for hop in undone:
            connection.execute(
                sa.text(
                    "DELETE FROM ledger_line WHERE partner = 'police' AND feed = 'referrals' AND hop = :hop"
                ),
                {"hop": hop},
            )

    facts = sqlite_world.facts()
    assert [reason.split(" What")[0] for reason in facts.reasons] == [
        f"Police, referrals: stopped after hop {after}; the next run goes on from there."
    ]
    assert "Police: 1 received: 1 still on the way. Nothing was lost." in report.summary(facts)


def test_a_batch_left_by_an_earlier_night_keeps_this_one_red(sqlite_world: World) -> None:
    whole_night(sqlite_world)
    with sqlite_world.hub.store.transaction() as connection:
        connection.execute(sa.text("UPDATE batch SET state = 'matched' WHERE partner = 'courts'"))
    sqlite_world.later(days=1)
    assert any("stopped after hop matched" in reason for reason in sqlite_world.facts().reasons)


def test_a_delivery_that_stopped_half_way_says_so(sqlite_world: World) -> None:
    whole_night(sqlite_world)
    with sqlite_world.hub.store.transaction() as connection:
        connection.execute(sa.text("UPDATE delivery SET state = 'claimed' WHERE partner = 'yjs'"))
    assert "the messages were made ready, before all were handed over" in sqlite_world.facts().reasons[0]


def test_a_message_that_two_runs_of_a_night_took_up_counts_once(world: World) -> None:
    world.police_send(referral(1), referral(2))
    whole_night(world)
    with world.hub.store.transaction() as connection:
        connection.execute(outbox_table.update().values(state=outbox.UNSURE))
    world.push()

    delivered = partner(world, "yjs").sent
    assert delivered is not None
    assert (delivered.due, delivered.handed_over) == (2, 2)
    assert world.facts().is_green


def test_refused_messages_are_grouped_by_reason_with_a_child_at_risk_first(world: World) -> None:
    world.police_send(referral(1), referral(2, RiskMarkers="SG"), referral(3))
    whole_night(world)
    with world.hub.store.transaction() as connection:
        connection.execute(
            outbox_table.update().values(state="refused", answer_reason="already open under another case")
        )

    yjs = partner(world, "yjs")
    (reason,) = yjs.stuck
    assert (yjs.stuck_count, reason.records, reason.at_risk, reason.older) == (3, 3, 1, 0)
    assert [one.flag for one in reason.shown] == [Flag.SET, Flag.NONE, Flag.NONE]
    assert reason.why == "You refused it. You said: “already open under another case”."
    assert yjs.waits_for == {"Youth Justice Service": 3}
    assert [one.reference for one in world.facts().at_risk] == ["NMP-R-0000002"]


def test_a_message_with_a_safety_flag_that_did_not_leave_heads_the_night(sqlite_world: World) -> None:
    sqlite_world.police_send(referral(1, RiskMarkers="RD"))
    sqlite_world.pull("police")
    (one,) = sqlite_world.facts().at_risk
    assert (one.partner, one.reference, one.flag) == ("Youth Justice Service", "NMP-R-0000001", Flag.SET)


def test_several_runs_of_one_night_are_added_up(sqlite_world: World) -> None:
    for number in (1, 2):
        sqlite_world.police_send(referral(number))
        sqlite_world.pull("police")
        sqlite_world.later(minutes=30)
    came = partner(sqlite_world).came
    assert came is not None
    assert (came.received, came.recorded) == (2, 2)
    assert [f"{at:%H:%M}" for at in came.at] == ["04:30", "05:00"]
    assert {line.runs for line in partner(sqlite_world).ledger} == {2}


def test_the_pages_are_written_whole_and_the_nights_once_more_as_the_latest(sqlite_world: World) -> None:
    whole_night(sqlite_world)
    path = report.write(sqlite_world.hub, sqlite_world.hub.night)
    reports = sqlite_world.hub.settings.home / "reports"
    assert path == reports / "2026-11-23" / "index.html"
    pages = {f"{partner}.html" for partner in registry.partner_names()}
    assert {each.name for each in path.parent.iterdir()} == pages | {"index.html"}
    assert sorted(each.name for each in reports.iterdir()) == ["2026-11-23", "assets", "latest.html"]
    assert {each.name for each in (reports / "assets").iterdir()} == set(assets.files())


@pytest.mark.parametrize("page", ["latest.html", "2026-11-23/index.html", "2026-11-23/police.html"])
def test_every_way_from_a_page_leads_to_a_file(sqlite_world: World, page: str) -> None:
    whole_night(sqlite_world)
    report.write(sqlite_world.hub, sqlite_world.hub.night)
    written = sqlite_world.hub.settings.home / "reports" / page
    ways = [way for way in re.findall(r'href="([^"]+)"', written.read_text()) if not way.startswith("#")]
    assert len(ways) > 3
    assert [way for way in ways if way != "data:," and not (written.parent / way).is_file()] == []


def test_the_same_night_gives_the_same_bytes(world: World) -> None:
    world.police_send(referral(1), referral(2, ReferralRef="", RiskMarkers="SG"))
    whole_night(world)
    folder = report.write(world.hub, world.hub.night).parent
    first = {page.name: page.read_bytes() for page in folder.iterdir()}
    report.write(world.hub, world.hub.night)
    assert {page.name: page.read_bytes() for page in folder.iterdir()} == first


def test_an_older_night_written_again_is_not_the_latest(sqlite_world: World) -> None:
    whole_night(sqlite_world)
    first = sqlite_world.hub.night
    sqlite_world.later(days=1)
    reports = report.write(sqlite_world.hub, sqlite_world.hub.night).parent.parent
    latest = (reports / "latest.html").read_bytes()
    report.write(sqlite_world.hub, first)
    assert (reports / "latest.html").read_bytes() == latest
