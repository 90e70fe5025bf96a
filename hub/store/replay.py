"""Messages that a person sends again: never one that was accepted, nor one that a newer version overtook."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

import sqlalchemy as sa

from hub.store.order import per_child
from hub.store.outbox import QUEUED
from hub.store.tables import delivery, outbox
from hub.store.transport import KEYS_AT_ONCE
from schemas.clocks import TRANSPORT_MOVES, TransportState, states_before

# From where the table of moves lets a person queue a message again.
AGAIN_FROM = states_before(TRANSPORT_MOVES, TransportState.QUEUED)


@dataclass(frozen=True)
class Wanted:
    """`since`: handed over on that night or a later one."""

    partner: str
    states: Sequence[TransportState] = AGAIN_FROM
    since: date | None = None


@dataclass(frozen=True)
class Found:
    """The messages to send again, in the order in which they go; and how many were overtaken."""

    keys: tuple[str, ...]
    overtaken: int


def find(connection: sa.Connection, wanted: Wanted) -> Found:
    chosen, newer = _chosen(wanted), _has_a_newer_version()
    child, order = per_child(chosen & ~newer)
    query = (
        sa.select(outbox.c.message_key)
        .join(child, child.c.child_id == outbox.c.child_id)
        .where(chosen, ~newer)
        .order_by(*order)
    )
    overtaken = sa.select(sa.func.count()).select_from(outbox).where(chosen, newer)
    return Found(tuple(connection.execute(query).scalars()), int(connection.execute(overtaken).scalar_one()))


def queue_again(connection: sa.Connection, keys: Sequence[str]) -> int:
    """Under the same keys, for the next push. How many: fewer, where one has moved on since it was found."""
    changed = 0
    for start in range(0, len(keys), KEYS_AT_ONCE):
        some = keys[start : start + KEYS_AT_ONCE]
        changed += connection.execute(
            outbox.update()
            .where(outbox.c.message_key.in_(some), outbox.c.state.in_(AGAIN_FROM))
            .where(~_has_a_newer_version())
            .values(state=QUEUED, answered_at=None, answer_reason=None)
        ).rowcount
    return changed


def _chosen(wanted: Wanted) -> sa.ColumnElement[bool]:
    chosen = sa.and_(outbox.c.to_partner == wanted.partner, outbox.c.state.in_(wanted.states))
    if wanted.since is None:
        return chosen
    handed_over = sa.select(delivery.c.delivery_id).where(
        delivery.c.partner == wanted.partner, delivery.c.night >= wanted.since
    )
    return sa.and_(chosen, outbox.c.delivery_id.in_(handed_over))


def _has_a_newer_version() -> sa.ColumnElement[bool]:
    newer = outbox.alias("newer")
    same = ("from_partner", "from_feed", "reference", "to_partner", "to_feed")
    return (
        sa.exists()
        .where(*(newer.c[name] == outbox.c[name] for name in same))
        .where(newer.c.version_no > outbox.c.version_no)
        .correlate(outbox)
    )
