"""What the force leaves in its folder when it is in a mood: file by file, in the order it is written."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import replace
from datetime import datetime, timedelta

from simulators.nights import CLOCK_IS_OUT_BY, iso
from simulators.police_files import Drop, as_csv, file_name, read_csv
from simulators.spoiled import MANIFEST_FAULTS, SPOILED_MESSAGES


def _by_another_clock(ahead: timedelta) -> Callable[[Drop], dict[str, bytes]]:
    """Every moment they state: in the rows, in the manifest and in the file's name."""

    def files(good: Drop) -> dict[str, bytes]:
        rows = [
            {**row, "LastUpdated": iso(datetime.fromisoformat(row["LastUpdated"]) + ahead)}
            for row in read_csv(good.content)
        ]
        created = good.created + ahead
        return replace(good, name=file_name(created, 1), content=as_csv(rows), created=created).files()

    return files


def _cut_short(good: Drop) -> dict[str, bytes]:
    """The manifest tells of the whole file."""
    return {**good.files(), good.name: SPOILED_MESSAGES["truncated"](good.content)}


FILES: Mapping[str, Callable[[Drop], dict[str, bytes]]] = {
    "duplicating": MANIFEST_FAULTS["same_file_twice"],
    "reordering": MANIFEST_FAULTS["old_version_after_new"],
    "lying_about_counts": MANIFEST_FAULTS["row_count_disagrees"],
    "clock_ahead": _by_another_clock(CLOCK_IS_OUT_BY),
    "clock_behind": _by_another_clock(-CLOCK_IS_OUT_BY),
    "cut_short": _cut_short,
}
