"""Whose mailbox it is, and how much and how long is too much."""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from pathlib import Path
from typing import NamedTuple
from urllib.parse import urlsplit

from connectors.errors import MisconfiguredError


class Limit(NamedTuple):
    name: str
    value: float
    words: str


LIMITS = (
    Limit("connect_seconds", 15, "To reach the server and agree on keys."),
    Limit("answer_seconds", 60, "To wait for the next bytes. The library waits ten minutes."),
    Limit("call_seconds", 120, "For a whole call, however slowly it drips. The library knows no such end."),
    Limit("transfer_seconds", 600, "For a whole call that carries a piece of a message, either way."),
    Limit("answer_bytes", 4_000_000, "Of an answer that is no message, packed and unpacked."),
    Limit("message_bytes", 200_000_000, "Of one message, packed and unpacked. MESH itself carries 20 GB."),
    Limit("chunk_bytes", 18_000_000, "From which a message is sent in parts; the internet's limit is 20 MB."),
    Limit("page_messages", 500, "Asked for at once; MESH takes 10 to 5,000."),
    Limit("messages", 5_000, "Looked at in one run; the rest stay for the next."),
    Limit("tries", 3, "Of a call that may be repeated, each with a new token. Nothing that sends is one."),
    Limit("pause_seconds", 1, "Before the second try; four times as long before each later one."),
    Limit("longest_pause_seconds", 120, "Told to wait longer, we leave it to the next run."),
    Limit("redirects", 0, "A token must not follow to another address."),
)
_AGREED = {limit.name: limit.value for limit in LIMITS}

MAILBOX = re.compile(r"[A-Z0-9]{6,20}")
WORKFLOW = re.compile(r"[A-Za-z0-9_-]{2,50}")


@dataclass(frozen=True)
class MeshLimits:
    connect_seconds: float = _AGREED["connect_seconds"]
    answer_seconds: float = _AGREED["answer_seconds"]
    call_seconds: float = _AGREED["call_seconds"]
    transfer_seconds: float = _AGREED["transfer_seconds"]
    answer_bytes: int = int(_AGREED["answer_bytes"])
    message_bytes: int = int(_AGREED["message_bytes"])
    chunk_bytes: int = int(_AGREED["chunk_bytes"])
    page_messages: int = int(_AGREED["page_messages"])
    messages: int = int(_AGREED["messages"])
    tries: int = int(_AGREED["tries"])
    pause_seconds: float = _AGREED["pause_seconds"]
    longest_pause_seconds: float = _AGREED["longest_pause_seconds"]


@dataclass(frozen=True)
class MeshAccount:
    partner: str
    url: str
    mailbox: str
    password: str = field(repr=False)
    # Of the environment, not of the mailbox.
    shared_key: bytes | str = field(repr=False)
    # PEM files: ours, its key without a pass phrase, and whom we believe at the other end. Nobody else is.
    certificate: Path
    key: Path
    ca: Path
    # What is agreed; anything else that waits in the mailbox is told of by `check`.
    workflows: tuple[str, ...]
    limits: MeshLimits = MeshLimits()

    def __post_init__(self) -> None:
        wrong = next((name for name, right in self._asked() if not right), None)
        if wrong is not None:
            raise MisconfiguredError(
                f"{self.partner}: the MESH setting {wrong} cannot work.",
                fix="compare it with the letter in which MESH gave us the mailbox; an address begins with "
                "https:// and holds no sign-in, and neither password nor shared key is empty.",
            )

    def _asked(self) -> tuple[tuple[str, bool], ...]:
        where = urlsplit(self.url)
        bare = not (where.username or where.query or where.fragment or where.path.strip("/"))
        return (
            ("url", where.scheme == "https" and bool(where.hostname) and bare),
            ("mailbox", MAILBOX.fullmatch(self.mailbox) is not None),
            ("workflows", bool(self.workflows) and all(map(WORKFLOW.fullmatch, self.workflows))),
            # The library writes them as ASCII, and in an error would show what it could not write.
            ("password", self.password.isascii() and bool(self.password)),
            # Without one the library would take a key that everybody knows.
            ("shared_key", bool(self.shared_key)),
        )

    @property
    def secret(self) -> bytes:
        return self.shared_key.encode() if isinstance(self.shared_key, str) else self.shared_key
