"""`python -m tests.night.one_force NAME`: one pull from the force of this name, in a process of its own."""

from __future__ import annotations

import sys
from dataclasses import replace

from connectors.contract import Connector
from connectors.errors import PartnerUnavailableError
from connectors.police import connector
from hub import registry
from hub.exchange import steps
from hub.hub import open_hub
from hub.sharing.agreement import Agreement
from quality.rules import Suite

TRY_AGAIN = 75


def force(name: str) -> Connector:
    return replace(connector, name=name)


def agreed(name: str) -> Agreement:
    """They all signed what the police signed."""
    return registry.agreement("police").model_copy(update={"partner": name})


if __name__ == "__main__":
    with open_hub(connector=force, agreement=agreed, suite=Suite, matching=()) as hub:
        try:
            steps.pull(hub, sys.argv[1])
        except PartnerUnavailableError:
            sys.exit(TRY_AGAIN)
