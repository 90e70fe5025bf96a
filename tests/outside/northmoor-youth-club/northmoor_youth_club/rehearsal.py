"""Northmoor Youth Club with a book in hand: the caller says what is said of which child."""

from collections.abc import Iterable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import datetime
from pathlib import Path
from typing import Any

from northmoor_youth_club.service import Service, serving
from northmoor_youth_club.simulator import request

# Enough to tell slow from never, and short enough to wait for.
PATIENCE = "3"
ODD: Mapping[str, dict[str, Any]] = {
    "": {},
    "new_column": {"landlord": "nobody agreed to this"},
    "unknown_code": {"help": "ZZ"},
    "poison": {"spoiled": "no request at all"},
}


@dataclass
class Rehearsed(Service):
    settings: Mapping[str, str] = field(default_factory=dict)
    plays: tuple[str, ...] = (
        "page_shifts",
        "page_changes",
        "page_fails",
        "repeats",
        "reorders",
        "counts_too_many",
        "empty",
        "lost_reply",
        "error_in_200",
        "html_in_200",
        "fewer_receipts",
        "shuffled_receipts",
        "refuses_one",
        "conflict_duplicate",
        "conflict_version",
        "too_early",
        "busy",
        "unauthorised",
        "down",
        "slow",
        "new_column",
        "unknown_code",
        "poison",
    )
    # How many records of ours one of theirs makes, by feed, where it is not one.
    parts: Mapping[str, int] = field(default_factory=dict)

    def begin(self) -> None:
        self.mood = self.refused = ""
        for of_an_earlier_stage in (self.requests, self.taken, self.effects):
            of_an_earlier_stage.clear()

    def be(self, mood: str) -> None:
        self.mood = mood

    def say(self, feed: str, numbers: Iterable[int], *, version: int, at: datetime, oddity: str = "") -> None:
        for place, number in enumerate(numbers):
            said = request(
                number,
                surname=f"Quillborne{number}",
                forename="Ottoline",
                born="2011-03-14",
                changed_at=at.isoformat(),
                wish=f"wish {number} version {version}",
            )
            self.requests[number] = said | ODD[oddity if place == 0 else ""]

    def unsay(self, feed: str, number: int, *, at: datetime) -> None:
        self.requests[number] |= {"withdrawn": "yes", "changed_at": at.isoformat()}

    def work(self) -> None:
        for one in self.taken.values():
            one["answer"] = "accepted"

    def heard(self) -> Iterable[tuple[str, Mapping[str, Any]]]:
        return tuple(self.effects)


class Rehearsal:
    bypassed: Mapping[str, str] = {}

    @contextmanager
    def __call__(self, home: Path) -> Iterator[Rehearsed]:
        rehearsed = Rehearsed()
        with serving(rehearsed) as found:
            rehearsed.settings = {**found, "HUB_NORTHMOOR_YOUTH_CLUB_PATIENCE": PATIENCE}
            yield rehearsed


rehearsal = Rehearsal()
