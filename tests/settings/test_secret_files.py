"""Settings from a folder of secret files: the hub's own as well as its partners'."""

from __future__ import annotations

from pathlib import Path

import pytest
from pydantic import ValidationError

from hub.hub import open_hub
from hub.settings import HubSettings


@pytest.fixture
def secrets(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    folder = tmp_path / "secrets"
    folder.mkdir()
    monkeypatch.setenv("HUB_SECRETS_DIR", str(folder))
    monkeypatch.setenv("HUB_HOME", str(tmp_path / "home"))
    return folder


def test_the_hubs_own_database_address_may_be_a_secret_file(secrets: Path, tmp_path: Path) -> None:
    (secrets / "HUB_DATABASE_URL").write_text(f"sqlite:///{tmp_path / 'elsewhere.db'}\n")
    with open_hub():
        assert (tmp_path / "elsewhere.db").exists()
    assert not (tmp_path / "home" / "hub.db").exists()


def test_a_variable_goes_before_a_file(secrets: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (secrets / "HUB_TIMEZONE").write_text("UTC")
    assert HubSettings().timezone == "UTC"
    monkeypatch.setenv("HUB_TIMEZONE", "Europe/Dublin")
    assert HubSettings().timezone == "Europe/Dublin"


def test_what_is_handed_in_goes_before_both(secrets: Path, tmp_path: Path) -> None:
    (secrets / "HUB_DATABASE_URL").write_text("sqlite:///file.db")
    other = tmp_path / "other"
    other.mkdir()
    (other / "HUB_DATABASE_URL").write_text("sqlite:///other.db")
    assert HubSettings(database_url="sqlite:///given.db").store_url == "sqlite:///given.db"
    assert HubSettings(secrets_dir=other).store_url == "sqlite:///other.db"


def test_one_folder_serves_the_hub_and_its_partners(secrets: Path, tmp_path: Path) -> None:
    (secrets / "HUB_DATABASE_URL").write_text(f"sqlite:///{tmp_path / 'hub.db'}")
    (secrets / "HUB_COURTS_FOLDER").write_text(str(tmp_path))
    with open_hub() as hub:
        assert hub.partner_settings("courts").folder == tmp_path


@pytest.mark.filterwarnings("ignore:directory .* does not exist")
def test_a_folder_that_is_not_there_is_refused(
    secrets: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Otherwise a slip in its name would send the night to SQLite, and nobody would be told."""
    monkeypatch.setenv("HUB_SECRETS_DIR", str(tmp_path / "secret"))
    with pytest.raises(ValidationError, match="secrets_dir"):
        HubSettings()


@pytest.mark.parametrize("where", ["file", "variable"])
def test_an_empty_database_address_is_refused(
    where: str, secrets: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    if where == "file":
        (secrets / "HUB_DATABASE_URL").write_text("\n")
    else:
        monkeypatch.setenv("HUB_DATABASE_URL", "")
    with pytest.raises(ValidationError, match="database_url"):
        HubSettings()
