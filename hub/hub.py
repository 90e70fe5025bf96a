"""Everything a step needs, opened once and handed in."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, replace
from datetime import date
from typing import Any
from zoneinfo import ZoneInfo

import orjson
from pydantic import ValidationError

from connectors.contract import Connector
from connectors.errors import MisconfiguredError
from hub import registry
from hub.clock import Clock, night_of, system_clock
from hub.exchange.routes import routes
from hub.landing.keyring import Keyring
from hub.landing.landing import Landing
from hub.settings import HubSettings
from hub.sharing.agreement import Agreement
from hub.store import audit, batches, leases
from hub.store.audit import Audit
from hub.store.engine import Connection, Store
from hub.store.leases import Lease
from hub.store.migrate import upgrade
from hub.store.queueing import Route
from quality.rules import Rule, Suite
from quality.suites.matching import MATCHING

SCHEDULE = "the schedule"


class NoLeaseError(Exception):
    """A step was called outside a run: a fault of the program, found before anything is written."""


@dataclass(frozen=True)
class Consultation:
    """The right to open sealed halves, given once it is written down that somebody does."""

    _keyring: Keyring

    def row(self, sealed: bytes, *, key_id: str, place: bytes) -> dict[str, Any]:
        found: dict[str, Any] = orjson.loads(self.text(sealed, key_id=key_id, place=place))
        return found

    def text(self, sealed: bytes, *, key_id: str, place: bytes) -> str:
        return self._keyring.open(sealed, key_id=key_id, place=place).decode()


@dataclass(frozen=True)
class Hub:
    settings: HubSettings
    store: Store
    keyring: Keyring
    landing: Landing
    clock: Clock = system_clock
    connector: Callable[[str], Connector] = registry.connector
    suite: Callable[[str], Suite] = registry.suite
    # What the hub promises of matching, for every partner alike.
    matching: tuple[Rule, ...] = MATCHING
    agreement: Callable[[str], Agreement] = registry.agreement
    # Who gets what: a record's kind and its sender in, the routes out.
    routes: Callable[[str, str], tuple[Route, ...]] = routes
    # Who works: the schedule, or a person at the shell.
    actor: str = SCHEDULE
    lease: Lease | None = None

    @contextmanager
    def writing(self, event: Audit) -> Iterator[Connection]:
        """A run's own write: nothing is committed unless its lease is still held, and `event` with it."""
        if self.lease is None:
            raise NoLeaseError("a step writes only within a run: see hub.exchange.runs")
        with self.store.transaction() as connection:
            # First, so that nobody can take the lease over before the commit.
            leases.hold(connection, self.lease, now=self.clock(), length=self.settings.lease)
            yield connection
            self._audit(connection, event)

    @contextmanager
    def deciding(self, event: Audit) -> Iterator[Connection]:
        """A person's decision: no lease, for it waits for nobody."""
        with self.store.transaction() as connection:
            yield connection
            self._audit(connection, event)

    def consulting(self, event: Audit) -> Consultation:
        """Written down before anything is opened: what cannot be audited is not read, nor by a late run."""
        with self.store.transaction() as connection:
            if self.lease is not None:
                leases.check(connection, self.lease)
            self._audit(connection, event)
        return Consultation(self.keyring)

    def check_lease(self) -> None:
        """Raise where a later run has taken over: asked before anything is sent."""
        if self.lease is None:
            raise NoLeaseError("a step sends only within a run: see hub.exchange.runs")
        with self.store.reading() as connection:
            leases.check(connection, self.lease)

    def under(self, lease: Lease) -> Hub:
        """For one partner: what lies in landing is its own and nobody else's."""
        return replace(self, lease=lease, landing=self.landing.of(lease.partner))

    def _audit(self, connection: Connection, event: Audit) -> None:
        # Last: whoever holds the chain keeps everybody else waiting.
        events = audit.events_of(event)
        hasher = self.keyring.hasher("audit")
        audit.append(connection, hasher, events, actor=self.actor, now=self.clock())

    @property
    def night(self) -> date:
        return night_of(self.clock(), zone=self.settings.timezone, cut_off=self.settings.cut_off)

    @property
    def today(self) -> date:
        return self.clock().astimezone(ZoneInfo(self.settings.timezone)).date()

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
    store = Store(settings.store_url, frozen_after=settings.lease)
    try:
        upgrade(store)
        _check_keys_are_there(settings, store)
        keyring = Keyring.load(settings.keys_path)
        landing = Landing(settings.home / "landing", keyring)
        yield Hub(settings, store, keyring, landing, **instead)
    finally:
        store.close()


def _check_keys_are_there(settings: HubSettings, store: Store) -> None:
    """The first run makes the keys. Later, new ones would open nothing of what is here."""
    if settings.keys_path.exists():
        return
    with store.reading() as connection:
        used = batches.any_landed(connection)
    if used:
        raise MisconfiguredError(
            "The key file is not there, and this database holds records that only its keys open.",
            fix="put the key file back from its backup; HUB_KEY_FILE says where it is looked for.",
        )
