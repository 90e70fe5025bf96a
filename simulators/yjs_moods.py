"""The case system in a mood: other rows in its views, or answers by another clock.

Its views count themselves and state no moment, so it cannot lie about counts, and its clock shows in the
case workers' answers alone.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import timedelta

from simulators.nights import CLOCK_IS_OUT_BY
from simulators.yjs_views import Row

Rows = Sequence[Row]


@dataclass(frozen=True)
class Manner:
    rows: Callable[[Rows], Rows] = list
    clock: timedelta = timedelta(0)


MANNERS: Mapping[str, Manner] = {
    "duplicating": Manner(rows=lambda rows: [*rows, *rows]),
    "reordering": Manner(rows=lambda rows: rows[::-1]),
    "clock_ahead": Manner(clock=CLOCK_IS_OUT_BY),
    "clock_behind": Manner(clock=-CLOCK_IS_OUT_BY),
    "cut_short": Manner(rows=lambda rows: rows[: len(rows) // 2]),
}
AS_IT_IS = Manner()
