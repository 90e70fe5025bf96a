"""Who is connected: connectors and suites, found through entry points, so a partner can be a package."""

from __future__ import annotations

from collections.abc import Mapping
from functools import cache
from importlib.metadata import EntryPoint, entry_points

from connectors.contract import Connector
from connectors.errors import MisconfiguredError
from hub.sharing.agreement import Agreement, read
from quality.rules import Suite

CONNECTORS = "referral_hub.connectors"
SUITES = "referral_hub.suites"


def partner_names() -> tuple[str, ...]:
    return tuple(sorted(_points(CONNECTORS)))


def connectors() -> dict[str, Connector]:
    return {name: connector(name) for name in partner_names()}


def connector(name: str) -> Connector:
    found = _load(CONNECTORS, name)
    if not isinstance(found, Connector):
        raise MisconfiguredError(
            f"The entry point {CONNECTORS}:{name} is not a Connector.",
            fix="let it name the value `connector` of the partner's package.",
        )
    return found


def suite(name: str) -> Suite:
    """A partner without a suite promises nothing, and its page says so."""
    found = _load(SUITES, name)
    return found if isinstance(found, Suite) else Suite(name)


def agreement(name: str) -> Agreement:
    """Read each time: a night that runs past midnight, or past a change of the file, must see it."""
    return read(connector(name).agreement)


def _load(group: str, name: str) -> object:
    points = _points(group)
    if name not in points:
        if group == SUITES:
            return None
        known = ", ".join(sorted(points)) or "none"
        raise MisconfiguredError(
            f"There is no partner named {name}; those connected are: {known}.",
            fix="look at the spelling, or install the partner's package (`make env`).",
        )
    return points[name].load()


@cache
def _points(group: str) -> Mapping[str, EntryPoint]:
    """What is installed does not change under a process, and looking costs more than a small batch does."""
    return {point.name: point for point in entry_points(group=group)}
