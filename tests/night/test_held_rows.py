"""Rows that wait for a person: a child at risk first, and a way forward for each."""

from __future__ import annotations

import json
from collections.abc import Callable
from typing import Any

import pytest
from typer.testing import CliRunner, Result

from connectors.errors import PartnerUnavailableError
from hub.cli import app
from simulators.police_files import drop
from simulators.spoiled import spoiled_drop
from tests.traces import Traces
from tests.world import FIRST_MORNING, World, references, referral

Door = Callable[..., Result]

# Nine years old at an offence: a date is wrong, or somebody else must help.
TOO_YOUNG = {"DOB": "14/03/2017", "RiskMarkers": "SG"}


@pytest.fixture
def door(sqlite_world: World, monkeypatch: pytest.MonkeyPatch) -> Door:
    """`hub held …`, in the world's home."""
    monkeypatch.setenv("HUB_HOME", str(sqlite_world.hub.settings.home))
    monkeypatch.setenv("HUB_DATABASE_URL", sqlite_world.hub.settings.store_url)
    return lambda *words: CliRunner().invoke(app, ["held", *words])


def listed(door: Door, *options: str) -> list[dict[str, Any]]:
    result = door("list", "--json", *options)
    assert result.exit_code == 0, result.output
    rows: list[dict[str, Any]] = json.loads(result.stdout)
    return rows


def the_one(door: Door) -> str:
    (row,) = listed(door)
    return str(row["key"])


def send_a_row_that_is_no_text(world: World, **row: str) -> None:
    """Its surname is in another encoding."""
    good = drop([referral(1, **row)], FIRST_MORNING)
    world.leave(world.police_folder, spoiled_drop(good, "windows_1252").files())


def test_the_child_at_risk_heads_the_list(sqlite_world: World, door: Door) -> None:
    sqlite_world.police_send(referral(1, ReferralRef=""), referral(2, **TOO_YOUNG), referral(3))
    sqlite_world.pull()
    first, second = listed(door)
    assert (first["reference"], first["rules"], first["safety"]) == ("NMP-R-0000002", "POL-T09", 1)
    assert (second["reference"], second["rules"], second["safety"]) == (None, "HUB-T03", 0)
    assert listed(door, "--partner", "courts") == []


@pytest.mark.parametrize("command", ["list", "show"])
def test_nobody_is_named_by_what_waits(quiet_world: World, door: Door, command: str) -> None:
    row = referral(1)
    send_a_row_that_is_no_text(quiet_world)
    quiet_world.pull()
    printed = door(command, *([the_one(door)] if command == "show" else ["--json"])).stdout
    secret = ("Forenames", "DOB", "AddressLine1", "Postcode", "NominalID", "Officer")
    assert "HUB-R11" in printed
    assert [name for name in secret if row[name] in printed] == []


def test_a_released_row_goes_on_with_the_next_pull(sqlite_world: World, door: Door) -> None:
    world = sqlite_world
    world.police_send(referral(1, **TOO_YOUNG, Reason="ZZ"))
    world.pull()
    key = the_one(door)
    result = door("release", key, "--because", "the nominal record is right, rang the officer")
    assert result.exit_code == 0
    assert "goes on with the next pull" in result.stdout
    world.later(days=1)
    world.pull()
    world.push()

    assert world.ledger()["translated"] == {"released": 1, "translated": 1}
    assert world.ledger()["recorded"] == {"matched": 1, "new": 1}
    (arrived,) = world.worklist()
    # Only what held it is waived: the code that nobody agreed is still set aside.
    assert (arrived["source_reference"], arrived["safety_flags"], arrived["reason"]) == (
        "NMP-R-0000001",
        "safeguarding",
        None,
    )
    shown = json.loads(door("show", key).stdout)
    assert (shown["state"], shown["decided_why"]) == (
        "gone_on",
        "the nominal record is right, rang the officer",
    )
    assert world.rows("SELECT reference FROM held_row WHERE sealed IS NOT NULL") == []


def test_a_row_without_its_reference_cannot_be_released(quiet_world: World, door: Door) -> None:
    """It is held again, and says so: there would be no record."""
    world = quiet_world
    world.police_send(referral(1, ReferralRef=""))
    world.pull()
    before = the_one(door)
    door("release", before, "--because", "try")
    world.later(days=1)
    world.pull()

    assert world.ledger()["translated"] == {"released": 1, "held": 1}
    (row,) = listed(door)
    assert row["key"] != before
    assert (row["rules"], row["words"]) == ("HUB-T03", "ReferralRef must be filled, and readable: as sent.")


def test_a_row_that_was_no_text_goes_on_without_the_cell_that_was_none(
    quiet_world: World, door: Door
) -> None:
    world = quiet_world
    send_a_row_that_is_no_text(world, RiskMarkers="SG")
    world.pull()
    door("release", the_one(door), "--because", "the child is known, and at risk")
    world.pull()
    world.push()
    (arrived,) = world.worklist()
    assert (arrived["family_name"], arrived["given_names"]) == (None, "Ottoline")
    assert arrived["safety_flags"] == "safeguarding"


