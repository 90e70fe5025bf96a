"""The courts with a book in hand: what was decided about which child is the caller's to say."""

import random
import shutil
from collections.abc import Iterable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field, replace
from datetime import date, datetime
from pathlib import Path
from typing import Any

from simulators.cast import cast
from simulators.courts import FOLDER
from simulators.courts_files import as_json, file_name
from simulators.courts_results import RESULTS, Change
from simulators.courts_sittings import Charge, Party, Sitting
from simulators.offences import OFFENCES

NO_PAGES = "the court leaves one file for each message, so there are no pages"
BYPASSED = {
    "PULL-05": NO_PAGES,
    "PULL-08": f"{NO_PAGES}, and a file does not change once it has its name",
    "PULL-09": "the court does not say how many messages there are",
    "PULL-11": "most nights follow a day without a youth court, and no file is usual",
    "PULL-12": "the published messages hold far more than is agreed: only named parts are read, and the "
    "message as it came is kept sealed for its 90 days",
}
PERSON = next(person for person in cast() if not person.oddities)
# By version: what of a message a version changes.
BAIL = ("A", "B", "U")


def _sitting(number: int, version: int, at: datetime, change: Change = "none") -> Sitting:
    person = replace(
        PERSON,
        truth_id=f"{PERSON.truth_id[:3]}{number:04d}",
        family_name=f"Quillborne{number}",
        identifiers=replace(PERSON.identifiers, pnc=None, cro=None),
    )
    committed = date(2026, 9, 1)
    charge = Charge(OFFENCES[0], (RESULTS["referral_order"],), committed, OFFENCES[0].title)
    party = Party(person, (charge,), BAIL[version - 1])
    return Sitting(number, "hearing", (party,), date(2026, 11, 20), at, change)


@dataclass
class Rehearsed:
    folder: Path
    settings: Mapping[str, str]
    plays: tuple[str, ...] = ("page_fails", "repeats", "reorders", "unknown_code", "poison")
    parts: Mapping[str, int] = field(default_factory=dict)
    asked: int = 0
    said: dict[str, bytes] = field(default_factory=dict)

    def begin(self) -> None:
        self.said.clear()
        self.be("")

    def be(self, mood: str) -> None:
        shutil.rmtree(self.folder, ignore_errors=True)
        self.folder.mkdir(parents=True)
        for place, (name, content) in enumerate(self.said.items()):
            broken = mood == "page_fails" and place > len(self.said) // 2
            self._leave(name, content[: len(content) // 2] if broken else content, mood)

    def say(self, feed: str, numbers: Iterable[int], *, version: int, at: datetime, oddity: str = "") -> None:
        for place, number in enumerate(numbers):
            sitting = _sitting(number, version, at)
            self._say(sitting, oddity if place == 0 else "")

    def unsay(self, feed: str, number: int, *, at: datetime) -> None:
        self._say(_sitting(number, 1, at, "deleted"))

    def _say(self, sitting: Sitting, oddity: str = "") -> None:
        content = as_json(sitting)
        if oddity == "unknown_code":
            content = content.replace(b'"selfDefinedEthnicityCode": "', b'"selfDefinedEthnicityCode": "Z')
        if oddity == "poison":
            content = content[: len(content) // 2]
        name = file_name(sitting).replace(".json", f"-{len(self.said)}.json")
        self.said[name] = content
        self._leave(name, content, "")

    def _leave(self, name: str, content: bytes, mood: str) -> None:
        names = [name]
        if mood == "reorders":
            names = [f"{random.randrange(10**6):06d}-{name}"]
        if mood == "repeats":
            names.append(f"again-{name}")
        for each in names:
            (self.folder / each).write_bytes(content)

    def work(self) -> None:
        """Nothing is sent to them."""

    def heard(self) -> Iterable[tuple[str, Mapping[str, Any]]]:
        return ()


class Rehearsal:
    bypassed: Mapping[str, str] = BYPASSED

    @contextmanager
    def __call__(self, home: Path) -> Iterator[Rehearsed]:
        folder = home / FOLDER
        folder.mkdir(parents=True)
        yield Rehearsed(folder, {"HUB_COURTS_FOLDER": str(folder)})


rehearsal = Rehearsal()
