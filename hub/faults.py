"""Errors on their way to a log or a screen. Ours speak; any other says only what it is and where it happened.

The words of a library's error may quote a record: a driver names the key that was there twice.
"""

from __future__ import annotations

import errno
import traceback
from dataclasses import dataclass
from pathlib import Path

from connectors.errors import ConnectorError
from hub.landing.keyring import SealBrokenError
from hub.ledger.balance import UnbalancedError
from hub.store.leases import LeaseBusyError, LeaseLostError

OUR_WORDS = (ConnectorError, UnbalancedError, SealBrokenError, LeaseBusyError, LeaseLostError)
ROOT = Path(__file__).resolve().parents[1]


@dataclass(frozen=True)
class Cause:
    what: str
    fix: str


NOT_KNOWN = Cause("", "nothing is lost, what came waits in landing; report this line to the engineers.")
FULL = Cause("The disk is full", "make room on it and run the night again; nothing is lost.")
LOCKED = Cause(
    "The hub's database is locked", "end the program that holds it and run the night again; nothing is lost."
)
FROZEN = Cause(
    "This run stood still too long and was cut off",
    "nothing is lost; let the later run end, or run the night again.",
)
# Told by a number or a code, which hold no value.
CAUSES: dict[object, Cause] = {
    errno.ENOSPC: FULL,
    errno.EDQUOT: FULL,
    errno.EFBIG: FULL,
    "SQLITE_FULL": FULL,
    "SQLITE_IOERR_WRITE": FULL,
    "53100": FULL,
    "SQLITE_BUSY": LOCKED,
    "55P03": LOCKED,
    # The server ended a transaction in which a stopped process held the lease.
    "25P03": FROZEN,
}


class StepFailedError(Exception):
    """A fault of the program or its machine, without the words of the error that showed it."""

    def __init__(self, fault: BaseException) -> None:
        cause = _cause(fault)
        what = f"{cause.what}: " if cause.what else ""
        super().__init__(f"{what}{type(fault).__name__} at {_place(fault)}. What to do: {cause.fix}")


def _cause(fault: BaseException) -> Cause:
    # The driver's own error stands within SQLAlchemy's.
    driver = getattr(fault, "orig", fault)
    signs = (getattr(driver, name, None) for name in ("errno", "sqlite_errorname", "sqlstate"))
    return next((CAUSES[sign] for sign in signs if sign in CAUSES), NOT_KNOWN)


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
