"""MESH's mailbox in the hub's words: what waits as messages, what is handed over and its fate as receipts.

A push feed has a workflow of its own: by it MESH's reports find the feed whose message they are about.
"""

from __future__ import annotations

import hashlib
import re
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from datetime import UTC, datetime

from connectors.contract import Answer, InboundMessage, Receipt, Since
from connectors.transports.mesh import Beside, Mailbox, WaitingMessage
from connectors.transports.mesh.errors import in_words

NO_NEWS: tuple[Answer | None, str | None] = (None, None)
# What a status of MESH's tells of a message that we know to be with MESH. Of no other is anything told: where
# MESH is silent, sent again every night would be worse than waiting for its report.
STATUSES: dict[str, tuple[Answer | None, str | None]] = {
    "uploading": NO_NEWS,
    "accepted": NO_NEWS,  # in their mailbox, and RECEIVED was said when it was sent
    "acknowledged": (Answer.ACCEPTED, None),  # they took it out
    "undeliverable": (Answer.REFUSED, in_words("14")),
    "error": (Answer.REFUSED, "MESH could not deliver it"),
    "several": NO_NEWS,
}
OURS = re.compile(r"[0-9a-f]{32}")


@dataclass(frozen=True)
class Destination:
    mailbox: str
    workflow: str
    # The same for every message: whoever runs MESH can read them.
    subject: str | None = None
    file_name: str | None = None

    def beside(self, own: str) -> Beside:
        return Beside(self.mailbox, self.workflow, own, self.subject, self.file_name)


def inbound(mailbox: Mailbox, workflow: str, since: Since) -> Iterator[InboundMessage]:
    """What waits and is not yet ours, oldest first. What a run that died committed and did not acknowledge
    is acknowledged here.
    """
    for message in mailbox.waiting(workflow):
        if message.is_report:
            continue
        if message.message_id in since.landed:
            mailbox.acknowledge(message.message_id)
            continue
        yield InboundMessage(
            fingerprint=message.message_id, body=mailbox.read(message), name=message.message_id
        )


def acknowledge(mailbox: Mailbox, messages: Iterable[InboundMessage]) -> None:
    """What is committed leaves the mailbox."""
    for message in messages:
        if message.name is not None:
            mailbox.acknowledge(message.name)


def local_id(key: str) -> str:
    """The same for every try, and telling nobody anything: a key holds a reference of the sender's."""
    return hashlib.sha256(key.encode()).hexdigest()[:32]


def hand_over(mailbox: Mailbox, to: Destination, messages: Iterable[tuple[str, bytes]]) -> Iterator[Receipt]:
    """One receipt for each key. A message that no mailbox would take is refused and holds up no other;
    where MESH refuses, it is the address that is wrong, and all stop.
    """
    for key, content in messages:
        if 0 < len(content) <= mailbox.most_bytes:
            message_id = _handed_over(mailbox, to.beside(local_id(key)), content)
            yield Receipt(key, Answer.RECEIVED, _now(), their_reference=message_id)
        else:
            yield Receipt(key, Answer.REFUSED, _now(), "it is empty, or larger than is agreed")


def _handed_over(mailbox: Mailbox, beside: Beside, content: bytes) -> str:
    there = mailbox.track(beside.local_id)
    if there is not None and there.is_there:
        return there.message_id
    if there is not None:
        _clear_reports(mailbox, beside)
    return mailbox.post(content, beside)


def _clear_reports(mailbox: Mailbox, beside: Beside) -> None:
    """Sent again because it failed: what MESH reported of the first time is not about the second."""
    for report in _reports(mailbox, beside.workflow):
        if _sent_as(mailbox, report) == beside.local_id:
            mailbox.acknowledge(report.message_id)


def answers(mailbox: Mailbox, to: Destination, keys: Iterable[str]) -> Iterator[Receipt]:
    """Of those that are decided: MESH's reports of what it could not deliver, then where the others stand.

    A report stays in the mailbox until the run after the one that wrote it down.
    """
    waiting = {local_id(key): key for key in keys}
    for report in _reports(mailbox, to.workflow):
        name = _sent_as(mailbox, report) or ""
        if key := waiting.pop(name, None):
            yield Receipt(key, Answer.REFUSED, _now(), in_words(report.code), report.about)
            continue
        # Written down before, or not about anything of ours: it has no more to tell.
        mailbox.acknowledge(report.message_id)
        if not OURS.fullmatch(name):
            yield Receipt(f"MESH {report.message_id}", Answer.UNKNOWN, _now(), "we sent no such message")
    yield from _tracked(mailbox, waiting)


def _tracked(mailbox: Mailbox, waiting: Mapping[str, str]) -> Iterator[Receipt]:
    for own, key in waiting.items():
        there = mailbox.track(own)
        answer, words = STATUSES.get(there.status if there else "", NO_NEWS)
        if there is not None and answer is not None:
            yield Receipt(key, answer, _now(), words, there.message_id)


def _reports(mailbox: Mailbox, workflow: str) -> Iterator[WaitingMessage]:
    return (message for message in mailbox.waiting(workflow) if message.is_report)


def _sent_as(mailbox: Mailbox, report: WaitingMessage) -> str | None:
    """Our id of the message that a report is about, asked for where the report itself does not say."""
    return report.local_id or (mailbox.sent_as(report.about) if report.about else None)


def _now() -> datetime:
    return datetime.now(UTC)
