"""In which order messages go: children at risk first, then the child who has waited longest.

Of one child the oldest message goes first, and of one record the older version.
"""

from __future__ import annotations

from typing import Any

import sqlalchemy as sa

from hub.store.tables import outbox


def per_child(messages: sa.ColumnElement[bool]) -> tuple[sa.Subquery, tuple[sa.ColumnElement[Any], ...]]:
    """Of each child: is a message flagged, and how old is the oldest of them. And the order by that."""
    flagged = sa.func.max(sa.case((outbox.c.safety, 1), else_=0))
    child = (
        sa.select(
            outbox.c.child_id, flagged.label("flagged"), sa.func.min(outbox.c.queued_at).label("oldest")
        )
        .where(messages)
        .group_by(outbox.c.child_id)
        .subquery("of_child")
    )
    within = (outbox.c[name] for name in ("child_id", "queued_at", "version_no", "message_key"))
    return child, (child.c.flagged.desc(), child.c.oldest, *within)
