"""Worlds in which nobody promised anything."""

from __future__ import annotations

from dataclasses import replace

import pytest

from quality.rules import Suite
from tests.world import World


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