def test_a_discarded_row_is_remembered_and_what_it_said_is_gone(quiet_world: World, door: Door) -> None:
    world = quiet_world
    send_a_row_that_is_no_text(world, Forenames="Discardable")
    world.pull()
    key = the_one(door)
    assert {place for _, place in Traces.of(world.hub).sealed("Discardable")} > {"held_row"}
    result = door("discard", key, "--because", "referred to social care")
    assert result.exit_code == 0
    assert listed(door) == []
    assert [row["key"] for row in listed(door, "--state", "discarded")] == [key]
    assert "held_row" not in {place for _, place in Traces.of(world.hub).sealed("Discardable")}
    world.pull()
    assert world.rows("SELECT reference FROM referral") == []


def test_a_sound_version_closes_the_row(quiet_world: World, door: Door) -> None:
    world = quiet_world
    send_a_row_that_is_no_text(world)
    world.pull()
    world.police_send(referral(1, LastUpdated="2026-11-22T12:00:00Z"))
    world.pull()
    world.push()
    assert listed(door) == []
    assert [row["reference"] for row in listed(door, "--state", "fixed")] == ["NMP-R-0000001"]
    assert references(world.worklist()) == ["NMP-R-0000001"]


@pytest.mark.parametrize("again", ["release", "discard"])
def test_what_is_decided_is_not_decided_again(quiet_world: World, door: Door, again: str) -> None:
    send_a_row_that_is_no_text(quiet_world)
    quiet_world.pull()
    key = the_one(door)
    door("discard", key, "--because", "referred to social care")
    result = door(again, key, "--because", "second thoughts")
    assert result.exit_code == 1
    assert "is discarded and cannot become" in result.stderr
    assert "nothing is possible any more" in result.stderr
    assert json.loads(door("show", key).stdout)["decided_why"] == "referred to social care"


@pytest.mark.parametrize(
    ("key", "said"), [("nothing", "a key looks like"), ("0" * 22 + ":0:2:0", "no held row has the key")]
)
def test_a_key_that_is_none_is_said_plainly(door: Door, key: str, said: str) -> None:
    for command in (["show", key], ["release", key, "--because", "x"], ["discard", key, "--because", "x"]):
        result = door(*command)
        assert result.exit_code == 2
        told = " ".join(result.stderr.replace("│", " ").split())
        assert said in told
        assert "`hub held list` shows them" in told


def test_a_partner_who_is_down_delays_nobodys_released_row(
    quiet_world: World, door: Door, monkeypatch: pytest.MonkeyPatch
) -> None:
    world = quiet_world
    send_a_row_that_is_no_text(world)
    world.pull()
    door("release", the_one(door), "--because", "at risk")
    monkeypatch.setenv("HUB_POLICE_PORT", "1")
    with pytest.raises(PartnerUnavailableError):
        world.pull()
    world.push()
    assert references(world.worklist()) == ["NMP-R-0000001"]


# No gate hides a child at risk.


BAD_VALUES = (
    ({"Reason": "ZZ"}, "reason"),
    ({"OffenceDate": "31/02/2026"}, "offence_on"),
    ({"DOB": "04/05/12"}, "born_on"),
    ({"PNCID": "2024/0123456A"}, "pnc"),
    ({"Gravity": "9"}, "gravity"),
    ({"Sex": "?"}, "sex"),
    ({"Surname": "UNKNOWN"}, "family_name"),
)


def test_a_child_at_risk_goes_on_with_the_bad_value_set_aside(sqlite_world: World) -> None:
    world = sqlite_world
    world.police_send(
        *(referral(place, RiskMarkers="SW;RH", **bad) for place, (bad, _) in enumerate(BAD_VALUES))
    )
    world.pull()
    world.push()
    arrived = world.worklist()
    assert [row[column] for row, (_, column) in zip(arrived, BAD_VALUES, strict=True)] == [None] * 7
    assert {row["safety_flags"] for row in arrived} == {"risk_to_wellbeing; risk_of_harm"}
    assert world.rows("SELECT DISTINCT safety FROM outbox") == [{"safety": 1}]


def test_a_strange_mark_hides_no_other(quiet_world: World) -> None:
    quiet_world.police_send(referral(1, RiskMarkers="QX;SG"), referral(2, RiskMarkers="QX"))
    quiet_world.pull()
    quiet_world.push()
    assert [row["safety_flags"] for row in quiet_world.worklist()] == ["safeguarding", None]
    # What the strange mark means is asked, and never read as "no".
    assert ("HUB-T01", "set_aside", "remanded") in quiet_world.findings()
    flags = "safeguarding, risk_to_wellbeing, risk_of_harm, remanded"
    read = quiet_world.rows(f"SELECT {flags} FROM referral ORDER BY reference")  # noqa: S608
    assert [list(row.values()) for row in read] == [[1, None, None, None], [None] * 4]


def test_a_held_row_whose_marks_cannot_be_read_is_taken_for_a_child_at_risk(quiet_world: World) -> None:
    quiet_world.police_send(
        referral(1, ReferralRef=""), referral(2, ReferralRef="", RiskMarkers="QX"), referral(3)
    )
    quiet_world.pull()
    assert [(row["row"], row["safety"]) for row in quiet_world.held()] == [(3, True), (2, False)]
