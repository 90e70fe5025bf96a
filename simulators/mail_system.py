"""One mailbox and what goes out of it: what a small mail system knows, whoever speaks for it."""

import secrets
import threading
from collections.abc import Callable
from dataclasses import dataclass, field

from simulators.mail_folders import Folder, Kept, no_folders

OURS, THEIRS = "hub@northmoor.example", "referrals@partner.example"


class HungUpError(Exception):
    """The line is closed in the middle of an answer."""


@dataclass
class MailSystem:
    """A mood is how it behaves; "" is the good one."""

    password: str = field(default_factory=lambda: secrets.token_urlsafe(12))
    folders: dict[str, Folder] = field(default_factory=no_folders)
    went: list[bytes] = field(default_factory=list)
    mood: str = ""
    # Sign-ins.
    asked: int = 0
    # Letters read out since the mood began.
    read: int = 0
    # Told of every change.
    changed: Callable[[], None] = lambda: None
    turn: threading.RLock = field(default_factory=threading.RLock)

    def be(self, mood: str) -> None:
        self.mood, self.read = mood, 0

    def lay(self, content: bytes, folder: str = "INBOX") -> None:
        with self.turn:
            self.folders[folder].add(Kept(content))
            self.changed()

    def lets_in(self, name: str, password: str) -> bool:
        self.asked += 1
        known = name == OURS and secrets.compare_digest(password.encode(), self.password.encode())
        return known and self.mood != "unauthorised"
