"""The moods a partner can be in, by name: on a bad night one asks for them.

A mood of the line needs nothing of a partner but a port. One of HTTP needs a partner who speaks it. One of
the content changes what a partner writes, so each partner says which of these it plays.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from enum import StrEnum

CALM = "calm"


class Kind(StrEnum):
    LINE = "line"
    HTTP = "http"
    CONTENT = "content"


@dataclass(frozen=True)
class Mood:
    name: str
    kind: Kind
    words: str


class MoodError(Exception):
    """A mood that is not there, or that this partner cannot play; it says what there is."""


@dataclass(frozen=True)
class Door:
    """Where a partner is reached: the variable that holds their port, or an address with one."""

    setting: str
    speaks_http: bool = False


def _table(*moods: Mood) -> Mapping[str, Mood]:
    return {mood.name: mood for mood in moods}


MOODS = _table(
    Mood("slow", Kind.LINE, "Every piece of an answer comes a moment late, and all of it comes."),
    Mood("dribbling", Kind.LINE, "The answer begins well, then comes one byte at a time, and never stops."),
    Mood("truncated", Kind.LINE, "The line is closed in the middle of an answer."),
    Mood("resetting", Kind.LINE, "The line is torn down in the middle of an answer."),
    Mood("silent", Kind.LINE, "In the middle of an answer nothing more comes, and the line stays open."),
    Mood("down", Kind.LINE, "Nobody answers at all."),
    Mood("gzip_bomb", Kind.HTTP, "The answer is one megabyte that unpacks to a thousand."),
    Mood("rate_limiting", Kind.HTTP, "One request a second is answered; the others are told to wait."),
    Mood("html_in_200", Kind.HTTP, "Every answer is a sign-in page that says all is well."),
    Mood("error_500", Kind.HTTP, "Every answer is that the server has failed."),
    Mood("duplicating", Kind.CONTENT, "What they send comes twice."),
    Mood("reordering", Kind.CONTENT, "What is old comes after what is new."),
    Mood("lying_about_counts", Kind.CONTENT, "They say that they sent more than they did."),
    Mood("clock_ahead", Kind.CONTENT, "Their clock is ten minutes ahead."),
    Mood("clock_behind", Kind.CONTENT, "Their clock is ten minutes behind."),
    Mood("cut_short", Kind.CONTENT, "Half of what they write is missing, though it came over a sound line."),
)


def playable(content: Iterable[str], door: Door | None) -> tuple[str, ...]:
    """The moods of a partner with this door who plays these of the content, in the order of the table."""
    by_kind = {Kind.LINE: door is not None, Kind.HTTP: door is not None and door.speaks_http}
    own = set(content)
    return tuple(mood.name for mood in MOODS.values() if by_kind.get(mood.kind) or mood.name in own)


def check_plays(partner: str, plays: Iterable[str], mood: str) -> None:
    can = ", ".join((CALM, *plays))
    if mood != CALM and mood not in MOODS:
        raise MoodError(f"There is no mood {mood}. What to do: choose one that {partner} can play: {can}.")
    if mood not in (CALM, *plays):
        raise MoodError(f"{partner} cannot play {mood}. What to do: choose one that it can: {can}.")
