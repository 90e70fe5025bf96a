"""Whose mailbox it is, with whom it speaks, and how much it takes. All of it from settings."""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from enum import StrEnum
from pathlib import Path

from connectors.errors import MisconfiguredError
from connectors.transports.limits import limit, limits_of

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
    """What is larger is parked, and never held in memory."""

    message_bytes: int = limit(25_000_000, "bytes of one letter")
    attachment_bytes: int = limit(10_000_000, "bytes of one enclosure")
    unpacked_bytes: int = limit(50_000_000, "bytes of a workbook once it is unpacked, all its parts together")
    parts: int = limit(50, "parts of one letter")
    letters: int = limit(500, "letters opened in one run; the rest stay for the next")
    days: int = limit(14, "days for which a letter that was filed is still looked at")
    connect_seconds: float = limit(15, "seconds for a connection to stand")
    answer_seconds: float = limit(60, "seconds for each answer")
    run_seconds: float = limit(900, "seconds for all that is said on one connection")


LIMITS = limits_of(MailLimits)


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
