"""The force with a book in hand: what is said of which child is the caller's to say, and its mood too."""

import random
import secrets
import shutil
from collections.abc import Iterable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field, replace
from datetime import datetime
from pathlib import Path
from typing import Any

from simulators import police_clerk, sftp_moods
from simulators.nights import iso, stamp
from simulators.police import FOLDER, INBOUND, USERNAME
from simulators.police_files import COLUMNS, Drop, Row, as_csv, file_name, read_csv

NO_ANSWER = "SFTP gives no answer when a file is handed over; the acknowledgement comes another day"
NO_PAGES = "the force sends whole files under a checksum, so there are no pages"
BYPASSED = {
    "PULL-05": NO_PAGES,
    "PULL-08": f"{NO_PAGES}, and a file does not change once its manifest stands",
    "PULL-11": "a night without a file is usual for the force, and so is an empty one",
    "PULL-14": "the force corrects a referral and never withdraws one by file",
    "PUSH-05": NO_ANSWER,
    "PUSH-10": NO_ANSWER,
    "PUSH-11": NO_ANSWER,
    "PUSH-12": f"{NO_ANSWER}; one that does not add up makes every message of its file unknown",
    "PUSH-13": NO_ANSWER,
    "PUSH-14": NO_ANSWER,
    "PUSH-18": "the limits of the SFTP transport are minutes long; its own tests hold them",
}
REFERRAL: Row = {
    **dict.fromkeys(COLUMNS, ""),
    "Forenames": "Ottoline",
    "DOB": "14/03/2011",
    "Sex": "F",
    "EthnicitySelfDefined": "W1",
    "EthnicityObserved": "1",
    "AddressLine1": "4 Cobbler's Row",
    "Town": "Northmoor",
    "Postcode": "NX1 2AB",
    "OffenceCode": "TH68010",
    "OffenceDate": "02/11/2026",
    "Gravity": "2",
    "Admission": "Y",
    "DecisionDeadline": "07/12/2026",
    "Reason": "OOCD",
}
CODED = {"referrals": "Reason", "updates": "OutcomeCode"}


def _row(feed: str, number: int, version: int, at: datetime) -> dict[str, str]:
    who = {
        "ReferralRef": f"NMP-R-{number:07d}",
        "LastUpdated": iso(at),
        "NominalID": f"N{number:07d}",
        "Surname": f"Quillborne{number}",
    }
    if feed == "referrals":
        return {**REFERRAL, **who, "CrimeRef": f"NMP/{10000 + number}/26", "Officer": f"PC {4000 + version}"}
    decided = {"OutcomeCode": "22", "DecidedOn": f"{version:02d}/11/2026"}
    known = {"UpdateRef": f"NMP-U-{number:07d}", "Forenames": "Ottoline", "DOB": "14/03/2011", "PNCID": ""}
    return who | known | decided


@dataclass
class Rehearsed:
    root: Path
    door: sftp_moods.Door
    settings: Mapping[str, str]
    plays: tuple[str, ...] = (
        "page_fails", "repeats", "reorders", "counts_too_many", "new_column", "unknown_code", "poison",
        "lost_reply", "shuffled_receipts", "refuses_one", "busy", "unauthorised", "down",
    )  # fmt: skip
    parts: Mapping[str, int] = field(default_factory=dict)
    drops: list[Drop] = field(default_factory=list)
    refused: str = ""

    @property
    def asked(self) -> int:
        return self.door.asked

    def begin(self) -> None:
        self.door.mood = self.refused = ""
        self.drops.clear()
        for name in (FOLDER, INBOUND):
            shutil.rmtree(self.root / name, ignore_errors=True)
            (self.root / name).mkdir(parents=True)

    def be(self, mood: str) -> None:
        self.door.mood = mood
        for drop in tuple(self.drops):
            self._leave(drop)

    def say(self, feed: str, numbers: Iterable[int], *, version: int, at: datetime, oddity: str = "") -> None:
        rows = [_row(feed, number, version, at) for number in numbers]
        columns = COLUMNS if feed == "referrals" else police_clerk.UPDATE_COLUMNS
        if oddity == "unknown_code":
            rows[0][CODED[feed]] = "ZZ"
        if oddity == "new_column":
            rows, columns = [{**row, "Landlord": "nobody agreed"} for row in rows], (*columns, "Landlord")
        content = as_csv(rows, columns)
        if oddity == "poison":
            first, second, *others = content.split(b"\r\n")
            content = b"\r\n".join([first, second.partition(b",")[0], *others])
        name = file_name(at, len(self.drops) + 1)
        if feed == "updates":
            name = f"update_NMP_NMYJS_{stamp(at)}_{len(self.drops) + 1:03d}.csv"
        self.drops.append(Drop(name, content, len(rows), at))
        self._leave(self.drops[-1])

    def unsay(self, feed: str, number: int, *, at: datetime) -> None:
        """The force does not."""

    def _leave(self, drop: Drop) -> None:
        mood = self.door.mood
        left = replace(drop, rows=drop.rows + (mood == "counts_too_many"))
        if mood == "reorders":
            head, *rows, end = drop.content.split(b"\r\n")
            left = replace(left, content=b"\r\n".join([head, *random.sample(rows, len(rows)), end]))
        twice = [replace(left, name=drop.name.replace(".csv", "_again.csv"))] if mood == "repeats" else []
        for each in (left, *twice):
            for name, content in each.files().items():
                (self.root / FOLDER / name).write_bytes(content)
            if mood == "page_fails":
                (self.root / FOLDER / each.name).unlink()

    def work(self) -> None:
        """The clerk answers, and refuses one message where it is in the mood."""
        for file in police_clerk.taken(self.root / INBOUND):
            if self.door.mood in ("refuses_one", "shuffled_receipts"):
                self.refused = self.refused or file.rows[0]["MessageKey"]
            for name, content in police_clerk.answer(file, lambda key: key == self.refused).items():
                (self.root / FOLDER / name).write_bytes(self._shuffled(content))

    def _shuffled(self, content: bytes) -> bytes:
        """The number of the row says another row than the key does."""
        return content.replace(b"\r\n2,", b"\r\n4,") if self.door.mood == "shuffled_receipts" else content

    def heard(self) -> Iterable[tuple[str, Mapping[str, Any]]]:
        for file in police_clerk.taken(self.root / INBOUND):
            for row in read_csv(file.content):
                if (key := row.pop("MessageKey")) != self.refused:
                    yield key, row


class Rehearsal:
    bypassed: Mapping[str, str] = BYPASSED

    @contextmanager
    def __call__(self, home: Path) -> Iterator[Rehearsed]:
        door = sftp_moods.Door(home)
        home.mkdir(parents=True)
        with sftp_moods.serving(door, USERNAME, secrets.token_urlsafe(24)) as found:
            settings = {f"HUB_POLICE_{name}": value for name, value in found.items()}
            yield Rehearsed(home, door, settings)


rehearsal = Rehearsal()
