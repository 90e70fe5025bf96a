"""Worlds in which nobody promised anything, and one whose calls to the force are counted."""

from __future__ import annotations

import os
from collections.abc import Iterator
from dataclasses import replace

import pytest

from quality.rules import Suite
from tests.night.calls import FarForce
from tests.servers.lines import counted_line
from tests.world import World, referral


@pytest.fixture
def quiet_world(sqlite_world: World) -> World:
    """Without the partners' suites: what they find is told elsewhere, and they cost most of a night."""
    return _without_suites(sqlite_world)


@pytest.fixture
def quiet_worlds(world: World) -> World:
    """The same on SQLite and on PostgreSQL."""
    return _without_suites(world)


def _without_suites(world: World) -> World:
    world.hub = replace(world.hub, suite=Suite)
    return world


@pytest.fixture
def force(quiet_worlds: World, monkeypatch: pytest.MonkeyPatch) -> Iterator[FarForce]:
    """With a referral for us."""
    quiet_worlds.police_send(referral(1))
    with counted_line(int(os.environ["HUB_POLICE_PORT"])) as line:
        monkeypatch.setenv("HUB_POLICE_PORT", str(line.port))
        yield FarForce(quiet_worlds, line)
