"""The folders of one mailbox: letters under numbers that only grow, with their marks. Kept in a file."""

import base64
import json
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from datetime import UTC, date, datetime
from email import message_from_bytes
from pathlib import Path
from typing import Any

from simulators.drop import write_once

FOLDERS = ("INBOX", "Sent", "Processed")
DELETED = r"\Deleted"


@dataclass
class Kept:
    content: bytes
    flags: set[str] = field(default_factory=set)
    came_on: date = field(default_factory=lambda: datetime.now(UTC).date())

    @property
    def message_id(self) -> str:
        return str(message_from_bytes(self.content).get("Message-ID", ""))


@dataclass
class Folder:
    letters: dict[int, Kept] = field(default_factory=dict)
    next_number: int = 1

    def add(self, letter: Kept) -> None:
        self.letters[self.next_number] = letter
        self.next_number += 1

    def numbered(self, among: str) -> Iterator[int]:
        """Those there are of a set such as "1:3,7"."""
        for part in among.split(","):
            first, _, last = part.partition(":")
            known = (n for n in list(self.letters) if int(first) <= n <= int(last or first))
            yield from sorted(known)

    def take_out(self, numbers: Iterable[int]) -> list[Kept]:
        return [self.letters.pop(number) for number in numbers]


def no_folders() -> dict[str, Folder]:
    return {name: Folder() for name in FOLDERS}


def keep(folders: dict[str, Folder], file: Path) -> None:
    said = {
        name: {"next": folder.next_number, "letters": [_written(*one) for one in folder.letters.items()]}
        for name, folder in folders.items()
    }
    write_once(file, json.dumps(said).encode())


def kept(file: Path) -> dict[str, Folder]:
    if not file.exists():
        return no_folders()
    said = json.loads(file.read_bytes())
    return {
        name: Folder(dict(map(_read, folder["letters"])), folder["next"]) for name, folder in said.items()
    }


def _written(number: int, letter: Kept) -> list[Any]:
    content = base64.b64encode(letter.content).decode()
    return [number, content, sorted(letter.flags), letter.came_on.isoformat()]


def _read(said: list[Any]) -> tuple[int, Kept]:
    number, content, flags, came_on = said
    return number, Kept(base64.b64decode(content), set(flags), date.fromisoformat(came_on))
