"""`hub migrate`: the database brought up to date, and the right keys, before a night begins."""

from __future__ import annotations

import sqlite3
from pathlib import Path

import pytest
from typer.testing import CliRunner, Result

from hub.cli import app
from hub.landing.keyring import Keyring
from tests.world import World, referral


@pytest.fixture
def home(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.setenv("HUB_HOME", str(tmp_path))
    return tmp_path


def migrate() -> Result:
    return CliRunner().invoke(app, ["migrate"])


def test_the_tables_are_made_and_a_second_time_is_harmless(home: Path) -> None:
    assert [migrate().exit_code for _ in range(2)] == [0, 0]
    with sqlite3.connect(home / "hub.db") as database:
        assert database.execute("SELECT count(*) FROM vault").fetchone() == (0,)


def test_other_keys_than_those_that_sealed_the_records_are_refused(
    sqlite_world: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The file is there, so nothing else would notice before something sealed is opened."""
    settings = sqlite_world.hub.settings
    monkeypatch.setenv("HUB_HOME", str(settings.home))
    monkeypatch.setenv("HUB_DATABASE_URL", settings.store_url)
    sqlite_world.police_send(referral(1))
    sqlite_world.pull()
    assert migrate().exit_code == 0

    Keyring.load(settings.home / "of-another-hub.json")
    monkeypatch.setenv("HUB_KEY_FILE", str(settings.home / "of-another-hub.json"))
    refused = migrate()
    assert refused.exit_code == 2
    assert f"Records are sealed with {sqlite_world.hub.keyring.current}" in refused.output
    assert "the key file of the backup" in refused.output
