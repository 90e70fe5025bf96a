"""One run with a mailbox: its two ends, opened when they are needed and closed at the end."""

from __future__ import annotations

import imaplib
from collections.abc import Callable, Iterator
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass
from datetime import UTC, datetime
from functools import cached_property

from connectors.transports.mail.account import MailAccount
from connectors.transports.mail.lines import Lines, lines_for
from connectors.transports.mail.mailbox import Mailbox
from connectors.transports.mail.postbox import PostBox


@dataclass
class Mail:
    account: MailAccount
    clock: Callable[[], datetime]
    _lines: Lines
    _open: ExitStack

    @cached_property
    def mailbox(self) -> Mailbox:
        return Mailbox(self.account, self._imap)

    @cached_property
    def post_box(self) -> PostBox:
        smtp = self._open.enter_context(self._lines.smtp())
        return PostBox(self.account, self.mailbox, self._imap, smtp, self.clock)

    @cached_property
    def _imap(self) -> imaplib.IMAP4:
        return self._open.enter_context(self._lines.imap())

    def check(self) -> str:
        """Both servers let us in and the folders are there. No letter is read or sent."""
        self.mailbox.check()
        return f"signed in to send and to read as {self.post_box.account.our_address}"


@contextmanager
def mail(
    account: MailAccount, *, clock: Callable[[], datetime] = lambda: datetime.now(UTC)
) -> Iterator[Mail]:
    with ExitStack() as opened:
        yield Mail(account, clock, lines_for(account), opened)
