"""The sharing agreement as a gate: no agreement means no, with the reason, and nothing is lost by it."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from dataclasses import replace
from datetime import UTC, date, datetime
from pathlib import Path
from typing import Any

import pytest

from connectors.contract import OutboundMessage, Receipt
from connectors.errors import MisconfiguredError, NotAgreedError
from hub import registry
from hub.exchange import runs
from hub.exchange.land import land
from hub.ledger.balance import EQUATIONS
from hub.sharing.agreement import Agreement, read
from hub.store import not_shared
from hub.store.record_tables import RECORDS
from schemas.hops import Hop
from tests.night.agreements import as_written, changed, under, without
from tests.night.children import PNC, at_court
from tests.world import World, references, referral

referral_table = RECORDS["referral"]
GONE = date(2026, 11, 22)


def missing() -> Agreement:
    return read(Path("yjs") / "agreement.yaml")


def outbox(world: World) -> list[dict[str, Any]]:
    return world.rows("SELECT * FROM outbox ORDER BY reference")


def outgoing(world: World) -> dict[str, int]:
    return world.ledger("yjs")["outgoing"]


def balances(world: World) -> bool:
    return all(EQUATIONS[Hop(hop)].difference(sums) == 0 for hop, sums in world.ledger("yjs").items())


STOPPED: list[tuple[str, Agreement | Callable[[], Agreement], str]] = [
    ("missing", missing, "there is no sharing agreement: yjs/agreement.yaml is not there"),
    ("not begun", changed("yjs", starts_on=date(2026, 12, 1)), "begins on 2026-12-01"),
    ("expired", changed("yjs", ends_on=GONE), "ended on 2026-11-22"),
    ("another purpose", changed("yjs", "worklist", purpose="court_work"), "is for court_work, and worklist"),
    ("no lawful basis", changed("yjs", "worklist", lawful_basis=()), "names no lawful basis for worklist"),
    ("a field not listed", without("yjs", "worklist", "address", "pnc"), "does not list address, pnc"),
    ("the feed not listed", changed("yjs", feeds={}), "does not list the feed worklist going out"),
]


@pytest.mark.parametrize(
    ("agreed", "because"), [case[1:] for case in STOPPED], ids=[case[0] for case in STOPPED]
)
def test_what_is_not_agreed_stays_with_its_reason_and_goes_when_it_is_agreed(
    quiet_world: World, agreed: Agreement | Callable[[], Agreement], because: str
) -> None:
    quiet_world.police_send(referral(1), referral(2))
    quiet_world.pull()
    under(quiet_world, "yjs", agreed)
    quiet_world.push()
    assert quiet_world.worklist() == []
    assert outgoing(quiet_world) == {"due": 2, "not_shareable": 2}
    assert balances(quiet_world)
    assert [row["state"] for row in outbox(quiet_world)] == ["queued", "queued"]
    assert all(because in row["not_shared_because"] for row in outbox(quiet_world))

    quiet_world.later(days=1)
    as_written(quiet_world)
    quiet_world.push()
    assert references(quiet_world.worklist()) == ["NMP-R-0000001", "NMP-R-0000002"]
    assert outgoing(quiet_world) == {"carried_over": 2, "sent": 2}
    assert {(row["not_shared_because"], row["agreement"]) for row in outbox(quiet_world)} == {
        (None, "NM-ISA-2026-01 version 1")
    }


def test_an_agreement_that_nobody_can_read_shares_nothing_and_names_the_mistake(
    quiet_world: World, tmp_path: Path
) -> None:
    broken = tmp_path / "yjs" / "agreement.yaml"
    broken.parent.mkdir()
    broken.write_text("reference: NM-1\nfeeds: [\n")
    quiet_world.police_send(referral(1))
    quiet_world.pull()
    under(quiet_world, "yjs", lambda: read(broken))
    quiet_world.push()
    assert quiet_world.worklist() == []
    assert outbox(quiet_world)[0]["not_shared_because"].startswith("yjs/agreement.yaml: line ")


def test_an_agreement_that_ends_at_midnight_stops_the_run_that_is_under_way(quiet_world: World) -> None:
    """Referrals leave in one frame, court outcomes in the next: midnight comes between the two."""
    quiet_world.police_send(referral(1, PNCID=PNC))
    quiet_world.courts_send(at_court(referral(1, PNCID=PNC)))
    quiet_world.pull()
    quiet_world.pull("courts")
    under(quiet_world, "yjs", changed("yjs", ends_on=date(2026, 11, 23)))
    quiet_world.now[0] = datetime(2026, 11, 23, 23, 59, tzinfo=UTC)
    midnight_after_the_first_frame(quiet_world)
    quiet_world.push()
    gone = {row["kind"] for row in quiet_world.worklist()}
    assert gone == {"referral"}
    stopped = [row for row in outbox(quiet_world) if row["not_shared_because"]]
    assert {row["kind"] for row in stopped} == {"outcome"}
    assert all("ended on 2026-11-23" in row["not_shared_because"] for row in stopped)
    assert outgoing(quiet_world) == {"due": 1 + len(stopped), "sent": 1, "not_shareable": len(stopped)}
    assert balances(quiet_world)


def midnight_after_the_first_frame(world: World) -> None:
    case_system = world.hub.connector("yjs")
    (feed,) = case_system.pushes

    def push(client: Any, messages: Iterable[OutboundMessage]) -> Iterator[Receipt]:
        yield from feed.push(client, messages)
        world.later(minutes=2)

    slow = replace(case_system, pushes=(replace(feed, push=push),))
    world.hub = replace(world.hub, connector=lambda name: slow if name == "yjs" else registry.connector(name))


def test_the_day_turns_at_midnight_in_britain_and_not_in_greenwich(quiet_world: World) -> None:
    """In summer the last day is over an hour before UTC says so."""
    quiet_world.now[0] = datetime(2027, 6, 30, 22, 30, tzinfo=UTC)
    quiet_world.police_send(referral(1, LastUpdated="2027-06-29T10:00:00Z"))
    quiet_world.pull()
    under(quiet_world, "yjs", changed("yjs", ends_on=date(2027, 6, 30)))
    quiet_world.later(minutes=45)
    quiet_world.push()
    assert quiet_world.worklist() == []


# A voluntary service.


def test_without_consent_a_record_waits_and_the_others_go(quiet_worlds: World) -> None:
    quiet_worlds.police_send(referral(1), referral(2))
    quiet_worlds.pull()
    consented(quiet_worlds, "NMP-R-0000002")
    under(quiet_worlds, "yjs", changed("yjs", "worklist", consent="required"))
    quiet_worlds.push()
    assert references(quiet_worlds.worklist()) == ["NMP-R-0000002"]
    assert outgoing(quiet_worlds) == {"due": 2, "sent": 1, "not_shareable": 1}
    first, _ = outbox(quiet_worlds)
    assert first["not_shared_because"] == "nobody's consent to this voluntary service is on the record"


def test_a_withdrawal_goes_to_whoever_was_told_and_to_nobody_else(quiet_worlds: World) -> None:
    quiet_worlds.police_send(referral(1), referral(2))
    quiet_worlds.pull()
    consented(quiet_worlds, "NMP-R-0000001")
    under(quiet_worlds, "yjs", changed("yjs", "worklist", consent="required"))
    quiet_worlds.push()
    withdrawn(quiet_worlds)
    quiet_worlds.push()
    assert [(row["source_reference"], row["change"]) for row in quiet_worlds.worklist()] == [
        ("NMP-R-0000001", "new"),
        ("NMP-R-0000001", "deleted"),
    ]
    (untold,) = (row for row in outbox(quiet_worlds) if row["not_shared_because"])
    assert untold["not_shared_because"] == "the record was withdrawn, and they were never told of it"


def consented(world: World, reference: str) -> None:
    """The police's file has no place for a consent: as a connector that has one would leave it."""
    with world.hub.store.transaction() as connection:
        mine = referral_table.c.reference == reference
        connection.execute(referral_table.update().where(mine).values(consent_given_by="child"))


