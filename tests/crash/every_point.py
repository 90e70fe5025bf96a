"""A run killed at tick 1, 2, 3 … until it ends without reaching the tick."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field, replace
from itertools import count

from hub.exchange import steps
from hub.hub import Hub
from tests.crash import checkers
from tests.crash.mutants import Mutant
from tests.crash.runs import Ended, Step, Zygote
from tests.crash.scenarios import Leg
from tests.crash.stage import Stage

STEPS = {"pull": steps.pull, "push": steps.push}
TRIES = 3


@dataclass(frozen=True)
class Bad:
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
    places: tuple[str, ...] = ()
    bad: list[Bad] = field(default_factory=list)


def set_up(stage: Stage, leg: Leg) -> None:
    leg.scenario.before(stage.world)
    leg.scenario.tonight(stage.world)
    run_all(stage.world.hub, leg.done)
    stage.save()


def killed_at_every_point(stage: Stage, zygote: Zygote, leg: Leg) -> Tried:
    tried, last = Tried(), ""
    for point in count(1):
        ended = killed(stage, zygote, leg, point)
        if not ended.was_killed:
            assert ended.status == 0, ended.trace
            tried.places = tuple(ended.places)
            return tried
        tried.points = point
        # A statement that is not committed leaves what was there before: looked at once, it is as good.
        if (left := stage.fingerprint()) != last:
            last = left
            tried.moments += 1
            tried.bad += bad(stage, leg, point, ended.place)
    raise AssertionError("a run has an end")


def first_bad_point(stage: Stage, zygote: Zygote, leg: Leg, mutant: Mutant) -> Bad | None:
    """The same with a wrong hub, killed and started again, up to the first point at which it does harm."""
    last, right = "", stage.world.hub
    for point in count(1):
        ended = killed(stage, zygote, leg, point, mutant.name)
        if not ended.was_killed:
            return None
        if (left := stage.fingerprint()) == last:
            continue
        last = left
        stage.world.hub = replace(right, connector=mutant.connector(right.connector))
        with mutant.rewired():
            found = next(bad(stage, leg, point, ended.place), None)
        stage.world.hub = right
        if found is not None:
            return found
    raise AssertionError("a run has an end")


def killed(stage: Stage, zygote: Zygote, leg: Leg, point: int, mutant: str = "") -> Ended:
    stage.reset()
    world = stage.world
    return zygote.run(world.hub.settings, leg.killed, now=world.now[0], at=point, mutant=mutant)


def bad(stage: Stage, leg: Leg, point: int, place: str) -> Iterator[Bad]:
    """What is wrong once the night was run again to its end, and one more after it."""
    if found := tuple(_restarted(stage, leg)) or tuple(checkers.faults(stage.world, leg.scenario)):
        yield Bad(point, place, found)


def _restarted(stage: Stage, leg: Leg) -> Iterator[str]:
    faults: list[str] = []
    for _ in range(TRIES):
        # A killed run's lease runs out.
        stage.world.later(minutes=11)
        try:
            run_all(stage.world.hub, leg.scenario.night)
        except Exception as fault:
            faults.append(f"{type(fault).__name__}: {fault}")
        else:
            break
    else:
        yield f"restart: the night does not come to its end: {faults[-1]}"
        return
    stage.world.later(days=1)
    run_all(stage.world.hub, leg.scenario.night)


def run_all(hub: Hub, night: Iterable[Step]) -> None:
    for step, partner in night:
        STEPS[step](hub, partner)
