"""The doors of the shell: what they print, what they exit with, and what they never say."""

from __future__ import annotations

import getpass
from datetime import date

import pytest

from hub import registry
from tests.cli.doors import Door, as_json
from tests.night.agreements import changed, under
from tests.world import World, referral

CONNECTED = ", ".join(registry.partner_names())


def a_night(world: World) -> str:
    world.police_send(referral(1, RiskMarkers="SG"), referral(2))
    world.pull()
    world.push()
    return world.hub.night.isoformat()


def test_the_ledger_says_at_every_hop_what_went_in_and_came_out(sqlite_world: World, door: Door) -> None:
    night = a_night(sqlite_world)
    rows = as_json(door("ledger", "--night", night, "--json"))
    police = {row["hop"]: row["buckets"] for row in rows if row["feed"] == "referrals"}
    assert list(police) == ["received", "translated", "matched", "recorded"]
    assert police["recorded"]["new"] == 2
    assert {row["balance"] for row in rows} == {"balances"}


def test_a_ledger_that_does_not_balance_exits_with_1(sqlite_world: World, door: Door) -> None:
    night = a_night(sqlite_world)
    with sqlite_world.hub.store.transaction() as connection:
        connection.exec_driver_sql(
            "UPDATE ledger_line SET records = 1 WHERE bucket = 'matched' AND hop = 'matched'"
        )
    result = door("ledger", "--night", night)
    assert result.exit_code == 1
    assert "off by 1" in result.stdout


def test_a_night_without_a_run_is_said_and_is_no_fault(door: Door) -> None:
    result = door("ledger", "--night", "2020-01-01")
    assert result.exit_code == 0
    assert "No run" in result.stdout


def test_deliveries_put_a_child_at_risk_first(sqlite_world: World, door: Door) -> None:
    sqlite_world.police_send(referral(1), referral(2, RiskMarkers="SG"))
    sqlite_world.pull()
    rows = as_json(door("deliveries", "list", "--json"))
    assert [row["reference"] for row in rows] == ["NMP-R-0000002", "NMP-R-0000001"]
    assert [row["state"] for row in rows] == ["queued", "queued"]


def test_one_delivery_shows_every_answer_to_it(sqlite_world: World, door: Door) -> None:
    a_night(sqlite_world)
    sqlite_world.case_workers_answer()
    sqlite_world.push()
    key = as_json(door("deliveries", "list", "--json"))[0]["message_key"]
    message = as_json(door("deliveries", "show", key))
    assert message["receipts"][0]["answer"] == "received"


def test_no_listing_names_a_child(sqlite_world: World, door: Door) -> None:
    night = a_night(sqlite_world)
    for words in (
        ("ledger", "--night", night),
        ("deliveries", "list"),
        ("deliveries", "list", "--json"),
        ("held", "list"),
    ):
        printed = door(*words).output
        assert "Quillborne" not in printed
        assert "2011-03-14" not in printed


def test_partners_are_listed_with_what_goes_which_way(door: Door) -> None:
    rows = {row["partner"]: row for row in as_json(door("partners", "--json"))}
    assert rows["police"]["they_send"] == "referrals, updates"
    assert rows["police"]["we_send"] == "decisions"
    assert rows["yjs"]["we_send"] == "worklist"


def test_check_reaches_each_partner_and_moves_nothing(sqlite_world: World, door: Door) -> None:
    sqlite_world.police_send(referral(1))
    for partner, words in (
        ("police", "1 files with a manifest"),
        ("courts", "0 messages"),
        ("yjs", "worklist"),
    ):
        result = door("check", partner)
        assert result.exit_code == 0, result.output
        assert words in result.stdout
    assert sqlite_world.messages() == []


@pytest.mark.parametrize(
    ("words", "said"),
    [
        (("check", "nobody"), f"There is no partner named nobody; those connected are: {CONNECTED}."),
        (("night", "--partner", "nobody"), "There is no partner named nobody"),
        (("held", "show", "x"), "a key looks like"),
        (("held", "show", "x:0:0:0"), "no held row has the key"),
        (("deliveries", "show", "x"), "no message has the key"),
        (("deliveries", "share", "x", "--because", "y"), "no message has the key"),
        (("ledger", "--night", "yesterday"), "a night is a date such as"),
    ],
)
def test_a_wrong_word_is_answered_with_what_would_be_right(
    door: Door, words: tuple[str, ...], said: str
) -> None:
    result = door(*words)
    assert result.exit_code == 2
    assert said in " ".join(result.output.replace("│", " ").split())


def test_a_missing_setting_is_named(door: Door, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv("HUB_POLICE_HOST")
    result = door("check", "police")
    assert result.exit_code == 2
    assert "police: these settings are missing or wrong: HUB_POLICE_HOST." in result.output


@pytest.mark.parametrize("hours", ["police-05:17", "housing=05:17", "pull_police=late"])
def test_a_setting_that_cannot_be_read_is_named_and_not_printed(
    door: Door, monkeypatch: pytest.MonkeyPatch, hours: str
) -> None:
    monkeypatch.setenv("HUB_PARTNER_HOURS", hours)
    result = door("partners")
    assert result.exit_code == 2
    assert "partner_hours" in result.output
    assert hours not in result.output


def test_settings_say_what_must_be_set_and_never_a_secret(door: Door) -> None:
    rows = {row["variable"]: row for row in as_json(door("settings", "--json"))}
    assert rows["HUB_POLICE_PASSWORD"]["must_be_set"]
    assert all(row["meaning"] for row in rows.values())


def test_a_message_about_a_child_at_risk_is_let_go_with_a_reason(sqlite_world: World, door: Door) -> None:
    sqlite_world.police_send(referral(1, RiskMarkers="SG"), referral(2))
    sqlite_world.pull()
    under(sqlite_world, "yjs", changed("yjs", ends_on=date(2026, 11, 22)))
    sqlite_world.push()
    flagged, other = as_json(door("deliveries", "list", "--json"))
    assert flagged["not_shared_because"] == "agreement NM-ISA-2026-01 version 1 ended on 2026-11-22"

    refused = door("deliveries", "share", other["message_key"], "--because", "in a hurry")
    assert refused.exit_code == 1
    assert "has no safety flag, so only the agreement can let it go" in refused.output
    result = door("deliveries", "share", flagged["message_key"], "--because", "seen at the bridge")
    assert result.exit_code == 0, result.output
    assert "goes with the next run to yjs" in result.stdout
    assert "bridge" not in result.output

    sqlite_world.push()
    message = as_json(door("deliveries", "show", flagged["message_key"]))
    assert message["agreement"] == f"safeguarding: by {getpass.getuser()}"
    assert (message["shared_because"], message["not_shared_because"]) == ("seen at the bridge", None)
    gone = door("deliveries", "share", flagged["message_key"], "--because", "again")
    assert gone.exit_code == 1
    assert "does not wait any more" in gone.output


def test_whom_the_agreement_stops_stands_before_others_at_risk(sqlite_world: World, door: Door) -> None:
    sqlite_world.police_send(referral(1, RiskMarkers="SG"))
    sqlite_world.pull()
    sqlite_world.push()
    sqlite_world.police_send(referral(2, RiskMarkers="SG"))
    sqlite_world.pull()
    under(sqlite_world, "yjs", changed("yjs", ends_on=date(2026, 11, 22)))
    sqlite_world.push()
    rows = as_json(door("deliveries", "list", "--json"))
    assert [row["reference"] for row in rows] == ["NMP-R-0000002", "NMP-R-0000001"]
