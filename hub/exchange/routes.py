"""Who gets what: every partner says what its feeds want. Whether it may leave, the agreement says."""

from __future__ import annotations

from collections.abc import Iterator

from connectors.contract import Connector
from hub import registry
from hub.store.outbox import Destination
from hub.store.queueing import Route


def routes(kind: str, sender: str) -> tuple[Route, ...]:
    """For anybody who is not connected nothing is laid ready."""
    partners = registry.connectors().values()
    return tuple(route for partner in partners for route in _to(partner, kind, sender))


def _to(partner: Connector, kind: str, sender: str) -> Iterator[Route]:
    if partner.name == sender:
        return
    for feed in partner.pushes:
        for one in feed.wants:
            if one.kind == kind and one.sent_by in (None, sender):
                yield Route(kind, Destination(partner.name, feed.name), one.addressed_by, one.needs)
