"""Four versions of a referral in any order, with kills: the newest is the last, and none comes twice."""

from __future__ import annotations

import random
from itertools import permutations

import pytest

from tests.crash import alike, checkers, effects
from tests.crash.hops import Run
from tests.crash.runs import Ended, Zygote
from tests.crash.scenarios import POLICE_TO_YJS, version
from tests.crash.stage import Stage
from tests.world import World

pytestmark = pytest.mark.timeout(1800)
PULL, PUSH = POLICE_TO_YJS.night
# Roundly, of a run with one record.
MOST_TICKS = {PULL: 200, PUSH: 100}
ORDERS = list(permutations((10, 11, 12, 13)))


@pytest.mark.parametrize("orders", [2, pytest.param(len(ORDERS), marks=pytest.mark.soak)])
def test_any_shuffle_of_four_versions_with_kills_ends_with_the_newest(
    staged: Stage, zygote: Zygote, orders: int
) -> None:
    choose, world, kills = random.Random(4), staged.world, 0
    staged.save()
    for order in choose.sample(ORDERS, orders):
        staged.reset()
        killed = choose.randrange(4)
        for number, hour in enumerate(order):
            world.police_send(version(1, hour))
            for run in (PULL, PUSH):
                if number == killed:
                    kills += killed_somewhere(world, zygote, run, choose).was_killed
                    world.later(minutes=11)
                alike.take_all(world.hub, run.ticket, run.hops)
            world.later(days=1)
        there = sorted(effects.in_the_worklist(world), key=lambda effect: effect.at)
        assert there[-1].words == "v13", order
        assert [*checkers.order(world, there), *checkers.doubles(world, there, 1)] == [], order
    assert kills >= orders, "hardly any was killed"


def killed_somewhere(world: World, zygote: Zygote, run: Run, choose: random.Random) -> Ended:
    at = choose.randrange(1, MOST_TICKS[run])
    return zygote.run(world.hub.settings, run.ticket, run.hops, now=world.now[0], at=at)
