"""Six wrong hubs, each caught by the checker that is there for it. Without them the harness proves little."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.crash.every_point import EveryPoint
from tests.crash.mutants import KILLED, Mutant
from tests.crash.runs import Zygote
from tests.crash.scenarios import RUNS
from tests.crash.stage import stage


@pytest.mark.parametrize("mutant", KILLED, ids=lambda mutant: mutant.name)
def test_a_wrong_hub_is_caught(root: Path, zygote: Zygote, mutant: Mutant) -> None:
    scenario, run = next((scenario, run) for scenario, run in RUNS if mutant.hop in run.hops)
    with stage(root) as staged:
        found = EveryPoint(staged, zygote, scenario, run).first_caught(mutant)
    assert found is not None, f"it was killed at every point, and {mutant.caught_by} saw nothing"
