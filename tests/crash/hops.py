"""A run hop by hop, each in a process of its own, as the schedule takes it."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from typing import Any

from hub.exchange.deliver import acknowledge, deliver
from hub.exchange.land import land
from hub.exchange.match import match
from hub.exchange.onward import each
from hub.exchange.outgoing import outgoing
from hub.exchange.record import record
from hub.exchange.runs import Ticket, held_by, resumed, started
from hub.exchange.telling_back import tell_back
from hub.exchange.translate import translate
from hub.hub import SCHEDULE, Hub
from hub.store.leases import PULL, PUSH

FIRST: dict[str, Callable[[Hub, str], list[str]]] = {PULL: land, PUSH: outgoing}
LATER: dict[str, dict[str, Callable[[Hub, str], Any]]] = {
    PULL: {"translate": translate, "match": match, "record": record},
    PUSH: {"deliver": deliver, "acknowledge": acknowledge},
}
NAMES = {PULL: ("land", *LATER[PULL]), PUSH: ("outgoing", *LATER[PUSH])}


@dataclass(frozen=True)
class Run:
    partner: str
    direction: str

    def __str__(self) -> str:
        return f"{self.partner} {self.direction}"

    @property
    def hops(self) -> tuple[str, ...]:
        return NAMES[self.direction]

    @property
    def ticket(self) -> Ticket:
        return Ticket(self.partner, self.direction, 0)


def take(hub: Hub, ticket: Ticket, hop: str, *, holder: str = SCHEDULE) -> Ticket:
    """One hop; the ticket is what the next one needs."""
    if hop == NAMES[ticket.direction][0]:
        with started(hub, ticket.partner, ticket.direction, holder=holder) as leased:
            ids = tuple(FIRST[ticket.direction](leased, ticket.partner))
            return Ticket(ticket.partner, ticket.direction, held_by(leased).number, ids)
    with resumed(hub, ticket, last=hop == NAMES[ticket.direction][-1]) as leased:
        each(leased, LATER[ticket.direction][hop], ticket.ids)
        if hop == "acknowledge":
            tell_back(leased, ticket.partner)
    return ticket


def take_all(hub: Hub, ticket: Ticket, hops: Iterable[str], *, holder: str = SCHEDULE) -> Ticket:
    for hop in hops:
        ticket = take(hub, ticket, hop, holder=holder)
    return ticket
