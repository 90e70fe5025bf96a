"""The page of the clocks, drawn from their tables of moves: `python -m hub.reference_pages` writes it."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from enum import StrEnum
from typing import Any

from schemas.breaker import BREAKER_MOVES, BreakerState
from schemas.clocks import (
    BUSINESS_MOVES,
    HELD_MOVES,
    TRANSPORT_MOVES,
    BusinessState,
    HeldState,
    Moves,
    TransportState,
    diagram,
)

OPENING = """# The clocks

For whoever asks where a referral or a held row has got to, why a move was refused, or why a partner is left
alone.

A referral has two clocks, because a message that arrived is not yet a child who is helped. A row that is
held has a third. The moves are tables in `schemas/clocks.py`. A move that is not drawn is refused, and
put before a person. The breaker of a line moves in the same way; its table is in `schemas/breaker.py`.
"""
TRANSPORT = """## Transport: how far the message has come

It starts `queued` and ends `accepted`. An answer is the proof that the message was sent: it comes by way
of `sent`. Beside the clock stand `held`, which a check or an agreement may do to a message before it
goes, and `overtaken`: a newer version took its place while it waited, was held, or was unknown, and it
never goes again.
"""
BUSINESS = """## Business: what became of the request

It starts `referred` and ends `completed`, `ended_early`, `declined`, `withdrawn` or `expired`. A partner
that reports once a night may pass through several states in a day, so steps towards help may be skipped.
None may be skipped at the end: what was never started cannot be completed.
"""
HELD = """## Held: the life of a held row

It starts `new`. While it is `new`, `acknowledged`, `in_progress`, `waiting_for_next_file` or `came_back`
it is open: it waits for somebody, and is counted everywhere as held. No person can make it `fixed`: only
data can. A safety flag heads every list, whatever the state.
"""
BREAKER = """## The breaker: whether a partner is left alone

One for each direction of each partner. It starts `closed`. A person's `hub breakers close`, a `hub check`
that goes well, or other settings of the partner close it from anywhere.
"""
TRANSPORT_MEANS: Mapping[StrEnum, str] = {
    TransportState.QUEUED: "it waits in the outbox",
    TransportState.SENT: "it went out, and no answer has come; it stays so until one does",
    TransportState.RECEIVED: "the partner's system has it, and has not said whether it takes it; a "
    "person may queue it again",
    TransportState.ACCEPTED: "the partner's system has taken it",
    TransportState.REFUSED: "the partner's system has said no, with a reason; once that is put right a "
    "person may queue it again",
    TransportState.UNKNOWN: "sending broke off, or their answer cannot be read, so nobody knows; the hub "
    "looks again, and may send again under the same key",
}
BUSINESS_MEANS: Mapping[StrEnum, str] = {
    BusinessState.REFERRED: "the service has been asked, and has not answered",
    BusinessState.INFORMATION_REQUESTED: "the service cannot decide before the referrer answers its question",
    BusinessState.ACCEPTED: "the service will help",
    BusinessState.WAITING: "the child is on the service's waiting list",
    BusinessState.OFFERED: "the child has been offered a first or another appointment",
    BusinessState.STARTED: "help has begun",
    BusinessState.DID_NOT_ATTEND: "the child did not come; what happens next is open",
    BusinessState.COMPLETED: "help was given to its end",
    BusinessState.ENDED_EARLY: "help ended before it was complete, or the service gave up after missed "
    "appointments",
    BusinessState.DECLINED: "the service will not take the child on, with a coded reason",
    BusinessState.WITHDRAWN: "the child, a parent or the referrer took the request back",
    BusinessState.EXPIRED: "time ran out before help began",
}
HELD_MEANS: Mapping[StrEnum, str] = {
    HeldState.NEW: "nobody has looked at it",
    HeldState.ACKNOWLEDGED: "somebody has seen it",
    HeldState.IN_PROGRESS: "somebody is at work on it",
    HeldState.WAITING_FOR_NEXT_FILE: "it was put right at its source, and the next file is to bring it",
    HeldState.EXPLAINED: "closed with a reason: why it is so is known, and nothing is to be done; what it "
    "said is kept, sealed, and it may still be released or discarded",
    HeldState.RELEASED: "with a reason: it is right as it stands, and goes on with the next pull",
    HeldState.GONE_ON: "it went on in a batch of its own, and stands in that night's ledger",
    HeldState.DISCARDED: "closed with a reason: it must not be used; what it said is destroyed",
    HeldState.FIXED: "a sound version of the same record came",
    HeldState.CAME_BACK: "the same record is held again by a rule that held it before, and that was fixed, "
    "explained or discarded; it is another row, and the earlier one stays closed",
}
BREAKER_MEANS: Mapping[StrEnum, str] = {
    BreakerState.CLOSED: "every run calls the partner",
    BreakerState.OPEN: "nobody calls: for ten minutes after five failures in a row, or for as long as the "
    "partner asked; then one run tries",
    BreakerState.HALF_OPEN: "one run tries, and nobody else calls: if it goes well the breaker is closed, if "
    "not, open for ten minutes more",
    BreakerState.STOPPED: "our sign-in was refused twice, and a third refusal may lock the account: nobody "
    "calls until a person has looked",
}


def clocks_page() -> str:
    clocks: tuple[tuple[str, Moves[Any], Mapping[StrEnum, str]], ...] = (
        (TRANSPORT, TRANSPORT_MOVES, TRANSPORT_MEANS),
        (BUSINESS, BUSINESS_MOVES, BUSINESS_MEANS),
        (HELD, HELD_MOVES, HELD_MEANS),
        (BREAKER, BREAKER_MOVES, BREAKER_MEANS),
    )
    return "\n".join([OPENING, *(line for clock in clocks for line in _section(*clock))])


def _section(words: str, moves: Moves[Any], means: Mapping[StrEnum, str]) -> Iterable[str]:
    yield words
    yield f"```mermaid\n{diagram(moves)}\n```\n"
    yield "| State | Means |\n|---|---|"
    yield from (f"| `{state}` | {means[state]} |" for state in moves)
    yield ""
