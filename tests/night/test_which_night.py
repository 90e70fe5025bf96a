"""Which night it is: named after the morning it ends, in local time, on both days when the clocks change."""

from __future__ import annotations

from datetime import UTC, date, datetime, time

import pytest

from hub.clock import last_night, night_of

LONDON = {"zone": "Europe/London", "cut_off": time(7, 0)}


@pytest.mark.parametrize(
    ("now", "night", "why"),
    [
        (datetime(2026, 11, 23, 4, 0, tzinfo=UTC), date(2026, 11, 23), "before the cut-off"),
        (datetime(2026, 11, 23, 6, 59, 59, tzinfo=UTC), date(2026, 11, 23), "a second before"),
        (datetime(2026, 11, 23, 7, 0, tzinfo=UTC), date(2026, 11, 24), "the next night has begun"),
        (datetime(2026, 11, 23, 23, 30, tzinfo=UTC), date(2026, 11, 24), "late in the evening"),
        (datetime(2026, 7, 1, 6, 30, tzinfo=UTC), date(2026, 7, 2), "half past seven in summer"),
        (datetime(2026, 3, 29, 6, 30, tzinfo=UTC), date(2026, 3, 30), "clocks went forward: 07:30"),
        (datetime(2026, 10, 25, 6, 30, tzinfo=UTC), date(2026, 10, 25), "clocks went back: 06:30"),
    ],
)
def test_a_moment_belongs_to_one_night(now: datetime, night: date, why: str) -> None:
    assert night_of(now, **LONDON) == night, why


def test_the_morning_report_at_the_cut_off_is_about_the_night_that_just_ended() -> None:
    assert last_night(datetime(2026, 11, 23, 7, 0, 5, tzinfo=UTC), **LONDON) == date(2026, 11, 23)
    assert last_night(datetime(2026, 11, 23, 12, 0, tzinfo=UTC), **LONDON) == date(2026, 11, 23)
