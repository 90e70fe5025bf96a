"""Killed at every point, on PostgreSQL: nothing lost, nothing doubled, in order, and the audit whole."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest

from tests.crash.every_point import first_bad_point, killed_at_every_point, set_up
from tests.crash.mutants import KILLED, Mutant
from tests.crash.runs import Zygote
from tests.crash.scenarios import LEGS, Leg
from tests.crash.stage import stage

Property = Callable[[str, object], None]

pytestmark = pytest.mark.server


@pytest.mark.parametrize("leg", LEGS, ids=lambda leg: leg.name)
def test_a_run_killed_at_any_point_harms_nothing(
    root: Path, postgres_url: str, zygote: Zygote, leg: Leg, record_property: Property
) -> None:
    with stage(root, postgres_url) as staged:
        set_up(staged, leg)
        tried = killed_at_every_point(staged, zygote, leg)
    record_property("points", tried.points)
    assert tried.bad == []
    assert tried.points > leg.at_least


@pytest.mark.parametrize("mutant", KILLED, ids=lambda mutant: mutant.name)
def test_a_wrong_hub_is_caught(root: Path, postgres_url: str, zygote: Zygote, mutant: Mutant) -> None:
    leg = next(leg for leg in LEGS if leg.name == mutant.leg)
    with stage(root, postgres_url) as staged:
        set_up(staged, leg)
        found = first_bad_point(staged, zygote, leg, mutant)
    assert found is not None, "it was killed at every point and nobody saw anything"
    assert mutant.caught_by in found.checkers, found
