"""A limit or default of a transport, with its meaning: docs/reference/transports.md is drawn from them."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True)
class Limit:
    name: str
    value: float | int | str
    words: str
