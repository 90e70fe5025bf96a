"""Whose mailbox it is, with whom it speaks, and how much it takes. All of it from settings."""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from enum import StrEnum
from pathlib import Path

from connectors.errors import MisconfiguredError

# Narrower than the standard, so that no address can end a header or a command.
ADDRESS = re.compile(r"[A-Za-z0-9._%+'-]{1,64}@[A-Za-z0-9-]+(\.[A-Za-z0-9-]+)+")
FOLDER = re.compile(r"[A-Za-z0-9 ._/&-]{1,200}")
CHECKS = frozenset({"dkim", "spf", "dmarc"})


class Security(StrEnum):
    """How TLS begins. There is no third way."""

    STARTTLS = "starttls"
    IMPLICIT = "implicit"


@dataclass(frozen=True)
class MailServer:
    host: str
    port: int
    security: Security = Security.IMPLICIT


@dataclass(frozen=True)
class MailLimits:
    """Bytes, seconds and counts. What is larger is parked, and never held in memory."""

    message_bytes: int = 25_000_000
    attachment_bytes: int = 10_000_000
    # Of a workbook, all its parts together.
    unpacked_bytes: int = 50_000_000
    parts: int = 50
    # Letters opened in one run, and the days for which one that was filed is still looked at.
    letters: int = 500
    days: int = 14
    # For a connection to stand, for each answer, and for one run in all.
    connect_seconds: float = 15.0
    answer_seconds: float = 60.0
    run_seconds: float = 900.0


@dataclass(frozen=True)
class MailAccount:
    partner: str
    smtp: MailServer
    imap: MailServer
    username: str
    password: str = field(repr=False)
    our_address: str
    # Where we write to.
    their_address: str
    # Who may answer; anybody else's letter is parked.
    senders: frozenset[str]
    inbox: str = "INBOX"
    sent: str = "Sent"
    filed: str = "Processed"
    # Instead of the certificate authorities of the system.
    ca_file: Path | None = None
    # The name under which our own mail server writes Authentication-Results, and what must be passed there.
    # One of them is enough.
    checked_by: str | None = None
    passes: frozenset[str] = frozenset()
    limits: MailLimits = MailLimits()

    def __post_init__(self) -> None:
        for address in (self.our_address, self.their_address, *self.senders):
            _check(self, ADDRESS.fullmatch(address), "an address is not one, such as 'name@service.example'")
        for folder in (self.inbox, self.sent, self.filed):
            _check(self, FOLDER.fullmatch(folder), "the name of a folder is empty or has unusual signs")
        _check(self, self.senders, "nobody is named who may answer")
        _check(self, self.passes <= CHECKS, f"what a sender must pass is none of {', '.join(sorted(CHECKS))}")
        _check(self, self.checked_by or not self.passes, "nothing says which mail server checks senders")
        _check(self, self.ca_file is None or self.ca_file.is_file(), "the file ca_file is not there")

    @property
    def domain(self) -> str:
        return self.our_address.partition("@")[2].lower()

    def may_answer(self, address: str) -> bool:
        return address.lower() in {sender.lower() for sender in self.senders}


def _check(account: MailAccount, sound: object, wrong: str) -> None:
    if not sound:
        raise MisconfiguredError(
            f"{account.partner}: in our settings for secure mail {wrong}.",
            fix="put it right; docs/how-to/refer-by-secure-mail.md lists the settings.",
        )
