"""One subject's rehearsal, and the stages that follow one another on it.

Each stage has a hub on SQLite in a folder of its own. All have the same keys, so that what two stores say can
be compared.
"""

from __future__ import annotations

import os
import shutil
from collections.abc import Iterable, Iterator, Mapping
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass, field, replace
from functools import cached_property
from pathlib import Path

from connectors.contract import Connector
from hub.conformance.rehearsal import Rehearsed
from hub.conformance.stage import Stage
from hub.conformance.subject import Subject
from hub.hub import open_hub
from hub.settings import HubSettings
from hub.sharing.agreement import Agreement
from hub.store.contents import Said
from quality.rules import Suite

# Numbers of children, and the version that is said of each.
Saying = tuple[tuple[int, ...], int]


@dataclass
class Theatre:
    """One subject's rehearsal, started once; stages follow one another on it."""

    subject: Subject
    partner: Rehearsed
    root: Path
    # What no run may ever do, of the promise that is being tried: faults of a program, books unbalanced.
    stumbles: list[str] = field(default_factory=list)
    _stages: int = 0
    _said: dict[tuple[Saying, ...], frozenset[Said]] = field(default_factory=dict)
    _sent: dict[tuple[int, ...], Path] = field(default_factory=dict)

    @classmethod
    @contextmanager
    def opened(cls, subject: Subject, root: Path) -> Iterator[Theatre]:
        with subject.rehearsal(root / "partner") as partner:
            yield cls(subject, partner, root)

    @cached_property
    def agreement(self) -> Agreement:
        """Read once: it does not change while it is tried."""
        return self.subject.agreement()

    @cached_property
    def empty(self) -> Path:
        """A hub that knows nothing yet: copying it is cheaper than making one."""
        home = self.root / "empty"
        with open_hub(_settings(home)):
            pass
        return home

    @contextmanager
    def stage(
        self, connector: Connector | None = None, *, suite: Suite | None = None, sent: Iterable[int] = ()
    ) -> Iterator[Stage]:
        """`connector` in place of the subject's own. About the children `sent` the partner is to be told
        already. Without a `suite` no rules run: they are most of a night's work, and neither order nor a kill
        changes what they say.
        """
        home = self._new_home(tuple(sent))
        self.partner.begin()
        subject = replace(
            self.subject,
            connector=connector or self.subject.connector,
            suite=suite or Suite(self.subject.name),
        )
        stage = Stage(subject, self.agreement, self.partner)
        with ExitStack() as opened:
            opened.enter_context(_only_these(self.subject, self.partner.settings))
            stage.hub = opened.enter_context(open_hub(_settings(home), **stage.hub_parts(), **_rules(suite)))
            yield stage
            self.stumbles += stage.stumbles()
        shutil.rmtree(home)

    def _new_home(self, sent: tuple[int, ...]) -> Path:
        self._stages += 1
        home = self.root / f"stage{self._stages}"
        shutil.copytree(self._told(sent) if sent else self.empty, home)
        return home

    def _told(self, sent: tuple[int, ...]) -> Path:
        """A hub in which messages about these children wait."""
        if sent not in self._sent:
            with self.stage() as stage:
                stage.send(sent)
                home = stage.hub.settings.home
                self._sent[sent] = shutil.copytree(home, self.root / f"sent{len(self._sent)}")
        return self._sent[sent]

    def said(self, *sayings: tuple[Iterable[int], int]) -> frozenset[Said]:
        """What the store says where each was said plainly, numbers and version, and nothing went wrong."""
        said = tuple((tuple(numbers), version) for numbers, version in sayings)
        if said not in self._said:
            with self.stage() as stage:
                for numbers, version in said:
                    stage.say(numbers, version=version)
                    stage.pull()
                    stage.later(hours=1)
                self._said[said] = stage.store()
        return self._said[said]


def _rules(suite: Suite | None) -> dict[str, object]:
    return {} if suite else {"matching": ()}


def _settings(home: Path) -> HubSettings:
    """Of this machine's own hub nothing may be used: neither its keys, nor its secrets, nor its database."""
    return HubSettings(
        home=home,
        database_url=f"sqlite:///{home / 'hub.db'}",
        key_file=home / "keys.json",
        secrets_dir=None,
        partner_hours={},
    )


@contextmanager
def _only_these(subject: Subject, settings: Mapping[str, str]) -> Iterator[None]:
    """The rehearsal's settings, and none of the real partner's."""
    prefix = subject.connector.settings.model_config.get("env_prefix", "")
    before = dict(os.environ)
    kept = {name: value for name, value in before.items() if not name.upper().startswith(prefix or "\0")}
    try:
        os.environ.clear()
        os.environ.update(kept | dict(settings))
        yield
    finally:
        os.environ.clear()
        os.environ.update(before)
