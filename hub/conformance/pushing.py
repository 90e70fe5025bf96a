"""What a push promises of handing over: once, under its key, and no more than is agreed."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from contextlib import suppress
from dataclasses import replace
from typing import Any

from connectors.contract import Connector, OutboundMessage, PushFeed, Receipt
from hub.conformance import sender
from hub.conformance.kill import Killed, killed_at
from hub.conformance.promise import Promise
from hub.conformance.seen import arrived
from hub.conformance.stage import DELIVERED, Stage
from hub.conformance.theatre import Theatre
from hub.sharing import gate
from schemas.child_details import ChildDetails
from schemas.kinds import KINDS

FEW = range(1, 6)
HUNDRED = range(1, 101)
PUSH = "the feed's push function"
KEY = f"{PUSH}: the key that goes out is the message's own"
AFTER_SEND = "deliver.after_send"
# After each step, and around handing over. tests/crash ends a process at every point there is.
ENDS = (
    "outgoing.after_commit",
    "deliver.before_send",
    AFTER_SEND,
    "deliver.before_commit",
    "deliver.after_commit",
    "acknowledge.after_commit",
)


def handed_over(theatre: Theatre) -> Iterator[str]:
    with theatre.stage(sent=FEW) as stage:
        stage.push()
        _another_night(stage)
        yield from arrived(stage, len(FEW))


def killed(theatre: Theatre) -> Iterator[str]:
    for point in ENDS:
        with theatre.stage(sent=FEW) as stage:
            with suppress(Killed), killed_at(point):
                stage.push()
            stage.partner.work()
            _another_night(stage)
            yield from (f"{what}, killed at {point}" for what in arrived(stage, len(FEW)))


def answered_early(theatre: Theatre) -> Iterator[str]:
    with theatre.stage(sent=FEW) as stage:
        with suppress(Killed), killed_at(AFTER_SEND):
            stage.push()
        stage.partner.work()
        keys = set(stage.messages())
        for feed, client in _lines(stage):
            strange = [one for one in feed.answers(client, sorted(keys)) if one.key not in keys]
            if strange:
                yield f"{len(strange)} answers of {feed.name} came under a key that nobody asked for"
        _another_night(stage)
        yield from arrived(stage, len(FEW))


def twice(theatre: Theatre) -> Iterator[str]:
    yield from _again(theatre, "")


def duplicate(theatre: Theatre) -> Iterator[str]:
    yield from _again(theatre, "conflict_duplicate")


def _again(theatre: Theatre, mood: str) -> Iterator[str]:
    """The same messages handed over a second time, past the hub's own memory."""
    handed: list[tuple[str, OutboundMessage]] = []
    with theatre.stage(_noting(theatre.subject.connector, handed), sent=FEW) as stage:
        stage.push()
        before = stage.heard()
        stage.partner.be(mood)
        for feed, client in _lines(stage):
            mine = [message for name, message in tuple(handed) if name == feed.name]
            answers = {one.key: one.answer for one in feed.push(client, mine)}
            bad = [one.key for one in mine if answers.get(one.key) not in DELIVERED]
            if bad:
                yield f"{len(bad)} of {len(mine)} messages do not count as delivered when they come again"
        if stage.heard() != before:
            more = stage.heard().total() - before.total()
            yield f"{more} effects more at the partner after the same messages had come again"


def shuffled(theatre: Theatre) -> Iterator[str]:
    with theatre.stage(sent=FEW) as stage:
        stage.partner.be("shuffled_receipts")
        stage.push()
        _another_night(stage)
        messages, heard = stage.messages(), stage.heard()
        delivered = {key for key, row in messages.items() if row["state"] in DELIVERED}
        if wrongly := delivered - heard.keys():
            yield f"{len(wrongly)} messages stand as delivered, and the partner refused them"
        if wrongly := heard.keys() - delivered:
            yield f"{len(wrongly)} messages came about at the partner, and do not stand as delivered"


def one_bad(theatre: Theatre) -> Iterator[str]:
    with theatre.stage(sent=HUNDRED) as stage:
        stage.partner.be("refuses_one")
        stage.push()
        _another_night(stage)
        refused = [row for row in stage.messages().values() if row["state"] == "refused"]
        if stage.delivered() != 99 or len(refused) != 1:
            yield f"{stage.delivered()} of 100 messages stand as delivered and {len(refused)} as refused"
        if any(not row["answer_reason"] for row in refused):
            yield "the refusal has no reason, so nobody knows what to put right"
        if len(stage.heard()) != 99:
            yield f"{len(stage.heard())} of the 99 that were not refused came about at the partner"


