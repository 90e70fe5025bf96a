"""What a mail server says of a letter it could not deliver (RFC 3464): which, and why."""

from __future__ import annotations

import re
from dataclasses import dataclass
from email.message import Message

STATUS = re.compile(r"[245]\.\d{1,3}\.\d{1,3}")
MESSAGE_ID = re.compile(r"<[^<>\s]{1,250}>")
# By the beginning of the status code, the longest that fits. RFC 3463.
WORDS = {
    "": "could not be delivered",
    "5.1": "there is no such mailbox: check the address with the service",
    "5.2": "their mailbox takes nothing: ask the service whether it is closed",
    "5.2.2": "their mailbox is full: ask the service to make room",
    "5.2.3": "the letter is too large for their mailbox",
    "5.3.4": "the letter is too large for their mail server",
    "5.4": "their mail server could not be reached: check the address with the service",
    "5.7": "their mail server does not let our letter in: ask the service to allow our address",
}


@dataclass(frozen=True)
class Bounce:
    # Of the letter that came back; None where it is not said.
    message_id: str | None
    action: str
    status: str

    @property
    def is_final(self) -> bool:
        """Not merely late."""
        return self.action == "failed"

    @property
    def reason(self) -> str:
        known = max((start for start in WORDS if self.status.startswith(start)), key=len)
        return f"returned by mail, {self.status}: {WORDS[known]}" if self.status else f"returned: {WORDS['']}"


def bounce_in(letter: Message) -> Bounce | None:
    """None where it is no report on a delivery, or one of a letter that arrived."""
    kind = (letter.get_content_type(), str(letter.get_param("report-type", "")).lower())
    if kind != ("multipart/report", "delivery-status") or not letter.is_multipart():
        return None
    parts = [part for part in letter.get_payload() if isinstance(part, Message)]
    said = next((part for part in parts if part.get_content_type() == "message/delivery-status"), None)
    if said is None:
        return None
    action, status = _worst(said)
    return Bounce(_returned(parts), action, status)


def _worst(said: Message) -> tuple[str, str]:
    """The library makes a message of each block: one about the letter, then one for each recipient."""
    blocks = said.get_payload()
    found = [(_field(one, "Action"), _field(one, "Status")) for one in blocks if isinstance(one, Message)]
    failed = [(action, status) for action, status in found if action == "failed"]
    action, status = next(iter(failed or [one for one in found if one[0]]), ("", ""))
    return action, status if STATUS.fullmatch(status) else ""


def _field(block: Message, name: str) -> str:
    return (str(block.get(name, "")).lower().split() or [""])[0]


def _returned(parts: list[Message]) -> str | None:
    """Its Message-ID, from the letter that is sent back or from its headers alone."""
    for part in parts:
        if part.get_content_type() in ("message/rfc822", "message/global"):
            inner = next((one for one in part.walk() if one is not part), part)
            written = str(inner.get("Message-ID", ""))
        elif part.get_content_type() in ("text/rfc822-headers", "message/global-headers"):
            content = part.get_payload(decode=True)
            text = content.decode("utf-8", "replace") if isinstance(content, bytes) else ""
            header = re.search(r"^message-id:\s*(<\S+>)", text, re.IGNORECASE | re.MULTILINE)
            written = header[1] if header else ""
        else:
            continue
        if found := MESSAGE_ID.search(written):
            return found[0]
    return None
