"""Named places between a write, a commit, a send and a mark, at which a test may end the process."""

from __future__ import annotations

import sys

EVENT = "hub.failpoint"
FAILPOINTS = (
    "land.message_sealed",
    "land.before_commit",
    "land.after_commit",
    "translate.frames_written",
    "translate.before_commit",
    "translate.after_commit",
    "translate.first_copy_destroyed",
    "match.frames_written",
    "match.after_commit",
    "record.staged",
    "record.merged",
    "record.before_commit",
    "record.after_commit",
    "outgoing.frames_written",
    "outgoing.after_commit",
    "deliver.before_send",
    "deliver.after_send",
    "deliver.before_commit",
    "deliver.after_commit",
    "acknowledge.before_commit",
    "acknowledge.after_commit",
)


def failpoint(name: str) -> None:
    """Nothing, unless somebody listens: the crash harness hears Python's audit events."""
    sys.audit(EVENT, name)
