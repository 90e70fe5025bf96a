"""Mentors' connectors that push badly: each is the good one with one thing changed."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterable, Iterator, Mapping
from contextlib import suppress
from dataclasses import replace
from datetime import UTC, datetime
from itertools import count
from typing import Any

from connectors.contract import Answer, OutboundMessage, PushFeed, Receipt
from connectors.errors import ConnectorError, CredentialsRefusedError, PartnerUnavailableError
from connectors.transports.http import HttpClient, post
from tests.conformance.zoo import pushing

Messages = Iterable[OutboundMessage]
Push = Callable[[HttpClient, Messages], Iterator[Receipt]]
ATTEMPTS = count()


def _all(messages: Messages, answer: Answer) -> Iterator[Receipt]:
    yield from (Receipt(one.key, answer, datetime.now(UTC), "as we see it") for one in messages)


def _asked(client: HttpClient, messages: Messages, **instead: Any) -> Any:
    said = {"messages": [{"key": one.key, **one.body} for one in messages]}
    return client.ask(replace(post("messages", json.dumps(said).encode(), key="k"), **instead))


def new_keys(client: HttpClient, messages: Messages) -> Iterator[Receipt]:
    ours = {f"{one.key}-{next(ATTEMPTS)}": one for one in messages}
    under = [OutboundMessage(key, one.body) for key, one in ours.items()]
    for receipt in pushing.push(client, under):
        yield replace(receipt, key=ours[receipt.key].key)


def _whatever_happens(fault: type[ConnectorError], answer: Answer) -> Push:
    def push(client: HttpClient, messages: Messages) -> Iterator[Receipt]:
        waiting = list(messages)
        try:
            yield from pushing.push(client, waiting)
        except fault:
            yield from _all(waiting, answer)

    return push


def trusts_a_good_status(client: HttpClient, messages: Messages) -> Iterator[Receipt]:
    waiting = list(messages)
    _asked(client, waiting)
    yield from _all(waiting, Answer.ACCEPTED)


def trusts_a_web_page(client: HttpClient, messages: Messages) -> Iterator[Receipt]:
    waiting = list(messages)
    _asked(client, waiting, takes=("application/json", "text/html"))
    yield from _all(waiting, Answer.ACCEPTED)


def by_place(client: HttpClient, messages: Messages) -> Iterator[Receipt]:
    waiting = list(messages)
    said = _asked(client, waiting).json()["receipts"]
    for one, receipt in zip(waiting, said, strict=False):
        answer = Answer.REFUSED if receipt["status"] == 422 else Answer.RECEIVED
        yield Receipt(one.key, answer, datetime.now(UTC), receipt.get("problem"))


def one_for_all(client: HttpClient, messages: Messages) -> Iterator[Receipt]:
    told = list(pushing.push(client, messages))
    is_refused = any(one.answer is Answer.REFUSED for one in told)
    yield from (replace(one, answer=Answer.REFUSED) if is_refused else one for one in told)


def fills_the_gaps(client: HttpClient, messages: Messages) -> Iterator[Receipt]:
    waiting = list(messages)
    told = {one.key: one for one in pushing.push(client, waiting)}
    yield from (told.get(one.key, next(_all([one], Answer.RECEIVED))) for one in waiting)


def keeps_one_back(client: HttpClient, messages: Messages) -> Iterator[Receipt]:
    *going, left = messages
    yield from pushing.push(client, going)
    yield from _all([left], Answer.RECEIVED)


def sends_more(client: HttpClient, messages: Messages) -> Iterator[Receipt]:
    more = (replace(one, body={**one.body, "referred_by": client.site.partner}) for one in messages)
    yield from pushing.push(client, more)


def knocks_again(client: HttpClient, messages: Messages) -> Iterator[Receipt]:
    waiting = list(messages)
    for _ in range(4):
        with suppress(CredentialsRefusedError):
            yield from pushing.push(client, waiting)
            return
    yield from pushing.push(client, waiting)


def answers_to_nobody(client: HttpClient, keys: Iterable[str]) -> Iterator[Receipt]:
    yield from (replace(one, key=one.key.upper()) for one in pushing.answers(client, keys))


def _reads(answers: Mapping[tuple[int, str | None], Answer]) -> Push:
    """Its table of answers is another."""

    def push(client: HttpClient, messages: Messages) -> Iterator[Receipt]:
        waiting = list(messages)
        for one in _asked(client, waiting).json()["receipts"]:
            answer = answers.get((one["status"], one.get("problem")), Answer.REFUSED)
            yield Receipt(one["key"], answer, datetime.now(UTC), one.get("problem"))

    return push


def _without(*statuses: tuple[int, str | None]) -> Push:
    return _reads({said: answer for said, answer in pushing.ANSWERS.items() if said not in statuses})


def _pushes(push: Push) -> PushFeed:
    return replace(pushing.feed, push=push)


UNAVAILABLE = PartnerUnavailableError
# What is changed, and the promise that must catch it.
BAD_PUSHES: dict[str, tuple[PushFeed, str]] = {
    "keeps one back": (_pushes(keeps_one_back), "PUSH-01"),
    "makes a new key for each attempt": (_pushes(new_keys), "PUSH-02"),
    "asks for answers under other keys": (replace(pushing.feed, answers=answers_to_nobody), "PUSH-03"),
    "sends the same again under a new key": (_pushes(new_keys), "PUSH-04"),
    "takes a duplicate for a refusal": (_pushes(_without((409, "duplicate"))), "PUSH-05"),
    "reads receipts by their place": (_pushes(by_place), "PUSH-06"),
    "refuses all for one": (_pushes(one_for_all), "PUSH-07"),
    "sends more than is agreed": (_pushes(sends_more), "PUSH-08"),
    "makes a new key where the reply was lost": (_pushes(new_keys), "PUSH-09"),
    "trusts a good status": (_pushes(trusts_a_good_status), "PUSH-10"),
    "trusts a web page": (_pushes(trusts_a_web_page), "PUSH-11"),
    "makes receipts that did not come": (_pushes(fills_the_gaps), "PUSH-12"),
    "takes a conflict for a success": (
        _pushes(_reads({**pushing.ANSWERS, (409, "version"): Answer.RECEIVED})),
        "PUSH-13",
    ),
    "takes too early for never": (_pushes(_without((425, None))), "PUSH-14"),
    "takes busy for never": (_pushes(_whatever_happens(UNAVAILABLE, Answer.REFUSED)), "PUSH-15"),
    "knocks again and again": (_pushes(knocks_again), "PUSH-16"),
    "swallows a message that failed": (_pushes(_whatever_happens(UNAVAILABLE, Answer.RECEIVED)), "PUSH-17"),
    "makes a new key where the partner is slow": (_pushes(new_keys), "PUSH-18"),
}
