"""A person sends again what a partner has not accepted: as many as they say, and under the same keys."""

from __future__ import annotations

import json
from collections.abc import Callable
from typing import Any

import pytest
from typer.testing import CliRunner, Result

from hub.cli import app
from hub.hub import Hub
from hub.replay import ReplayChangedError, send_again
from simulators import yjs_worklist
from tests.world import World, references, referral

Door = Callable[..., Result]
LATER = {"LastUpdated": "2026-11-22T12:00:00Z"}
REPLAY = ("replay", "--partner", "yjs")


@pytest.fixture
def door(quiet_world: World, monkeypatch: pytest.MonkeyPatch) -> Door:
    """`hub deliveries …`, in the world's home; `typed` is what the person answers."""
    monkeypatch.setenv("HUB_HOME", str(quiet_world.hub.settings.home))
    monkeypatch.setenv("HUB_DATABASE_URL", quiet_world.hub.settings.store_url)
    monkeypatch.setenv("LOGNAME", "desk")
    return lambda *words, typed=None: CliRunner().invoke(app, ["deliveries", *words], input=typed)


@pytest.fixture
def refused(quiet_world: World) -> World:
    """Four were handed over: three refused, of which one is about a child at risk, and one accepted."""
    world = quiet_world
    world.police_send(*(referral(number, RiskMarkers="SG" if number == 3 else "") for number in (1, 2, 3, 4)))
    world.pull()
    world.push()
    case_workers(world, "refused", 1, 2, 3)
    case_workers(world, "accepted", 4)
    world.push()
    return world


def case_workers(world: World, answer: str, *numbers: int) -> None:
    said = {"answer": answer, "answer_reason": "no room", "answered_at": world.now[0].isoformat()}
    change(world, yjs_worklist.worklist.update().values(said), numbers)


def they_clear_the_desk(world: World) -> None:
    """What they refused is put right: its rows are taken off the worklist."""
    change(world, yjs_worklist.worklist.delete(), range(100))


def change(world: World, statement: Any, numbers: Any) -> None:
    keys = [f"NMP-R-{number:07d}" for number in numbers]
    with yjs_worklist.case_database(world.case_system) as engine, engine.begin() as connection:
        connection.execute(statement.where(yjs_worklist.worklist.c.source_reference.in_(keys)))


def states(world: World) -> list[str]:
    return [row["state"] for row in world.rows("SELECT state FROM outbox ORDER BY reference, version_no")]


def test_it_asks_how_many_and_does_that_many_a_child_at_risk_first(refused: World, door: Door) -> None:
    they_clear_the_desk(refused)
    result = door(*REPLAY, typed="2\n")
    assert result.exit_code == 0, result.output
    assert "This will send 3 messages to yjs again. How many?" in result.stdout
    assert states(refused) == ["queued", "refused", "queued", "accepted"]

    keys = {
        row["message_key"] for row in refused.rows("SELECT message_key FROM outbox WHERE state = 'queued'")
    }
    refused.later(days=1)
    refused.push()
    assert references(refused.worklist()) == ["NMP-R-0000001", "NMP-R-0000003"]
    assert {row["message_key"] for row in refused.worklist()} == keys
    assert refused.ledger("yjs")["outgoing"] == {"carried_over": 2, "sent": 2}
    assert refused.ledger("yjs")["acknowledged"] == {"sent": 2, "received": 2}


@pytest.mark.parametrize(("typed", "number"), [("0\n", 0), ("4\n", 4), ("-1\n", -1)])
def test_more_than_there_are_or_none_changes_nothing(
    refused: World, door: Door, typed: str, number: int
) -> None:
    result = door(*REPLAY, typed=typed)
    assert result.exit_code == 1
    assert f"There are 3 to send again to yjs, not {number}. Nothing was done." in result.stderr
    assert states(refused) == ["refused", "refused", "refused", "accepted"]


@pytest.mark.parametrize(("said", "exits", "queued"), [("3", 0, 3), ("1", 0, 1), ("4", 1, 0), ("0", 1, 0)])
def test_a_script_says_how_many(refused: World, door: Door, said: str, exits: int, queued: int) -> None:
    assert door(*REPLAY, "--yes", said).exit_code == exits
    assert states(refused).count("queued") == queued


def test_it_stands_in_the_audit_message_by_message(refused: World, door: Door) -> None:
    door(*REPLAY, "--yes", "2")
    audited = refused.rows(
        "SELECT subject, actor FROM audit_event WHERE action = 'queued again' ORDER BY seq"
    )
    assert [row["actor"] for row in audited] == ["desk", "desk"]
    assert {row["subject"] for row in audited} == {
        row["message_key"] for row in refused.rows("SELECT message_key FROM outbox WHERE state = 'queued'")
    }


def test_what_a_newer_version_overtook_is_never_sent_again(refused: World, door: Door) -> None:
    refused.police_send(referral(1, Reason="RUI", **LATER))
    refused.pull()
    result = door(*REPLAY, "--yes", "3")
    assert result.exit_code == 1
    assert "1 not counted: a newer version took its place" in result.stdout
    assert "There are 2 to send again" in result.stderr
    assert states(refused)[:2] == ["refused", "queued"]


@pytest.mark.parametrize(
    ("options", "there_are"),
    [
        (("--state", "refused"), 3),
        (("--state", "received"), 0),
        (("--since", "2026-11-23"), 3),
        (("--since", "2026-11-24"), 0),
    ],
)
def test_one_may_choose_by_state_and_night(
    refused: World, door: Door, options: tuple[str, ...], there_are: int
) -> None:
    assert f"There are {there_are} to send" in door(*REPLAY, *options, "--yes", "9").stderr


@pytest.mark.parametrize(
    ("words", "said"),
    [
        (("--partner", "yjs", "--state", "accepted"), "nothing that is accepted is sent again"),
        (("--partner", "nobody"), "There is no partner named nobody"),
        (("--partner", "yjs", "--since", "Monday"), "a night is a date"),
    ],
)
def test_a_wrong_word_is_answered_with_what_would_be_right(
    door: Door, words: tuple[str, ...], said: str
) -> None:
    result = door("replay", *words, "--yes", "1")
    assert result.exit_code == 2
    assert said in " ".join(result.stderr.replace("│", " ").split())


def test_a_message_that_was_answered_meanwhile_stops_them_all(refused: World) -> None:
    desk: Hub = refused.hub
    keys = [row["message_key"] for row in refused.rows("SELECT message_key FROM outbox ORDER BY reference")]
    with pytest.raises(ReplayChangedError, match="only 3 can still"):
        send_again(desk, "yjs", keys)
    assert states(refused) == ["refused", "refused", "refused", "accepted"]


def test_an_answer_to_the_first_sending_still_counts(refused: World, door: Door) -> None:
    """Queued again, and accepted after all before the next push: it stays accepted, and there once."""
    door(*REPLAY, "--yes", "3")
    case_workers(refused, "accepted", 1, 2, 3)
    refused.push()
    assert states(refused) == ["accepted"] * 4
    assert len(refused.worklist()) == 4


def test_messages_are_listed_by_partner_state_and_night(refused: World, door: Door) -> None:
    def listed(*options: str) -> int:
        return len(json.loads(door("list", "--json", *options).stdout))

    night = refused.hub.night.isoformat()
    assert (listed("--partner", "yjs"), listed("--partner", "police")) == (4, 0)
    assert (listed("--night", night), listed("--night", "2026-11-22")) == (4, 0)
    assert listed("--partner", "yjs", "--state", "refused", "--night", night) == 3
