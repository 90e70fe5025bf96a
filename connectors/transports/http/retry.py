"""When a call is made again, and how long to wait before."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import UTC, datetime, timedelta
from email.utils import parsedate_to_datetime

from connectors.transports.http.limits import HttpLimits

SAFE = frozenset({"GET", "HEAD", "OPTIONS"})
LONGEST_NUMBER = 9


def retry_after(headers: Mapping[str, str], now: datetime) -> timedelta | None:
    """How long they ask us to stay away; None where they do not, or not in a way that can be read."""
    told = headers.get("retry-after", "").strip()
    if told.isascii() and told.isdigit():
        return timedelta(seconds=float(told[:LONGEST_NUMBER]))
    until = _day_and_time(told)
    if until is None:
        return None
    # By their own clock, if they show it: ours may be minutes off.
    theirs = _day_and_time(headers.get("date", "")) or now
    return max(timedelta(0), until - theirs)


def _day_and_time(text: str) -> datetime | None:
    try:
        told = parsedate_to_datetime(text)
    except ValueError:
        return None
    return told if told.tzinfo else told.replace(tzinfo=UTC)


def pause(attempt: int, chance: float, limits: HttpLimits) -> float:
    """Anything up to a length that doubles: many who were cut off together do not come back together."""
    longest = limits.first_pause_seconds * 2.0 ** (attempt - 1)
    return chance * min(longest, limits.longest_pause_seconds)
