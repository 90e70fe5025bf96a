"""The nights before, as their books were closed."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date
from typing import Any

import sqlalchemy as sa

from hub.store.tables import ledger_line


def sums(
    connection: sa.Connection, first: date, last: date, *, partners: Iterable[str] | None = None
) -> list[dict[str, Any]]:
    """What every bucket of every hop held, by night and partner (these, or all), its runs added up."""
    about = (ledger_line.c.night, ledger_line.c.partner, ledger_line.c.hop, ledger_line.c.bucket)
    query = (
        sa.select(*about, sa.cast(sa.func.sum(ledger_line.c.records), sa.BigInteger).label("records"))
        .where(ledger_line.c.night.between(first, last))
        .group_by(*about)
        .order_by(*about)
    )
    if partners is not None:
        query = query.where(ledger_line.c.partner.in_(list(partners)))
    return [dict(row) for row in connection.execute(query).mappings()]
