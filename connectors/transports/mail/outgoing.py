"""A letter of ours. What anybody on its way can see says a service and a number, and nothing of a child."""

from __future__ import annotations

import hashlib
import re
from dataclasses import dataclass
from datetime import datetime
from email import policy
from email.message import EmailMessage
from email.utils import format_datetime

from connectors.transports.mail.account import MailAccount

# Folded at 78, ends of lines as SMTP wants them, and no eight-bit bytes that a server must understand.
ON_THE_WIRE = policy.SMTP.clone(cte_type="7bit")
NAMED = re.compile(r"[A-Za-z0-9 '&,()-]{1,60}")
NUMBER_SIGNS = 32


@dataclass(frozen=True)
class Enclosed:
    """`ending` says what it is: pdf, xlsx. Its name is made of the letter's number."""

    ending: str
    kind: str
    content: bytes


@dataclass(frozen=True)
class OutgoingLetter:
    key: str
    # As in settings or in a form: never of a record.
    service: str
    words: str
    enclosed: tuple[Enclosed, ...]

    def __post_init__(self) -> None:
        if not NAMED.fullmatch(self.service):
            raise ValueError("the name of a service has unusual signs")

    def composed(self, account: MailAccount, at: datetime) -> EmailMessage:
        letter = EmailMessage(policy=ON_THE_WIRE)
        letter["From"], letter["To"] = account.our_address, account.their_address
        letter["Subject"] = f"Referral to {self.service} {number(self.key)}"
        letter["Date"] = format_datetime(at)
        letter["Message-ID"] = message_id(self.key, account.domain)
        # RFC 3834: so that a machine which answers by itself need not.
        letter["Auto-Submitted"] = "auto-generated"
        letter.set_content(self.words, cte="quoted-printable")
        for one in self.enclosed:
            main, _, sub = one.kind.partition("/")
            name = f"referral-{number(self.key)}.{one.ending}"
            letter.add_attachment(one.content, maintype=main, subtype=sub, filename=name)
        return letter


def number(key: str) -> str:
    """The message key without what it is made of: a key holds the sender's reference of a child's record."""
    return hashlib.sha256(key.encode()).hexdigest()[:NUMBER_SIGNS]


def message_id(key: str, domain: str) -> str:
    """The same at every attempt, so that a letter sent twice is known for one."""
    return f"<referral.{number(key)}@{domain}>"
