"""A warm process that forks a run for each order it reads, so that a kill costs a tenth of a second.

It imports everything and runs nothing: a process that has run a Polars query leaves its children hanging.
Orders come as JSON lines. For each, lines go back: the child's process id, then "stopped" each time it
stands still, then how it ended.
"""

from __future__ import annotations

import contextlib
import gc
import json
import os
import signal
import sys
import traceback
from collections.abc import Iterator
from datetime import datetime, timedelta
from functools import partial
from pathlib import Path
from typing import Any

import hub.hub
from hub.exchange.runs import Ticket
from hub.hub import Hub
from hub.store.engine import Store
from quality.rules import Suite
from tests.crash import alike, mutants, plain_sftp
from tests.crash.ticks import Ticks

Words = dict[str, Any]


@contextlib.contextmanager
def hub_for(order: Words) -> Iterator[Hub]:
    """The hub, right or wrong, as of the moment in the order."""
    hub.hub.upgrade = lambda _: None
    hub.hub.Store = partial(Store, frozen_after=timedelta(milliseconds=order["frozen_after_ms"]))
    os.environ.update(order["environment"])
    now = datetime.fromisoformat(order["now"])
    with contextlib.ExitStack() as rewired:
        connector = plain_sftp.connector
        if order["mutant"]:
            mutant = mutants.MUTANTS[order["mutant"]]
            rewired.enter_context(mutant.rewired())
            connector = mutant.connector(connector)
        # What is promised of the data is told elsewhere, and would be most of the time.
        rules: Words = {"suite": Suite, "matching": ()}
        parts: Words = {**rules, "connector": connector, "agreement": plain_sftp.agreement}
        with hub.hub.open_hub(clock=lambda: now, **parts) as opened:
            yield opened


def one_run(order: Words, say: Any) -> None:
    def tell(place: str) -> None:
        say({"place": place})

    ticks = Ticks(Path(order["root"]), order["at"], signal.Signals(order["by"]), tell)
    ticks.install()
    with hub_for(order) as opened:
        alike.take_all(opened, Ticket.read(order["ticket"]), order["hops"], holder=order["holder"])
    say({"ticks": ticks.count, "places": ticks.places})


def child(order: Words, answers: int) -> None:
    def say(words: Words) -> None:
        os.write(answers, (json.dumps(words) + "\n").encode())

    try:
        one_run(order, say)
    except BaseException as fault:
        say({"fault": type(fault).__name__, "trace": traceback.format_exc()})
        os._exit(1)
    os._exit(0)


def obey(order: Words) -> None:
    hears, says = os.pipe()
    pid = os.fork()
    if pid == 0:
        os.close(hears)
        child(order, says)
    os.close(says)
    answer({"pid": pid})
    status = os.waitpid(pid, os.WUNTRACED)[1]
    while os.WIFSTOPPED(status):
        answer({"stopped": True})
        status = os.waitpid(pid, os.WUNTRACED)[1]
    words: Words = {}
    with os.fdopen(hears) as told:
        for line in told:
            words |= json.loads(line)
    answer(words | {"status": os.waitstatus_to_exitcode(status)})


def answer(words: Words) -> None:
    print(json.dumps(words), flush=True)


if __name__ == "__main__":
    for partner in plain_sftp.CONNECTORS:
        plain_sftp.agreement(partner)
    # Collecting garbage would copy every page that is shared with a child.
    gc.collect()
    gc.freeze()
    gc.disable()
    print("ready", flush=True)
    for line in sys.stdin:
        obey(json.loads(line))
