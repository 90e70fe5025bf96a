"""A partner who shows all that there is every night: nothing where there was something is no quiet night."""

from __future__ import annotations

from hub.store.batches import REJECTED
from tests.world import World, case_row


def test_nothing_where_there_was_something_is_refused(quiet_worlds: World) -> None:
    world = quiet_worlds
    world.case_system_says("orders", case_row("orders", 1), case_row("orders", 2))
    world.pull("yjs")
    world.later(days=1)
    world.case_system_says("orders")
    world.pull("yjs")

    (refused,) = [one for one in world.messages("yjs") if one["bucket"] == REJECTED]
    assert refused["reason"] == "HUB-R15"
    assert refused["words"].startswith("Nothing came where 2 rows came the last time. What to do:")
    assert world.ledger("yjs")["received"] == {"received": 4, "opened": 3, "rejected": 1}


def test_it_is_refused_until_something_comes(quiet_world: World) -> None:
    world = quiet_world
    world.case_system_says("orders", case_row("orders"))
    world.pull("yjs")
    world.case_system_says("orders")
    for _ in range(2):
        world.later(days=1)
        world.pull("yjs")
        assert [one["reason"] for one in world.messages("yjs") if one["bucket"] == REJECTED] == ["HUB-R15"]

    world.later(days=1)
    world.case_system_says("orders", case_row("orders"))
    world.pull("yjs")
    assert not [one for one in world.messages("yjs") if one["bucket"] == REJECTED]
    assert world.ledger("yjs")["recorded"] == {"matched": 1, "unchanged": 1}


def test_nothing_where_nothing_ever_was_is_a_quiet_night(quiet_world: World) -> None:
    for _ in range(2):
        quiet_world.pull("yjs")
        quiet_world.later(days=1)
    assert quiet_world.rows("SELECT * FROM message WHERE bucket = 'rejected'") == []
