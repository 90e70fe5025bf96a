"""The services' servers, each written by somebody else, and lines to them."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import ExitStack, contextmanager
from typing import Any

import pytest

from connectors.health.lines import Lines, connect
from connectors.health.settings import HealthSettings
from tests.conftest import needs
from tests.servers.fhir_peer import VERSION, FhirPeer, fhir_peer, installed
from tests.servers.mail import MailSystem, running_mail

# Enough to tell slow from never.
PATIENCE = 6


@pytest.fixture(scope="session")
def running_peer(request: pytest.FixtureRequest) -> Iterator[FhirPeer]:
    folder = request.config.cache.mkdir(f"medplum@{VERSION}")
    needs("Medplum's FHIR router on Node", found=installed(folder))
    with fhir_peer(folder) as running:
        yield running


@pytest.fixture
def peer(running_peer: FhirPeer) -> FhirPeer:
    """Medplum's FHIR router, holding nothing."""
    running_peer.reset()
    return running_peer


@contextmanager
def to(**settings: Any) -> Iterator[Lines]:
    with connect(HealthSettings(**{"patience": PATIENCE} | settings)) as lines:
        yield lines


@pytest.fixture
def by_fhir(peer: FhirPeer) -> Iterator[Callable[[], Lines]]:
    """A run of its own each time it is called."""
    with ExitStack() as runs:
        yield lambda: runs.enter_context(to(fhir_url=peer.base))


@pytest.fixture(scope="session")
def running_mail_system() -> Iterator[MailSystem]:
    needs("Postfix and Dovecot (as root)", found=MailSystem.can_run())
    with running_mail() as system:
        yield system


@pytest.fixture
def letters(running_mail_system: MailSystem) -> MailSystem:
    """Postfix and Dovecot, all mailboxes empty."""
    running_mail_system.empty()
    return running_mail_system
