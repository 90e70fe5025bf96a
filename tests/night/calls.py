"""The force at the end of a line that counts our calls and can be down, and a hub that calls it."""

from __future__ import annotations

from dataclasses import dataclass

from connectors.errors import ConnectorError
from hub.hub import Hub
from hub.store.leases import PULL, Lease
from tests.servers.lines import CountedLine
from tests.world import World


@dataclass
class FarForce:
    world: World
    line: CountedLine

    def pull(self) -> str:
        """What the fault says; nothing where all went well."""
        try:
            self.world.pull()
        except ConnectorError as fault:
            return str(fault)
        return ""

    def push(self) -> str:
        try:
            self.world.push("police")
        except ConnectorError as fault:
            return str(fault)
        return ""

    def is_down(self, times: int = 5) -> None:
        """Called so often that its breaker opens, unless said otherwise."""
        self.line.is_down = True
        for _ in range(times):
            assert "does not answer" in self.pull()

    def leased(self, direction: str = PULL) -> Hub:
        """The hub within a run, without a lease that keeps another out."""
        return self.world.hub.under(Lease("police", direction, 1, 1))
