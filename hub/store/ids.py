"""Ids of batches and deliveries: they sort by time and say nothing else."""

from __future__ import annotations

import secrets
import time


def new_id() -> str:
    return f"{time.time_ns() // 1_000_000:012x}{secrets.token_hex(5)}"
