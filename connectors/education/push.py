"""Handing over: one call for each referral, under its own key; what they decide of it is asked for later."""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator, Mapping
from datetime import UTC, datetime
from typing import Any

from connectors.contract import Answer, OutboundMessage, Receipt
from connectors.education.client import Education
from connectors.education.opening import RECORDS
from connectors.moments import said_at
from connectors.strict_json import StrictJsonError, loads
from connectors.transports.http import Reply, get, post

TAKES = ("application/json", "application/problem+json")
TAKEN, THERE, CONFLICT, WRONG, TOO_EARLY = 202, 200, 409, 422, 425
ANSWERS: Mapping[tuple[int, str | None], Answer] = {
    (TAKEN, None): Answer.RECEIVED,
    (THERE, None): Answer.RECEIVED,
    (CONFLICT, "duplicate"): Answer.RECEIVED,
}
DECISIONS: Mapping[str, Answer] = {"accepted": Answer.ACCEPTED, "refused": Answer.REFUSED}
# Their reasons, by code. Their own words are left out: they may name the child.
REASONS: Mapping[str, str] = {
    "no-such-pupil": "no pupil of theirs is known by this name, birth date or UPN",
    "moved-away": "the pupil has left the area's schools",
    "not-our-need": "they do not give this help",
    "incomplete": "something is missing in the referral",
}
NO_REASON = "they gave no reason that we know"


def push(education: Education, messages: Iterable[OutboundMessage]) -> Iterator[Receipt]:
    client = education.api.client
    for one in messages:
        body = json.dumps(one.body).encode()
        expects = {TAKEN, THERE, CONFLICT, WRONG, TOO_EARLY}
        reply = client.ask(post("referrals", body, key=one.key, expects=expects, takes=TAKES))
        yield _receipt(one.key, reply)


def _receipt(key: str, reply: Reply) -> Receipt:
    told, now = _told(reply), datetime.now(UTC)
    problem, reference = told.get("problem"), told.get("id")
    if reply.status == WRONG:
        return Receipt(key, Answer.REFUSED, now, _reason(problem))
    answer = ANSWERS.get((reply.status, problem), Answer.UNKNOWN)
    if answer is Answer.RECEIVED and told.get("key") != key:
        # All is well, they say, and do not say of what.
        answer = Answer.UNKNOWN
    why = None if answer is Answer.RECEIVED else f"they answered {reply.status}, and took nothing on"
    return Receipt(key, answer, now, why, reference if isinstance(reference, str) else None)


def _told(reply: Reply) -> Mapping[str, Any]:
    try:
        told = loads(reply.body)
    except StrictJsonError:
        return {}
    return told if isinstance(told, dict) else {}


def _reason(problem: object) -> str:
    return REASONS.get(problem, NO_REASON) if isinstance(problem, str) else NO_REASON


def answers(education: Education, keys: Iterable[str]) -> Iterator[Receipt]:
    """Of those that they have decided about."""
    asked = set(keys)
    for page in education.api.pages(get("referrals/answers")):
        for one in _told(page).get(RECORDS) or ():
            if isinstance(one, dict) and one.get("key") in asked and one.get("answer"):
                yield _decided(one)


def _decided(one: Mapping[str, Any]) -> Receipt:
    answer = DECISIONS.get(str(one["answer"]), Answer.UNKNOWN)
    why = {
        Answer.REFUSED: _reason(one.get("problem")),
        Answer.UNKNOWN: "they gave an answer that is not agreed",
    }
    reference = one.get("id")
    return Receipt(
        str(one["key"]),
        answer,
        said_at(one.get("at"), now=datetime.now(UTC)),
        why.get(answer),
        reference if isinstance(reference, str) else None,
    )
