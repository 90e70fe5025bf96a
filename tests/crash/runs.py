"""Runs of the hub in processes of their own, each of which can be ended or stopped at any tick."""

from __future__ import annotations

import json
import os
import signal
import subprocess
import sys
from collections.abc import Iterator, Sequence
from contextlib import AbstractContextManager, contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from hub.exchange.runs import Ticket
from hub.settings import HubSettings

ROOT = Path(__file__).parents[2]
LONG = 600_000


@dataclass(frozen=True)
class Ended:
    status: int
    ticks: int = 0
    places: Sequence[str] = ()
    # Where it was ended, or what it failed with.
    place: str = ""
    fault: str = ""
    trace: str = field(default="", repr=False)
    pid: int = 0

    @property
    def was_killed(self) -> bool:
        return self.status == -signal.SIGKILL


@dataclass
class Zygote:
    process: subprocess.Popen[str]

    def begin(
        self,
        settings: HubSettings,
        ticket: Ticket,
        hops: Sequence[str],
        *,
        now: Any,
        at: int = 0,
        by: signal.Signals = signal.SIGKILL,
        mutant: str = "",
        frozen_after_ms: int = LONG,
        holder: str = "the schedule",
        events: int = 0,
    ) -> int:
        """The process id of a run that is at work from now on."""
        own = {name: value for name, value in os.environ.items() if name.startswith("HUB_")}
        own |= {"HUB_HOME": str(settings.home), "HUB_DATABASE_URL": settings.store_url}
        order = {
            "environment": own,
            "root": str(settings.home.parent),
            "ticket": ticket.written(),
            "hops": list(hops),
            "now": now.isoformat(),
            "at": at,
            "by": int(by),
            "mutant": mutant,
            "frozen_after_ms": frozen_after_ms,
            "holder": holder,
            "events": events,
        }
        assert self.process.stdin is not None
        self.process.stdin.write(json.dumps(order) + "\n")
        self.process.stdin.flush()
        return int(self._heard()["pid"])

    def until_stopped_or_ended(self) -> Ended | None:
        """None when it stands still."""
        words = self._heard()
        return None if "stopped" in words else Ended(**words)

    def run(self, settings: HubSettings, ticket: Ticket, hops: Sequence[str], **how: Any) -> Ended:
        self.begin(settings, ticket, hops, **how)
        ended = self.until_stopped_or_ended()
        assert ended is not None
        return ended

    def _heard(self) -> dict[str, Any]:
        assert self.process.stdout is not None
        heard: dict[str, Any] = json.loads(self.process.stdout.readline())
        return heard


def worker() -> AbstractContextManager[Zygote]:
    """One that stays and works by itself, order after order."""
    return zygote("tests.crash.worker")


@contextmanager
def zygote(module: str = "tests.crash.zygote") -> Iterator[Zygote]:
    process = subprocess.Popen(
        [sys.executable, "-m", module],
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        text=True,
        cwd=ROOT,
        # Frames of a few rows gain nothing from threads, and each would have to be started anew.
        env={**os.environ, "POLARS_MAX_THREADS": "1"},
    )
    assert process.stdout is not None
    assert process.stdin is not None
    assert process.stdout.readline() == "ready\n"
    try:
        yield Zygote(process)
    finally:
        process.stdin.close()
        process.wait(timeout=20)
