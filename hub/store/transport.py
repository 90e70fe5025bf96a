"""Where a message stands after an answer, by the table of moves: nothing else writes its state."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from itertools import islice
from typing import Any

import sqlalchemy as sa

from hub.store.engine import by_name
from hub.store.tables import outbox
from schemas.clocks import TRANSPORT_MOVES, TransportState, check_may_move, may_move

# A newer version took its place: the clock no longer goes, save for the news that it has arrived.
OVERTAKEN = "overtaken"
ARRIVED = (TransportState.RECEIVED, TransportState.ACCEPTED)
ANSWERED = (*ARRIVED, TransportState.REFUSED)
# A database takes only so many parameters at once.
KEYS_AT_ONCE = 1000


def states_after(connection: sa.Connection, receipts: Sequence[dict[str, Any]]) -> dict[str, str]:
    """The new state of each message that was answered. Raises ImpossibleMoveError."""
    current = dict(states_of(connection, (one["message_key"] for one in receipts)))
    for one in receipts:
        key = one["message_key"]
        current[key] = after(current.get(key, TransportState.QUEUED.value), TransportState(one["answer"]))
    return current


def after(current: str, answer: TransportState) -> str:
    """An answer is the proof that the message was sent, so it comes by way of `sent`."""
    if current == OVERTAKEN:
        return answer.value if answer in ARRIVED else OVERTAKEN
    was = TransportState(current)
    if was is answer:
        return current
    if not may_move(TRANSPORT_MOVES, was, answer):
        check_may_move(TRANSPORT_MOVES, was, TransportState.SENT)
        was = TransportState.SENT
    check_may_move(TRANSPORT_MOVES, was, answer)
    return answer.value


def states_of(connection: sa.Connection, keys: Iterable[str]) -> Iterator[tuple[str, str]]:
    waiting = iter(keys)
    while some := list(islice(waiting, KEYS_AT_ONCE)):
        query = sa.select(outbox.c.message_key, outbox.c.state).where(outbox.c.message_key.in_(some))
        yield from by_name(connection.execute(query)).items()


def answered_keys(connection: sa.Connection, delivery_id: str) -> set[str]:
    """The messages of this delivery that the partner has answered: they are not handed over again."""
    query = sa.select(outbox.c.message_key).where(
        outbox.c.delivery_id == delivery_id, outbox.c.state.in_(ANSWERED)
    )
    return set(connection.execute(query).scalars())
