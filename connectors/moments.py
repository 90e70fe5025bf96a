"""When a partner says that something came to be so."""

from __future__ import annotations

from datetime import UTC, datetime


def said_at(written: object, *, now: datetime) -> datetime:
    """Now, where they wrote no time that can be read: the answer counts all the same. UTC without a zone."""
    try:
        read = datetime.fromisoformat(str(written))
    except ValueError:
        return now
    return read if read.tzinfo else read.replace(tzinfo=UTC)
