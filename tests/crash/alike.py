"""Chance and the clock alike in every try, so that what two of them left can be compared byte for byte."""

from __future__ import annotations

import os
import random
import secrets
import sys
import time
from collections.abc import Iterable, Iterator
from contextlib import ExitStack, contextmanager
from datetime import datetime, timedelta, tzinfo
from itertools import count
from unittest.mock import patch

from hub.clock import Clock
from hub.exchange.runs import Ticket
from hub.hub import SCHEDULE, Hub
from tests.crash import hops
from tests.crash.scenarios import Scenario
from tests.world import World


def take(hub: Hub, ticket: Ticket, hop: str, *, holder: str = SCHEDULE) -> Ticket:
    """One hop. Where it begins at another moment, chance is another: a later try is no copy of an earlier."""
    with chance(f"{ticket.partner} {ticket.direction} {hop} {hub.clock()}", hub.clock):
        return hops.take(hub, ticket, hop, holder=holder)


def take_all(hub: Hub, ticket: Ticket, names: Iterable[str], *, holder: str = SCHEDULE) -> Ticket:
    for hop in names:
        ticket = take(hub, ticket, hop, holder=holder)
    return ticket


def begin(scenario: Scenario, world: World) -> None:
    """What came before, and what comes tonight."""
    with chance("before", lambda: world.now[0]):
        scenario.before(world)
        scenario.tonight(world)


@contextmanager
def chance(seed: str, clock: Clock) -> Iterator[None]:
    """Bytes that hang on the seed alone, and moments that follow the clock, each a little later."""
    drawn, moments = random.Random(seed), count(1)

    def moment() -> datetime:
        return clock() + timedelta(microseconds=next(moments))

    class Moments(datetime):
        @classmethod
        def now(cls, tz: tzinfo | None = None) -> datetime:  # type: ignore[override]  # a plain one will do
            return moment().astimezone(tz)

    def a_few(size: int | None = None) -> bytes:
        return drawn.randbytes(size or secrets.DEFAULT_ENTROPY)

    with ExitStack() as patched:
        patched.enter_context(patch.object(os, "urandom", a_few))
        patched.enter_context(patch.object(secrets, "token_bytes", a_few))
        patched.enter_context(patch.object(time, "time_ns", lambda: int(moment().timestamp() * 10**9)))
        # A connector asks the time itself: when a partner answered is its own to say.
        for name, module in list(sys.modules.items()):
            if name.startswith("connectors.") and getattr(module, "datetime", None) is datetime:
                patched.enter_context(patch.object(module, "datetime", Moments))
        yield
