"""When things happen in Northmoor: night 1 is the night to 23 November 2026."""

from datetime import UTC, datetime, timedelta

FIRST_MORNING = datetime(2026, 11, 23, 4, 30, tzinfo=UTC)
# Of a partner in such a mood.
CLOCK_IS_OUT_BY = timedelta(minutes=10)


def morning(night: int) -> datetime:
    """When partners have written what they send that night."""
    return FIRST_MORNING + timedelta(days=night - 1)


def stamp(moment: datetime) -> str:
    """An instant as file names carry it."""
    return f"{moment:%Y%m%dT%H%M%SZ}"


def iso(moment: datetime) -> str:
    return f"{moment:%Y-%m-%dT%H:%M:%SZ}"
