"""What falls into the courts' folder when they are in a mood, from the sittings of all nights so far.

The courts count nothing, so they cannot lie about it.
"""

from __future__ import annotations

import json
from collections.abc import Callable, Mapping, Sequence
from dataclasses import replace
from datetime import timedelta

from simulators.courts_files import as_json, file_name, files_of
from simulators.courts_results import made_id
from simulators.courts_sittings import Sitting
from simulators.nights import CLOCK_IS_OUT_BY, stamp
from simulators.spoiled import SPOILED_MESSAGES

Sittings = Sequence[Sitting]
CUT_EVERY = 4


def _duplicating(sittings: Sittings) -> dict[str, bytes]:
    """Each comes again under another name: the same bytes and, of every second, the same words only."""
    files = files_of(sittings)
    again = {}
    for place, (name, content) in enumerate(files.items()):
        same = content if place % 2 else json.dumps(json.loads(content)).encode()
        again[_named_anew(name, made_id("again", name))] = same
    return files | again


def _named_anew(name: str, unique: str) -> str:
    return f"{name.rsplit('_', 1)[0]}_{unique}.json"


def _reordering(sittings: Sittings) -> dict[str, bytes]:
    """The names rise in the other direction: the newest comes first, the oldest last."""
    moments = sorted({sitting.shared for sitting in sittings})
    mirrored = dict(zip(moments, reversed(moments), strict=True))
    return {
        file_name(sitting).replace(stamp(sitting.shared), stamp(mirrored[sitting.shared])): as_json(sitting)
        for sitting in sittings
    }


def _by_another_clock(ahead: timedelta) -> Callable[[Sittings], dict[str, bytes]]:
    return lambda sittings: files_of([replace(one, shared=one.shared + ahead) for one in sittings])


def _cut_short(sittings: Sittings) -> dict[str, bytes]:
    """Every fourth message ends in the middle."""
    cut = SPOILED_MESSAGES["truncated"]
    return {
        name: content if place % CUT_EVERY else cut(content)
        for place, (name, content) in enumerate(files_of(sittings).items())
    }


FILES: Mapping[str, Callable[[Sittings], dict[str, bytes]]] = {
    "duplicating": _duplicating,
    "reordering": _reordering,
    "clock_ahead": _by_another_clock(CLOCK_IS_OUT_BY),
    "clock_behind": _by_another_clock(-CLOCK_IS_OUT_BY),
    "cut_short": _cut_short,
}
