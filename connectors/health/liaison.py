"""A Bundle from liaison and diversion, opened into rows: one for each ServiceRequest."""

from __future__ import annotations

from collections.abc import Iterator
from typing import BinaryIO

import polars as pl

from connectors.errors import UnreadableMessageError
from connectors.health.bundle_parts import Parts, no_referral
from connectors.health.liaison_rows import COLUMNS, row_of
from connectors.health.row_frames import framed
from connectors.strict_json import loads


def opened(stream: BinaryIO) -> Iterator[pl.DataFrame]:
    parts = Parts.of(loads(stream.read()))
    requests = list(parts.every("ServiceRequest"))
    if not requests:
        raise no_referral("The Bundle has no ServiceRequest, so nobody is referred.")
    if dangling := parts.dangling():
        raise _cut_off(dangling)
    yield framed(COLUMNS, [row_of(request, parts) for request in requests])


def _cut_off(places: list[str]) -> UnreadableMessageError:
    return UnreadableMessageError(
        f"A reference leads to a part that is not in the Bundle, at {', '.join(sorted({*places}))}.",
        fix="ask the sender for the whole Bundle: a part of it was left out.",
        code="HEA-R07",
    )
