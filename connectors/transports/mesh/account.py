"""Whose mailbox it is, and how much and how long is too much."""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from pathlib import Path
from urllib.parse import urlsplit

from connectors.errors import MisconfiguredError
from connectors.transports.limits import limit, limits_of

MAILBOX = re.compile(r"[A-Z0-9]{6,20}")
WORKFLOW = re.compile(r"[A-Za-z0-9_-]{2,50}")


@dataclass(frozen=True)
class MeshLimits:
    connect_seconds: float = limit(15, "seconds to reach the server and agree on keys")
    answer_seconds: float = limit(60, "seconds to wait for the next bytes. The library waits ten minutes")
    call_seconds: float = limit(
        120, "seconds for a whole call, however slowly it drips. The library knows no such end"
    )
    transfer_seconds: float = limit(
        600, "seconds for a whole call that carries a piece of a message, either way"
    )
    answer_bytes: int = limit(4_000_000, "bytes of an answer that is no message, packed and unpacked")
    message_bytes: int = limit(200_000_000, "bytes of one message, packed and unpacked")
    chunk_bytes: int = limit(
        18_000_000, "bytes from which a message is sent in parts; the internet's limit is 20 MB"
    )
    page_messages: int = limit(500, "messages asked for at once; MESH takes 10 to 5,000")
    messages: int = limit(5_000, "messages looked at in one run; the rest stay for the next")
    tries: int = limit(3, "tries of a call that changes nothing, each with a new token")
    pause_seconds: float = limit(1, "seconds before the second try; four times as long before each later one")
    longest_pause_seconds: float = limit(120, "seconds; told to wait longer, we leave it to the next run")


LIMITS = limits_of(MeshLimits)


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
