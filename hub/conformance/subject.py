"""Who is tried: a connector with its suite, its agreement and its rehearsal."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from importlib.metadata import entry_points
from typing import cast

from connectors.contract import Connector
from connectors.errors import MisconfiguredError
from hub import registry
from hub.conformance.rehearsal import Rehearsal
from hub.sharing.agreement import Agreement
from quality.rules import Suite

REHEARSALS = "referral_hub.rehearsals"


@dataclass(frozen=True)
class Subject:
    connector: Connector
    suite: Suite
    # Read when it is asked for.
    agreement: Callable[[], Agreement]
    rehearsal: Rehearsal

    @property
    def name(self) -> str:
        return self.connector.name


def subject(name: str) -> Subject:
    return Subject(
        registry.connector(name), registry.suite(name), lambda: registry.agreement(name), _rehearsal(name)
    )


def rehearsed_names() -> tuple[str, ...]:
    return tuple(sorted(point.name for point in entry_points(group=REHEARSALS)))


def _rehearsal(name: str) -> Rehearsal:
    points = {point.name: point for point in entry_points(group=REHEARSALS)}
    if name not in points:
        raise MisconfiguredError(
            f"{name} has no rehearsal, so nothing can be shown of its connector.",
            fix=f"name one under the entry point {REHEARSALS}; docs/how-to/prove-a-connector.md shows how.",
        )
    return cast(Rehearsal, points[name].load())
