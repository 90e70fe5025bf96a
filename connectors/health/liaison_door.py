"""Where children are real, people made for tests do not come in: somebody's test system has our mailbox."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace

import polars as pl

from connectors.contract import InboundMessage
from connectors.errors import UnreadableMessageError
from connectors.health.bundle_parts import Parts, nhs_number_of
from connectors.strict_json import StrictJsonError, loads
from schemas.identifiers import nhs_number


def without_test_people(message: InboundMessage) -> InboundMessage:
    """Neither landed nor acknowledged, and told of each night until it is taken out of the mailbox."""
    body = b"".join(message.body)
    numbers = pl.DataFrame({"number": list(_numbers(body))}, schema={"number": pl.String})
    if numbers.filter(nhs_number.is_test_range(pl.col("number"))).is_empty():
        return replace(message, body=[body])
    return InboundMessage(message.fingerprint, problem=_for_tests())


def _numbers(body: bytes) -> Iterator[str | None]:
    """What cannot be read names nobody; it is parked further on."""
    try:
        parts = Parts.of(loads(body))
    except (StrictJsonError, UnreadableMessageError):
        return
    yield from (nhs_number_of(patient) for patient in parts.every("Patient"))


def _for_tests() -> UnreadableMessageError:
    return UnreadableMessageError(
        "A referral has an NHS number from the range that is made for tests; it was not taken.",
        fix="ask the sender: if the child is real, they send it again with the right number or with none.",
        code="HEA-R06",
    )
