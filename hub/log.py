"""Events for the log, with counted facts. Only these words may stand beside an event; all else is dropped."""

from __future__ import annotations

import structlog

ALLOWED = frozenset({"step", "partner", "feed", "hop", "batches", "messages", "records", "night", "seconds"})


def log_event(name: str, **facts: str | int | float | None) -> None:
    """`name` is constant; a fact that is not allowed is left out, and that it was is said."""
    allowed = {word: fact for word, fact in facts.items() if word in ALLOWED and fact is not None}
    left_out = len(facts.keys() - ALLOWED)
    if left_out:
        allowed["left_out"] = left_out
    structlog.get_logger("hub").info(name, **allowed)
