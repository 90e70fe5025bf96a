"""What the YJS says of a referral goes to the force who sent it, and the force's answer comes back."""

from __future__ import annotations

import json
from datetime import UTC, datetime

import pytest

from simulators import police_clerk
from simulators.police_files import read_csv
from tests.night.statuses import Statuses, status
from tests.world import World, referral


@pytest.fixture
def yjs(quiet_world: World) -> Statuses:
    return Statuses(quiet_world)


def decisions(world: World) -> list[dict[str, str]]:
    """Every row that the force finds in our files."""
    return [row for file in police_clerk.taken(world.police_inbound) for row in file.rows]


def states(world: World, partner: str = "police") -> list[tuple[str, str | None]]:
    query = f"SELECT state, answer_reason FROM outbox WHERE to_partner = '{partner}' ORDER BY message_key"  # noqa: S608
    return [(row["state"], row["answer_reason"]) for row in world.rows(query)]


def test_an_assessment_and_a_recommendation_reach_the_force(yjs: Statuses) -> None:
    world = yjs.world
    yjs.say(status(1))
    world.push("police")
    (row,) = decisions(world)
    key = row.pop("MessageKey")
    assert key.startswith("police:yjs:S-0000001:")
    assert row == {
        "ReferralRef": "NMP-R-0000001",
        "AssessedOn": "18/11/2026",
        "Recommendation": "outcome_22",
        "RecommendedOn": "20/11/2026",
        "Engagement": "engaged",
        "State": "accepted",
        "StateOn": "20/11/2026",
        "Completed": "",
        "Change": "new",
    }
    assert states(world) == [("received", None)]


def test_nothing_that_is_not_agreed_is_in_our_files(yjs: Statuses) -> None:
    world = yjs.world
    yjs.say(status(1), status(2))
    world.push("police")
    written = b"".join(path.read_bytes() for path in world.police_inbound.iterdir())
    assert b"Quillborne" not in written
    assert b"mother" not in written


def test_only_the_partner_who_sent_the_referral_is_told(yjs: Statuses) -> None:
    world = yjs.world
    yjs.say(status(1), status(2, to="courts"), status(3, to=""))
    world.push("police")
    assert [row["ReferralRef"] for row in decisions(world)] == ["NMP-R-0000001"]
    assert len(states(world)) == 1


def test_the_force_answers_and_its_decision_reaches_the_worklist(yjs: Statuses) -> None:
    world = yjs.world
    world.police_send(referral(2))
    world.pull("police")
    yjs.say(status(2))
    world.push("police")
    assert world.police_clerk_looks() == 1
    world.later(days=1)
    world.pull("police")
    world.push("police")
    assert states(world) == [("accepted", None)]
    world.push("yjs")
    (told,) = [row for row in world.worklist() if row["kind"] == "status_update"]
    assert (told["referral_reference"], told["decision"], told["state"]) == (
        "NMP-R-0000002",
        "22",
        "completed",
    )


def test_every_file_of_theirs_is_acknowledged(yjs: Statuses) -> None:
    world = yjs.world
    sent = world.police_send(referral(1), referral(2, OffenceDate="31/02/2026"), referral(3, ReferralRef=""))
    world.pull("police")
    world.push("police")
    told = json.loads((world.police_inbound / f"{sent.name}.ack.json").read_bytes())
    assert told == {
        "file": sent.name,
        "received": "2026-11-23T04:30:00Z",
        "rows": 3,
        "accepted": 2,
        "rejected": 1,
        "reason": None,
    }
    rows = read_csv((world.police_inbound / f"{sent.name}.rej.csv").read_bytes())
    assert [(row["row"], row["key"], row["field"], row["rule"], row["severity"]) for row in rows] == [
        ("3", "NMP-R-0000002", "OffenceDate", "HUB-T01", "set_aside"),
        ("4", "", "ReferralRef", "HUB-T03", "hold_row"),
    ]


def test_a_night_of_both_directions_keeps_every_promise_and_balances(sqlite_world: World) -> None:
    world, numbers = sqlite_world, range(1, 61)
    # Our files are stamped by the true clock, and what they answer must not lie ahead of the hub's.
    world.now[0] = max(world.now[0], datetime.now(UTC))
    world.police_send(*(referral(number) for number in numbers))
    world.pull("police")
    Statuses(world).say(*(status(number) for number in numbers))
    world.push("police")
    assert world.ledger()["outgoing"] == {"due": 60, "sent": 60}
    assert world.ledger()["acknowledged"] == {"sent": 60, "received": 60}

    world.police_clerk_looks()
    world.later(days=1)
    world.pull("police")
    world.push("police")
    answered = [state for state, _ in states(world)]
    # The clerk rejects a few by their keys, and keys are never twice the same.
    keys = [
        row["message_key"] for row in world.rows("SELECT message_key FROM outbox WHERE to_partner = 'police'")
    ]
    rejected = sum(1 for key in keys if police_clerk.by_desk(key))
    decided = answered.count("accepted")
    assert (decided, answered.count("refused")) == (60 - rejected, rejected)
    assert world.ledger()["recorded"] == {"matched": decided, "new": decided}
    assert {rule for rule, *_ in world.findings()} == set()
    assert police_clerk.doubles(world.police_inbound) == {}
