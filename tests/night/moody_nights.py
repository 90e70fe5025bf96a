"""A hub among the simulated partners themselves, some of them in a mood."""

from __future__ import annotations

import time
from collections import Counter
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Any
from unittest.mock import patch

import sqlalchemy as sa

from connectors.errors import ConnectorError
from hub.exchange import steps
from hub.hub import Hub, open_hub
from hub.ledger.balance import EQUATIONS
from hub.settings import HubSettings
from quality.rules import Suite
from schemas.hops import Hop
from schemas.kinds import KINDS
from simulators import courts, police, yjs
from simulators.nights import morning
from simulators.partner import Simulator
from simulators.together import start_all
from simulators.yjs_worklist import case_database, worklist

SIMULATORS = {one.name: one for one in (courts.simulator, police.simulator, yjs.simulator)}
# Long enough for a sound night on a busy machine, and short enough to wait for.
LIMITS = {"CONNECT_SECONDS": "5", "ANSWER_SECONDS": "1.5", "CALL_SECONDS": "3"}
Steps = Sequence[tuple[Callable[[Hub, str], object], str]]
# What a night is where this partner is in a mood: their own way in, and where it leads.
NIGHTS: Mapping[str, Steps] = {
    "police": ((steps.pull, "police"), (steps.push, "yjs"), (steps.push, "police")),
    "courts": ((steps.pull, "courts"), (steps.push, "yjs")),
    "yjs": ((steps.pull, "police"), (steps.pull, "yjs"), (steps.push, "yjs")),
}
# Different in every hub, or told by the partner's clock.
NOT_SAID = {
    *("child_id", "version_no", "version_at", "version_hash", "content_hash", "ordered_at"),
    *("batch_id", "message", "row", "part", "recorded_at"),
}
Said = set[tuple[object, ...]]


@dataclass
class MoodyNights:
    home: Path
    steps: Steps
    simulators: Mapping[str, Simulator] = field(default_factory=lambda: SIMULATORS)
    faults: list[ConnectorError] = field(default_factory=list)
    seconds: list[float] = field(default_factory=list)

    @classmethod
    def of(cls, partner: str, home: Path, **instead: Simulator) -> MoodyNights:
        """Nights with those alone who have a part in them."""
        steps_of = NIGHTS[partner]
        having_a_part = {name for _, name in steps_of}
        simulators = {name: one for name, one in (SIMULATORS | instead).items() if name in having_a_part}
        return cls(home, steps_of, simulators)

    def night(self, number: int = 1, **moods: str) -> None:
        """Each step once. The partners' errors are kept; any other ends the test."""
        self.faults, self.seconds = [], []
        with start_all(self.home, number, self.simulators, moods) as partners:
            limits = {f"HUB_POLICE_{name}": seconds for name, seconds in LIMITS.items()}
            with patch.dict("os.environ", dict(partners.settings) | limits), self.hub(number) as hub:
                for step, partner in self.steps:
                    begun = time.monotonic()
                    try:
                        step(hub, partner)
                    except ConnectorError as fault:
                        self.faults.append(fault)
                    self.seconds.append(time.monotonic() - begun)

    @contextmanager
    def hub(self, number: int = 1) -> Iterator[Hub]:
        # Without rules, which cost most of a night and are not the question.
        with open_hub(HubSettings(home=self.home / "hub"), clock=lambda: morning(number)) as hub:
            yield replace(hub, suite=Suite, matching=())

    def query(self, words: str) -> list[dict[str, Any]]:
        with self.hub() as hub, hub.store.reading() as connection:
            return [dict(row) for row in connection.execute(sa.text(words)).mappings()]

    def buckets(self) -> set[str]:
        return {row["bucket"] for row in self.query("SELECT bucket FROM ledger_line WHERE records > 0")}

    def unbalanced(self) -> list[tuple[str, str]]:
        """Runs and hops that do not add up, and records that the ledger names."""
        sums: dict[tuple[str, str], dict[str, int]] = {}
        for line in self.query("SELECT * FROM ledger_line"):
            sums.setdefault((line["run_id"], line["hop"]), {})[line["bucket"]] = line["records"]
        gaps = [(gap["run_id"], gap["record"]) for gap in self.query("SELECT * FROM ledger_gap")]
        return [key for key, counts in sums.items() if EQUATIONS[Hop(key[1])].difference(counts)] + gaps

    def said(self) -> Said:
        """All that is in the record, of every kind, by what the partners said of it."""
        return {
            (kind, *(value for name, value in row.items() if name not in NOT_SAID))
            for kind in KINDS
            for row in self.query(f"SELECT * FROM {kind}")  # noqa: S608 - our own tables
        }

    def records(self) -> int:
        counts = (self.query(f"SELECT count(*) AS n FROM {kind}") for kind in KINDS)  # noqa: S608
        return sum(one[0]["n"] for one in counts)

    def handed_over(self) -> Counter[tuple[object, ...]]:
        """What lies in the worklist, and how often the same of it."""
        own = {"message_key", "version_no", "hub_child_id", "sent_at"}
        told = [column for column in worklist.columns if column.name not in own and not is_answer(column)]
        address = f"sqlite:///{(self.home / 'yjs' / 'case_system.sqlite3').resolve()}"
        with case_database(address) as engine, engine.connect() as connection:
            return Counter(tuple(row) for row in connection.execute(sa.select(*told)))


def is_answer(column: sa.Column[Any]) -> bool:
    return column.name.startswith("answer") or column.name == "case_reference"


@contextmanager
def peak_memory() -> Iterator[list[int]]:
    """How many bytes more than at the beginning this process held at the most."""
    told: list[int] = []
    before = _held("VmRSS")
    # The kernel's own highest mark, wiped.
    Path("/proc/self/clear_refs").write_text("5")
    yield told
    told.append(_held("VmHWM") - before)


def _held(mark: str) -> int:
    status = Path("/proc/self/status").read_text()
    (line,) = [line for line in status.splitlines() if line.startswith(f"{mark}:")]
    return int(line.split()[1]) * 1024
