"""A world for a whole module of tests: one night in which everything happens, and many who look at it."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest

from simulators.partner import Running
from tests.databases import DatabaseFiles
from tests.world import World


@contextmanager
def one_world(made: pytest.TempPathFactory, force: tuple[Running, Path], name: str) -> Iterator[World]:
    """On SQLite. `force` is the police server and its files; `name` is the world's folder there."""
    running, files = force
    home = made.mktemp(name)
    made_in = DatabaseFiles(home)
    hub, case_system = made_in.new_hub(), made_in.new_database()
    with World.begin(home / name, hub, case_system, running.settings, files) as world:
        yield world
