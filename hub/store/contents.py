"""What the record says, without when and how it came to say so: by this, two stores can be compared."""

from __future__ import annotations

from dataclasses import dataclass

import sqlalchemy as sa

from hub.store.record_tables import RECORDS
from hub.store.tables import child, message


@dataclass(frozen=True, order=True)
class Said:
    """`content` is a keyed hash, so only stores with the same keys can be compared."""

    feed: str
    reference: str
    content: bytes
    is_deleted: bool


def said_by(connection: sa.Connection, partner: str) -> frozenset[Said]:
    """Every record of a partner as it stands now."""
    return frozenset(
        Said(row.feed, row.reference, row.content_hash, row.is_deleted)
        for table in RECORDS.values()
        for row in connection.execute(
            sa.select(table.c.feed, table.c.reference, table.c.content_hash, table.c.is_deleted).where(
                table.c.partner == partner
            )
        )
    )


def children(connection: sa.Connection) -> int:
    return int(connection.execute(sa.select(sa.func.count()).select_from(child)).scalar_one())


def first_copies(connection: sa.Connection, partner: str) -> dict[str, int]:
    """How many messages of theirs were opened, by what became of the first copy."""
    query = (
        sa.select(message.c.first_copy, sa.func.count())
        .where(message.c.partner == partner, message.c.bucket == "opened")
        .group_by(message.c.first_copy)
    )
    return {str(state): int(count) for state, count in connection.execute(query).all()}
