"""Messages queued with the change they carry: who is told of a record, and under which key."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import Any

import sqlalchemy as sa

from hub.store.merge import CHANGED, DELETED, NEW
from hub.store.outbox import HELD, OVERTAKEN, QUEUED, UNSURE, Destination
from hub.store.staging import Staged
from hub.store.tables import outbox

QUEUED_COLUMNS = (
    "message_key",
    "to_partner",
    "to_feed",
    "kind",
    "from_partner",
    "from_feed",
    "reference",
    "version_no",
    "child_id",
    "change",
    "safety",
    "state",
    "batch_id",
    "queued_at",
)


@dataclass(frozen=True)
class Route:
    """Every record of this kind, except those the destination itself sent.

    Where a field of the kind says to whom a record is addressed, only those addressed to the destination;
    where it says what is asked for, only those that ask for what the destination does.
    """

    kind: str
    to: Destination
    addressed_by: str | None = None
    needs: tuple[str, ...] = ()

    def concerns(self, records: sa.Table) -> sa.ColumnElement[bool]:
        addressed = records.c[self.addressed_by] == self.to.partner if self.addressed_by else sa.true()
        return addressed & records.c.need.in_(self.needs) if self.needs else addressed


def queue(connection: sa.Connection, staged: Staged, route: Route, batch_id: str, now: datetime) -> None:
    """One message for every record that is new to the destination or changed, under a key made of content."""
    ours, held, to = staged.records, staged.target, route.to
    theirs = route.concerns(ours)
    this_record = (outbox.c.from_partner == staged.partner) & (outbox.c.from_feed == staged.feed)
    to_them = (outbox.c.to_partner == to.partner) & (outbox.c.to_feed == to.feed)
    # A version that may still go is overtaken by the newer one, so that an old one cannot go out after it:
    # it waits, it is held, or it was tried and nobody knows.
    connection.execute(
        outbox.update()
        .where(this_record, to_them, outbox.c.state.in_((QUEUED, UNSURE, HELD)))
        .where(
            outbox.c.reference.in_(sa.select(ours.c.reference).where(ours.c.bucket.in_((CHANGED, DELETED))))
        )
        .values(state=OVERTAKEN)
    )
    # Content made it, so a second attempt has the same; led by the reference, so the index grows at its end.
    record = sa.literal(f"{to.partner}:{staged.partner}:") + ours.c.reference
    key = record + sa.literal(":") + _hex(connection, ours.c.version_hash)
    same = sa.and_(
        held.c.partner == staged.partner, held.c.feed == staged.feed, held.c.reference == ours.c.reference
    )
    now = _not_before_those_that_wait(connection, to, now)
    first = _message(staged, to, batch_id, now, key=key, version_no=sa.literal(1))
    # A return to what was said before is another message: the receiver has heard otherwise since.
    said_before = sa.exists().where(outbox.c.message_key == key).correlate(ours)
    again = key + sa.literal("-") + sa.cast(held.c.version_no, sa.Text)
    key_now = sa.case((said_before, again), else_=key)
    later = _message(staged, to, batch_id, now, key=key_now, version_no=held.c.version_no).join(held, same)
    # A record that was already deleted when first seen was never sent, so there is nothing to take back.
    taken_back = (ours.c.bucket == DELETED) & (held.c.version_no > 1)
    for came in (
        first.where(ours.c.bucket == NEW),
        later.where((ours.c.bucket == CHANGED) | taken_back),
    ):
        connection.execute(outbox.insert().from_select(QUEUED_COLUMNS, came.where(theirs)))


def _not_before_those_that_wait(connection: sa.Connection, to: Destination, now: datetime) -> datetime:
    """Messages go in the order of this moment: a clock put back must not let one overtake another."""
    waiting = sa.select(sa.func.max(outbox.c.queued_at)).where(
        outbox.c.to_partner == to.partner,
        outbox.c.to_feed == to.feed,
        outbox.c.state.in_((QUEUED, UNSURE)),
    )
    latest: datetime | None = connection.execute(waiting).scalar_one()
    return max(now, latest) if latest else now


def _message(
    staged: Staged,
    to: Destination,
    batch_id: str,
    now: datetime,
    *,
    key: sa.ColumnElement[str],
    version_no: sa.ColumnElement[int],
) -> sa.Select[Any]:
    """The columns of a queued message, in the order of QUEUED_COLUMNS."""
    ours = staged.records
    return sa.select(
        key,
        sa.literal(to.partner),
        sa.literal(to.feed),
        sa.literal(staged.kind),
        sa.literal(staged.partner),
        sa.literal(staged.feed),
        ours.c.reference,
        version_no,
        ours.c.child_id,
        ours.c.bucket,
        ours.c.safety,
        sa.literal(QUEUED),
        sa.literal(batch_id),
        sa.literal(now, outbox.c.queued_at.type),
    )


def _hex(connection: sa.Connection, column: sa.ColumnElement[Any]) -> sa.ColumnElement[str]:
    if connection.dialect.name == "postgresql":
        return sa.func.encode(column, "hex")
    return sa.func.lower(sa.func.hex(column))
