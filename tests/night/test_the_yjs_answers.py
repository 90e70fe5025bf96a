"""The case system as a sender: what the YJS does with a child comes back, and goes to the child referred."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from datetime import date
from pathlib import Path
from typing import Any

import pytest

from connectors.errors import PartnerUnavailableError
from hub import held_rows
from hub.held_rows import Move
from quality.rules import Suite
from schemas.clocks import HeldState
from schemas.hops import RecordKey
from simulators import police_clerk
from simulators.cast import bystanders, cast
from simulators.identifiers import pnc
from simulators.line import End, Manner, line_to
from simulators.partner import Running
from simulators.people import traces
from simulators.police_files import Drop
from simulators.yjs import open_for
from simulators.yjs_nights import ADULTS
from simulators.yjs_worklist import case_database
from tests.databases import DatabaseFiles
from tests.servers.postgres import Postgres
from tests.traces import Traces
from tests.world import World, case_row, references, referral

FEEDS = ("progress", "referrals", "assessments", "orders")
RECORDS = {
    "progress": "status_update",
    "referrals": "referral",
    "assessments": "screening",
    "orders": "circumstance",
}
PNC = pnc(2024, 100_001)


def child_of(world: World, table: str, partner: str = "yjs") -> str:
    (row,) = world.rows(f"SELECT DISTINCT child_id FROM {table} WHERE partner = '{partner}'")  # noqa: S608
    return str(row["child_id"])


def an_update(world: World, **said: str) -> Drop:
    """The force's news of the first referral."""
    row = {
        "UpdateRef": "NMP-U-0000001",
        "ReferralRef": "NMP-R-0000001",
        "LastUpdated": "2026-11-22T12:00:00Z",
        "NominalID": "N0000001",
        "Surname": "Quillborne1",
        "Forenames": "Ottoline",
    }
    return police_clerk.update_drop([row | said], world.now[0])


def ask(world: World, *statements: str) -> None:
    with case_database(world.case_system) as engine, engine.begin() as connection:
        for statement in statements:
            connection.exec_driver_sql(statement)


def test_each_view_becomes_records_of_its_kind(world: World) -> None:
    for feed in FEEDS:
        world.case_system_says(feed, case_row(feed))
    world.pull("yjs")

    assert world.rows("SELECT feed, count(*) AS n FROM screening GROUP BY feed") == [
        {"feed": "assessments", "n": 6}
    ]
    (referred,) = world.rows("SELECT need, referred_on, to_service, urgency, consent_given_by FROM referral")
    assert str(referred.pop("referred_on")) == "2026-10-22"
    assert referred == {
        "need": "mental_health",
        "to_service": "Northmoor CAMHS",
        "urgency": "soon",
        "consent_given_by": "parent",
    }
    said = "fact, disposal, disposal_as_sent, holds_from, holds_until"
    (order,) = world.rows(f"SELECT {said} FROM circumstance")  # noqa: S608 - our own columns
    assert str(order.pop("holds_from")) == "2026-10-12"
    assert order == {
        "fact": "order",
        "disposal": "Youth Cautions with YJS intervention",
        "disposal_as_sent": "YC",
        "holds_until": None,
    }
    assert world.rows("SELECT state, referral_from, referral_reference FROM status_update") == [
        {"state": "accepted", "referral_from": "police", "referral_reference": "NMP-R-0000001"}
    ]
    assert world.children() == 1
    assert world.ledger("yjs")["recorded"] == {"matched": 9, "new": 9}
    assert not {one for one in world.findings("yjs") if one[0].startswith("HUB-T")}
    # What the YJS says does not come back to it; whoever referred is told, and whoever can help is asked.
    assert world.rows("SELECT to_partner, kind FROM outbox ORDER BY to_partner") == [
        {"to_partner": "health", "kind": "referral"},
        {"to_partner": "police", "kind": "status_update"},
    ]


