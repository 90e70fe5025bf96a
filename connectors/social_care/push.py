"""The referral form handed over: by REST one form for each call, under its message's key; or by mail.

Their decision is asked for by the same key. By mail it comes as an answer sheet.
"""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator, Mapping
from datetime import UTC, datetime
from hashlib import sha256
from typing import Any

from connectors.contract import Answer, OutboundMessage, Receipt
from connectors.errors import PartnerRefusedError
from connectors.forms import service
from connectors.forms.form import complete, written
from connectors.forms.service import Service
from connectors.social_care.client import Department
from connectors.social_care.form import DECISIONS, MARF
from connectors.transports.http import Ask, HttpClient, Reply, below, get, post

FORMS = "referrals"
# Their status, and what they say it is about. Whatever is not here is a refusal.
ANSWERS: Mapping[tuple[int, str | None], Answer] = {
    (200, None): Answer.RECEIVED,
    (201, None): Answer.RECEIVED,
    (202, None): Answer.RECEIVED,
    (409, "duplicate"): Answer.RECEIVED,
    (409, "version"): Answer.UNKNOWN,
    (425, None): Answer.UNKNOWN,
}
EXPECTED = frozenset({200, 201, 202, 409, 422, 425})
# Why they may refuse to take a form. Their own words are not read: they may be about the child.
REFUSALS = {
    "incomplete": "the form is not complete",
    "other_authority": "the child lives in the area of another authority",
}
NOT_AGREED = "they refuse it, and give no agreed reason"
DECIDED = {decision.label: decision.answer for decision in DECISIONS}


def push(department: Department, messages: Iterable[OutboundMessage]) -> Iterator[Receipt]:
    if isinstance(department.door, Service):
        yield from service.push(department.door, messages)
        return
    for message in messages:
        if missing := complete(MARF, message.body):
            lacks = f"not sent: the form lacks {', '.join(missing)}"
            yield Receipt(message.key, Answer.REFUSED, datetime.now(UTC), lacks)
        else:
            yield from _receipt(message.key, department.door.ask(_form(message)))


def _form(message: OutboundMessage) -> Ask:
    said = {line.column: written(line, message.body) for line in MARF.lines if line.column in message.body}
    body = json.dumps({"key": message.key, "form": said}, ensure_ascii=False, sort_keys=True).encode()
    return post(FORMS, body, key=_id(message.key), expects=EXPECTED)


def _id(key: str) -> str:
    """Where a form is found: a key holds the referral's reference, and no address should."""
    return sha256(key.encode()).hexdigest()


def _receipt(key: str, reply: Reply) -> Iterator[Receipt]:
    """None where they do not say what it is a receipt of: it is looked at again."""
    said = _read(reply)
    if said.get("key") != key:
        return
    problem = said.get("problem")
    answer = ANSWERS.get((reply.status, problem), Answer.REFUSED)
    reason = REFUSALS.get(str(problem), NOT_AGREED) if answer is Answer.REFUSED else None
    yield Receipt(key, answer, datetime.now(UTC), reason)


def answers(department: Department, keys: Iterable[str]) -> Iterator[Receipt]:
    if isinstance(department.door, Service):
        yield from service.answers(department.door, keys)
        return
    for key in keys:
        yield from _decision(department.door, key)


def _decision(door: HttpClient, key: str) -> Iterator[Receipt]:
    """Silence, and a form that they do not find, are no answer."""
    asked = get(below(FORMS, _id(key)))
    reply = door.ask(Ask(asked.method, asked.path, expects=frozenset({200, 404})))
    said = _read(reply)
    if reply.status != 200 or said.get("key") != key or said.get("outcome") is None:
        return
    yield Receipt(
        key,
        DECIDED.get(str(said["outcome"]), Answer.UNKNOWN),
        datetime.now(UTC),
        their_reference=_reference(said.get("contact_id")),
    )


def _reference(said: object) -> str | None:
    return said if isinstance(said, str) and len(said) <= 64 and said.isprintable() else None


def _read(reply: Reply) -> dict[str, Any]:
    said = reply.json()
    if not isinstance(said, dict):
        raise PartnerRefusedError(
            "social_care: an answer about a form is no record.",
            fix="ask them what it means; nothing counts as delivered.",
        )
    return said
