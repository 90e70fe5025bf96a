"""What came back, opened into rows: Tasks, a BaRS message, or an answer sheet. One frame for all."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from io import BytesIO
from typing import Any, BinaryIO

import polars as pl

from connectors.errors import UnreadableMessageError
from connectors.forms.answer_sheet import frames
from connectors.health.bars_meaning import row_of_message
from connectors.health.forms import SHEET
from connectors.health.row_frames import Read, Row, framed
from connectors.health.tasks import COLUMNS, row_of
from connectors.strict_json import loads
from connectors.transports.fhir.resources import as_list

DAYS = ("decided_on", "started_on", "ended_on")


def opened(stream: BinaryIO) -> Iterator[pl.DataFrame]:
    content = stream.read()
    if content.lstrip()[:1] == b"{":
        bundle = loads(content)
        yield framed(COLUMNS, list(_of_bundle(bundle)))
    else:
        sheets = frames(BytesIO(content), SHEET)
        yield framed(COLUMNS, [_of_sheet(row) for rows in sheets for row in rows.to_dicts()])


def _of_bundle(bundle: object) -> Iterator[Read]:
    if isinstance(bundle, dict) and bundle.get("type") == "message":
        yield row_of_message(bundle)
    else:
        yield from (_of_task(one) for one in _tasks_in(bundle))


def _of_sheet(row: Mapping[str, Any]) -> Read:
    """A sheet has days alone: the last of them is when it was said."""
    said = max((row[name] for name in DAYS if row[name]), default=None)
    read: Row = {
        **dict.fromkeys(COLUMNS),
        "referral": row["referral_reference"],
        "task": row["their_reference"],
        "status": f"sheet {row['decision']}" if row["decision"] else None,
        "said_at": f"{said}T00:00:00+00:00" if said else None,
        "said_on": said,
        "started_on": row["started_on"],
        "ended_on": row["ended_on"],
        "reason": next((one.label for one in SHEET.reasons if one.code == row["reason"]), None),
        "deleted": "no",
    }
    ours = row["referral_from"] in (None, "yjs")
    return read, row["problem"] or (None if ours else "it answers a referral that is not the YJS's")


def _tasks_in(bundle: object) -> list[object]:
    entries = bundle.get("entry", []) if isinstance(bundle, dict) else None
    if (
        not isinstance(bundle, dict)
        or bundle.get("resourceType") != "Bundle"
        or not isinstance(entries, list)
    ):
        raise UnreadableMessageError(
            "The message is no Bundle of FHIR.",
            fix="ask the service whether their layout changed.",
            code="HEA-R02",
        )
    return [one.get("resource") if isinstance(one, dict) else None for one in as_list(entries)]


def _of_task(resource: object) -> Read:
    if isinstance(resource, dict) and resource.get("resourceType") == "Task":
        return row_of(resource)
    return dict.fromkeys(COLUMNS), "the entry is no Task"
