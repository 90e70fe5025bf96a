"""Errors on their way to a log or a screen. Ours speak; any other says only what it is and where it happened.

The words of a library's error may quote a record: a driver names the key that was there twice.
"""

from __future__ import annotations

import traceback
from pathlib import Path

from connectors.errors import ConnectorError
from hub.landing.keyring import SealBrokenError
from hub.ledger.balance import UnbalancedError

OUR_WORDS = (ConnectorError, UnbalancedError, SealBrokenError)
ROOT = Path(__file__).resolve().parents[1]


class StepFailedError(Exception):
    """A fault of the program, without the words of the error that showed it."""

    def __init__(self, fault: BaseException) -> None:
        super().__init__(
            f"{type(fault).__name__} at {_place(fault)}. "
            "What to do: nothing is lost, what came waits in landing; report this line to the engineers."
        )


def _place(fault: BaseException) -> str:
    """The deepest line of ours in the trace."""
    frames = [
        frame
        for frame in traceback.extract_tb(fault.__traceback__)
        if Path(frame.filename).is_relative_to(ROOT) and ".venv" not in frame.filename
    ]
    if not frames:
        return "a place outside the hub"
    last = frames[-1]
    return f"{Path(last.filename).relative_to(ROOT)}, line {last.lineno}, in {last.name}"
