"""A run that ends between two steps: raised at the product's own failpoints, and caught by nobody."""

from __future__ import annotations

import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from functools import cache

from hub.failpoint import EVENT, FAILPOINTS

_listeners: list[Callable[[str], None]] = []


class Killed(BaseException):
    """Not an Exception, so that whoever swallows those cannot swallow a kill."""


@contextmanager
def killed_at(name: str) -> Iterator[None]:
    """Ends the run when it comes to this failpoint."""
    if name not in FAILPOINTS:
        raise ValueError(name)

    def listen(point: str) -> None:
        if point == name:
            raise Killed(name)

    with _listening(listen):
        yield


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
