"""The steps of a night, as the schedule calls them: partner or ids in, ids out. Nothing else crosses."""

from __future__ import annotations

from collections.abc import Callable, Iterable

from connectors.errors import PartnerUnavailableError
from hub.exchange.deliver import acknowledge, deliver
from hub.exchange.land import land
from hub.exchange.match import match
from hub.exchange.outgoing import outgoing
from hub.exchange.record import record
from hub.exchange.translate import translate
from hub.hub import Hub

# Each takes the ids that the one before gave.
PULL_HOPS: tuple[Callable[[Hub, str], None], ...] = (translate, match, record)
PUSH_HOPS: tuple[Callable[[Hub, str], None], ...] = (deliver, acknowledge)


def each(hub: Hub, step: Callable[[Hub, str], None], ids: Iterable[str]) -> None:
    """One batch's fault stops that batch; the others go on, and then it is raised."""
    faults: list[Exception] = []
    for one in ids:
        try:
            step(hub, one)
        except Exception as fault:
            faults.append(fault)
    if faults:
        # What a person must see goes before what the next try may mend.
        worst = next((one for one in faults if not isinstance(one, PartnerUnavailableError)), faults[0])
        if len(faults) > 1:
            worst.add_note(f"{len(faults)} batches failed; this is the first that a person must look at.")
        raise worst


def pull(hub: Hub, partner: str) -> list[str]:
    ids = land(hub, partner)
    for step in PULL_HOPS:
        each(hub, step, ids)
    return ids


def push(hub: Hub, partner: str) -> list[str]:
    ids = outgoing(hub, partner)
    for step in PUSH_HOPS:
        each(hub, step, ids)
    return ids