def test_the_same_views_again_are_read_again_and_change_nothing(quiet_worlds: World) -> None:
    world = quiet_worlds
    world.case_system_says("orders", case_row("orders"))
    for _ in range(2):
        world.pull("yjs")
    assert world.ledger("yjs")["received"] == {"received": 8, "opened": 8}
    assert world.ledger("yjs")["recorded"] == {"matched": 2, "new": 1, "unchanged": 1}


def test_a_view_that_returns_to_what_it_said_is_believed(quiet_worlds: World) -> None:
    world = quiet_worlds
    for completed in ("YES", "NO", "YES"):
        world.case_system_says("orders", case_row("orders", kpi6SuccessfullyCompleted=completed))
        world.pull("yjs")
        world.later(days=1)
    (order,) = world.rows("SELECT completed, version_no FROM circumstance")
    assert (bool(order["completed"]), order["version_no"]) == (True, 3)


def test_where_no_time_is_stated_a_return_is_a_message_of_its_own(quiet_worlds: World) -> None:
    world = quiet_worlds
    for night, gravity in enumerate(("2", "4", "2")):
        world.police_send(referral(1, LastUpdated="", Gravity=gravity), referral(7 + night))
        world.pull()
        world.push()
        world.later(days=1)
    told = [row for row in world.worklist() if row["source_reference"] == "NMP-R-0000001"]
    assert sorted((row["version_no"], row["gravity"]) for row in told) == [(1, 2), (2, 4), (3, 2)]


def test_of_several_returns_the_latest_is_what_holds(quiet_worlds: World) -> None:
    world = quiet_worlds
    autumn = {"cmsdisposalType": "YC"}
    summer = {
        "cmsdisposalType": "RO",
        "source_return_id": "R-2026-2",
        "return_start_date": date(2026, 7, 1),
        "return_end_date": date(2026, 9, 30),
    }
    spring = autumn | {
        "source_return_id": "R-2026-1",
        "return_start_date": date(2026, 4, 1),
        "return_end_date": date(2026, 6, 30),
    }
    world.case_system_says("orders", *(case_row("orders", **said) for said in (autumn, summer, spring)))
    world.pull("yjs")
    assert world.rows("SELECT disposal_as_sent FROM circumstance") == [{"disposal_as_sent": "YC"}]
    assert world.ledger("yjs")["recorded"] == {"matched": 3, "new": 1, "superseded": 1, "unchanged": 1}


def test_a_deleted_child_takes_all_their_records_back(quiet_worlds: World) -> None:
    world = quiet_worlds
    for feed in FEEDS:
        world.case_system_says(feed, case_row(feed, 1), case_row(feed, 2))
    world.pull("yjs")
    world.later(days=1)
    world.case_system_deletes("YP-1")
    world.pull("yjs")

    for table in RECORDS.values():
        rows = world.rows(f"SELECT reference, is_deleted FROM {table}")  # noqa: S608 - our own tables
        deleted = {row["reference"].partition("/")[0] for row in rows if row["is_deleted"]}
        assert all(reference.endswith("-1") for reference in deleted)
        assert len(deleted) == 1
    assert world.ledger("yjs")["recorded"] == {"matched": 18, "unchanged": 9, "deleted": 9}


def test_a_row_that_is_no_longer_shown_is_no_deletion(quiet_worlds: World) -> None:
    world = quiet_worlds
    world.case_system_says("orders", case_row("orders", 1), case_row("orders", 2))
    world.pull("yjs")
    world.later(days=1)
    world.case_system_says("orders", case_row("orders", 2))
    world.pull("yjs")
    assert len(world.rows("SELECT 1 FROM circumstance WHERE NOT is_deleted")) == 2


# Whose referral it answers.


def test_what_is_said_of_a_referral_is_said_of_the_child_who_was_referred(world: World) -> None:
    world.police_send(referral(1))
    world.pull()
    # No identifier is shared, and the name is another: the reference alone says who is meant.
    news = case_row("progress", familyName="Married", startedOn=date(2026, 11, 21))
    world.case_system_says("progress", news)
    world.case_system_says("orders", case_row("orders"))
    world.pull("yjs")

    assert child_of(world, "status_update") == child_of(world, "referral", "police")
    assert world.rows("SELECT state FROM status_update") == [{"state": "started"}]
    # From then on the case system's own key of the child is known.
    assert child_of(world, "circumstance") == child_of(world, "referral", "police")
    assert world.children() == 1


