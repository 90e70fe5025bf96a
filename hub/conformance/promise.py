"""A promise as plain data, and the check that shows whether it is kept."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from enum import StrEnum

from hub.conformance.theatre import Theatre

# What happened instead: counts and places, never a value. Nothing where the promise is kept.
Check = Callable[[Theatre], Iterator[str]]


class Direction(StrEnum):
    PULL = "pull"
    PUSH = "push"


@dataclass(frozen=True)
class Promise:
    """`needs` are the moods and oddities without which nothing can be shown."""

    code: str
    words: str
    why: str
    # Where to look: a function of the connector, or a page.
    look: str
    check: Check
    needs: tuple[str, ...] = ()

    @property
    def direction(self) -> Direction:
        return Direction(self.code.partition("-")[0].lower())

    def __str__(self) -> str:
        return f"{self.code} {self.words}"
