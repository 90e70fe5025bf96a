"""The steps of a night, as the schedule calls them: partner or ids in, ids out. Nothing else crosses."""

from __future__ import annotations

from hub.exchange.deliver import acknowledge, deliver
from hub.exchange.land import land
from hub.exchange.onward import Step, each, go_on
from hub.exchange.outgoing import outgoing
from hub.exchange.runs import run
from hub.exchange.telling_back import tell_back
from hub.hub import Hub
from hub.store import leases

# Each takes the ids that the one before gave.
PUSH_HOPS: tuple[Step, ...] = (deliver, acknowledge)


def pull(hub: Hub, partner: str) -> list[str]:
    with run(hub, partner, leases.PULL) as leased:
        ids = land(leased, partner)
        go_on(leased, ids)
    return ids


def push(hub: Hub, partner: str) -> list[str]:
    with run(hub, partner, leases.PUSH) as leased:
        ids = outgoing(leased, partner)
        for step in PUSH_HOPS:
            each(leased, step, ids)
        tell_back(leased, partner)
    return ids
