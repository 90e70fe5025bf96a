"""A held row has a life: who has it in hand, how it was closed, and that it came back."""

from __future__ import annotations

import json
from collections.abc import Callable
from typing import Any

import pytest
from typer.testing import CliRunner, Result

from hub.cli import app
from schemas.clocks import HELD_MOVES, HELD_OPEN, HeldState
from simulators.police_files import drop
from simulators.spoiled import spoiled_drop
from tests.traces import Traces
from tests.world import World, referral

Door = Callable[..., Result]
LATER = {"LastUpdated": "2026-11-22T12:00:00Z"}
# An offence at nine: held, until a date is right or somebody has looked.
TOO_YOUNG = {"DOB": "14/03/2017"}


@pytest.fixture
def door(sqlite_world: World, monkeypatch: pytest.MonkeyPatch) -> Door:
    """`hub held …`, in the world's home."""
    monkeypatch.setenv("HUB_HOME", str(sqlite_world.hub.settings.home))
    monkeypatch.setenv("HUB_DATABASE_URL", sqlite_world.hub.settings.store_url)
    monkeypatch.setenv("LOGNAME", "desk")
    return lambda *words: CliRunner().invoke(app, ["held", *words])


@pytest.fixture
def held_today(sqlite_world: World) -> str:
    """The key of a row that is held tonight."""
    return hold(sqlite_world)


def hold(world: World, number: int = 1, **changes: str) -> str:
    world.police_send(referral(number, **{**TOO_YOUNG, **changes}))
    tonight = world.pull()
    (row,) = (row for row in world.held() if row["batch_id"] in tonight)
    return key_of(row)


def key_of(row: dict[str, Any]) -> str:
    return ":".join(str(row[name]) for name in ("batch_id", "message", "row", "part"))


def shown(door: Door, key: str) -> dict[str, Any]:
    result = door("show", key)
    assert result.exit_code == 0, result.output
    document: dict[str, Any] = json.loads(result.stdout)
    return document


def moves(door: Door, key: str) -> list[tuple[str, str, str, str | None]]:
    return [tuple(one[name] for name in ("was", "became", "by", "why")) for one in shown(door, key)["moves"]]


def test_every_move_is_kept_with_who_when_and_why(door: Door, held_today: str) -> None:
    for words in (
        ("acknowledge", held_today),
        ("start", held_today, "--with", "records desk"),
        ("wait", held_today, "--because", "the force corrects it on Monday"),
        ("explain", held_today, "--because", "the offence is of a brother"),
    ):
        result = door(*words)
        assert result.exit_code == 0, result.output
    assert moves(door, held_today) == [
        ("new", "acknowledged", "desk", None),
        ("acknowledged", "in_progress", "desk", None),
        ("in_progress", "waiting_for_next_file", "desk", "the force corrects it on Monday"),
        ("waiting_for_next_file", "explained", "desk", "the offence is of a brother"),
    ]
    assert shown(door, held_today)["possible"] == ["release", "discard"]


def test_who_has_it_in_hand_stands_beside_it(sqlite_world: World, door: Door, held_today: str) -> None:
    said = []
    for words in (("acknowledge",), ("start", "--with", "records desk"), ("wait",)):
        door(words[0], held_today, *words[1:])
        said.append(sqlite_world.held()[0]["with_whom"])
    # While it waits for the next file, it waits for whoever sends it.
    assert said == ["desk", "records desk", "police"]


def test_every_decision_stands_in_the_audit(sqlite_world: World, door: Door, held_today: str) -> None:
    door("acknowledge", held_today)
    door("discard", held_today, "--because", "sent by mistake")
    kept = sqlite_world.rows(
        f"SELECT event, action, actor, partner FROM audit_event WHERE subject = '{held_today}' ORDER BY seq"  # noqa: S608
    )
    assert [tuple(one.values()) for one in kept] == [
        ("alteration", "held row acknowledged", "desk", "police"),
        ("erasure", "held row discarded", "desk", "police"),
    ]


@pytest.mark.parametrize(
    ("first", "then", "possible"),
    [
        ("wait", "acknowledge", "start, explain, release, discard"),
        ("explain", "start", "release, discard"),
        ("release", "discard", "nothing is possible any more"),
        ("discard", "release", "nothing is possible any more"),
    ],
)
def test_an_impossible_move_is_refused_with_what_is_possible(
    sqlite_world: World, door: Door, held_today: str, first: str, then: str, possible: str
) -> None:
    door(first, held_today, "--because", "looked at")
    before = moves(door, held_today)
    result = door(then, held_today, "--because", "second thoughts")
    assert result.exit_code == 1
    assert possible in result.stderr
    assert moves(door, held_today) == before
    actions = "SELECT action FROM audit_event WHERE subject IS NOT NULL AND actor = 'desk'"
    assert len(sqlite_world.rows(actions)) == 1


@pytest.mark.parametrize(
    ("because", "said"),
    [
        ("her NHS number is 999 000 0018", "may be an NHS number"),
        ("he was born on 14 March 2011", "may be a date of birth"),
        ("", "A reason is needed"),
    ],
)
def test_a_reason_that_names_a_child_is_refused_and_not_repeated(
    sqlite_world: World, door: Door, held_today: str, because: str, said: str
) -> None:
    result = door("discard", held_today, "--because", because)
    told = " ".join(result.stderr.replace("│", " ").split())
    assert (result.exit_code, said in told) == (2, True), told
    assert "0018" not in told
    assert [row["state"] for row in sqlite_world.held()] == ["new"]