@pytest.mark.parametrize("nobody_knows", ["the police", "the YJS"])
def test_without_a_birth_date_the_reference_alone_decides(quiet_worlds: World, nobody_knows: str) -> None:
    world = quiet_worlds
    world.police_send(referral(1, **({"DOB": ""} if nobody_knows == "the police" else {})))
    world.pull()
    theirs: dict[str, Any] = {"dateOfBirth": None} if nobody_knows == "the YJS" else {}
    world.case_system_says("progress", case_row("progress", **theirs))
    world.pull("yjs")
    assert child_of(world, "status_update") == child_of(world, "referral", "police")


def test_an_identifier_that_leads_elsewhere_does_not_gainsay_the_reference(quiet_worlds: World) -> None:
    world = quiet_worlds
    world.police_send(referral(1), referral(2, PNCID=PNC))
    world.pull()
    world.case_system_says("progress", case_row("progress", pncnumber=PNC))
    for _ in range(2):
        world.pull("yjs")

    (of_the_update,) = world.rows("SELECT child_id FROM status_update")
    (referred,) = world.rows("SELECT child_id FROM referral WHERE reference = 'NMP-R-0000001'")
    assert of_the_update == referred
    assert world.held() == []


def test_where_the_birth_dates_differ_a_person_decides(worlds_with_a_doubt: World) -> None:
    world = worlds_with_a_doubt
    (row,) = world.held()
    assert (row["rules"], row["owner"], row["hop"]) == ("HUB-M03", "data desk", "matched")
    assert world.rows("SELECT * FROM status_update") == []
    assert world.ledger("yjs")["matched"] == {"translated": 1, "for_review": 1}


def test_released_it_goes_to_the_child_who_was_referred(worlds_with_a_doubt: World) -> None:
    world = worlds_with_a_doubt
    (row,) = world.held()
    key = RecordKey(*(row[name] for name in ("batch_id", "message", "row", "part")))
    held_rows.decide(world.hub, key, Move(HeldState.RELEASED, "a slip"))
    world.case_system_says("progress")
    world.pull("yjs")
    assert child_of(world, "status_update") == child_of(world, "referral", "police")
    assert world.held() == []


@pytest.fixture
def worlds_with_a_doubt(quiet_worlds: World) -> World:
    """An answer whose child was born on another day than the child who was referred."""
    quiet_worlds.police_send(referral(1))
    quiet_worlds.pull()
    quiet_worlds.case_system_says("progress", case_row("progress", dateOfBirth=date(2012, 3, 14)))
    quiet_worlds.pull("yjs")
    return quiet_worlds


def test_an_answer_to_a_referral_that_nobody_knows_goes_by_its_identifiers(quiet_worlds: World) -> None:
    world = quiet_worlds
    world.police_send(referral(1, PNCID=PNC))
    world.pull()
    world.case_system_says("progress", case_row("progress", sourceReference="NMP-R-9", pncnumber=PNC))
    world.pull("yjs")
    assert child_of(world, "status_update") == child_of(world, "referral", "police")


def test_whoever_referred_may_correct_the_birth_date(quiet_worlds: World) -> None:
    world = quiet_worlds
    world.police_send(referral(1, DOB="14/03/2012"))
    world.pull()
    world.leave(world.police_folder, an_update(world, DOB="14/03/2011").files())
    world.pull()
    assert world.held() == []
    assert child_of(world, "status_update", "police") == child_of(world, "referral", "police")


