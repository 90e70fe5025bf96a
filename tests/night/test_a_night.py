"""The whole way of a referral, in process: from the partner's wire to the receipt."""

from __future__ import annotations

import pytest

from connectors.errors import MisconfiguredError
from hub.hub import open_hub
from tests.world import World, references, referral


def test_a_referral_goes_from_the_police_to_the_worklist_and_its_answer_comes_back(world: World) -> None:
    world.police_send(referral(1), referral(2))
    world.pull()
    world.push()
    world.case_workers_answer()
    world.push()

    assert references(world.worklist()) == ["NMP-R-0000001", "NMP-R-0000002"]
    assert world.ledger()["recorded"] == {"matched": 2, "new": 2}
    assert world.ledger("yjs")["outgoing"] == {"due": 2, "sent": 2}
    answered = world.rows("SELECT state FROM outbox")
    assert all(row["state"] in ("accepted", "refused", "received") for row in answered)
    assert any(row["state"] != "received" for row in answered)


def test_the_worklist_row_says_what_the_police_said(world: World) -> None:
    world.police_send(referral(1, RiskMarkers="SG;SW", Aliases="Otti Quill; Lina Q", Postcode="nx12ab"))
    world.pull()
    world.push()

    (row,) = world.worklist()
    assert row["family_name"] == "Quillborne1"
    assert row["given_names"] == "Ottoline"
    assert row["aliases"] == "Otti Quill; Lina Q"
    assert str(row["born_on"]) == "2011-03-14"
    assert row["sex"] == "female"
    assert row["postcode"] == "NX1 2AB"
    assert row["address"] == "4 Cobbler's Row, Northmoor"
    assert row["reason"] == "out_of_court_decision"
    assert row["safety_flags"] == "safeguarding; risk_to_wellbeing"
    assert str(row["decision_due_on"]) == "2026-12-07"
    assert row["gravity"] == 2
    assert row["change"] == "new"


def test_the_same_night_again_brings_and_sends_nothing(world: World) -> None:
    world.police_send(referral(1))
    for _ in range(2):
        world.pull()
        world.push()

    assert world.ledger()["received"] == {"received": 1, "opened": 1}
    assert world.ledger("yjs")["outgoing"] == {"due": 1, "sent": 1}
    assert world.children() == 1


def test_the_same_rows_in_another_file_are_unchanged_and_not_sent_again(world: World) -> None:
    world.police_send(referral(1))
    world.pull()
    world.later(days=1)
    world.police_send(referral(1), referral(2))
    world.pull()
    world.push()

    assert world.ledger()["recorded"] == {"matched": 2, "unchanged": 1, "new": 1}
    assert len(world.worklist()) == 2


def test_a_newer_version_is_sent_and_the_one_before_it_is_kept(world: World) -> None:
    world.police_send(referral(1, Gravity="2"))
    world.pull()
    world.push()
    world.later(hours=1)
    world.police_send(referral(1, Gravity="4", LastUpdated="2026-11-22T12:00:00Z"))
    world.pull()
    world.push()

    assert [row["gravity"] for row in world.rows("SELECT gravity FROM referral")] == [4]
    assert [row["gravity"] for row in world.rows("SELECT gravity FROM referral_history")] == [2]
    assert sorted((row["version_no"], row["gravity"]) for row in world.worklist()) == [(1, 2), (2, 4)]
    assert world.children() == 1


def test_an_old_version_after_a_new_one_changes_nothing(world: World) -> None:
    world.police_send(referral(1, Gravity="4", LastUpdated="2026-11-22T12:00:00Z"))
    world.pull()
    world.later(hours=1)
    world.police_send(referral(1, Gravity="2", LastUpdated="2026-11-22T10:00:00Z"))
    world.pull()
    world.push()

    assert world.rows("SELECT gravity FROM referral") == [{"gravity": 4}]
    assert [row["gravity"] for row in world.worklist()] == [4]
    assert world.ledger()["recorded"] == {"matched": 2, "new": 1, "superseded": 1}


def test_of_two_versions_in_one_file_the_newer_stands(world: World) -> None:
    world.police_send(
        referral(1, Gravity="4", LastUpdated="2026-11-22T12:00:00Z"),
        referral(1, Gravity="2", LastUpdated="2026-11-22T10:00:00Z"),
        referral(1, Gravity="4", LastUpdated="2026-11-22T12:00:00Z"),
    )
    world.pull()

    assert world.rows("SELECT gravity FROM referral") == [{"gravity": 4}]
    assert world.ledger()["recorded"] == {"matched": 3, "new": 1, "superseded": 1, "unchanged": 1}


def test_a_version_that_never_left_is_overtaken_by_the_next(world: World) -> None:
    world.police_send(referral(1, Gravity="2"))
    world.pull()
    world.police_send(referral(1, Gravity="3", LastUpdated="2026-11-22T12:00:00Z"))
    world.pull()
    world.push()

    assert [(row["version_no"], row["gravity"]) for row in world.worklist()] == [(2, 3)]


def test_the_same_file_under_another_name_is_a_duplicate(world: World) -> None:
    first = world.police_send(referral(1))
    world.pull()
    world.leave(
        world.police_folder,
        {
            name.replace("_001", "_009"): content.replace(b"_001", b"_009")
            for name, content in first.files().items()
        },
    )
    world.pull()

    assert world.ledger()["received"] == {"received": 2, "opened": 1, "duplicate": 1}


def test_a_file_without_its_manifest_is_ignored(world: World) -> None:
    made = world.police_send(referral(1))
    (world.police_folder / made.manifest_name).unlink()
    world.pull()

    assert world.ledger() == {}
    assert world.messages() == []


def test_a_held_row_that_is_released_goes_on_with_the_next_pull(world: World) -> None:
    world.police_send(referral(1, ReferralRef="", RiskMarkers="SG"), referral(2))
    world.pull()
    assert world.ledger()["translated"] == {"opened_records": 2, "translated": 1, "held": 1}
    (row,) = world.held()
    assert (row["rules"], row["safety"]) == ("HUB-T03", True)


def test_without_its_key_file_a_hub_with_records_does_not_begin(quiet_world: World) -> None:
    world = quiet_world
    world.police_send(referral(1))
    world.pull()
    keys = world.hub.settings.keys_path
    kept = keys.read_bytes()
    keys.unlink()
    with pytest.raises(MisconfiguredError, match="put the key file back"), open_hub(world.hub.settings):
        pass
    assert not keys.exists()
    keys.write_bytes(kept)
