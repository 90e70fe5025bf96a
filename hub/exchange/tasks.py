"""The steps as the schedule runs them: each opens the hub, works, and gives back the run's ticket.

A ticket names the run and its batches or deliveries, and nothing else crosses between tasks. Of two tries of
one step at once, the later has the lease, and the other changes nothing.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager
from typing import Any

from hub.exchange.deliver import acknowledge, deliver
from hub.exchange.land import land
from hub.exchange.match import match
from hub.exchange.onward import Step, each
from hub.exchange.outgoing import outgoing
from hub.exchange.record import record
from hub.exchange.runs import Ticket, held_by, resumed, started
from hub.exchange.telling_back import tell_back
from hub.exchange.translate import translate
from hub.faults import OUR_WORDS, StepFailedError
from hub.hub import Hub, open_hub
from hub.log import log_event
from hub.store import leases

Written = dict[str, Any]
First = Callable[[Hub, str], Iterable[str]]


def land_partner(partner: str, holder: str) -> Written:
    """`holder` is the schedule's name of this run: a step tried again takes its own lease again."""
    return _begin("land", leases.PULL, land, partner, holder)


def translate_batches(ticket: Written) -> Written:
    return _each("translate", translate, ticket)


def match_batches(ticket: Written) -> Written:
    return _each("match", match, ticket)


def record_batches(ticket: Written) -> Written:
    return _each("record", record, ticket, last=True)


def prepare_outgoing(partner: str, holder: str) -> Written:
    return _begin("outgoing", leases.PUSH, outgoing, partner, holder)


def deliver_messages(ticket: Written) -> Written:
    return _each("deliver", deliver, ticket)


def collect_answers(ticket: Written) -> Written:
    """Theirs to what we sent, and ours to what they sent."""
    return _each("acknowledge", acknowledge, ticket, last=True, then=tell_back)


def _begin(name: str, direction: str, work: First, partner: str, holder: str) -> Written:
    with speaking_plainly(), open_hub() as hub, started(hub, partner, direction, holder=holder) as leased:
        ids = tuple(work(leased, partner))
        ticket = Ticket(partner, direction, held_by(leased).number, ids)
    log_event("step_done", step=name, partner=partner, batches=len(ids))
    return ticket.written()


def _each(
    name: str, step: Step, written: Written, *, last: bool = False, then: First | None = None
) -> Written:
    ticket = Ticket.read(written)
    with speaking_plainly(), open_hub() as hub, resumed(hub, ticket, last=last) as leased:
        each(leased, step, ticket.ids)
        if then:
            then(leased, ticket.partner)
    log_event("step_done", step=name, partner=ticket.partner, batches=len(ticket.ids))
    return ticket.written()


@contextmanager
def speaking_plainly() -> Iterator[None]:
    try:
        yield
    except OUR_WORDS:
        raise
    except Exception as fault:
        raise StepFailedError(fault) from None
