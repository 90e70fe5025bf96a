"""One that stood still while another took over: woken, it changes nothing, since its fence stops it."""

from __future__ import annotations

import os
import random
import signal
from collections import Counter
from dataclasses import dataclass

import pytest
import sqlalchemy as sa

from tests.crash import alike, checkers
from tests.crash.hops import Run
from tests.crash.mutants import WITHOUT_A_FENCE, Mutant
from tests.crash.runs import Ended, Zygote
from tests.crash.scenarios import POLICE_TO_YJS
from tests.crash.stage import Stage
from tests.world import World

pytestmark = pytest.mark.timeout(1800)
PULL, PUSH = POLICE_TO_YJS.night
CUT_AFTER_MS = 500
CUT_OFF = ("OperationalError", "InternalError")


def stops(places: list[str], run: Run) -> tuple[list[int], list[int]]:
    """The ticks at which a run may stand still, and those of them that have a name.

    It has its lease by then, and has not committed its last.
    """
    taken = next(number for number, place in enumerate(places) if "UPDATE lease" in place)
    begins = places.index("commit", taken) + 2
    last = max(number for number, place in enumerate(places) if place == "commit") - 3
    named = [number for number in range(begins, last) if places[number - 1].startswith("failpoint")]
    # A partner's own lock is not ours to break: of what is sent, only the places between.
    return named if run == PUSH else list(range(begins, last)), named


def begun(staged: Stage, zygote: Zygote, run: Run) -> tuple[list[int], list[int]]:
    """A night before its run, and where that run may stand still."""
    world = staged.world
    alike.begin(POLICE_TO_YJS, world)
    if run == PUSH:
        alike.take_all(world.hub, PULL.ticket, PULL.hops)
    staged.save()
    whole = zygote.run(world.hub.settings, run.ticket, run.hops, now=world.now[0])
    return stops(list(whole.places), run)


@pytest.mark.parametrize("run", [PULL, PUSH], ids=str)
def test_a_worker_that_stood_still_changes_nothing_afterwards(
    staged: Stage, zygote: Zygote, run: Run, times: int
) -> None:
    anywhere, named = begun(staged, zygote, run)
    choose, ends = random.Random(3), list[str]()
    # Within a transaction PostgreSQL cuts it off; between two it is the fence alone that stops it.
    for number in range(times):
        staged.reset()
        tick = choose.choice(named if number % 2 else anywhere)
        late = stood_still(staged, zygote, run, tick)
        late.changed_nothing()
        ends.append(late.end)
        all_is_well(staged.world, tick)
    assert ends.count("LeaseLostError") > times // 5, f"it was hardly ever late: {Counter(ends)}"


@pytest.mark.parametrize("run", [PULL, PUSH], ids=str)
def test_without_its_fence_a_late_worker_is_seen_to_change_something(
    staged: Stage, zygote: Zygote, run: Run
) -> None:
    _, named = begun(staged, zygote, run)
    for tick in named:
        staged.reset()
        if stood_still(staged, zygote, run, tick, mutant=WITHOUT_A_FENCE).rows:
            return
    pytest.fail("it stood still at every named place, and nothing was seen")


def is_locked_out(world: World, run: Run) -> bool:
    """The second run; true where SQLite lets it in no more, which it says."""
    try:
        alike.take_all(world.hub, run.ticket, run.hops, holder="the second")
    except sa.exc.OperationalError as fault:
        if world.hub.store.is_sqlite and "locked" in str(fault):
            return True
        raise
    return False


def its_files(world: World, run: Run) -> str:
    """What the names of all frames of the run that has the lease have in common."""
    held = {(row["partner"], row["direction"]): row["number"] for row in world.rows("SELECT * FROM lease")}
    return f"~{run.partner}.{held[run.partner, run.direction]}."


@dataclass(frozen=True)
class Late:
    """What one that stood still did once it was woken, after a second had done its work."""

    tick: int
    ended: Ended
    # It kept SQLite's only lock, and no second could begin.
    locked: bool
    rows: set[str]
    # Files of others that it touched, and files of its own that it laid.
    touched: set[str]
    laid: set[str]

    @property
    def end(self) -> str:
        return "locked" if self.locked else self.ended.fault

    def changed_nothing(self) -> None:
        if self.locked:
            # Nobody took its lease, so it was right to go on; the second only has to come again.
            assert self.ended.status == 0, self.ended.trace
            return
        # Without a fault only where nothing was left for it to do.
        assert self.end in ("", "LeaseLostError", *CUT_OFF), f"{self.tick} {self.ended} {self.ended.trace}"
        assert self.rows == set(), self.tick
        assert self.touched == set(), self.tick
        assert not self.laid or self.end in CUT_OFF, self.tick


def stood_still(staged: Stage, zygote: Zygote, run: Run, tick: int, *, mutant: Mutant | None = None) -> Late:
    world = staged.world
    how = {"now": world.now[0], "at": tick, "by": signal.SIGSTOP, "frozen_after_ms": CUT_AFTER_MS}
    name = mutant.name if mutant else ""
    pid = zygote.begin(world.hub.settings, run.ticket, run.hops, mutant=name, **how)
    assert zygote.until_stopped_or_ended() is None
    own = its_files(world, run)
    world.later(minutes=11)
    locked = is_locked_out(world, run)
    before = staged.dump()
    os.kill(pid, signal.SIGCONT)
    ended = zygote.until_stopped_or_ended()
    assert ended is not None
    after = staged.dump()
    were, are = set(before["files"]), set(after["files"])
    return Late(
        tick,
        ended,
        locked,
        rows={name for name in before if name != "files" and before[name] != after[name]},
        touched={file for file in were ^ are if own not in file},
        laid=are - were,
    )


def all_is_well(world: World, tick: int) -> None:
    """After two nights more."""
    for night in (PULL, PUSH) * 2:
        world.later(hours=12)
        alike.take_all(world.hub, night.ticket, night.hops)
    assert checkers.faults(world, POLICE_TO_YJS) == [], tick
