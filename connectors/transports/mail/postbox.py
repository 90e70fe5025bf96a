"""Sending a letter: nothing is lost, and at worst it is there twice, under one Message-ID.

SMTP knows no key, so our folder of sent letters is the memory. A copy is laid there *before* the letter
goes, marked as a draft; the mark goes once the server has taken the letter.

    no copy                        lay one there as a draft, and send
    a copy without the mark        it went: not sent again
    a draft                        a try broke off, and nobody knows whether it went: mark it, send again
    a draft that is marked         two tries broke off: not sent a third time, and a person is told

Where the server says no, or the line breaks before the letter itself is under way, the copy is struck out:
that try certainly went nowhere. The other order, sending first and filing the copy after, sends once more
for each time the run is killed in between, and each time the folder is full.
"""

from __future__ import annotations

import imaplib
import re
import smtplib
from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime

from connectors.contract import Answer, Receipt
from connectors.errors import PartnerUnavailableError
from connectors.transports.mail.account import MailAccount
from connectors.transports.mail.faults import errors, unavailable
from connectors.transports.mail.mailbox import Mailbox
from connectors.transports.mail.outgoing import OutgoingLetter, message_id

DRAFT, SECOND_TRY = r"\Draft", r"\Flagged"
FLAGS = re.compile(rb"FLAGS \(([^)]*)\)")
TWO_TRIES_BROKE_OFF = (
    "sending broke off twice, so it may have gone twice or not at all: ask the service whether it has it; "
    "if not, delete the draft from our folder of sent letters and send again"
)
NO_MAILBOX = "their mail server refuses the address ({code}): check it with the service and put it right"
NOT_TAKEN = "their mail server refuses the letter ({code}): ask the service what it may receive"


@dataclass(frozen=True)
class _Copy:
    uid: str
    flags: frozenset[str]


@dataclass(frozen=True)
class PostBox:
    account: MailAccount
    mailbox: Mailbox
    imap: imaplib.IMAP4
    smtp: smtplib.SMTP
    clock: Callable[[], datetime]

    def send(self, letter: OutgoingLetter) -> Receipt:
        """*Received* once the mail server has it; what the service says comes later."""
        with errors(self.account.partner):
            copy = self._copy(letter)
            if copy and DRAFT not in copy.flags:
                return Receipt(letter.key, Answer.RECEIVED, self.clock())
            if copy and SECOND_TRY in copy.flags:
                return Receipt(letter.key, Answer.UNKNOWN, self.clock(), TWO_TRIES_BROKE_OFF)
            if copy:
                self._flag(copy, f"+FLAGS.SILENT ({SECOND_TRY})")
            return self._hand_over(letter, copy)

    def _hand_over(self, letter: OutgoingLetter, earlier: _Copy | None) -> Receipt:
        content = letter.composed(self.account, self.clock()).as_bytes()
        copy = earlier or self._lay_draft(letter, content)
        try:
            refusal = self._give(content)
        except PartnerUnavailableError:
            self._take_back(copy, earlier)
            raise
        if refusal is not None:
            self._take_back(copy, earlier)
            return Receipt(letter.key, Answer.REFUSED, self.clock(), refusal)
        self._flag(copy, f"-FLAGS.SILENT ({DRAFT} {SECOND_TRY})")
        return Receipt(letter.key, Answer.RECEIVED, self.clock())

    def _give(self, content: bytes) -> str | None:
        """Why they refuse it, if they do. Raises `PartnerUnavailableError` only where it certainly is not
        theirs; a line that breaks once the letter is under way is left to the caller's seam.
        """
        # A bounce then brings back the headers alone, and not the child's record.
        options, notify = (["RET=HDRS"], ["NOTIFY=FAILURE"]) if self.smtp.has_extn("dsn") else ([], [])
        sized = [f"size={len(content)}"] if self.smtp.has_extn("size") else []
        with errors(self.account.partner):
            self.smtp.rset()
            code, _ = self.smtp.mail(self.account.our_address, [*sized, *options])
            if code == 250:
                code, _ = self.smtp.rcpt(self.account.their_address, notify)
                said = NO_MAILBOX
            else:
                said = NOT_TAKEN
        if code in (250, 251):
            try:
                code, _ = self.smtp.data(content)
            except smtplib.SMTPDataError as error:
                code = error.smtp_code
            said = NOT_TAKEN
        if 400 <= code < 500:
            raise unavailable(self.account.partner)
        return None if code in (250, 251) else said.format(code=code)

    def _copy(self, letter: OutgoingLetter) -> _Copy | None:
        """One without the mark before one with it: some servers file a copy by themselves."""
        self.mailbox.open(self.account.sent, to_write=True)
        named = message_id(letter.key, self.account.domain)
        _, found = self.imap.uid("SEARCH", f'UNDELETED HEADER Message-ID "{named}"')
        copies = [self._with_flags(uid.decode("ascii")) for uid in (found[0] or b"").split()]
        return min(copies, key=lambda copy: DRAFT in copy.flags, default=None)

    def _with_flags(self, uid: str) -> _Copy:
        _, answer = self.imap.uid("FETCH", uid, "(UID FLAGS)")
        flags = FLAGS.search(b" ".join(one for one in answer if isinstance(one, bytes)))
        return _Copy(uid, frozenset((flags[1] if flags else b"").decode("ascii", "replace").split()))

    def _lay_draft(self, letter: OutgoingLetter, content: bytes) -> _Copy:
        answer, _ = self.imap.append(f'"{self.account.sent}"', rf"(\Seen {DRAFT})", "", content)
        copy = self._copy(letter) if answer == "OK" else None
        if copy is None:
            raise imaplib.IMAP4.error
        return copy

    def _flag(self, copy: _Copy, change: str) -> None:
        answer, _ = self.imap.uid("STORE", copy.uid, *change.split(" ", 1))
        if answer != "OK":
            raise imaplib.IMAP4.error

    def _take_back(self, copy: _Copy, earlier: _Copy | None) -> None:
        """This try went nowhere. Of an earlier one nobody knows, so its draft stays, for one more try."""
        if earlier is None:
            self.mailbox.strike_out(copy.uid)
        else:
            self._flag(copy, f"-FLAGS.SILENT ({SECOND_TRY})")
