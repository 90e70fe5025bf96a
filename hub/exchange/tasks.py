"""The steps as the schedule runs them: each opens the hub, works, and gives back ids and nothing else."""

from __future__ import annotations

from collections.abc import Callable, Iterable

from hub.exchange.deliver import acknowledge, deliver
from hub.exchange.land import land
from hub.exchange.match import match
from hub.exchange.onward import Step, each
from hub.exchange.outgoing import outgoing
from hub.exchange.record import record
from hub.exchange.translate import translate
from hub.faults import OUR_WORDS, StepFailedError
from hub.hub import Hub, open_hub
from hub.log import log_event


def land_partner(partner: str) -> list[str]:
    return _quietly("land", partner, lambda hub: land(hub, partner))


def translate_batches(ids: Iterable[str]) -> list[str]:
    return _each("translate", translate, ids)


def match_batches(ids: Iterable[str]) -> list[str]:
    return _each("match", match, ids)


def record_batches(ids: Iterable[str]) -> list[str]:
    return _each("record", record, ids)


def prepare_outgoing(partner: str) -> list[str]:
    return _quietly("outgoing", partner, lambda hub: outgoing(hub, partner))


def deliver_messages(ids: Iterable[str]) -> list[str]:
    return _each("deliver", deliver, ids)


def collect_answers(ids: Iterable[str]) -> list[str]:
    return _each("acknowledge", acknowledge, ids)


def _each(name: str, step: Step, ids: Iterable[str]) -> list[str]:
    going_on = list(ids)

    def every(hub: Hub) -> list[str]:
        each(hub, step, going_on)
        return going_on

    return _quietly(name, None, every)


def _quietly(name: str, partner: str | None, work: Callable[[Hub], list[str]]) -> list[str]:
    try:
        with open_hub() as hub:
            ids = work(hub)
    except OUR_WORDS:
        raise
    except Exception as fault:
        raise StepFailedError(fault) from None
    log_event("step_done", step=name, partner=partner, batches=len(ids))
    return ids
