"""Telling them: messages in small lots, each under its own key, and a receipt for each that they name."""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator, Mapping
from datetime import UTC, datetime
from hashlib import sha256
from itertools import islice
from typing import Any

from connectors.contract import Answer, OutboundMessage, Receipt
from connectors.errors import PartnerRefusedError
from connectors.strict_json import loads
from connectors.transports.http import HttpClient, get, post

AT_ONCE = 50
# Their status of a message, and what they say it is about. Whatever is not here is a refusal.
ANSWERS: Mapping[tuple[int | None, str | None], Answer] = {
    (200, None): Answer.RECEIVED,
    (201, None): Answer.RECEIVED,
    (409, "duplicate"): Answer.RECEIVED,
    (409, "version"): Answer.UNKNOWN,
    (425, None): Answer.UNKNOWN,
}
DECISIONS: Mapping[str, Answer] = {"accepted": Answer.ACCEPTED, "refused": Answer.REFUSED}


def push(client: HttpClient, messages: Iterable[OutboundMessage]) -> Iterator[Receipt]:
    waiting = iter(messages)
    while some := list(islice(waiting, AT_ONCE)):
        body = json.dumps({"messages": [{"key": one.key, **one.body} for one in some]}).encode()
        reply = client.ask(post("messages", body, key=sha256(body).hexdigest()))
        yield from _receipts(reply.body, {one.key for one in some})


def _receipts(said: bytes, keys: set[str]) -> Iterator[Receipt]:
    """By key, and only of what was sent: of a message that they do not name nothing is known."""
    for one in _told(said, "receipts"):
        if one.get("key") in keys:
            answer = ANSWERS.get((one.get("status"), one.get("problem")), Answer.REFUSED)
            yield Receipt(one["key"], answer, datetime.now(UTC), one.get("problem"))


def answers(client: HttpClient, keys: Iterable[str]) -> Iterator[Receipt]:
    asked = set(keys)
    for one in _told(client.ask(get("answers")).body, "answers"):
        if one.get("key") in asked and one.get("answer"):
            answer = DECISIONS.get(one["answer"], Answer.UNKNOWN)
            yield Receipt(one["key"], answer, datetime.now(UTC), one.get("problem"))


def _told(said: bytes, member: str) -> Iterator[dict[str, Any]]:
    page = loads(said)
    if not isinstance(page, dict) or not isinstance(page.get(member), list):
        raise PartnerRefusedError(
            f"northmoor_youth_club: an answer without {member}.",
            fix="ask them what it means; nothing counts as delivered.",
        )
    yield from (one for one in page[member] if isinstance(one, dict))
