"""The good mentors' messages."""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator, Mapping
from datetime import UTC, datetime
from hashlib import sha256
from itertools import islice
from typing import Any

from connectors.contract import Answer, OutboundMessage, PushFeed, Receipt
from connectors.errors import PartnerRefusedError
from connectors.outward import Outward, british_day, ours
from connectors.transports.http import HttpClient, get, post

AT_ONCE = 50
# Their status of a message, and what they say it is about.
ANSWERS: Mapping[tuple[int, str | None], Answer] = {
    (200, None): Answer.RECEIVED,
    (201, None): Answer.RECEIVED,
    (409, "duplicate"): Answer.RECEIVED,
    (409, "version"): Answer.UNKNOWN,
    (425, None): Answer.UNKNOWN,
}
message = Outward(
    reference=ours("reference"),
    change=ours("change"),
    help=ours("need"),
    urgency=ours("urgency"),
    surname=ours("family_name"),
    born=british_day("born_on"),
)


def push(client: HttpClient, messages: Iterable[OutboundMessage]) -> Iterator[Receipt]:
    waiting = iter(messages)
    while some := list(islice(waiting, AT_ONCE)):
        body = json.dumps({"messages": [{"key": one.key, **one.body} for one in some]}).encode()
        reply = client.ask(post("messages", body, key=sha256(body).hexdigest()))
        yield from receipts(reply.json(), {one.key for one in some})


def receipts(said: Any, keys: set[str]) -> Iterator[Receipt]:
    if not isinstance(said, dict) or "receipts" not in said:
        raise PartnerRefusedError("mentors: an answer without receipts.", fix="ask what it means.")
    for one in said["receipts"]:
        answer = ANSWERS.get((one["status"], one.get("problem")), Answer.REFUSED)
        if one["key"] in keys:
            yield Receipt(one["key"], answer, datetime.now(UTC), one.get("problem"))


def answers(client: HttpClient, keys: Iterable[str]) -> Iterator[Receipt]:
    asked, said = set(keys), client.ask(get("answers")).json()
    assert isinstance(said, dict)
    for one in said["answers"]:
        if one["key"] in asked and one["answer"]:
            yield Receipt(one["key"], Answer(one["answer"]), datetime.now(UTC))


feed = PushFeed("messages", "Children who ask for a mentor", "youth_justice_services", message, push, answers)
