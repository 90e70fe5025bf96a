"""Reading the reporting views: one transaction and one message for each, latest return last."""

from __future__ import annotations

import csv
import io
from collections.abc import Callable, Iterable, Iterator
from datetime import UTC, datetime
from itertools import islice

from connectors.contract import InboundMessage, Since
from connectors.errors import PartnerRefusedError, UnreadableMessageError
from connectors.transports.sql import Snapshot
from connectors.yjs.client import CaseSystem
from connectors.yjs.views import LATEST_LAST, LISTED, READ_AT, View

ROWS_IN_A_PIECE = 2000
DELETED_KEY = "ypid"


def messages_of(view: View) -> Callable[[CaseSystem, Since], Iterator[InboundMessage]]:
    """How the view is pulled: whole, every time."""

    def pull(system: CaseSystem, _: Since) -> Iterator[InboundMessage]:
        # Part of the content: a view that says again what it said last week is no duplicate.
        read_at = datetime.now(UTC).isoformat()
        with system.database.snapshot() as snapshot:
            yield _message(system, view, snapshot, read_at)

    return pull


def _message(system: CaseSystem, view: View, snapshot: Snapshot, read_at: str) -> InboundMessage:
    name = system.views[view.feed]
    try:
        if lacking := snapshot.lacks(name, view.columns):
            raise _unreadable(f"The view {name} has no column {', '.join(lacking)}.")
        deleted = _deleted_children(system, snapshot)
        rows = snapshot.count(name)
    except PartnerRefusedError:
        problem = _unreadable(f"The view {name} is not there, or closed to us.")
        return InboundMessage(fingerprint=f"{name} {read_at}", name=name, problem=problem)
    except UnreadableMessageError as problem:
        return InboundMessage(fingerprint=f"{name} {read_at}", name=name, problem=problem)
    return InboundMessage(
        fingerprint=f"{name} {read_at}",
        body=_body(view, snapshot, name, deleted, read_at),
        name=name,
        declared_rows=rows * view.records_in_a_row,
    )


def _deleted_children(system: CaseSystem, snapshot: Snapshot) -> set[str]:
    """Without this list a child who was struck out would come back, so no view is read without it."""
    name = system.views["deleted_children"]
    try:
        return {child for (child,) in snapshot.rows(name, (DELETED_KEY,)) if child}
    except PartnerRefusedError:
        raise UnreadableMessageError(
            f"The list of deleted children, {name}, is not there, or closed to us.",
            fix="ask for the view back; it is read as soon as it is there.",
            code="YJS-R02",
        ) from None


def _body(view: View, snapshot: Snapshot, name: str, deleted: set[str], read_at: str) -> Iterator[bytes]:
    yield _lines([(*view.columns, LISTED, f"{READ_AT}{read_at}")])
    child = view.columns.index(DELETED_KEY)
    rows = snapshot.rows(name, view.columns, order_by=LATEST_LAST)
    try:
        while some := list(islice(rows, ROWS_IN_A_PIECE)):
            yield _lines((*row, "true" if row[child] in deleted else "false", None) for row in some)
    except PartnerRefusedError:
        # A view that breaks on one of its rows is no reason to leave the others.
        raise _unreadable(f"The view {name} breaks while it is read.") from None


def _lines(rows: Iterable[Iterable[str | None]]) -> bytes:
    text = io.StringIO()
    csv.writer(text, quoting=csv.QUOTE_ALL, lineterminator="\n").writerows(rows)
    return text.getvalue().encode("utf-8", "surrogateescape")


def _unreadable(what: str) -> UnreadableMessageError:
    return UnreadableMessageError(
        what, fix="ask for the agreed view back; it is read as soon as it is there.", code="YJS-R01"
    )
