"""Whether a connector keeps its promises: each tried, or bypassed with a reason, and told in words."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from enum import StrEnum

from connectors.errors import MisconfiguredError
from hub.conformance.promise import Direction, Promise
from hub.conformance.promises import PROMISES
from hub.conformance.rehearsal import Rehearsal
from hub.conformance.subject import Subject
from hub.conformance.theatre import Theatre

BYPASS_PAGE = "docs/how-to/prove-a-connector.md"


class Standing(StrEnum):
    KEPT = "kept"
    BROKEN = "broken"
    NOT_SHOWN = "not shown"
    BYPASSED = "bypassed"


@dataclass(frozen=True)
class Judgement:
    promise: Promise
    standing: Standing
    # What happened, or why nothing was tried.
    words: tuple[str, ...] = ()

    @property
    def stands(self) -> bool:
        return self.standing in (Standing.KEPT, Standing.BYPASSED)

    def __str__(self) -> str:
        title = f"{self.promise.code} {self.standing}"
        if self.standing is Standing.KEPT:
            return f"{title}: {self.promise.words}"
        lines = [title, f"  promised: {self.promise.words}"]
        if self.standing is Standing.BYPASSED:
            return "\n".join([*lines, *(f"  because:  {why}" for why in self.words)])
        lines += [f"  happened: {what}" for what in self.words]
        return "\n".join([*lines, f"  look at:  {self.promise.look}"])


def promises_of(subject: Subject) -> tuple[Promise, ...]:
    """Those for the directions in which the connector goes."""
    goes = {
        Direction.PULL: bool(subject.connector.pulls),
        Direction.PUSH: bool(subject.connector.pushes),
    }
    return tuple(promise for promise in PROMISES if goes[promise.direction])


def bypassed(rehearsal: Rehearsal) -> Mapping[str, str]:
    """MisconfiguredError for a promise that does not exist, or one without a reason."""
    known = {promise.code for promise in PROMISES}
    strange = sorted(set(rehearsal.bypassed) - known)
    silent = sorted(code for code, why in rehearsal.bypassed.items() if not why.strip())
    if strange or silent:
        raise MisconfiguredError(
            f"The rehearsal bypasses promises that there are not ({', '.join(strange) or 'none'}), "
            f"or without a reason ({', '.join(silent) or 'none'}).",
            fix=f"name promises of docs/reference/promises.md, each with its reason; {BYPASS_PAGE}.",
        )
    return rehearsal.bypassed


def judged(theatre: Theatre, promise: Promise) -> Judgement:
    if why := bypassed(theatre.subject.rehearsal).get(promise.code):
        return Judgement(promise, Standing.BYPASSED, (why,))
    if missing := [need for need in promise.needs if need not in theatre.partner.plays]:
        told = f"the rehearsal does not play {', '.join(missing)}: let it, or bypass the promise"
        return Judgement(promise, Standing.NOT_SHOWN, (told,))
    happened = tuple(dict.fromkeys(_happened(theatre, promise)))
    return Judgement(promise, Standing.BROKEN if happened else Standing.KEPT, happened)


def _happened(theatre: Theatre, promise: Promise) -> Iterator[str]:
    """What the promise's own check saw, and what no run may ever do."""
    theatre.stumbles.clear()
    yield from promise.check(theatre)
    yield from theatre.stumbles
