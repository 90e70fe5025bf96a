"""A server that misbehaves, and clients of it that do not wait."""

from __future__ import annotations

import time
from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta

import pytest

from connectors.transports.http import Time
from tests.servers.faulty_http import FaultyHttp, faulty_http


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
