"""Alembic's door: the connection, and the transaction around it, are handed in."""

from __future__ import annotations

from typing import Any, Literal

from alembic import context

from hub.store import control_tables, record_tables  # noqa: F401 - their tables join the metadata
from hub.store.tables import Instant, metadata


def _plainly(kind: str, item: Any, _context: Any) -> str | Literal[False]:
    """Our own column type by what it is in the database, so that a migration stands without our code."""
    return "sa.DateTime(timezone=True)" if kind == "type" and isinstance(item, Instant) else False


context.configure(
    connection=context.config.attributes["connection"],
    target_metadata=metadata,
    render_item=_plainly,
    transactional_ddl=True,
)
context.run_migrations()
