"""Who gets what: rules, as a table."""

from __future__ import annotations

from hub.store.outbox import Destination
from hub.store.queueing import Route

YJS_WORKLIST = Destination("yjs", "worklist")
POLICE_DECISIONS = Destination("police", "decisions")

ROUTES = (
    Route("referral", YJS_WORKLIST),
    Route("outcome", YJS_WORKLIST),
    Route("status_update", YJS_WORKLIST),
    Route("status_update", POLICE_DECISIONS, addressed_by="referral_from"),
)


def routes(kind: str, sender: str) -> tuple[Route, ...]:
    return tuple(route for route in ROUTES if route.kind == kind and route.to.partner != sender)