def withdrawn(world: World) -> None:
    """Both referrals, as a sender that withdraws would leave them: version 2, and a message of it."""
    execute(world, "UPDATE referral SET is_deleted = true, version_no = 2, consent_given_by = NULL")
    execute(world, "UPDATE outbox SET state = 'overtaken', not_shared_because = NULL WHERE state = 'queued'")
    execute(
        world,
        "INSERT INTO outbox (message_key, to_partner, to_feed, kind, from_partner, from_feed, reference,"
        " version_no, child_id, change, safety, state, batch_id, queued_at)"
        " SELECT message_key || 'd', to_partner, to_feed, kind, from_partner, from_feed, reference,"
        " 2, child_id, 'deleted', safety, 'queued', batch_id, queued_at FROM outbox",
    )


def execute(world: World, statement: str) -> None:
    with world.hub.store.transaction() as connection:
        connection.exec_driver_sql(statement)


# A child at risk.


def test_a_child_at_risk_can_be_shared_on_a_persons_word_and_nobody_else_goes_with_it(
    quiet_worlds: World,
) -> None:
    quiet_worlds.police_send(referral(1, RiskMarkers="SG"), referral(2, RiskMarkers="SG"), referral(3))
    quiet_worlds.pull()
    under(quiet_worlds, "yjs", changed("yjs", ends_on=GONE))
    quiet_worlds.push()
    keys = {row["reference"]: row["message_key"] for row in outbox(quiet_worlds)}
    assert let_go(quiet_worlds, keys["NMP-R-0000001"])
    assert not let_go(quiet_worlds, keys["NMP-R-0000003"]), "no safety flag is set"
    quiet_worlds.push()
    assert references(quiet_worlds.worklist()) == ["NMP-R-0000001"]
    first, *others = outbox(quiet_worlds)
    assert (first["agreement"], first["state"]) == ("safeguarding: by duty manager", "received")
    assert all(row["not_shared_because"] and row["state"] == "queued" for row in others)
    disclosed = quiet_worlds.rows("SELECT agreement, subject FROM audit_event WHERE event = 'disclosure'")
    assert disclosed == [{"agreement": "safeguarding: by duty manager", "subject": keys["NMP-R-0000001"]}]
    assert not let_go(quiet_worlds, keys["NMP-R-0000001"]), "it has gone"


