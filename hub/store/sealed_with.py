"""With which keys the records are sealed. Opens nothing."""

from __future__ import annotations

import sqlalchemy as sa

from hub.store.tables import held_row, vault, vault_history


def keys_in_use(connection: sa.Connection) -> set[str]:
    used = sa.union(*(sa.select(table.c.key_id) for table in (vault, vault_history, held_row)))
    return {key for key in connection.execute(used).scalars() if key is not None}
