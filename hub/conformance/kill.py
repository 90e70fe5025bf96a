"""A run that ends between two steps: raised at the product's own failpoints, and caught by nobody."""

from __future__ import annotations

import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from functools import cache

from hub.failpoint import EVENT

_listeners: list[Callable[[str], None]] = []


class Killed(BaseException):
    """Not an Exception, so that whoever swallows those cannot swallow a kill."""


@contextmanager
def killed_at(name: str, *, time: int = 1) -> Iterator[None]:
    """Ends the run when it comes to this failpoint for the `time`-th time."""
    came = 0

    def listen(point: str) -> None:
        nonlocal came
        came += point == name
        if point == name and came == time:
            raise Killed(name)

    with _listening(listen):
        yield


@contextmanager
def noted() -> Iterator[list[str]]:
    """The failpoints that a run comes by, each once, in their order."""
    points: dict[str, None] = {}
    seen: list[str] = []

    def listen(point: str) -> None:
        if point not in points:
            points[point] = None
            seen.append(point)

    with _listening(listen):
        yield seen


@contextmanager
def _listening(listener: Callable[[str], None]) -> Iterator[None]:
    _hook()
    _listeners.append(listener)
    try:
        yield
    finally:
        _listeners.remove(listener)


@cache
def _hook() -> None:
    """An audit hook stays for the life of the process, so there is one, and it hears only while asked to."""
    sys.addaudithook(_heard)


def _heard(event: str, arguments: tuple[object, ...]) -> None:
    if event == EVENT:
        for listener in tuple(_listeners):
            listener(str(arguments[0]))
