"""Everything that is preloaded is imported, forks, and runs a query in the child without hanging."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import pytest

from hub.preload import BY_COMMAND

ROOT = Path(__file__).parents[2]

FORK = """
import os, signal, sys, time
from hub.preload import preload
preload(sys.argv[1])
child = os.fork()
if child == 0:
    import polars as pl
    from quality.rules import Dimension, Filled, hold_row
    said = {"message": [0] * 1000, "row": range(1000), "part": [0] * 1000, "said": ["x", None] * 500}
    frame = pl.DataFrame(said)
    counted = frame.lazy().group_by("said").len().collect().height
    if sys.argv[1] != "dag-processor":
        from quality.runner import assess
        about = {"why": "w", "fix": "f", "owner": "o", "dimension": Dimension.VALIDITY}
        rule = hold_row("T", "Said.", Filled("said"), **about)
        assert assess([rule], frame).findings[0].places.height == 500
    os._exit(0 if counted == 2 else 1)
until = time.monotonic() + 60
while time.monotonic() < until:
    ended, status = os.waitpid(child, os.WNOHANG)
    if ended:
        sys.exit(os.waitstatus_to_exitcode(status))
    time.sleep(0.02)
os.kill(child, signal.SIGKILL)
sys.exit("the forked child hangs: something that is preloaded has run a Polars query")
"""


@pytest.mark.parametrize("command", sorted(BY_COMMAND))
def test_what_is_preloaded_can_fork(command: str) -> None:
    done = subprocess.run(
        [sys.executable, "-W", "ignore", "-c", FORK, command],
        cwd=ROOT,
        capture_output=True,
        text=True,
        timeout=120,
        check=False,
    )
    assert done.returncode == 0, done.stderr[-2000:]


@pytest.mark.parametrize("command", ["api-server", "triggerer", ""])
def test_other_processes_preload_nothing(command: str) -> None:
    assert command not in BY_COMMAND