def test_only_what_is_sound_fixes_it_whoever_has_it_in_hand(sqlite_world: World, door: Door) -> None:
    keys = [hold(sqlite_world, number) for number in (1, 2, 3)]
    for verb, key in zip(("start", "wait", "explain"), keys, strict=True):
        door(verb, key, "--because", "asked the force")
    sqlite_world.police_send(*(referral(number, **LATER) for number in (1, 2, 3)))
    sqlite_world.pull()
    assert [(move[1], move[2]) for move in (moves(door, key)[-1] for key in keys)] == [
        ("fixed", "the data")
    ] * 3
    assert sqlite_world.held() == []
    assert door("fix", keys[0]).exit_code == 2, "no person can say that a row is fixed"


@pytest.mark.parametrize("closed", ["explain", "discard", "a sound version"])
def test_held_again_by_the_same_rule_it_came_back(sqlite_world: World, door: Door, closed: str) -> None:
    world = sqlite_world
    first = hold(world)
    if closed == "a sound version":
        world.police_send(referral(1, **LATER))
        world.pull()
    else:
        door(closed, first, "--because", "asked the force")
    was = shown(door, first)["state"]
    world.later(days=1)
    again = hold(world, LastUpdated="2026-11-23T10:00:00Z")
    assert again != first
    assert moves(door, again) == [(was, "came_back", "the data", None)]
    assert shown(door, first)["state"] == was
    # It counts once tonight, and what was closed on the night before does not count at all.
    assert world.ledger()["translated"] == {"opened_records": 1, "held": 1}
    assert [row["state"] for row in world.held()] == ["came_back"]


def test_held_by_another_rule_or_never_closed_it_is_new(sqlite_world: World, door: Door) -> None:
    door("discard", hold(sqlite_world), "--because", "asked the force")
    hold(sqlite_world, 2)
    no_text = spoiled_drop(drop([referral(1, **LATER)], sqlite_world.now[0], 9), "windows_1252")
    sqlite_world.leave(sqlite_world.police_folder, no_text.files())
    sqlite_world.pull()
    hold(sqlite_world, 2, **LATER)
    held = [(row["reference"], row["rules"], row["state"]) for row in sqlite_world.held()]
    assert held == [
        ("NMP-R-0000002", "POL-T09", "new"),
        ("NMP-R-0000001", "HUB-R11", "new"),
        ("NMP-R-0000002", "POL-T09", "new"),
    ]


def test_released_rows_of_earlier_nights_stand_in_tonights_ledger(sqlite_world: World, door: Door) -> None:
    world = sqlite_world
    keys = [hold(world, number) for number in (1, 2, 3)]
    for verb, key in zip(("release", "release", "explain"), keys, strict=True):
        door(verb, key, "--because", "the nominal record is right")
    world.later(days=1)
    world.police_send(referral(3, **TOO_YOUNG, **LATER), referral(4))
    world.pull()
    # Two went on; the one that was explained came back, and is held once.
    assert world.ledger()["translated"] == {
        "opened_records": 2,
        "released": 2,
        "translated": 3,
        "held": 1,
    }
    assert [row["state"] for row in world.held()] == ["came_back"]
    assert [move[1:3] for move in moves(door, keys[0])] == [("released", "desk"), ("gone_on", "the run")]
    assert world.ledger()["recorded"] == {"matched": 3, "new": 3}


def test_what_is_explained_is_kept_sealed_until_it_is_discarded(sqlite_world: World, door: Door) -> None:
    key = hold(sqlite_world, Forenames="Discardable")
    door("explain", key, "--because", "the offence is of a brother")
    places = {place for _, place in Traces.of(sqlite_world.hub).sealed("Discardable")}
    assert "held_row" in places
    door("discard", key, "--because", "agreed with the force")
    assert "held_row" not in {place for _, place in Traces.of(sqlite_world.hub).sealed("Discardable")}


@pytest.mark.parametrize("state", sorted(HELD_OPEN))
def test_a_child_at_risk_heads_every_list(sqlite_world: World, door: Door, state: HeldState) -> None:
    """Whatever was said of it since: an older row without a flag never stands above it."""
    world = sqlite_world
    hold(world, 1)
    at_risk = hold(world, 2, RiskMarkers="SG")
    with world.hub.store.transaction() as connection:
        connection.exec_driver_sql(f"UPDATE held_row SET state = '{state}' WHERE safety")  # noqa: S608
    for listed in ("open", "any"):
        rows = json.loads(door("list", "--json", "--state", listed).stdout)
        assert rows[0]["key"] == at_risk
        assert len(rows) == 2


def test_a_state_that_is_none_is_answered_with_those_there_are(door: Door) -> None:
    result = door("list", "--state", "waiting")
    assert result.exit_code == 2
    assert all(state in " ".join(result.stderr.replace("│", " ").split()) for state in HELD_MOVES)
