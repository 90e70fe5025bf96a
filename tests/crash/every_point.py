"""A hop killed at tick 1, 2, 3 … until it ends without reaching the tick. All of them, on one stage."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field, replace
from itertools import count

from hub.exchange.runs import Ticket
from tests.crash import checkers, hops
from tests.crash.hops import Run
from tests.crash.mutants import Mutant
from tests.crash.runs import Ended, Zygote
from tests.crash.scenarios import Scenario
from tests.crash.stage import Stage

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
    ticket: Ticket = field(init=False)

    def __post_init__(self) -> None:
        world = self.stage.world
        self.scenario.before(world)
        self.scenario.tonight(world)
        for earlier in self.scenario.night[: self.scenario.night.index(self.run)]:
            self._whole(earlier)
        self.ticket = self.run.ticket
        self.stage.save()

    def go_on_to(self, hop: str) -> None:
        before = self.run.hops[: self.run.hops.index(hop)]
        self.ticket = hops.take_all(self.stage.world.hub, self.ticket, before)
        self.stage.save()

    def kill_everywhere(self) -> Tried:
        tried = Tried()
        for hop in self.run.hops:
            for point, ended in self._points(hop, tried):
                tried.bad += self._bad(hop, point, ended)
            self.stage.reset()
            self.ticket = hops.take(self.stage.world.hub, self.ticket, hop)
            self.stage.save()
        return tried

    def first_bad_point(self, mutant: Mutant) -> Bad | None:
        """The same with a wrong hub, killed and begun again, up to the first point that does harm."""
        self.go_on_to(mutant.hop)
        self.mutant, right = mutant, self.stage.world.hub
        for point, ended in self._points(mutant.hop, Tried()):
            self.stage.world.hub = replace(right, connector=mutant.connector(right.connector))
            with mutant.rewired():
                found = next(self._bad(mutant.hop, point, ended), None)
            self.stage.world.hub = right
            if found is not None:
                return found
        return None

    def _points(self, hop: str, tried: Tried) -> Iterator[tuple[int, Ended]]:
        """Killed at each. Given out are those that left something else behind than the one before.

        A statement that is not committed leaves what was there; looked at once, it is as good.
        """
        last = ""
        for point in count(1):
            ended = self._killed(hop, point)
            if not ended.was_killed:
                assert ended.status == 0, ended.trace
                tried.places |= set(ended.places)
                return
            tried.points += 1
            if (left := self.stage.fingerprint()) != last:
                last = left
                tried.moments += 1
                yield point, ended

    def _killed(self, hop: str, point: int) -> Ended:
        self.stage.reset()
        world = self.stage.world
        mutant = self.mutant.name if self.mutant else ""
        return self.zygote.run(
            world.hub.settings, self.ticket, [hop], now=world.now[0], at=point, mutant=mutant
        )

    def _bad(self, hop: str, point: int, ended: Ended) -> Iterator[Bad]:
        """What is wrong once the night was run again to its end, and one more after it."""
        found = tuple(self._restarted()) or tuple(checkers.faults(self.stage.world, self.scenario))
        if found:
            yield Bad(hop, point, ended.place, found)

    def _restarted(self) -> Iterator[str]:
        faults: list[str] = []
        for _ in range(TRIES):
            # A killed run's lease runs out.
            self.stage.world.later(minutes=11)
            try:
                self._night()
            except Exception as fault:
                faults.append(f"{type(fault).__name__}: {fault}")
            else:
                break
        else:
            yield f"restart: the night does not come to its end: {faults[-1]}"
            return
        self.stage.world.later(days=1)
        self._night()

    def _night(self) -> None:
        for run in self.scenario.night:
            self._whole(run)

    def _whole(self, run: Run) -> None:
        hops.take_all(self.stage.world.hub, run.ticket, run.hops)
