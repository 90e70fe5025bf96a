"""A table for each record kind and one for its history, drawn from the kind's own plain fields."""

from __future__ import annotations

from typing import Any

import sqlalchemy as sa

from hub.store.tables import Instant, metadata, number, place, text, when
from schemas.fields import plain_fields
from schemas.kinds import KINDS

# What every record carries beside the fields of its kind.
RECORD_COLUMNS = (
    "child_id",
    "version_no",
    "version_hash",
    "content_hash",
    "ordered_at",
    "safety",
    "batch_id",
    "message",
    "row",
    "part",
    "recorded_at",
)


def _sql_type(dtype: str) -> sa.types.TypeEngine[Any]:
    kinds: dict[str, sa.types.TypeEngine[Any]] = {
        "String": sa.Text(),
        "Bool": sa.Boolean(),
        "Date": sa.Date(),
        "Datetime": Instant(),
        "Int64": sa.BigInteger(),
    }
    return kinds[dtype]


def _record_table(kind: str, *, history: bool) -> sa.Table:
    schema = KINDS[kind]
    fields = (name for name in plain_fields(schema) if name != "reference")
    return sa.Table(
        f"{kind}_history" if history else kind,
        metadata,
        text("partner", primary_key=True),
        text("feed", primary_key=True),
        text("reference", primary_key=True),
        number("version_no", primary_key=history, autoincrement=False),
        text("child_id"),
        sa.Column("version_hash", sa.LargeBinary, nullable=False),
        sa.Column("content_hash", sa.LargeBinary, nullable=False),
        # The version's own time where the partner states one, else when it came: what "newer" means.
        when("ordered_at"),
        sa.Column("safety", sa.Boolean, nullable=False),
        text("batch_id"),
        *place(),
        when("recorded_at"),
        *(
            sa.Column(name, _sql_type(type(schema.columns()[name]).__name__), nullable=True)
            for name in fields
        ),
        *([] if history else [sa.Index(f"{kind}_by_child", "child_id")]),
    )


RECORDS = {kind: _record_table(kind, history=False) for kind in KINDS}
HISTORIES = {kind: _record_table(kind, history=True) for kind in KINDS}
