"""What a killed run, or one that came too late, left in landing: cleared away by the partner's next run.

A row about somebody who is no child of ours may lie in it, and nobody would ever look for it again.
"""

from __future__ import annotations

from hub.exchange.hop import kept_when_recorded
from hub.hub import Hub
from hub.store import batches, deliveries
from hub.store.audit import AuditEvent, Event


def sweep(hub: Hub, partner: str) -> None:
    """Batches that were never registered, and frames and drafts that nobody needs any more.

    Only a pull of this partner makes batches here, and its lease is ours: another partner's run is elsewhere.
    """
    # Listed first: a delivery that is laid ready meanwhile is registered before anything of it is here.
    there = hub.landing.batches()
    with hub.store.reading() as connection:
        known = batches.of_partner(connection, partner)
        going_out = deliveries.of_partner(connection, partner)
    unknown = [one for one in there if one not in known and one not in going_out]
    done = {one: row for one in there if (row := known.get(one)) and row.state == batches.RECORDED}
    cluttered = [one for one, row in done.items() if hub.landing.left_in(one, kept_when_recorded(row))]
    if not unknown and not cluttered:
        return
    left = AuditEvent(
        Event.ERASURE, "cleared away what a run left", partner, records=len(unknown + cluttered)
    )
    # Under the lease: a worker that stood still here must not clear away what the next one lands.
    with hub.writing(left):
        for one in unknown:
            hub.landing.destroy_batch(one)
        for one in cluttered:
            hub.landing.keep_only(one, kept_when_recorded(done[one]))


def sweep_deliveries(hub: Hub, partner: str) -> None:
    """Messages laid ready for a delivery that has ended."""
    there = hub.landing.batches()
    with hub.store.reading() as connection:
        known = deliveries.of_partner(connection, partner)
    for one in there:
        if known.get(one, deliveries.CLAIMED) != deliveries.CLAIMED:
            hub.landing.destroy_batch(one)
