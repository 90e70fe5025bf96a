"""Who gets what: rules, as a table."""

from __future__ import annotations

from dataclasses import dataclass

from hub.store.outbox import Destination


@dataclass(frozen=True)
class Route:
    """Every record of this kind, except those the destination itself sent."""

    kind: str
    to: Destination


YJS_WORKLIST = Destination("yjs", "worklist")

ROUTES = (
    Route("referral", YJS_WORKLIST),
    Route("outcome", YJS_WORKLIST),
)


def destinations(kind: str, sender: str) -> tuple[Destination, ...]:
    return tuple(route.to for route in ROUTES if route.kind == kind and route.to.partner != sender)
