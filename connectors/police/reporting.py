"""Telling the force what became of a file of theirs: an acknowledgement, and the rows that went wrong."""

from __future__ import annotations

import csv
import io
import json

from connectors.contract import MessageReport
from connectors.police.answers import ACKNOWLEDGEMENT, REJECTIONS
from connectors.police.client import Force

COLUMNS = ("row", "key", "field", "rule", "severity", "message")


def report(force: Force, told: MessageReport) -> None:
    """The acknowledgement last: who finds it finds the rejected rows beside it."""
    force.inbound.put(f"{told.name}{REJECTIONS}", rejections(told))
    force.inbound.put(f"{told.name}{ACKNOWLEDGEMENT}", acknowledgement(told))


def acknowledgement(told: MessageReport) -> bytes:
    written = {
        "file": told.name,
        "received": f"{told.received_at:%Y-%m-%dT%H:%M:%SZ}",
        "rows": told.rows,
        "accepted": told.accepted,
        "rejected": told.rows - told.accepted,
        "reason": told.reason,
    }
    return json.dumps(written).encode()


def rejections(told: MessageReport) -> bytes:
    text = io.StringIO(newline="")
    writer = csv.writer(text, lineterminator="\r\n")
    writer.writerow(COLUMNS)
    writer.writerows(
        (one.row, one.key, one.field, one.rule, one.severity, one.words) for one in told.rejected
    )
    return text.getvalue().encode()
