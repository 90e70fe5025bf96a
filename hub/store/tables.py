"""The record: every table of the hub. Names, birth dates, addresses and identifiers only in the vault."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Any

import sqlalchemy as sa
from sqlalchemy.types import TypeDecorator

metadata = sa.MetaData()


class Instant(TypeDecorator[datetime]):
    """A moment in UTC. SQLite keeps no zone, so it is taken off on the way in and put back on the way out."""

    impl = sa.DateTime(timezone=True)
    cache_ok = True

    def process_bind_param(self, value: datetime | None, dialect: sa.Dialect) -> datetime | None:
        if value is None or dialect.name != "sqlite":
            return value
        return value.astimezone(UTC).replace(tzinfo=None)

    def process_result_value(self, value: datetime | None, dialect: sa.Dialect) -> datetime | None:
        return value.replace(tzinfo=UTC) if value is not None and dialect.name == "sqlite" else value


def text(name: str, **about: Any) -> sa.Column[str]:
    return sa.Column(name, sa.Text, nullable=about.pop("nullable", False), **about)


def number(name: str, **about: Any) -> sa.Column[int]:
    return sa.Column(name, sa.BigInteger, nullable=about.pop("nullable", False), **about)


def when(name: str, *, nullable: bool = False) -> sa.Column[datetime]:
    return sa.Column(name, Instant, nullable=nullable)


def serial(name: str) -> sa.Column[int]:
    return sa.Column(
        name, sa.BigInteger().with_variant(sa.Integer, "sqlite"), primary_key=True, autoincrement=True
    )


def place() -> list[sa.Column[int]]:
    return [number("message"), number("row"), number("part")]


batch = sa.Table(
    "batch",
    metadata,
    text("batch_id", primary_key=True),
    text("partner"),
    text("feed"),
    sa.Column("night", sa.Date, nullable=False),
    text("source"),
    text("state"),
    when("landed_at"),
    # Which attempt's frames count: a late attempt may still be writing beside them.
    text("translated_frames", nullable=True),
    text("matched_frames", nullable=True),
    sa.Index("batch_by_night", "night", "partner"),
)

message = sa.Table(
    "message",
    metadata,
    text("batch_id", primary_key=True),
    number("number", primary_key=True, autoincrement=False),
    text("partner"),
    text("feed"),
    sa.Column("fingerprint", sa.LargeBinary, nullable=True),
    text("address", nullable=True),
    text("name", nullable=True),
    number("size", nullable=True),
    number("declared_rows", nullable=True),
    number("rows", nullable=True),
    text("bucket"),
    text("reason", nullable=True),
    text("words", nullable=True),
    # "kept", "to destroy" (a sealed copy without out-of-scope rows stands in its place), "destroyed".
    text("first_copy", server_default="kept"),
    # When the sender was told what became of it.
    when("reported_at", nullable=True),
    sa.Index("message_by_address", "partner", "feed", "address"),
    sa.Index("message_by_fingerprint", "partner", "feed", "fingerprint"),
)

cursor = sa.Table(
    "cursor",
    metadata,
    text("partner", primary_key=True),
    text("feed", primary_key=True),
    text("cursor", nullable=True),
    when("moved_at"),
)

# `run_id` is a batch on the way in and a delivery on the way out.
ledger_line = sa.Table(
    "ledger_line",
    metadata,
    text("run_id", primary_key=True),
    text("hop", primary_key=True),
    text("bucket", primary_key=True),
    text("partner"),
    text("feed"),
    sa.Column("night", sa.Date, nullable=False),
    number("records"),
    sa.Index("ledger_line_by_night", "night", "partner"),
)

ledger_gap = sa.Table(
    "ledger_gap",
    metadata,
    text("run_id", primary_key=True),
    text("hop", primary_key=True),
    text("record", primary_key=True),
    text("partner"),
    text("feed"),
    sa.Column("night", sa.Date, nullable=False),
    text("fault"),
)

finding = sa.Table(
    "finding",
    metadata,
    serial("finding_id"),
    text("run_id"),
    text("hop"),
    text("partner"),
    text("feed"),
    sa.Column("night", sa.Date, nullable=False),
    text("rule"),
    text("consequence"),
    text("field", nullable=True),
    text("words"),
    number("message", nullable=True),
    number("row", nullable=True),
    number("part", nullable=True),
    sa.Index("finding_by_run", "run_id", "hop"),
    sa.Index("finding_by_night", "night", "partner"),
)

held_row = sa.Table(
    "held_row",
    metadata,
    text("batch_id", primary_key=True),
    *(
        sa.Column(name, sa.BigInteger, primary_key=True, autoincrement=False)
        for name in ("message", "row", "part")
    ),
    text("partner"),
    text("feed"),
    sa.Column("night", sa.Date, nullable=False),
    text("hop"),
    text("rules"),
    text("words"),
    text("owner"),
    text("reference", nullable=True),
    sa.Column("safety", sa.Boolean, nullable=False),
    text("state"),
    when("held_at"),
    when("decided_at", nullable=True),
    text("decided_by", nullable=True),
    text("decided_why", nullable=True),
    text("released_into", nullable=True),
    text("with_whom", nullable=True),
    text("key_id", nullable=True),
    sa.Column("sealed", sa.LargeBinary, nullable=True),
    sa.Index("held_row_by_state", "state", "partner", "feed"),
    sa.Index("held_row_by_reference", "partner", "feed", "reference"),
)

child = sa.Table(
    "child", metadata, text("child_id", primary_key=True), text("from_partner"), when("known_since")
)

# Both columns are keyed hashes: of the identifier, and of the identifier with the birth date.
identity_key = sa.Table(
    "identity_key",
    metadata,
    sa.Column("identifier", sa.LargeBinary, primary_key=True),
    sa.Column("with_birth_date", sa.LargeBinary, primary_key=True),
    text("child_id"),
    sqlite_with_rowid=False,
)

inbox = sa.Table(
    "inbox",
    metadata,
    text("partner", primary_key=True),
    text("feed", primary_key=True),
    text("reference", primary_key=True),
    sa.Column("version_hash", sa.LargeBinary, primary_key=True),
    text("batch_id"),
    *place(),
    sqlite_with_rowid=False,
)

vault = sa.Table(
    "vault",
    metadata,
    text("partner", primary_key=True),
    text("feed", primary_key=True),
    text("reference", primary_key=True),
    number("version_no"),
    text("key_id"),
    sa.Column("sealed", sa.LargeBinary, nullable=False),
)

vault_history = sa.Table(
    "vault_history",
    metadata,
    text("partner", primary_key=True),
    text("feed", primary_key=True),
    text("reference", primary_key=True),
    number("version_no", primary_key=True, autoincrement=False),
    text("key_id"),
    sa.Column("sealed", sa.LargeBinary, nullable=False),
)

outbox = sa.Table(
    "outbox",
    metadata,
    text("message_key", primary_key=True),
    text("to_partner"),
    text("to_feed"),
    text("kind"),
    text("from_partner"),
    text("from_feed"),
    text("reference"),
    number("version_no"),
    text("child_id"),
    text("change"),
    sa.Column("safety", sa.Boolean, nullable=False),
    text("state"),
    text("batch_id"),
    when("queued_at"),
    text("delivery_id", nullable=True),
    when("sent_at", nullable=True),
    when("answered_at", nullable=True),
    text("answer_reason", nullable=True),
    text("their_reference", nullable=True),
    # Why the sharing agreement does not let it go, tonight; the agreement it went under; and why a person
    # let it go without one.
    text("not_shared_because", nullable=True),
    text("agreement", nullable=True),
    text("shared_because", nullable=True),
    sa.Index("outbox_by_state", "to_partner", "to_feed", "state"),
    sa.Index("outbox_by_record", "from_partner", "from_feed", "reference"),
    sa.Index(
        "outbox_by_delivery",
        "delivery_id",
        sqlite_where=sa.text("delivery_id IS NOT NULL"),
        postgresql_where=sa.text("delivery_id IS NOT NULL"),
    ),
)

receipt = sa.Table(
    "receipt",
    metadata,
    serial("receipt_id"),
    text("message_key"),
    text("delivery_id", nullable=True),
    text("answer"),
    when("at"),
    text("reason", nullable=True),
    sa.Index("receipt_by_message", "message_key"),
)

delivery = sa.Table(
    "delivery",
    metadata,
    text("delivery_id", primary_key=True),
    text("partner"),
    text("feed"),
    sa.Column("night", sa.Date, nullable=False),
    text("state"),
    when("started_at"),
    sa.Index("delivery_by_night", "night", "partner"),
)
