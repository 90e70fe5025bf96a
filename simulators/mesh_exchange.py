"""MESH as far as two mailboxes need it: what lies in them, and what became of what was sent.

Written from the API's pages. NHS England's own sandbox, on which the transport is tried, keeps no mood.
"""

import base64
import hmac
import secrets
import threading
from collections.abc import Callable
from dataclasses import asdict, dataclass, field
from hashlib import sha256
from typing import Any

OURS, THEIRS = "NORTHYJS01", "PARTNER001"
DATA, REPORT = "DATA", "REPORT"
NOT_COLLECTED = "14"
WAITING, COLLECTED, GIVEN_UP = "accepted", "acknowledged", "undeliverable"


@dataclass
class Message:
    to: str
    workflow: str
    content: bytes
    local_id: str = ""
    kind: str = DATA
    # Of a report: the message it is about, and why.
    about: str = ""
    code: str = ""
    status: str = WAITING
    message_id: str = field(default_factory=lambda: secrets.token_hex(10).upper())

    def headers(self) -> dict[str, str]:
        said = {
            "Mex-MessageID": self.message_id,
            "Mex-From": OURS if self.to == THEIRS else THEIRS,
            "Mex-To": self.to,
            "Mex-WorkflowID": self.workflow,
            "Mex-MessageType": self.kind,
            "Mex-LocalID": self.local_id,
            "Mex-LinkedMsgID": self.about,
            "Mex-StatusCode": self.code,
            "Mex-Chunk-Range": "" if self.kind == REPORT else "1:1",
        }
        return {name: value for name, value in said.items() if value}

    def written(self) -> dict[str, str]:
        return asdict(self) | {"content": base64.b64encode(self.content).decode()}

    @classmethod
    def read(cls, said: dict[str, Any]) -> "Message":
        return cls(**said | {"content": base64.b64decode(said["content"])})


@dataclass
class Exchange:
    """A mood is how it behaves; "" is the good one."""

    password: str = field(default_factory=lambda: secrets.token_urlsafe(12))
    shared_key: str = field(default_factory=lambda: secrets.token_urlsafe(12))
    # By their ids, oldest first.
    messages: dict[str, Message] = field(default_factory=dict)
    mood: str = ""
    asked: int = 0
    # Messages read out since the mood began.
    read: int = 0
    slow_seconds: float = 2.0
    # Told of every change.
    changed: Callable[[], None] = lambda: None
    turn: threading.RLock = field(default_factory=threading.RLock)
    _tokens: set[str] = field(default_factory=set)

    def be(self, mood: str) -> None:
        self.mood, self.read = mood, 0

    def clear(self) -> None:
        self.messages.clear()

    def put(self, message: Message) -> Message:
        with self.turn:
            self.messages[message.message_id] = message
            self.changed()
        return message

    def waiting(self, mailbox: str, workflow: str = "") -> list[Message]:
        there = [one for one in list(self.messages.values()) if one.to == mailbox and one.status == WAITING]
        return [one for one in there if workflow in ("", one.workflow)]

    def sent_as(self, local_id: str) -> list[Message]:
        return [one for one in self.messages.values() if one.local_id == local_id and one.to == THEIRS]

    def acknowledge(self, message: Message) -> None:
        message.status = COLLECTED
        self.changed()

    def give_up(self, message: Message) -> None:
        """Nobody collected it in its five days: the sender is told."""
        message.status = GIVEN_UP
        of_ours, why = (message.local_id, REPORT, message.message_id), NOT_COLLECTED
        self.put(Message(OURS, message.workflow, b"", *of_ours, why))

    def lets_in(self, mailbox: str, proof: str) -> bool:
        """Each token but once, signed with the shared key and the mailbox's password."""
        scheme, _, token = proof.partition(" ")
        name, nonce, count, at, signature = (token.split(":") + [""] * 5)[:5]
        signed = ":".join((name, nonce, count, self.password, at)).encode()
        right = hmac.new(self.shared_key.encode(), signed, sha256).hexdigest()
        is_new = token not in self._tokens
        self._tokens.add(token)
        known = scheme == "NHSMESH" and name == mailbox == OURS and hmac.compare_digest(signature, right)
        return known and is_new and self.mood != "unauthorised"
