"""What lies in our mailbox, read without marking it, and moved only when we are told to."""

from __future__ import annotations

import hashlib
import imaplib
import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import date

from connectors.errors import UnreadableMessageError
from connectors.transports.mail.account import MailAccount
from connectors.transports.mail.faults import errors, refused, unavailable

AT_ONCE = 200
MESSAGE_ID = re.compile(rb"<[^<>\s]{1,250}>")
UID, SIZE = re.compile(rb"UID (\d+)"), re.compile(rb"RFC822\.SIZE (\d+)")
LISTED = "(UID RFC822.SIZE BODY.PEEK[HEADER.FIELDS (MESSAGE-ID)])"
# English whatever the locale says: IMAP knows no other.
MONTHS = ("Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec")


@dataclass(frozen=True)
class Letter:
    """One that lies in a folder, not yet read."""

    folder: str
    uid: int
    size: int
    # Tells two letters apart without reading them: the folder's age, its number there, and its Message-ID.
    fingerprint: str


class Mailbox:
    def __init__(self, account: MailAccount, line: imaplib.IMAP4) -> None:
        self._account = account
        self._line = line

    def check(self) -> None:
        """The three folders are there, and closed to us is none of them."""
        for folder in (self._account.inbox, self._account.sent, self._account.filed):
            self.open(folder, to_write=folder != self._account.inbox)

    def letters(self) -> Iterator[Letter]:
        """Those in the inbox, oldest first."""
        yield from self._listed(self._account.inbox, "ALL")

    def letters_since(self, day: date) -> list[Letter]:
        """Those in the inbox, and those that were filed since that day, newest first."""
        since = f"SINCE {day.day}-{MONTHS[day.month - 1]}-{day.year}"
        there = [*self._listed(self._account.filed, since), *self._listed(self._account.inbox, "ALL")]
        return there[::-1]

    def read(self, letter: Letter) -> bytes:
        """The letter, whole. One that is too long is not fetched at all."""
        most = self._account.limits.message_bytes
        if letter.size > most:
            raise too_long(most)
        with errors(self._account.partner):
            self.open(letter.folder)
            # The size was only said; no more than was agreed is asked for.
            _, answer = self._line.uid("FETCH", str(letter.uid), f"(BODY.PEEK[]<0.{most + 1}>)")
        found = [content for _, content in _fetched(answer)]
        if not found:
            raise unavailable(self._account.partner)
        if len(found[0]) > most:
            raise too_long(most)
        return found[0]

    def file_away(self, uids: Iterable[int]) -> None:
        """Out of the inbox into the folder of what was dealt with. Call it after the commit, never before:
        who is killed in between finds the letters again. Twice is harmless.
        """
        wanted = sorted(uids)
        if not wanted:
            return
        with errors(self._account.partner):
            self.open(self._account.inbox, to_write=True)
            for some in _by(AT_ONCE, wanted):
                self._move(",".join(map(str, some)))

    def _move(self, uids: str) -> None:
        if "MOVE" in self.abilities():
            self._must(self._line.uid("MOVE", uids, _quoted(self._account.filed)))
            return
        # Copied first: killed in between, a letter is there twice, and its Message-ID says so.
        self._must(self._line.uid("COPY", uids, _quoted(self._account.filed)))
        self.strike_out(uids)

    def strike_out(self, uids: str) -> None:
        """From the open folder, and only these: a plain EXPUNGE would take what somebody else marked."""
        self._must(self._line.uid("STORE", uids, "+FLAGS.SILENT", r"(\Deleted)"))
        if "UIDPLUS" in self.abilities():
            self._must(self._line.uid("EXPUNGE", uids))

    def abilities(self) -> tuple[str, ...]:
        """Asked anew: what was said before the sign-in may be less."""
        _, answer = self._line.capability()
        return tuple(answer[-1].decode("ascii", "replace").upper().split()) if answer[-1] else ()

    def open(self, folder: str, *, to_write: bool = False) -> None:
        with errors(self._account.partner):
            answer, _ = self._line.select(_quoted(folder), readonly=not to_write)
        if answer != "OK":
            raise refused(
                self._account.partner,
                f"the mailbox has no folder '{folder}', or it is closed to us.",
                "make it, or put its name into the settings; docs/how-to/refer-by-secure-mail.md lists them.",
            )

    def _listed(self, folder: str, which: str) -> Iterator[Letter]:
        with errors(self._account.partner):
            self.open(folder)
            age = (self._line.response("UIDVALIDITY")[1] or [b""])[0]
            _, answer = self._line.uid("SEARCH", which)
            for some in _by(AT_ONCE, sorted(int(uid) for uid in (answer[0] or b"").split())):
                self.open(folder)
                _, lines = self._line.uid("FETCH", ",".join(map(str, some)), LISTED)
                yield from sorted(_letters(lines, folder, age), key=lambda one: one.uid)

    def _must(self, answer: tuple[str, object]) -> None:
        if answer[0] != "OK":
            raise imaplib.IMAP4.error


def too_long(most: int) -> UnreadableMessageError:
    return UnreadableMessageError(
        f"A letter is longer than {most:,} bytes.",
        fix="open it in the mailbox, and ask the sender for the answer sheet alone.",
        code="HUB-L02",
    )


def _letters(answer: list[object], folder: str, age: bytes) -> Iterator[Letter]:
    for said, header in _fetched(answer):
        uid, size = UID.search(said), SIZE.search(said)
        if uid and size:
            named = MESSAGE_ID.search(header)
            digest = hashlib.sha256(named[0] if named else b"").hexdigest()[:32]
            fingerprint = f"{age.decode('ascii', 'replace')} {int(uid[1])} {digest}"
            yield Letter(folder, int(uid[1]), int(size[1]), fingerprint)


def _fetched(answer: Iterable[object]) -> Iterator[tuple[bytes, bytes]]:
    """What is said of each letter, and its bytes. What is said may stand on either side of the bytes."""
    before: tuple[bytes, bytes] | None = None
    for piece in answer:
        if isinstance(piece, tuple):
            before = piece
        elif before is not None:
            yield before[0] + (piece if isinstance(piece, bytes) else b""), before[1]
            before = None


def _by(count: int, uids: list[int]) -> Iterator[list[int]]:
    for start in range(0, len(uids), count):
        yield uids[start : start + count]


def _quoted(folder: str) -> str:
    return f'"{folder}"'
