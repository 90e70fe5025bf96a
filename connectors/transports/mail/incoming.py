"""A letter that came, taken apart: who wrote it, to which of ours, what sort it is, what it encloses.

Pure: bytes in, a value out. The subject and the words are never looked at.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from email import message_from_bytes, policy
from email.message import Message
from email.utils import getaddresses
from enum import StrEnum

from connectors.errors import UnreadableMessageError
from connectors.transports.mail.account import MailLimits
from connectors.transports.mail.bounces import Bounce, bounce_in
from connectors.transports.mail.senders import Passed, passed

# Older than RFC 3834, and still sent by mail programs that answer by themselves.
ANSWERS_BY_ITSELF = ("X-Autoreply", "X-Autorespond", "X-Auto-Reply")
OUT_OF_OFFICE = ("auto_reply", "auto-reply")
NAMED = re.compile(r"<[^<>\s]{1,250}>")
MOST_IDS = 50
BOUNDARY = re.compile(rb"boundary\s*=", re.IGNORECASE)
MOST_BOUNDARIES, MOST_HEADER_BYTES = 20, 200_000
# What the parser of the library has been seen to raise on letters made to break it.
BROKEN = (ValueError, IndexError, KeyError, TypeError, AttributeError, LookupError, RecursionError)
# Old addresses, folded headers and all: the reader that does not interpret, so that it has less to trip over.
AS_IT_IS = policy.compat32


class Sort(StrEnum):
    REPLY = "reply"
    BOUNCE = "bounce"
    AUTOMATIC = "automatic"
    OTHER = "other"


@dataclass(frozen=True)
class IncomingLetter:
    sort: Sort
    # Empty where nobody, or more than one, is said to have written it.
    sender: str
    # The Message-IDs it says it answers; of a bounce, that of the letter that came back.
    about: frozenset[str]
    bounce: Bounce | None
    passed: Passed
    _letter: Message

    def enclosed(self, limits: MailLimits) -> Iterator[bytes]:
        """Each thing enclosed; text that is no file is not one."""
        for part in _leaves(self._letter):
            content = _file_in(part)
            if content and len(content) > limits.attachment_bytes:
                raise _unreadable(f"An enclosure is longer than {limits.attachment_bytes:,} bytes")
            if content:
                yield content


def read(content: bytes, limits: MailLimits, *, checked_by: str | None) -> IncomingLetter:
    """`checked_by` is the name under which our own mail server says what it found of the sender."""
    head = content[: MOST_HEADER_BYTES + 4]
    if not re.search(rb"\r?\n\r?\n", head) and len(content) > MOST_HEADER_BYTES:
        raise _unreadable("Its headers are longer than those of any letter")
    if len(BOUNDARY.findall(content)) > MOST_BOUNDARIES:
        raise _unreadable("It is letters within letters, many times over")
    try:
        return _taken_apart(message_from_bytes(content, policy=AS_IT_IS), limits, checked_by)
    except BROKEN:
        raise _unreadable("It is not written as letters are") from None


def _taken_apart(letter: Message, limits: MailLimits, checked_by: str | None) -> IncomingLetter:
    if sum(1 for _ in _leaves(letter)) > limits.parts:
        raise _unreadable(f"It has more than {limits.parts} parts")
    bounce = bounce_in(letter)
    about = _ids(letter, "In-Reply-To", "References")
    sender = _sender(letter)
    return IncomingLetter(
        sort=_sort(letter, bounce, about),
        sender=sender,
        about=(about | {bounce.message_id}) if bounce and bounce.message_id else about,
        bounce=bounce,
        passed=passed(letter.get_all("Authentication-Results") or (), sender, checked_by),
        _letter=letter,
    )


def _sort(letter: Message, bounce: Bounce | None, about: frozenset[str]) -> Sort:
    if bounce is not None:
        return Sort.BOUNCE
    if _is_automatic(letter):
        return Sort.AUTOMATIC
    if str(letter.get("Return-Path", "")).strip() == "<>":
        # A machine wrote it, to whom nobody can answer; it says nothing that can be relied on.
        return Sort.BOUNCE
    return Sort.REPLY if about else Sort.OTHER


def _is_automatic(letter: Message) -> bool:
    submitted = str(letter.get("Auto-Submitted", "no")).partition(";")[0].strip().lower()
    precedence = str(letter.get("Precedence", "")).strip().lower()
    return (
        submitted != "no" or precedence in OUT_OF_OFFICE or any(name in letter for name in ANSWERS_BY_ITSELF)
    )


def _sender(letter: Message) -> str:
    written = [str(one) for one in letter.get_all("From") or ()]
    if len(written) != 1:
        return ""
    addresses = [address for _, address in getaddresses(written)]
    return addresses[0].lower() if len(addresses) == 1 else ""


def _ids(letter: Message, *headers: str) -> frozenset[str]:
    written = " ".join(str(one) for name in headers for one in letter.get_all(name) or ())
    return frozenset(NAMED.findall(written)[-MOST_IDS:])


def _leaves(letter: Message) -> Iterator[Message]:
    """Without what stands in an enclosed letter: it is somebody else's, and speaks for nobody here."""
    if letter.get_content_maintype() == "message":
        return
    if not letter.is_multipart():
        yield letter
        return
    for part in letter.get_payload():
        if isinstance(part, Message):
            yield from _leaves(part)


def _file_in(part: Message) -> bytes | None:
    try:
        if part.get_content_maintype() == "text" and not part.get_filename():
            return None
        content = part.get_payload(decode=True)
    except BROKEN:
        raise _unreadable("What it encloses is not written as enclosures are") from None
    return content if isinstance(content, bytes) else None


def _unreadable(what: str) -> UnreadableMessageError:
    return UnreadableMessageError(
        f"A letter cannot be opened. {what}.",
        fix="look at it in the mailbox with care, and ask the sender for the answer sheet alone.",
        code="HUB-L02",
    )
