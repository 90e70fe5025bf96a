"""Killed at every point, on PostgreSQL: nothing lost, nothing doubled, in order, and the audit whole."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest

from tests.crash.every_point import EveryPoint
from tests.crash.hops import Run
from tests.crash.runs import Zygote
from tests.crash.scenarios import RUNS, Scenario
from tests.crash.stage import stage

pytestmark = pytest.mark.server

Property = Callable[[str, object], None]
# Roundly, of the run with the fewest: below it, something no longer ticks.
FEWEST_POINTS = 100
MORE_THAN_ENOUGH_SECONDS = 900


@pytest.mark.timeout(MORE_THAN_ENOUGH_SECONDS)
@pytest.mark.parametrize(("scenario", "run"), RUNS, ids=str)
def test_a_run_killed_at_any_point_harms_nothing(
    root: Path, postgres_url: str, zygote: Zygote, scenario: Scenario, run: Run, record_property: Property
) -> None:
    with stage(root, postgres_url) as staged:
        tried = EveryPoint(staged, zygote, scenario, run).kill_everywhere()
    record_property("points", tried.points)
    assert tried.bad == []
    assert tried.points > FEWEST_POINTS
