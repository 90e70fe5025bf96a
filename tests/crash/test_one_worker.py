"""Two workers, and one that stood still: one works, the other says so, and nothing is done twice."""

from __future__ import annotations

import os
import random
import signal
from collections import Counter
from collections.abc import Callable, Iterator
from contextlib import ExitStack
from itertools import permutations
from pathlib import Path

import pytest
import sqlalchemy as sa

from hub.store import engine, leases
from tests.crash import alike, checkers, effects, runs
from tests.crash.hops import Run
from tests.crash.mutants import SEEN_BY_TWO, WITHOUT_LEASES, Mutant
from tests.crash.runs import Ended, Zygote
from tests.crash.scenarios import POLICE_TO_YJS, version
from tests.crash.stage import Stage, stage
from tests.world import World

pytestmark = pytest.mark.timeout(1800)
# What is to be shown often is shown a few times with every change.
OFTEN, A_FEW_TIMES = 50, 6
PULL, PUSH = POLICE_TO_YJS.night
CUT_AFTER_MS = 500
CUT_OFF = ("OperationalError", "InternalError")


@pytest.fixture(params=["sqlite", pytest.param("postgresql", marks=pytest.mark.server)])
def staged(request: pytest.FixtureRequest, root: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Stage]:
    # Whoever stands still keeps SQLite's lock, and half a minute would be a long wait for each.
    monkeypatch.setattr(engine, "WAIT_SECONDS", 0.5)
    monkeypatch.setattr(leases, "TAKE_WITHIN_SECONDS", 0.5)
    url = None if request.param == "sqlite" else request.getfixturevalue("postgres_url")
    with stage(root, url) as made:
        yield made


@pytest.fixture(params=[A_FEW_TIMES, pytest.param(OFTEN, marks=pytest.mark.soak)])
def times(request: pytest.FixtureRequest) -> int:
    return int(request.param)


@pytest.fixture(scope="module")
def workers() -> Iterator[tuple[Zygote, Zygote]]:
    with runs.worker() as one, runs.worker() as other:
        yield one, other


def both(workers: tuple[Zygote, Zygote], world: World, run: Run | None, **how: object) -> list[Ended]:
    """The same order to both, at once."""
    chosen = run or PULL
    for number, worker in enumerate(workers):
        steps = run.hops if run else ()
        worker.begin(
            world.hub.settings, chosen.ticket, steps, now=world.now[0], holder=f"night {number}", **how
        )
    ended = [worker.until_stopped_or_ended() for worker in workers]
    return [one for one in ended if one is not None]


def doubles(world: World) -> list[str]:
    there = list(effects.in_the_worklist(world))
    children = len({row["child_id"] for row in world.rows("SELECT child_id FROM referral")})
    found = checkers.doubles(world, there, children)
    return [*found, *checkers.order(world, there), *checkers.chain(world, there)]


def test_of_two_nights_at_once_one_works_and_the_other_says_so(
    staged: Stage, workers: tuple[Zygote, Zygote], times: int
) -> None:
    world, busy = staged.world, 0
    for number in range(1, times + 1):
        world.police_send(version(number, 10))
        for run in (PULL, PUSH):
            world.later(minutes=15)
            faults = sorted(ended.fault for ended in both(workers, world, run))
            assert faults in (["", ""], ["", "LeaseBusyError"])
            busy += "LeaseBusyError" in faults
    assert busy > times, "they hardly met"
    assert len(world.worklist()) == times
    assert doubles(world) == []


def without_inbox_key(staged: Stage) -> None:
    with staged.world.hub.store.transaction() as connection:
        for statement in (
            "CREATE TABLE inbox_without AS SELECT * FROM inbox",
            "DROP TABLE inbox",
            "ALTER TABLE inbox_without RENAME TO inbox",
        ):
            connection.exec_driver_sql(statement)


@pytest.mark.parametrize(
    ("mutant", "change", "seen"),
    [(SEEN_BY_TWO, without_inbox_key, True), (WITHOUT_LEASES, lambda _: None, False)],
    ids=["without its key", "with its key"],
)
def test_the_inbox_key_is_missed_only_where_two_work_at_once(
    staged: Stage,
    workers: tuple[Zygote, Zygote],
    mutant: Mutant,
    change: Callable[[Stage], None],
    seen: bool,
) -> None:
    """The sixth wrong hub. Leases are off, or there would never be two."""
    world, met = staged.world, 0
    change(staged)
    for number in range(1, 11):
        world.police_send(version(number, 10))
        world.later(minutes=15)
        met += [ended.fault for ended in both(workers, world, PULL, mutant=mutant.name)] == ["", ""]
    assert met, "they never both came to their end"
    twice = "SELECT reference FROM inbox GROUP BY reference, version_hash HAVING count(*) > 1"
    assert bool(world.rows(twice)) == seen


