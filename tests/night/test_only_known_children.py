"""A partner who holds many children: only those whom the hub knows already leave anything behind."""

from __future__ import annotations

from dataclasses import replace

import pytest

from hub import registry
from tests.night.children import ANOTHER_PNC, PNC
from tests.traces import Traces
from tests.world import World, case_row, referral


@pytest.fixture
def world(quiet_world: World) -> World:
    """The YJS works with one child, and the force is asked about its children only."""
    force = registry.connector("police")
    (first, *others) = force.pulls
    asked = replace(force, pulls=(replace(first, only_known=True), *others))
    quiet_world.hub = replace(
        quiet_world.hub, connector=lambda name: asked if name == "police" else registry.connector(name)
    )
    quiet_world.case_system_says("orders", case_row("orders", pncnumber=PNC))
    quiet_world.pull("yjs")
    return quiet_world


def test_a_child_nobody_brought_is_counted_and_leaves_no_trace(world: World) -> None:
    world.police_send(
        referral(1, PNCID=PNC),
        referral(2, PNCID=ANOTHER_PNC, Surname="Undersmith"),
        referral(3, Surname="Nobodyknown"),
    )
    world.pull()
    assert world.ledger()["translated"] == {"opened_records": 3, "translated": 1, "out_of_scope": 2}
    assert world.children() == 1
    traces = Traces.of(world.hub)
    assert not traces.plain("Undersmith", "Nobodyknown") | traces.sealed("Undersmith", "Nobodyknown")


def test_a_known_number_with_another_birth_date_is_in_front_of_a_person(world: World) -> None:
    world.police_send(referral(1, PNCID=PNC, DOB="15/03/2011"))
    world.pull()
    assert world.ledger()["translated"] == {"opened_records": 1, "translated": 1}
    assert world.ledger()["matched"] == {"translated": 1, "for_review": 1}


def test_a_row_of_theirs_that_cannot_be_used_is_held_only_if_it_is_about_a_child_of_ours(
    world: World,
) -> None:
    world.police_send(referral(1, PNCID=PNC, ReferralRef=""), referral(2, PNCID=ANOTHER_PNC, ReferralRef=""))
    world.pull()
    assert world.ledger()["translated"] == {"opened_records": 2, "held": 1, "out_of_scope": 1}
