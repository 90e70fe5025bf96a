"""A night by hand: who is asked only about known children is pulled after those who bring them."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import date
from typing import Any, cast

from hub import night
from hub.stack import Stack


@dataclass
class Schedule:
    """Runs whatever is triggered at once, and notes the order in which it was looked for."""

    triggered: list[str] = field(default_factory=list)

    def dag_ids(self) -> set[str]:
        partners = ("courts", "police", "social_care", "yjs")
        return {night.REPORT, *(f"{way}_{one}" for way in ("pull", "push") for one in partners)}

    def warm(self) -> None:
        """Nothing to warm."""

    def trigger(self, dag_id: str, conf: dict[str, str]) -> str:
        self.triggered.append(dag_id)
        return dag_id

    def state(self, dag_id: str, run_id: str) -> str:
        return "success"


@dataclass
class Airflow:
    rest: Any


def test_who_brings_children_comes_first() -> None:
    schedule = Schedule()
    stack = cast(Stack, Airflow(schedule))
    ran = night.run(stack, ["courts", "social_care", "yjs"], date(2026, 11, 23), lambda _: None)
    assert all(one.succeeded for one in ran)
    assert schedule.triggered == [
        "pull_courts",
        "pull_yjs",
        "pull_social_care",
        "push_social_care",
        "push_yjs",
    ]
