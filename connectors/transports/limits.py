"""A limit or default of a transport, with its meaning: docs/reference/transports.md is drawn from them."""

from __future__ import annotations

from dataclasses import dataclass, field, fields
from typing import Any


@dataclass(frozen=True)
class Limit:
    name: str
    value: float | int | str
    words: str


def limit(value: Any, words: str) -> Any:
    """A field of a dataclass of limits."""
    return field(default=value, metadata={"words": words})


def limits_of(kind: type[Any]) -> tuple[Limit, ...]:
    """Those that were made with `limit`, in their order."""
    chosen = kind()
    return tuple(Limit(one.name, getattr(chosen, one.name), one.metadata["words"]) for one in fields(kind))
