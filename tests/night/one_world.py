"""A world for a whole module of tests: one night in which everything happens, and many who look at it."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest

from simulators.partner import Running
from tests.world import World


@contextmanager
def one_world(made: pytest.TempPathFactory, force: tuple[Running, Path], name: str) -> Iterator[World]:
    """On SQLite. `force` is the police server and its files; `name` is the world's folder there."""
    running, files = force
    home = made.mktemp(name)
    hub, case_system = (f"sqlite:///{home / file}" for file in ("hub.db", "case_system.db"))
    with World.begin(home / name, hub, case_system, running.settings, files) as world:
        yield world
