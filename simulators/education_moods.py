"""What the service lists when it is in a mood: records changed, once they are made."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from datetime import datetime, timedelta
from typing import Any

from simulators.nights import CLOCK_IS_OUT_BY, iso

Record = Mapping[str, Any]
Records = Sequence[Record]


def _twice(records: Records) -> Records:
    return [*records, *records]


def _reversed(records: Records) -> Records:
    return records[::-1]


def _half(records: Records) -> Records:
    return records[: (len(records) + 1) // 2]


def _by_another_clock(ahead: timedelta) -> Callable[[Records], Records]:
    def changed(records: Records) -> Records:
        return [
            {**one, "updated_at": iso(datetime.fromisoformat(one["updated_at"]) + ahead)}
            if "updated_at" in one
            else one
            for one in records
        ]

    return changed


CONTENT: Mapping[str, Callable[[Records], Records]] = {
    "duplicating": _twice,
    "reordering": _reversed,
    # The count is the service's: see there.
    "lying_about_counts": list,
    "clock_ahead": _by_another_clock(CLOCK_IS_OUT_BY),
    "clock_behind": _by_another_clock(-CLOCK_IS_OUT_BY),
    "cut_short": _half,
}
