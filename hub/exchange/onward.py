"""What has landed goes on, batch by batch: one batch's fault never keeps another waiting."""

from __future__ import annotations

from collections.abc import Callable, Iterable

from connectors.errors import PartnerUnavailableError
from hub.exchange.match import match
from hub.exchange.record import record
from hub.exchange.translate import translate
from hub.hub import Hub

Step = Callable[[Hub, str], None]
# In this order. A batch that is not where a hop begins is left alone by it.
HOPS: tuple[Step, ...] = (translate, match, record)


def go_on(hub: Hub, ids: Iterable[str]) -> None:
    waiting = list(ids)
    for hop in HOPS:
        each(hub, hop, waiting)


def each(hub: Hub, step: Step, ids: Iterable[str]) -> None:
    """One batch's fault stops that batch; the others go on, and then it is raised."""
    waiting = list(ids)
    faults = _faults(hub, step, waiting)
    if not faults:
        return
    # Whoever called stops here, so those without a fault are taken to their end.
    for later in HOPS[HOPS.index(step) + 1 :] if step in HOPS else ():
        faults += _faults(hub, later, waiting)
    # What a person must see goes before what the next try may mend.
    worst = next((one for one in faults if not isinstance(one, PartnerUnavailableError)), faults[0])
    if len(faults) > 1:
        worst.add_note(f"{len(faults)} batches failed; this is the first that a person must look at.")
    raise worst


def _faults(hub: Hub, step: Step, ids: Iterable[str]) -> list[Exception]:
    faults: list[Exception] = []
    for one in ids:
        try:
            step(hub, one)
        except Exception as fault:
            faults.append(fault)
    return faults
