"""Sending again, as a person decides it: audited message by message, under the keys they had."""

from __future__ import annotations

from collections.abc import Sequence

from hub.hub import Hub
from hub.store import replay
from hub.store.audit import AuditEvent, Event


class ReplayChangedError(Exception):
    """Between counting and deciding a message was answered, or overtaken. Nothing was done."""

    def __init__(self, wanted: int, possible: int) -> None:
        super().__init__(wanted, possible)
        self.wanted, self.possible = wanted, possible

    def __str__(self) -> str:
        return (
            f"Of these {self.wanted} messages only {self.possible} can still be sent again: others were "
            "answered or overtaken since they were counted. What to do: nothing was done; say it again."
        )


def send_again(hub: Hub, partner: str, keys: Sequence[str]) -> None:
    """Queue exactly these for the next push, or none of them."""
    events = [AuditEvent(Event.ALTERATION, "queued again", partner, subject=key) for key in keys]
    with hub.deciding(events) as connection:
        queued = replay.queue_again(connection, keys)
        if queued != len(keys):
            raise ReplayChangedError(len(keys), queued)
