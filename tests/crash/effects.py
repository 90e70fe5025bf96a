"""What came about at a partner, as the partner sees it."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from simulators import police_clerk
from tests.world import World


@dataclass(frozen=True)
class Effect:
    """`words` are from a field that travels all the way and rises with the sender's versions; `at` orders."""

    record: str
    words: str
    key: str
    at: tuple[str | int, int]


def in_the_worklist(world: World) -> Iterator[Effect]:
    for row in world.worklist():
        yield Effect(row["source_reference"], row["referrer"], row["message_key"], (row["sent_at"], 0))


def in_decision_files(world: World) -> Iterator[Effect]:
    for file in police_clerk.taken(world.police_inbound):
        written = (world.police_inbound / file.name).stat().st_mtime_ns
        for number, row in enumerate(file.rows):
            yield Effect(row["ReferralRef"], row["AssessedOn"], row["MessageKey"], (written, number))
