"""Bad referral files over several nights: what is put right is taken, what was told is not told again."""

from __future__ import annotations

from dataclasses import replace

import pytest

from schemas.clocks import HeldState
from simulators.police_files import Drop, drop
from simulators.spoiled import MANIFEST_FAULTS, spoiled_drop
from tests.world import FIRST_MORNING, World, referral


def swapped(made: Drop, one: str, other: str) -> Drop:
    """The headings have changed places, and the cells below them have not."""
    header, _, rest = made.content.partition(b"\r\n")
    names = {one: other, other: one}
    heading = ",".join(names.get(name, name) for name in header.decode().split(","))
    return replace(made, content=heading.encode() + b"\r\n" + rest)


def test_a_file_with_swapped_headings_is_parked_whole_and_the_other_goes_on(quiet_world: World) -> None:
    world = quiet_world
    twenty = [referral(number, RiskMarkers="SG" if number == 7 else "") for number in range(1, 21)]
    bad = drop(twenty, FIRST_MORNING, 50)
    world.leave(world.police_folder, swapped(bad, "DOB", "Officer").files())
    world.police_send(*(referral(number) for number in range(101, 131)))
    world.pull()
    world.push()

    assert world.ledger()["translated"] == {"opened_records": 50, "translated": 30, "held": 20}
    assert ("HUB-T05", "reject_batch", "born_on") in world.findings()
    assert {row["rules"] for row in world.held()} == {"HUB-T05"}
    # The child at risk is not behind the others.
    assert [(row["reference"], row["safety"]) for row in world.held()[:2]] == [
        ("NMP-R-0000007", True),
        ("NMP-R-0000001", False),
    ]
    assert len(world.worklist()) == 30

    world.later(days=1)
    world.leave(world.police_folder, replace(bad, name=bad.name.replace("_050", "_051")).files())
    world.pull()
    world.push()
    assert world.held() == []
    assert len(world.worklist()) == 50


def test_one_instant_in_a_strange_hand_costs_no_other_row_its_own(quiet_world: World) -> None:
    quiet_world.police_send(
        referral(1, LastUpdated="22/11/2026 10:00Z"),
        referral(2, LastUpdated="2026-11-22T10:00:00.000Z"),
        referral(3, LastUpdated="2026-11-22T11:00:00+01:00"),
        referral(4, LastUpdated="2026-11-22T10:00:00"),
    )
    quiet_world.pull()
    read = quiet_world.rows("SELECT reference FROM referral WHERE version_at = '2026-11-22 10:00:00.000000'")
    assert [row["reference"] for row in read] == ["NMP-R-0000002", "NMP-R-0000003"]
    assert quiet_world.ledger()["recorded"] == {"matched": 4, "new": 4}


@pytest.mark.parametrize("fault", ["checksum_disagrees", "row_count_disagrees", "manifest_without_file"])
def test_what_the_force_puts_right_is_taken_the_next_night(quiet_world: World, fault: str) -> None:
    world = quiet_world
    good = drop([referral(1)], FIRST_MORNING)
    world.leave(world.police_folder, MANIFEST_FAULTS[fault](good))
    world.pull()
    world.later(days=1)
    world.pull()
    assert world.ledger()["received"] == {"received": 1, "rejected": 1}, "it is looked for every night"

    world.leave(world.police_folder, good.files())
    world.pull()
    assert world.ledger()["recorded"] == {"matched": 1, "new": 1}


def test_a_file_that_cannot_be_read_is_told_of_once(quiet_world: World) -> None:
    world = quiet_world
    world.leave(world.police_folder, spoiled_drop(drop([referral(1)], FIRST_MORNING), "utf_16").files())
    world.pull()
    world.later(days=1)
    world.pull()
    assert world.ledger() == {}


def test_a_sound_version_closes_the_row_that_was_no_text(quiet_world: World) -> None:
    world = quiet_world
    good = drop([referral(1, RiskMarkers="SG")], FIRST_MORNING)
    world.leave(world.police_folder, spoiled_drop(good, "windows_1252").files())
    world.pull()
    (row,) = world.held()
    assert (row["reference"], row["safety"]) == ("NMP-R-0000001", True)

    world.police_send(referral(1, RiskMarkers="SG"))
    world.pull()
    assert [one["state"] for one in world.held(HeldState.FIXED)] == ["fixed"]
    assert world.rows("SELECT batch_id FROM held_row WHERE sealed IS NOT NULL") == []
