"""Killed at every point, on SQLite: nothing lost, nothing doubled, in order, and the audit whole."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest

from tests.crash.every_point import EveryPoint
from tests.crash.hops import Run
from tests.crash.mutants import KILLED, Mutant
from tests.crash.runs import Zygote
from tests.crash.scenarios import RUNS, Scenario
from tests.crash.stage import stage

Property = Callable[[str, object], None]
# Roundly, of the run with the fewest: below it, something no longer ticks.
FEWEST_POINTS = 100


@pytest.mark.parametrize(("scenario", "run"), RUNS, ids=str)
def test_a_run_killed_at_any_point_harms_nothing(
    root: Path, zygote: Zygote, scenario: Scenario, run: Run, record_property: Property
) -> None:
    with stage(root) as staged:
        tried = EveryPoint(staged, zygote, scenario, run).kill_everywhere()
    record_property("points", tried.points)
    assert tried.bad == []
    assert tried.points > FEWEST_POINTS


@pytest.mark.parametrize("mutant", KILLED, ids=lambda mutant: mutant.name)
def test_a_wrong_hub_is_caught(root: Path, zygote: Zygote, mutant: Mutant) -> None:
    scenario, run = next((scenario, run) for scenario, run in RUNS if mutant.hop in run.hops)
    with stage(root) as staged:
        found = EveryPoint(staged, zygote, scenario, run).first_bad_point(mutant)
    assert found is not None, "it was killed at every point and nobody saw anything"
    assert mutant.caught_by in found.checkers, found
