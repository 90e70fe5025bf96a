"""A run: one partner, one direction, one worker, from the first step to the last.

What travels from step to step is a ticket: the lease's number and ids, and nothing else.
"""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from typing import Any

from hub.hub import Hub, NoLeaseError
from hub.store import leases
from hub.store.ids import new_id
from hub.store.leases import Lease, LeaseLostError


@dataclass(frozen=True)
class Ticket:
    """`ids` are batches on the way in and deliveries on the way out."""

    partner: str
    direction: str
    run: int
    ids: tuple[str, ...] = ()

    @classmethod
    def read(cls, written: dict[str, Any]) -> Ticket:
        return cls(written["partner"], written["direction"], written["run"], tuple(written["ids"]))

    def written(self) -> dict[str, Any]:
        return vars(self) | {"ids": list(self.ids)}


@contextmanager
def run(hub: Hub, partner: str, direction: str) -> Iterator[Hub]:
    """A whole run in one process."""
    with started(hub, partner, direction, holder=new_id()) as leased:
        yield leased
        _give_back(leased)


@contextmanager
def started(hub: Hub, partner: str, direction: str, *, holder: str) -> Iterator[Hub]:
    """The hub for a run's first step. `holder` is the same for every try of it."""
    with hub.store.transaction() as connection:
        lease = leases.take(
            connection, partner, direction, holder=holder, now=hub.clock(), length=hub.settings.lease
        )
    with _given_back_on_a_fault(hub.under(lease)) as leased:
        yield leased


@contextmanager
def resumed(hub: Hub, ticket: Ticket, *, last: bool = False) -> Iterator[Hub]:
    """The hub for a later step, or for another try of it."""
    with hub.store.transaction() as connection:
        lease = leases.resume(
            connection,
            ticket.partner,
            ticket.direction,
            ticket.run,
            now=hub.clock(),
            length=hub.settings.lease,
        )
    with _given_back_on_a_fault(hub.under(lease)) as leased:
        yield leased
        if last:
            _give_back(leased)


@contextmanager
def _given_back_on_a_fault(leased: Hub) -> Iterator[Hub]:
    """A run that failed keeps nobody waiting; its next try takes up the lease where nobody else has."""
    try:
        yield leased
    except LeaseLostError:
        leased.landing.destroy_attempt(held_by(leased).tag)
        raise
    except BaseException:
        if _is_lost(leased):
            # Whatever failed, failed because the later run had cleared its way.
            leased.landing.destroy_attempt(held_by(leased).tag)
            raise LeaseLostError(held_by(leased).partner, held_by(leased).direction) from None
        # It runs out by itself, and the fault that came first is the one to tell.
        with suppress(Exception):
            _give_back(leased)
        raise


def _is_lost(leased: Hub) -> bool:
    """Whether a later run has taken over; where that cannot be asked, the fault speaks for itself."""
    try:
        leased.check_lease()
    except LeaseLostError:
        return True
    except Exception:
        return False
    return False


def _give_back(leased: Hub) -> None:
    with leased.store.transaction() as connection:
        leases.end(connection, held_by(leased), now=leased.clock())


def held_by(hub: Hub) -> Lease:
    if hub.lease is None:
        raise NoLeaseError("this is done only within a run: see hub.exchange.runs")
    return hub.lease
