"""Two workers at once: one works, the other says so, and nothing is done twice."""

from __future__ import annotations

from collections.abc import Callable, Iterator

import pytest
from typer.testing import CliRunner

from hub.cli import app
from tests.crash import checkers, effects, runs
from tests.crash.hops import Run
from tests.crash.mutants import SEEN_BY_TWO, WITHOUT_LEASES, Mutant
from tests.crash.runs import Ended, Zygote
from tests.crash.scenarios import POLICE_TO_YJS, version
from tests.crash.stage import Stage
from tests.world import World

pytestmark = pytest.mark.timeout(1800)
PULL, PUSH = POLICE_TO_YJS.night


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
    staged: Stage, workers: tuple[Zygote, Zygote], times: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    world = staged.world
    monkeypatch.setenv("HUB_HOME", str(world.hub.settings.home))
    monkeypatch.setenv("HUB_DATABASE_URL", world.hub.settings.store_url)
    for number in range(1, times + 1):
        assert [ended.fault for ended in both(workers, world, None, events=5)] == ["", ""]
        assert list(checkers.chain(world, [])) == []
        assert world.rows("SELECT count(*) AS n FROM audit_event") == [{"n": 10 * number}]
    verified = CliRunner().invoke(app, ["audit", "verify"])
    assert verified.exit_code == 0, verified.output
    assert f"whole: {10 * times} events" in verified.output
