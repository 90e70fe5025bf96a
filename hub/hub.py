"""Everything a step needs, opened once and handed in."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import date
from typing import Any

from pydantic import ValidationError

from connectors.contract import Connector
from connectors.errors import MisconfiguredError
from hub import registry
from hub.clock import Clock, night_of, system_clock
from hub.landing.keyring import Keyring
from hub.landing.landing import Landing
from hub.settings import HubSettings
from hub.store.engine import Store
from hub.store.migrate import upgrade
from quality.rules import Suite


@dataclass(frozen=True)
class Hub:
    settings: HubSettings
    store: Store
    keyring: Keyring
    landing: Landing
    clock: Clock = system_clock
    connector: Callable[[str], Connector] = registry.connector
    suite: Callable[[str], Suite] = registry.suite

    @property
    def night(self) -> date:
        return night_of(self.clock(), zone=self.settings.timezone, cut_off=self.settings.cut_off)

    def partner_settings(self, partner: str) -> Any:
        """The partner's typed settings; what is missing or wrong is named before any call is made."""
        kind = self.connector(partner).settings
        try:
            return kind(_secrets_dir=self.settings.secrets_dir)
        except ValidationError as error:
            prefix = kind.model_config.get("env_prefix", "")
            wrong = ", ".join(f"{prefix}{one['loc'][0]}".upper() for one in error.errors() if one["loc"])
            raise MisconfiguredError(
                f"{partner}: these settings are missing or wrong: {wrong}.",
                fix="set them in the environment or as secret files; `hub settings` lists them all.",
            ) from None


@contextmanager
def open_hub(settings: HubSettings | None = None, **instead: Any) -> Iterator[Hub]:
    """The hub of this machine, its database brought up to date."""
    settings = settings or HubSettings()
    settings.home.mkdir(parents=True, exist_ok=True)
    keyring = Keyring.load(settings.keys_path)
    store = Store(settings.store_url)
    try:
        upgrade(store)
        landing = Landing(settings.home / "landing", keyring)
        yield Hub(settings, store, keyring, landing, **instead)
    finally:
        store.close()
