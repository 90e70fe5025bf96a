"""What Open Door Mentors let the kit do."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from contextlib import contextmanager
from datetime import datetime
from pathlib import Path
from typing import Any

from hub.conformance.rehearsal import MOODS, ODDITIES
from tests.conformance.zoo.partner import Mentors, serving

ODD: Mapping[str, dict[str, Any]] = {
    "": {},
    "new_column": {"landlord": "nobody agreed to this"},
    "unknown_code": {"help": "ZZ"},
    "poison": {"spoiled": "no referral at all"},
}


class Rehearsed(Mentors):
    plays = (*MOODS, *ODDITIES)
    parts: Mapping[str, int] = {}
    settings: Mapping[str, str]

    def begin(self) -> None:
        self.mood = self.refused = ""
        for of_an_earlier_stage in (self.referrals, self.taken, self.effects):
            of_an_earlier_stage.clear()

    def be(self, mood: str) -> None:
        self.mood = mood

    def say(self, feed: str, numbers: Iterable[int], *, version: int, at: datetime, oddity: str = "") -> None:
        for place, number in enumerate(numbers):
            referral = {
                "id": f"M-{number}",
                "changed_at": at.isoformat(),
                "withdrawn": "no",
                "surname": f"Quillborne{number}",
                "forename": "Ottoline",
                "born": "2011-03-14",
                "help": "MENTOR",
                "wish": f"wish {number} version {version}",
            }
            self.referrals[number] = referral | ODD[oddity if place == 0 else ""]

    def unsay(self, feed: str, number: int, *, at: datetime) -> None:
        self.referrals[number] |= {"withdrawn": "yes", "changed_at": at.isoformat()}

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
        with serving(rehearsed) as address:
            rehearsed.settings = {"HUB_MENTORS_BASE_URL": address, "HUB_MENTORS_PATIENCE": "3"}
            yield rehearsed
