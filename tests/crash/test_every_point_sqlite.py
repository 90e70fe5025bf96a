"""Killed at every point, on SQLite: nothing lost, nothing doubled, in order, and the audit whole."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.crash.every_point import killed_at_every_point, set_up
from tests.crash.runs import Zygote
from tests.crash.scenarios import LEGS, Leg
from tests.crash.stage import stage


@pytest.mark.parametrize("leg", LEGS, ids=lambda leg: leg.name)
def test_a_run_killed_at_any_point_harms_nothing(root: Path, zygote: Zygote, leg: Leg) -> None:
    with stage(root) as set_stage:
        set_up(set_stage, leg)
        tried = killed_at_every_point(set_stage, zygote, leg)
    print(f"{leg.name}: {tried.points} points, {tried.moments} moments")
    assert tried.bad == []
