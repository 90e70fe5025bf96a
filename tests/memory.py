"""A folder that is memory: a hub waits for the disk at every commit, and tests are thousands of hubs."""

from __future__ import annotations

import shutil
from pathlib import Path

MEMORY = Path("/dev/shm")  # noqa: S108 - folders of our own are made in it
ROOM = 6 * 1024**3


def in_memory() -> Path | None:
    """None where there is no such folder, or little room in it."""
    return MEMORY if MEMORY.is_dir() and shutil.disk_usage(MEMORY).free > ROOM else None
