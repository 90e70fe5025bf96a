"""Who works, who did what, and what people decided: the tables beside the record."""

from __future__ import annotations

import sqlalchemy as sa

from hub.store.tables import metadata, number, place, serial, text, when

# One worker for each partner and direction. `number` counts runs and travels with them; `attempt` counts
# the tries of a run's steps, so that of two tries of one step only the later can commit.
lease = sa.Table(
    "lease",
    metadata,
    text("partner", primary_key=True),
    text("direction", primary_key=True),
    number("number"),
    number("attempt"),
    text("holder"),
    when("taken_at"),
    when("until"),
)

# Whether a partner is left alone, in each direction. Kept here, since each task is a process of its own.
breaker = sa.Table(
    "breaker",
    metadata,
    text("partner", primary_key=True),
    text("direction", primary_key=True),
    text("state"),
    number("failures"),
    number("refusals"),
    text("why", nullable=True),
    when("since", nullable=True),
    when("moved_at", nullable=True),
    when("until", nullable=True),
    # A keyed hash of the partner's settings as they were: with others everything begins anew.
    sa.Column("settings", sa.LargeBinary, nullable=False),
)

audit_event = sa.Table(
    "audit_event",
    metadata,
    sa.Column("seq", sa.BigInteger, primary_key=True, autoincrement=False),
    when("at"),
    text("event"),
    text("action"),
    text("actor"),
    text("partner", nullable=True),
    text("feed", nullable=True),
    # A batch, a delivery, a message key, a held row: never a child.
    text("subject", nullable=True),
    number("records"),
    text("agreement", nullable=True),
    sa.Column("previous", sa.LargeBinary, nullable=False),
    sa.Column("hash", sa.LargeBinary, nullable=False),
    sa.Index("audit_event_by_subject", "subject"),
)

# The end of the chain, and the lock on it.
audit_head = sa.Table(
    "audit_head",
    metadata,
    text("chain", primary_key=True),
    number("seq"),
    sa.Column("hash", sa.LargeBinary, nullable=False),
)

# Every move of a held row through its life: who moved it, when and why.
held_move = sa.Table(
    "held_move",
    metadata,
    serial("move_id"),
    text("batch_id"),
    *place(),
    text("was"),
    text("became"),
    text("by"),
    text("why", nullable=True),
    when("at"),
    sa.Index("held_move_by_row", "batch_id", "message", "row", "part"),
)
