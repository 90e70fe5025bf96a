"""A worker that takes order after order in one process, so that two of them really meet."""

from __future__ import annotations

import json
import os
import sys

from hub.exchange.runs import Ticket
from hub.store.audit import AuditEvent, Event
from tests.crash import hops
from tests.crash.zygote import Words, answer, hub_for


def work(order: Words) -> None:
    with hub_for(order) as hub:
        for number in range(order["events"]):
            with hub.deciding(AuditEvent(Event.CONSULTATION, "looked", subject=f"{number}")):
                pass
        hops.take_all(hub, Ticket.read(order["ticket"]), order["hops"], holder=order["holder"])


if __name__ == "__main__":
    print("ready", flush=True)
    for line in sys.stdin:
        answer({"pid": os.getpid()})
        try:
            work(json.loads(line))
        except Exception as fault:
            answer({"status": 1, "fault": type(fault).__name__, "trace": str(fault)})
        else:
            answer({"status": 0})
