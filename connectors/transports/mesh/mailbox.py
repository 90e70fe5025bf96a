"""MESH, NHS England's message exchange: a mailbox, read in pieces, acknowledged only when we are told to.

A message stays in the mailbox until it is acknowledged, so the order is: read, commit, acknowledge. MESH
does not notice a message sent twice; that is ours to do, by sender and local id.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from urllib.parse import parse_qs, urlsplit

import requests

from connectors.errors import MisconfiguredError, PartnerRefusedError, PartnerUnavailableError
from connectors.transports.mesh.account import MAILBOX, WORKFLOW, MeshAccount
from connectors.transports.mesh.body import body, not_whole
from connectors.transports.mesh.errors import check, errors
from connectors.transports.mesh.line import MeshAdapter, MeshLine

REPORT = "REPORT"
ACCEPTED, ACKNOWLEDGED, UPLOADING, SEVERAL = "accepted", "acknowledged", "uploading", "several"
MESSAGE_ID = re.compile(r"[A-Za-z0-9_-]{1,100}")
LOCAL_ID = re.compile(r"[A-Za-z0-9][A-Za-z0-9_.-]{0,99}")
# What may stand beside a message: words that are the same for every message of a feed.
FIXED_WORDS = re.compile(r"[A-Za-z0-9 ._-]{1,100}")


@dataclass(frozen=True)
class WaitingMessage:
    """What MESH says of a message that waits. Subject, file name and local id are the sender's own words."""

    message_id: str
    sender: str
    workflow: str
    # DATA, or REPORT: what became of a message of ours.
    kind: str
    chunks: int
    local_id: str | None
    subject: str | None
    file_name: str | None
    checksum: str | None
    # Of a report: which message it is about, and why it failed.
    about: str | None
    code: str | None

    @property
    def is_report(self) -> bool:
        return self.kind == REPORT


@dataclass(frozen=True)
class Beside:
    """What stands beside a message. Whoever runs MESH can read it: no word of it may tell of a child."""

    recipient: str
    workflow: str
    # Ours, and the same for every try.
    local_id: str
    subject: str | None = None
    file_name: str | None = None

    def wrong(self) -> str | None:
        """The first of them that cannot be right."""
        forms = {"recipient": MAILBOX, "workflow": WORKFLOW, "local_id": LOCAL_ID}
        words = ((name, word) for name, word in vars(self).items() if word is not None)
        return next((name for name, word in words if not forms.get(name, FIXED_WORDS).fullmatch(word)), None)

    def headers(self) -> dict[str, str]:
        words = {
            "workflow_id": self.workflow,
            "local_id": self.local_id,
            "subject": self.subject,
            "filename": self.file_name,
        }
        return {name: word for name, word in words.items() if word is not None}


@dataclass(frozen=True)
class Tracked:
    """Where a message of ours stands. `several`: more than one went under this id, and MESH names none."""

    message_id: str
    status: str

    @property
    def is_there(self) -> bool:
        return self.status in (ACCEPTED, ACKNOWLEDGED)


