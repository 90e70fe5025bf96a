"""Rows that a person released go on as a batch of their own, from the hop that held them.

One that was held while it was translated is translated again, with the rules that held it waived. One that
points to two children is matched again, and joined to neither: a missed match is work, a wrong one harm.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

import polars as pl

from connectors.contract import PullFeed
from hub.exchange.frames import PROBLEM
from hub.exchange.tally import write_tally
from hub.hub import Consultation, Hub
from hub.ledger.balance import complete
from hub.store import batches, books, held
from hub.store.audit import AuditEvent, Event
from hub.store.batches import BatchRow
from hub.store.ids import new_id
from schemas.child_details import ChildDetails
from schemas.hops import PLACE, Hop, RecordKey

WAIVED = "waived"
Row = Mapping[str, Any]
# Where a row that this hop held takes up its way.
STATES = {Hop.TRANSLATED: batches.LANDED, Hop.MATCHED: batches.TRANSLATED}


def land(hub: Hub, partner: str, feed: PullFeed) -> list[str]:
    """The batches of tonight's released rows, one for each hop that held some."""
    with hub.store.reading() as connection:
        rows = held.released(connection, partner, feed.name)
    of_hop = {hop: [row for row in rows if row["hop"] == hop] for hop in STATES}
    return [_go_on(hub, partner, feed, hop, some) for hop, some in of_hop.items() if some]


def _go_on(hub: Hub, partner: str, feed: PullFeed, hop: Hop, rows: Sequence[Row]) -> str:
    batch = BatchRow(
        new_id(), partner, feed.name, hub.night, batches.RELEASED, STATES[hop], hub.clock(), Hop.TRANSLATED
    )
    keys = [_key(row) for row in rows]
    about = (partner, feed.name, batch.batch_id, len(rows))
    opened = hub.consulting(AuditEvent(Event.CONSULTATION, "released rows opened", *about))
    _lay_ready(hub, batch.batch_id, feed, hop, [dict(row) | {"says": _says(opened, row)} for row in rows])
    page = books.Page(batch.batch_id, partner, feed.name, batch.night)
    with hub.writing(AuditEvent(Event.ALTERATION, "released rows went on", *about)) as connection:
        batches.register(connection, batch, ())
        held.go_on(connection, keys, batch.batch_id, now=hub.clock())
        books.write_lines(connection, page, Hop.RECEIVED, dict.fromkeys(("received", "opened"), 0))
        if hop is Hop.MATCHED:
            gone = complete(Hop.TRANSLATED, {"released": len(rows), "translated": len(rows)})
            books.write_lines(connection, page, Hop.TRANSLATED, gone)
    return batch.batch_id


def _lay_ready(hub: Hub, batch_id: str, feed: PullFeed, hop: Hop, rows: Sequence[Row]) -> None:
    """As the hop before would have left them."""
    if hop is Hop.MATCHED:
        of_ours = {**feed.record.kind.columns(), **ChildDetails.columns()}
        before, bucket = Hop.TRANSLATED, "translated"
        frame = _frame(rows, {name: column.dtype for name, column in of_ours.items()})
    else:
        before, bucket = Hop.RECEIVED, "released"
        frame = _frame(rows, dict.fromkeys(sorted(feed.takes), pl.String))
        frame = frame.with_columns(pl.lit(None, dtype=pl.String).alias(PROBLEM))
    write_tally(hub.landing, batch_id, before, 0, frame, bucket)
    hub.landing.write_frame(batch_id, before, 0, frame)


def _frame(rows: Sequence[Row], columns: Mapping[str, Any]) -> pl.DataFrame:
    said = pl.Series([row["says"] for row in rows], dtype=pl.String)
    return (
        said.str.json_decode(pl.Struct(columns))
        .struct.unnest()
        .with_columns(
            message=pl.lit(0, dtype=pl.Int64),
            row=pl.int_range(1, len(rows) + 1, dtype=pl.Int64),
            part=pl.lit(0, dtype=pl.Int64),
            waived=pl.Series([row["rules"] for row in rows], dtype=pl.String),
        )
    )


def _says(opened: Consultation, row: Row) -> str:
    return opened.text(row["sealed"], key_id=row["key_id"], place=held.place(_key(row)))


def _key(row: Row) -> RecordKey:
    return RecordKey(*(row[name] for name in ("batch_id", *PLACE)))