def test_two_writers_of_the_audit_break_no_link(
    staged: Stage, workers: tuple[Zygote, Zygote], times: int
) -> None:
    world = staged.world
    for number in range(1, times + 1):
        assert [ended.fault for ended in both(workers, world, None, events=5)] == ["", ""]
        assert list(checkers.chain(world, [])) == []
        assert world.rows("SELECT count(*) AS n FROM audit_event") == [{"n": 10 * number}]


def stops(places: list[str], run: Run) -> list[int]:
    """The ticks at which a run may stand still: it has its lease, and has not committed its last."""
    taken = next(number for number, place in enumerate(places) if "UPDATE lease" in place)
    begins = places.index("commit", taken) + 2
    last = max(number for number, place in enumerate(places) if place == "commit") - 3
    named = [number for number in range(begins, last) if places[number - 1].startswith("failpoint")]
    # A partner's own lock is not ours to break: of what is sent, only the places between.
    return named if run == PUSH else list(range(begins, last))


@pytest.mark.parametrize("run", [PULL, PUSH], ids=str)
def test_a_worker_that_stood_still_changes_nothing_afterwards(
    staged: Stage, zygote: Zygote, run: Run, times: int
) -> None:
    world = staged.world
    alike.begin(POLICE_TO_YJS, world)
    if run == PUSH:
        alike.take_all(world.hub, PULL.ticket, PULL.hops)
    staged.save()
    whole = zygote.run(world.hub.settings, run.ticket, run.hops, now=world.now[0])
    choose, ends = random.Random(3), list[str]()
    for tick in choose.choices(stops(list(whole.places), run), k=times):
        staged.reset()
        ends.append(stood_still(staged, zygote, run, tick))
    assert ends.count("LeaseLostError") > times // 5, f"it was hardly ever late: {Counter(ends)}"


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


def stood_still(staged: Stage, zygote: Zygote, run: Run, tick: int) -> str:
    """What the late one ended with; `locked` where it kept SQLite's only lock, and no second could begin."""
    world = staged.world
    how = {"now": world.now[0], "at": tick, "by": signal.SIGSTOP, "frozen_after_ms": CUT_AFTER_MS}
    pid = zygote.begin(world.hub.settings, run.ticket, run.hops, **how)
    assert zygote.until_stopped_or_ended() is None
    own = its_files(world, run)
    world.later(minutes=11)
    locked = is_locked_out(world, run)
    before = staged.dump()
    os.kill(pid, signal.SIGCONT)
    ended = zygote.until_stopped_or_ended()
    assert ended is not None
    if locked:
        # Nobody took its lease, so it was right to go on; the second only has to come again.
        assert ended.status == 0, ended.trace
    else:
        # Without a fault only where nothing was left for it to do.
        assert ended.fault in ("", "LeaseLostError", *CUT_OFF), f"{tick} {ended} {ended.trace}"
        after = staged.dump()
        assert {name for name in before if name != "files" and before[name] != after[name]} == set(), tick
        changed = set(before["files"]) ^ set(after["files"])
        assert [file for file in changed if own not in file] == [], tick
        if ended.fault not in CUT_OFF:
            assert set(after["files"]) <= set(before["files"]), tick
    for night in (PULL, PUSH) * 2:
        world.later(hours=12)
        alike.take_all(world.hub, night.ticket, night.hops)
    assert checkers.faults(world, POLICE_TO_YJS) == [], tick
    return "locked" if locked else ended.fault


@pytest.mark.soak
def test_any_shuffle_of_four_versions_with_kills_ends_with_the_newest(root: Path, zygote: Zygote) -> None:
    choose = random.Random(4)
    with ExitStack() as opened:
        staged = opened.enter_context(stage(root))
        world = staged.world
        staged.save()
        for shuffle in permutations((10, 11, 12, 13)):
            staged.reset()
            killed = choose.randrange(4)
            for number, hour in enumerate(shuffle):
                world.police_send(version(1, hour))
                for run in (PULL, PUSH):
                    if number == killed:
                        settings, at = world.hub.settings, choose.randrange(1, 250)
                        zygote.run(settings, run.ticket, run.hops, now=world.now[0], at=at)
                        world.later(minutes=11)
                    alike.take_all(world.hub, run.ticket, run.hops)
                world.later(days=1)
            there = sorted(effects.in_the_worklist(world), key=lambda effect: effect.at)
            assert there[-1].words == "v13", shuffle
            assert [*checkers.order(world, there), *checkers.doubles(world, there, 1)] == [], shuffle