class Mailbox:
    def __init__(self, account: MeshAccount, line: MeshLine) -> None:
        self.partner = account.partner
        self._account = account
        self._limits = account.limits
        self._line = line

    @property
    def most_bytes(self) -> int:
        """Of one message, either way."""
        return self._limits.message_bytes

    def handshake(self) -> None:
        """Can we reach it, are our credentials good. MESH wants to hear it every day."""
        with errors(self.partner):
            try:
                self._line.handshake()  # type: ignore[no-untyped-call]
            except requests.HTTPError as error:
                check(self.partner, error.response)

    def strangers(self) -> int:
        """How many messages wait whose workflow is not agreed. Nobody reads them, and MESH deletes them."""
        ours = sum(len(list(self._ids(workflow))) for workflow in self._account.workflows)
        return max(0, len(list(self._ids(None))) - ours)

    def waiting(self, workflow: str | None = None) -> Iterator[WaitingMessage]:
        """Each message that waits, oldest first. Looking acknowledges nothing.

        All ids are listed first: MESH loses its place in the pages when a message is acknowledged meanwhile.
        """
        for message_id in list(self._ids(workflow)):
            with errors(self.partner):
                answer = self._line.head(message_id)
                # Run out, or taken by somebody else, since it was listed.
                if answer.status_code in (404, 410):
                    continue
                yield _described(message_id, check(self.partner, answer, 200).headers)

    def read(self, message: WaitingMessage) -> Iterator[bytes]:
        """The body in pieces, its parts joined and unpacked. Raises UnreadableMessageError."""
        with errors(self.partner):
            parts = (self._part(message, number) for number in range(1, message.chunks + 1))
            yield from body(parts, self._limits.message_bytes)

    def acknowledge(self, message_id: str) -> None:
        """It is ours now, and leaves the mailbox. Twice is harmless."""
        with errors(self.partner):
            check(self.partner, self._line.acknowledged(message_id), 200, 202, 404, 410)

    def track(self, local_id: str) -> Tracked | None:
        """By our own id. None: MESH knows of no such message, or forgot it after 30 days."""
        with errors(self.partner):
            answer = check(self.partner, self._line.tracked(local_id), 200, 300, 404)
            if answer.status_code == 404:
                return None
            if answer.status_code == 300:
                return Tracked("", SEVERAL)
            told = answer.json()
            return Tracked(str(told["messageId"]), str(told["status"]).lower())

    def sent_as(self, message_id: str) -> str | None:
        """The local id of a message of ours, by MESH's id; None where MESH knows of none."""
        with errors(self.partner):
            try:
                return self._line.track_message(message_id)["local_id"]
            except requests.HTTPError as error:
                check(self.partner, error.response, 404)
                return None

    def send(self, content: bytes, beside: Beside) -> str:
        """MESH's own id of the message. Sent only if it is not there already, by its local id."""
        there = self.track(beside.local_id)
        return there.message_id if there is not None and there.is_there else self.post(content, beside)

    def post(self, content: bytes, beside: Beside) -> str:
        """As `send`, without looking first: for whoever has looked."""
        self._check(content, beside)
        try:
            return self._posted(content, beside)
        except PartnerUnavailableError:
            # The answer may be lost and the message there. If not, it is not sent again here: the next
            # run looks again, when MESH has had time.
            there = self.track(beside.local_id)
            if there is None or not there.is_there:
                raise
            return there.message_id

    def _ids(self, workflow: str | None) -> Iterator[str]:
        query = {"max_results": str(self._limits.page_messages)}
        if workflow is not None:
            query["workflow_filter"] = workflow
        seen = set[str]()
        while True:
            with errors(self.partner):
                page = check(self.partner, self._line.inbox(query), 200).json()
                ids, onward = page["messages"], page.get("links", {}).get("next")
                new = [one for one in ids if MESSAGE_ID.fullmatch(one) and one not in seen]
            yield from new[: self._limits.messages - len(seen)]
            seen.update(new)
            # Of the link only the place is taken: it cannot lead elsewhere, nor round and round.
            place = _place(onward)
            if place is None or place == query.get("continue_from") or len(seen) >= self._limits.messages:
                return
            query["continue_from"] = place

    def _part(self, message: WaitingMessage, number: int) -> requests.Response:
        try:
            return self._line.retrieve_message_chunk(message.message_id, number)
        except requests.HTTPError as error:
            if error.response.status_code in (404, 410):
                raise not_whole("is gone, or a part of it is") from None
            return check(self.partner, error.response)

    def _check(self, content: bytes, beside: Beside) -> None:
        if wrong := beside.wrong():
            raise MisconfiguredError(
                f"{self.partner}: the {wrong} of a message to MESH is not one.",
                fix="use letters, figures, dots and dashes, at most 100; the same words for every message.",
            )
        if not 0 < len(content) <= self._limits.message_bytes:
            raise PartnerRefusedError(
                f"{self.partner}: a message is empty, or larger than {self._limits.message_bytes} bytes.",
                fix="look at what it is made of; MESH would not take it.",
            )

    def _posted(self, content: bytes, beside: Beside) -> str:
        size, message_id = self._limits.chunk_bytes, ""
        parts = [content[start : start + size] for start in range(0, len(content), size)]
        with errors(self.partner):
            for number, part in enumerate(parts, start=1):
                about = beside.headers() if number == 1 else {"message_id": message_id}
                try:
                    answer = self._line.send_chunk(
                        beside.recipient, part, number, len(parts), compress=False, **about
                    )
                except requests.HTTPError as error:
                    answer = error.response
                check(self.partner, answer, 200, 202)
                if number == 1:
                    message_id = str(answer.json()["message_id"])
        return message_id


def _described(message_id: str, headers: Mapping[str, str]) -> WaitingMessage:
    return WaitingMessage(
        message_id=message_id,
        sender=headers.get("Mex-From", ""),
        workflow=headers.get("Mex-WorkflowID", ""),
        kind=headers.get("Mex-MessageType", "DATA").upper(),
        chunks=_chunks(headers.get("Mex-Chunk-Range", "1:1")),
        local_id=headers.get("Mex-LocalID"),
        subject=headers.get("Mex-Subject"),
        file_name=headers.get("Mex-FileName"),
        checksum=headers.get("Mex-Content-Checksum"),
        about=headers.get("Mex-LinkedMsgID"),
        code=headers.get("Mex-StatusCode"),
    )


def _chunks(written: str) -> int:
    """Of "1:4", the four. Of a report there is none."""
    return int(written.partition(":")[2])


def _place(link: str | None) -> str | None:
    return next(iter(parse_qs(urlsplit(link or "").query).get("continue_from", [])), None)


@contextmanager
def mesh_mailbox(account: MeshAccount) -> Iterator[Mailbox]:
    # First, for a client that is half made complains when it is thrown away.
    adapter = MeshAdapter(account)
    with MeshLine(account, adapter) as line:
        yield Mailbox(account, line)