def test_a_referral_goes_to_the_case_workers_and_what_became_of_it_to_the_force(quiet_worlds: World) -> None:
    world = quiet_worlds
    world.police_send(*(referral(number) for number in range(1, 4)))
    world.pull()
    world.push()
    world.case_workers_answer()
    world.later(days=1)
    taken = [row for row in world.worklist() if row["case_reference"]]
    told = {
        "assessedOn": date(2026, 11, 23),
        "panelRecommendation": "O22",
        "recommendedOn": date(2026, 11, 23),
    }
    world.case_system_says(
        "progress",
        *(
            case_row("progress", place, caseID=row["case_reference"], sourceReference=row["source_reference"])
            | told
            for place, row in enumerate(taken)
        ),
    )
    world.pull("yjs")
    world.push("police")

    heard = [row for file in police_clerk.taken(world.police_inbound) for row in file.rows]
    assert sorted(row["ReferralRef"] for row in heard) == references(taken)
    assert {(row["AssessedOn"], row["Recommendation"], row["State"]) for row in heard} == {
        ("23/11/2026", "outcome_22", "accepted")
    }


# A case system that fails.


def test_a_view_that_lost_a_column_is_left_and_the_others_are_read(quiet_worlds: World) -> None:
    world = quiet_worlds
    for feed in FEEDS:
        world.case_system_says(feed, case_row(feed))
    ask(world, "DROP VIEW hub_referrals", "CREATE VIEW hub_referrals AS SELECT ypid FROM yp_referral")
    world.pull("yjs")

    (rejected,) = [message for message in world.messages("yjs") if message["bucket"] == "rejected"]
    assert (rejected["reason"], rejected["name"]) == ("YJS-R01", "hub_referrals")
    assert "has no column" in rejected["words"]
    assert world.ledger("yjs")["recorded"] == {"matched": 8, "new": 8}


@pytest.fixture
def far_away(tmp_path: Path, postgres: Postgres, police_server: tuple[Running, Path]) -> Iterator[World]:
    """The case system is on PostgreSQL: there is a line to it."""
    force, files = police_server
    hub = DatabaseFiles(tmp_path).new_hub()
    with World.begin(tmp_path, hub, postgres.new_database(), force.settings, files) as world:
        world.hub = replace(world.hub, suite=Suite, matching=())
        yield world


@pytest.mark.server
def test_of_a_view_whose_line_broke_nothing_is_kept_and_all_comes_with_the_next(
    far_away: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    world = far_away
    world.case_system_says("progress", *(case_row("progress", number) for number in range(1500)))
    before, _, name = world.case_system.rpartition("/")
    port = int(before.rpartition(":")[2])
    with line_to(port, Manner(well=200_000, end=End.HANG_UP)) as broken, monkeypatch.context() as patch:
        address = f"{before.rpartition(':')[0]}:{broken}/{name}"
        patch.setenv("HUB_YJS_DATABASE_URL", address)
        with pytest.raises(PartnerUnavailableError, match="does not answer"):
            world.pull("yjs")
    assert world.rows("SELECT * FROM batch") == []
    assert world.rows("SELECT * FROM message") == []

    world.pull("yjs")
    assert world.ledger("yjs")["recorded"] == {"matched": 1500, "new": 1500}


def test_a_whole_night_of_the_cast_leaves_no_trace_of_an_adult(sqlite_world: World) -> None:
    world = sqlite_world
    open_for(world.case_system, 1)
    world.pull("yjs")
    first = world.ledger("yjs")
    assert first["translated"]["out_of_scope"] > ADULTS
    assert first["matched"] == {
        "translated": first["translated"]["translated"],
        "matched": first["matched"]["matched"],
    }
    assert not {rule for rule, _, _ in world.findings("yjs") if rule.startswith(("HUB", "YJS-R"))}

    left = Traces.of(world.hub)
    words = {word for adult in bystanders()[1 : 1 + ADULTS] for word in traces(adult)}
    assert left.plain(*words) | left.sealed(*words) == set()
    # The search finds what is there.
    assert {place for _, place in left.sealed(cast()[0].identifiers.pnc or "")} >= {"vault"}

    world.later(days=1)
    open_for(world.case_system, 2)
    world.pull("yjs")
    news = world.ledger("yjs")["recorded"]
    assert news["new"] > 0
    assert news["changed"] > 0
    assert news["deleted"] > 0
    assert news["unchanged"] > 10 * (news["new"] + news["changed"] + news["deleted"]) / 2
