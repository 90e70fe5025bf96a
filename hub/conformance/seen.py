"""What is looked at in many promises, in words that name counts and places."""

from __future__ import annotations

from collections.abc import Iterator

from hub.conformance.stage import Stage
from hub.store.contents import Said


def lacking(stage: Stage, count: int) -> Iterator[str]:
    """Each feed that has not brought so many records."""
    for feed, there in stage.records().items():
        if there != count:
            yield f"{there} of {count} records of {feed} are in the store; {stage.nights[-1].words}"


def differing(stage: Stage, expected: frozenset[Said], *, after: str) -> Iterator[str]:
    there = stage.store()
    if lost := expected - there:
        yield f"{len(lost)} of {len(expected)} records are missing or are not the newest, {after}"
    if strange := there - expected:
        yield f"{len(strange)} records are in the store that the partner did not say like this, {after}"


def skipped(stage: Stage, expected: frozenset[Said]) -> Iterator[str]:
    """Records of which a run that ended well has brought nothing at all."""
    missing = {(one.feed, one.reference) for one in expected} - {
        (one.feed, one.reference) for one in stage.store()
    }
    if missing and not stage.nights[-1].failed:
        yield f"{len(missing)} of {len(expected)} records were skipped, and the run ended well"


def not_told(stage: Stage, what: str) -> Iterator[str]:
    if not stage.nights[-1].was_told:
        yield f"{what}, and nobody was told: no error, no finding, no refused message"


def arrived(stage: Stage, count: int) -> Iterator[str]:
    """Every message came about at the partner once, under its key, and stands as delivered."""
    known, heard = set(stage.messages()), stage.heard()
    if len(known) != count:
        yield f"{len(known)} messages were made of {count} records"
    if missing := known - heard.keys():
        yield f"{len(missing)} of {count} messages never came about at the partner"
    if strange := heard.keys() - known:
        yield f"{len(strange)} came about under a key that no message has"
    if doubled := [key for key, times in heard.items() if times > 1]:
        yield f"{len(doubled)} of {count} messages came about more than once"
    if stage.delivered() != count:
        yield f"{stage.delivered()} of {count} messages stand as delivered; the others are {_others(stage)}"


def _others(stage: Stage) -> str:
    states = stage.states()
    return ", ".join(
        f"{count} {state}" for state, count in sorted(states.items()) if state not in ("accepted", "received")
    )
