"""Messages that an agreement stops: they stay in the outbox, with the reason, until it lets them go.

For a child at risk a person may let one go: their recorded reason takes the agreement's place.
"""

from __future__ import annotations

from collections.abc import Mapping

import sqlalchemy as sa

from hub.store.outbox import QUEUED, UNSURE
from hub.store.tables import outbox

# How `outbox.agreement` begins for a message that went on a person's word.
ON_A_PERSONS_WORD = "safeguarding: by "
_waits = outbox.c.state.in_((QUEUED, UNSURE))


def stop_all(connection: sa.Connection, delivery_id: str, because: str) -> int:
    """Every message of the delivery, save those that a person let go. How many."""
    stopped = connection.execute(
        outbox.update()
        .where(outbox.c.delivery_id == delivery_id, _waits, outbox.c.shared_because.is_(None))
        .values(not_shared_because=because)
    )
    return stopped.rowcount


def stop(connection: sa.Connection, because: Mapping[str, str]) -> None:
    """These messages, each for its own reason."""
    if not because:
        return
    statement = (
        outbox.update()
        .where(outbox.c.message_key == sa.bindparam("of_key"), _waits)
        .values(not_shared_because=sa.bindparam("reason"))
    )
    connection.execute(statement, [{"of_key": key, "reason": reason} for key, reason in because.items()])


def let_go(connection: sa.Connection, key: str, *, by: str, why: str) -> bool:
    """False where there is nothing to decide: no safety flag is set, or the message waits no longer."""
    decided = connection.execute(
        outbox.update()
        .where(outbox.c.message_key == key, outbox.c.safety, _waits)
        .values(not_shared_because=None, shared_because=why, agreement=f"{ON_A_PERSONS_WORD}{by}")
    )
    return decided.rowcount == 1