def test_on_a_persons_word_only_listed_fields_go(quiet_world: World) -> None:
    under(quiet_world, "yjs", without("yjs", "worklist", "address", "pnc"))
    (row,) = shared_on_a_persons_word(quiet_world)
    assert (row["address"], row["pnc"], row["family_name"]) == (None, None, "Quillborne1")


def test_without_any_agreement_a_persons_word_carries_what_is_needed_to_act(quiet_worlds: World) -> None:
    under(quiet_worlds, "yjs", missing)
    (row,) = shared_on_a_persons_word(quiet_worlds)
    assert (row["family_name"], row["address"]) == ("Quillborne1", "4 Cobbler's Row, Northmoor")
    assert row["safety_flags"] == "safeguarding"
    assert (row["pnc"], row["offence_code"], row["ethnicity_self_defined"]) == (None, None, None)


def shared_on_a_persons_word(world: World) -> list[dict[str, Any]]:
    world.police_send(referral(1, RiskMarkers="SG", PNCID=PNC))
    world.pull()
    assert let_go(world, outbox(world)[0]["message_key"])
    world.push()
    return world.worklist()


def let_go(world: World, key: str) -> bool:
    with world.hub.store.transaction() as connection:
        return not_shared.let_go(connection, key, by="duty manager", why="seen with a knife today")


# What comes in.


def test_a_column_that_is_not_agreed_is_nowhere_and_is_told_once(quiet_world: World) -> None:
    under(quiet_world, "police", without("police", "referrals", "pnc", "crime_reference"))
    quiet_world.police_send(referral(1, PNCID=PNC, CrimeRef="NMP/77777/26"))
    quiet_world.police_send(referral(2, PNCID=PNC, CrimeRef="NMP/77777/26"))
    quiet_world.pull()
    quiet_world.push()
    told = quiet_world.rows("SELECT words FROM finding WHERE rule = 'HUB-S01' ORDER BY words")
    assert [row["words"] for row in told] == [
        "A column that the sharing agreement does not cover was dropped: CrimeRef.",
        "A column that the sharing agreement does not cover was dropped: PNCID.",
    ]
    assert {message["first_copy"] for message in quiet_world.messages()} == {"destroyed"}
    assert quiet_world.rows("SELECT crime_reference FROM referral") == [{"crime_reference": None}] * 2
    assert [(row["pnc"], row["crime_reference"]) for row in quiet_world.worklist()] == [(None, None)] * 2
    assert {"PNCID", "CrimeRef"}.isdisjoint(kept_columns(quiet_world))
    assert outgoing(quiet_world) == {"due": 2, "sent": 2}


