"""A world in which nobody promised anything."""

from __future__ import annotations

from dataclasses import replace

import pytest

from quality.rules import Suite
from tests.world import World


@pytest.fixture
def quiet_world(sqlite_world: World) -> World:
    """Without the partners' suites: what they find is told elsewhere, and they cost most of a night."""
    sqlite_world.hub = replace(sqlite_world.hub, suite=Suite)
    return sqlite_world
