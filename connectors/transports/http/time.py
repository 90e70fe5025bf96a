"""Time and chance as the HTTP transport sees them, handed in so that no test has to wait."""

from __future__ import annotations

import secrets
import time
from collections.abc import Callable
from dataclasses import dataclass
from datetime import UTC, datetime


def _now() -> datetime:
    return datetime.now(UTC)


@dataclass(frozen=True)
class Time:
    now: Callable[[], datetime] = _now
    # Seconds that only ever go forward.
    seconds: Callable[[], float] = time.monotonic
    sleep: Callable[[float], None] = time.sleep
    # At least 0 and below 1.
    chance: Callable[[], float] = secrets.SystemRandom().random
