"""The page of promises, drawn from the code: `python -m hub.conformance.page` writes it anew."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from pathlib import Path

from hub.conformance.judge import bypassed
from hub.conformance.promise import Direction, Promise
from hub.conformance.promises import PROMISES
from hub.conformance.rehearsal import MOODS, ODDITIES
from hub.conformance.subject import rehearsed_names, subject

PLACE = Path(__file__).parents[2] / "docs" / "reference" / "promises.md"
OPENING = """# Promises

For whoever writes a connector: what every connector promises, why, and where to look when it does not.

`hub conform NAME` tries each of them against the partner's rehearsal; [prove a
connector](../how-to/prove-a-connector.md) says how. A code never changes its meaning. A promise is passed by
only with a written reason; those of the connectors here stand with each promise.

This page is drawn from the code: `python -m hub.conformance.page` writes it anew.
"""
TITLES = {Direction.PULL: "What they send", Direction.PUSH: "What we send"}


def page() -> str:
    return "\n".join([OPENING, *(line for direction in Direction for line in _section(direction)), *_moods()])


def _section(direction: Direction) -> Iterator[str]:
    yield f"## {TITLES[direction]}\n"
    for promise in PROMISES:
        if promise.direction is direction:
            yield from _promise(promise)


def _promise(promise: Promise) -> Iterator[str]:
    yield f"### {promise.code}\n"
    yield f"{promise.words}\n"
    yield f"- Why: {promise.why}"
    yield f"- Where to look: {promise.look}."
    if promise.needs:
        yield f"- The rehearsal plays: {', '.join(f'`{need}`' for need in promise.needs)}."
    yield from (f"- Bypassed for {who}: {why}." for who, why in _bypasses(promise.code))
    yield ""


def _bypasses(code: str) -> Iterable[tuple[str, str]]:
    for name in rehearsed_names():
        if why := bypassed(subject(name).rehearsal).get(code):
            yield name, why


def _moods() -> Iterator[str]:
    yield "## Moods and oddities\n"
    yield "What a rehearsal may be asked to play. It says in `plays` which of them it can.\n"
    yield "| Name | The partner |\n|---|---|"
    yield from (f"| `{name}` | {words} |" for name, words in MOODS.items())
    yield "\n| Name | The record |\n|---|---|"
    yield from (f"| `{name}` | {words} |" for name, words in ODDITIES.items())
    yield ""


if __name__ == "__main__":
    PLACE.write_text(page(), encoding="utf-8")
