"""A server that misbehaves, and clients of it that do not wait."""

from __future__ import annotations

import time
from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta

import pytest

from connectors.transports.fhir import FhirClient, FhirSite, fhir_client
from connectors.transports.http import HttpLimits, HttpSite, Time
from tests.conftest import needs
from tests.servers.faulty_http import FaultyHttp, faulty_http
from tests.servers.fhir_peer import VERSION, FhirPeer, fhir_peer, installed


@dataclass
class Waits:
    """A clock that is set forward where it should be waited for."""

    made: list[float] = field(default_factory=list)

    def sleep(self, seconds: float) -> None:
        self.made.append(seconds)

    def time(self) -> Time:
        return Time(
            now=lambda: datetime.now(UTC) + timedelta(seconds=sum(self.made)),
            seconds=lambda: time.monotonic() + sum(self.made),
            sleep=self.sleep,
            chance=lambda: 0.5,
        )


@pytest.fixture
def waits() -> Waits:
    return Waits()


@pytest.fixture
def server() -> Iterator[FaultyHttp]:
    with faulty_http() as running:
        yield running


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


@pytest.fixture
def site(peer: FhirPeer) -> FhirSite:
    return FhirSite(HttpSite("camhs", peer.base, limits=HttpLimits(attempts=3, answer_seconds=2)))


@pytest.fixture
def client(site: FhirSite, waits: Waits) -> Iterator[FhirClient]:
    with fhir_client(site, time=waits.time()) as connected:
        yield connected
