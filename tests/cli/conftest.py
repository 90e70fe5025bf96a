"""The doors of a hub in a world of its own."""

from __future__ import annotations

import pytest
from typer.testing import CliRunner

from hub.cli import app
from tests.cli.doors import Door
from tests.world import World


@pytest.fixture
def door(sqlite_world: World, monkeypatch: pytest.MonkeyPatch) -> Door:
    """`hub …`, in the world's home."""
    settings = sqlite_world.hub.settings
    monkeypatch.setenv("HUB_HOME", str(settings.home))
    monkeypatch.setenv("HUB_DATABASE_URL", settings.store_url)
    runner = CliRunner()
    return lambda *words: runner.invoke(app, words)