def kept_columns(world: World) -> set[str]:
    """Of every frame that landing still holds."""
    columns: set[str] = set()
    for batch in world.rows("SELECT batch_id FROM batch"):
        for frame in world.hub.landing.of("police").read_frames(batch["batch_id"], "kept"):
            columns |= set(frame.columns)
    assert "Surname" in columns
    return columns


def test_a_safety_flag_is_read_whatever_the_agreement_lists(quiet_world: World) -> None:
    flags = ("safeguarding", "risk_to_wellbeing", "risk_of_harm", "remanded")
    under(quiet_world, "police", without("police", "referrals", *flags))
    quiet_world.police_send(referral(1, RiskMarkers="SG"))
    quiet_world.pull()
    assert [bool(row["safety"]) for row in outbox(quiet_world)] == [True]


def test_what_a_record_cannot_be_without_must_be_agreed(quiet_world: World) -> None:
    under(quiet_world, "police", without("police", "referrals", "reference"))
    quiet_world.police_send(referral(1))
    with pytest.raises(MisconfiguredError, match="does not list reference"):
        quiet_world.pull()
    assert quiet_world.messages() == []


def test_without_an_agreement_nothing_is_fetched_and_the_partner_keeps_it(quiet_world: World) -> None:
    quiet_world.police_send(referral(1))
    under(quiet_world, "police", changed("police", ends_on=GONE))
    with pytest.raises(NotAgreedError, match="NM-ISA-2026-02 version 1 ended on 2026-11-22"):
        quiet_world.pull()
    assert quiet_world.rows("SELECT * FROM batch") == []
    as_written(quiet_world)
    quiet_world.pull()
    assert [row["reference"] for row in outbox(quiet_world)] == ["NMP-R-0000001"]


def test_a_feed_that_is_not_agreed_keeps_no_other_waiting(quiet_world: World) -> None:
    police = quiet_world.hub.connector("police")
    feed = police.pull_feed("referrals")
    two = replace(police, pulls=(replace(feed, name="custody"), feed))
    quiet_world.hub = replace(
        quiet_world.hub, connector=lambda name: two if name == "police" else registry.connector(name)
    )
    quiet_world.police_send(referral(1))
    with pytest.raises(NotAgreedError, match="does not list the feed custody going in"):
        quiet_world.pull()
    assert [row["from_feed"] for row in outbox(quiet_world)] == ["referrals"]


def test_what_has_landed_goes_on_after_the_last_day(quiet_world: World) -> None:
    quiet_world.police_send(referral(1))
    landed_and_no_further(quiet_world)
    under(quiet_world, "police", changed("police", ends_on=GONE))
    with pytest.raises(NotAgreedError):
        quiet_world.pull()
    assert [row["reference"] for row in outbox(quiet_world)] == ["NMP-R-0000001"]


def test_a_field_that_is_agreed_after_the_rows_came_is_blank_in_them(quiet_world: World) -> None:
    under(quiet_world, "police", without("police", "referrals", "crime_reference"))
    quiet_world.police_send(referral(1))
    landed_and_no_further(quiet_world)
    as_written(quiet_world)
    quiet_world.police_send(referral(2))
    quiet_world.pull()
    found = quiet_world.rows("SELECT crime_reference FROM referral ORDER BY reference")
    assert [row["crime_reference"] for row in found] == [None, "NMP/10002/26"]


def landed_and_no_further(world: World) -> None:
    """As a night leaves it that is cut off after its first hop."""
    with runs.run(world.hub, "police", "pull") as leased:
        land(leased, "police")
