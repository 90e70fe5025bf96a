"""A hop killed at every point that leaves something of its own behind, on one stage.

The hop is taken once and stands still at each tick to be looked at, then is killed at the first tick of each
state that was seen, which must leave that very state. What follows is begun again only as far as it is new.
"""

from __future__ import annotations

import os
import signal
from collections.abc import Iterator
from dataclasses import dataclass, field, replace
from itertools import count
from typing import Any

from hub.exchange.runs import Ticket
from tests.crash import alike, checkers
from tests.crash.hops import Run
from tests.crash.mutants import Mutant
from tests.crash.runs import Ended, Zygote
from tests.crash.scenarios import Scenario
from tests.crash.stage import Stage, State
from tests.crash.ticks import EACH

TRIES = 3


@dataclass(frozen=True)
class Bad:
    hop: str
    point: int
    place: str
    faults: tuple[str, ...]

    @property
    def checkers(self) -> set[str]:
        return {fault.partition(":")[0] for fault in self.faults}


@dataclass
class Tried:
    points: int = 0
    moments: int = 0
    places: set[str] = field(default_factory=set)
    bad: list[Bad] = field(default_factory=list)


@dataclass
class EveryPoint:
    """A run of a scenario's night, up to the hop that is killed next."""

    stage: Stage
    zygote: Zygote
    scenario: Scenario
    run: Run
    mutant: Mutant | None = None
    # States from which the rest of the night, and a quiet one after it, were seen to do no harm.
    harmless: set[State] = field(default_factory=set)
    ticket: Ticket = field(init=False)

    def __post_init__(self) -> None:
        alike.begin(self.scenario, self.stage.world)
        for earlier in self.scenario.night[: self.scenario.night.index(self.run)]:
            alike.take_all(self.stage.world.hub, earlier.ticket, earlier.hops)
        self.ticket = self.run.ticket
        self.stage.save()

    def go_on_to(self, hop: str) -> None:
        before = self.run.hops[: self.run.hops.index(hop)]
        self.ticket = alike.take_all(self.stage.world.hub, self.ticket, before)
        self.stage.save()

    def kill_everywhere(self) -> Tried:
        tried = Tried()
        for hop in self.run.hops:
            for point, ended in self._points(hop, tried):
                tried.bad += self._bad(hop, point, ended)
            self.stage.reset()
            self.ticket = alike.take(self.stage.world.hub, self.ticket, hop)
            self.stage.save()
        return tried

    def first_caught(self, mutant: Mutant) -> Bad | None:
        """A wrong hub, killed and begun again, up to the first point at which its checker finds it out."""
        self.go_on_to(mutant.hop)
        self.mutant, right = mutant, self.stage.world.hub
        for point, ended in self._points(mutant.hop, Tried()):
            self.stage.world.hub = replace(right, connector=mutant.connector(right.connector))
            with mutant.rewired():
                found = next(self._bad(mutant.hop, point, ended), None)
            self.stage.world.hub = right
            if found is not None and mutant.caught_by in found.checkers:
                return found
        return None

    def _points(self, hop: str, tried: Tried) -> Iterator[tuple[int, Ended]]:
        """Killed at each that leaves something else behind than any before it, and so left.

        What a kill leaves is what is there while the run stands still: all that is not yet committed is
        nobody's but its own.
        """
        for point, state in self._moments(hop, tried).items():
            ended = self._killed(hop, point)
            assert ended.was_killed, ended
            assert self.stage.state(hop) == state, "it left something else than what was looked at"
            tried.moments += 1
            yield point, ended

    def _moments(self, hop: str, tried: Tried) -> dict[int, State]:
        """The hop taken once, standing still at each of its points: the first of each state."""
        first_at: dict[State, int] = {}
        self.stage.reset()
        pid = self.zygote.begin(at=EACH, by=signal.SIGSTOP, **self._order(hop))
        for point in count(1):
            ended = self.zygote.until_stopped_or_ended()
            if ended is not None:
                break
            first_at.setdefault(self.stage.state(hop), point)
            os.kill(pid, signal.SIGCONT)
        assert ended.status == 0, ended.trace
        tried.points += ended.ticks
        tried.places |= set(ended.places)
        return {point: state for state, point in first_at.items()}

    def _killed(self, hop: str, point: int) -> Ended:
        self.stage.reset()
        return self.zygote.run(at=point, **self._order(hop))

    def _order(self, hop: str) -> dict[str, Any]:
        world, mutant = self.stage.world, self.mutant.name if self.mutant else ""
        return {
            "settings": world.hub.settings,
            "ticket": self.ticket,
            "hops": [hop],
            "now": world.now[0],
            "mutant": mutant,
        }

    def _bad(self, hop: str, point: int, ended: Ended) -> Iterator[Bad]:
        """What is wrong once the night was run again to its end, and one more after it."""
        passed: list[State] = []
        try:
            known = self._begun_again(passed)
        except Exception as fault:
            yield Bad(hop, point, ended.place, (f"restart: {type(fault).__name__}: {fault}",))
            return
        found = tuple(
            checkers.broken(self.stage.world) if known else checkers.faults(self.stage.world, self.scenario)
        )
        if found:
            yield Bad(hop, point, ended.place, found)
        else:
            self.harmless.update(passed)

    def _begun_again(self, passed: list[State]) -> bool:
        """The night until it ends, then a quiet one. True where it came to a state known to be harmless.

        From such a state on all goes as it went before, to an end that was found good.
        """
        for tries_left in reversed(range(TRIES)):
            # A killed run's lease runs out.
            self.stage.world.later(minutes=11)
            try:
                if self._night("again", passed):
                    return True
                break
            except Exception:
                if not tries_left:
                    raise
        self.stage.world.later(days=1)
        return self._night("quiet", passed)

    def _night(self, name: str, passed: list[State]) -> bool:
        for run in self.scenario.night:
            ticket = run.ticket
            for hop in run.hops:
                ticket = alike.take(self.stage.world.hub, ticket, hop)
                state = self.stage.state(f"{name} {run} {hop} {ticket}")
                if state in self.harmless:
                    return True
                passed.append(state)
        return False