def no_more_than_agreed(theatre: Theatre) -> Iterator[str]:
    with theatre.stage(sent=FEW) as stage:
        stage.push()
        agreement = stage.agreement
        agreed = {name for feed in stage.connector.pushes for name in _columns(agreement, feed)}
        bodies = [body for _, body in stage.partner.heard()]
        columns = {name for body in bodies for name, value in body.items() if value not in (None, "")}
        if strange := columns - agreed:
            yield f"{len(strange)} fields came about at the partner that are in no agreed table"
        if not bodies:
            yield "nothing came about at the partner, so nothing is shown"
        told = " ".join(str(value) for body in bodies for value in body.values())
        loose = [name for name in _not_agreed(stage) if sender.words(name, 1) in told]
        if loose:
            yield f"{len(loose)} fields of ours stand in what they got, and the agreement lists none of them"


def _columns(agreement: Any, feed: PushFeed) -> set[str]:
    return set(feed.message.narrowed(gate.agreed_fields(agreement, feed)).columns)


def _not_agreed(stage: Stage) -> Iterator[str]:
    for feed in stage.connector.pushes:
        known = {*KINDS[stage.senders[feed.name].kind].columns(), *ChildDetails.columns()}
        yield from sorted(known - gate.agreed_fields(stage.agreement, feed))


def _another_night(stage: Stage) -> None:
    stage.later(days=1)
    stage.partner.be("")
    stage.push()


def _lines(stage: Stage) -> Iterator[tuple[PushFeed, Any]]:
    """Each push feed with an open line, as the hub opens it."""
    with stage.connector.connect(stage.hub.partner_settings(stage.name)) as client:
        yield from ((feed, client) for feed in stage.connector.pushes)


def _noting(connector: Connector, handed: list[tuple[str, OutboundMessage]]) -> Connector:
    def noting(feed: PushFeed) -> PushFeed:
        def push(client: Any, messages: Iterable[OutboundMessage]) -> Iterator[Receipt]:
            some = list(messages)
            handed.extend((feed.name, one) for one in some)
            yield from feed.push(client, some)

        return replace(feed, push=push)

    return replace(connector, pushes=tuple(noting(feed) for feed in connector.pushes))


HANDING_OVER = (
    Promise(
        "PUSH-01",
        "Every message comes about at the partner once, and stands as delivered.",
        "A referral that never arrives is a child nobody waits for.",
        f"{PUSH}, and its answers function",
        handed_over,
    ),
    Promise(
        "PUSH-02",
        "A push that is cut off after any step, and run again, comes about once.",
        "Between their commit and our mark a machine may stop; then only the key knows.",
        KEY,
        killed,
    ),
    Promise(
        "PUSH-03",
        "An answer that comes before we have marked the message as sent harms nothing.",
        "Some partners are faster than our commit.",
        "the feed's answers function: answers to what was asked, under the same keys",
        answered_early,
    ),
    Promise(
        "PUSH-04",
        "The same message twice comes about once, and both times it counts as delivered.",
        "We hand over again whatever we are not sure of.",
        KEY,
        twice,
    ),
    Promise(
        "PUSH-05",
        "A conflict because they have it already means delivered.",
        "Taken for a refusal, a person would look into a referral that arrived long ago.",
        f"{PUSH}: its table of answers",
        duplicate,
        ("conflict_duplicate",),
    ),
    Promise(
        "PUSH-06",
        "Receipts belong to messages by their key, not by their place.",
        "Else one child's refusal is written to another, and the refused one is forgotten.",
        f"{PUSH}: read the key in the receipt",
        shuffled,
        ("shuffled_receipts",),
    ),
    Promise(
        "PUSH-07",
        "Of a hundred messages one bad one is refused with its reason, and the others are delivered.",
        "One child's wrong postcode must not keep 99 waiting.",
        f"{PUSH}: a receipt of its own for each message",
        one_bad,
        ("refuses_one",),
    ),
    Promise(
        "PUSH-08",
        "What the partner gets is what the agreement lists, and nothing beside it.",
        "What has left cannot be taken back.",
        "the feed's message table, and what its push function adds to a body",
        no_more_than_agreed,
    ),
)
