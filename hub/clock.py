"""What time it is, handed in so that a test can choose it."""

from __future__ import annotations

from collections.abc import Callable
from datetime import UTC, date, datetime, time, timedelta
from zoneinfo import ZoneInfo

Clock = Callable[[], datetime]


def system_clock() -> datetime:
    return datetime.now(UTC)


def night_of(now: datetime, *, zone: str, cut_off: time) -> date:
    """The night is named after the morning it ends: after the cut-off, the next one has begun."""
    local = now.astimezone(ZoneInfo(zone))
    return local.date() if local.time() < cut_off else local.date() + timedelta(days=1)


def last_night(now: datetime, *, zone: str, cut_off: time) -> date:
    """The night whose cut-off has passed: what the morning report is about."""
    return night_of(now, zone=zone, cut_off=cut_off) - timedelta(days=1)
