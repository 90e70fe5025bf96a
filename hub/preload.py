"""What the processes that fork our tasks import once, so that no task pays for it.

Imports only. A process that has run a Polars query leaves its forked children hanging, so nothing here,
and nothing that is imported here, may run one.
"""

from __future__ import annotations

import importlib
import sys

PARSED = ("hub.exchange.tasks",)
RUN = (*PARSED, "pandas", "great_expectations", "great_expectations.expectations", "hub.report")
BY_COMMAND = {"dag-processor": PARSED, "scheduler": RUN, "celery": RUN}


def preload(command: str | None = None) -> None:
    chosen = command or (sys.argv[1] if len(sys.argv) > 1 else "")
    for name in BY_COMMAND.get(chosen, ()):
        importlib.import_module(name)
