"""Rows that a person released go on as a batch of their own, with the rules that held them waived."""

from __future__ import annotations

import polars as pl

from connectors.contract import PullFeed
from hub.exchange.frames import opened_row
from hub.exchange.tally import write_tally
from hub.hub import Hub
from hub.store import batches, books, held
from hub.store.batches import BatchRow
from hub.store.ids import new_id
from schemas.hops import PLACE, Hop, RecordKey

WAIVED = "waived"


def land(hub: Hub, partner: str, feed: PullFeed) -> list[str]:
    """The batch of tonight's released rows; none where nobody released any."""
    with hub.store.transaction() as connection:
        rows = held.released(connection, partner, feed.name)
    if not rows:
        return []
    batch_id, now = new_id(), hub.clock()
    keys = [RecordKey(*(row[name] for name in ("batch_id", *PLACE))) for row in rows]
    cells = [
        opened_row(row["sealed"], hub.keyring, key_id=row["key_id"], place=held.place(key))
        for row, key in zip(rows, keys, strict=True)
    ]
    frame = _frame(feed, cells, [row["rules"] for row in rows])
    write_tally(hub.landing, batch_id, Hop.RECEIVED, 0, frame, "released")
    hub.landing.write_frame(batch_id, Hop.RECEIVED, 0, frame)
    batch = BatchRow(batch_id, partner, feed.name, hub.night, batches.RELEASED, batches.LANDED, now)
    with hub.store.transaction() as connection:
        batches.register(connection, batch, ())
        held.go_on(connection, keys, batch_id)
        page = books.Page(batch_id, partner, feed.name, batch.night)
        books.write_lines(connection, page, Hop.RECEIVED, dict.fromkeys(("received", "opened"), 0))
    return [batch_id]


def _frame(feed: PullFeed, cells: list[dict[str, str | None]], waived: list[str]) -> pl.DataFrame:
    takes = sorted(feed.takes)
    columns = {name: pl.Series(name, [row.get(name) for row in cells], dtype=pl.String) for name in takes}
    return pl.DataFrame(columns).with_columns(
        message=pl.lit(0, dtype=pl.Int64),
        row=pl.int_range(1, len(cells) + 1, dtype=pl.Int64),
        part=pl.lit(0, dtype=pl.Int64),
        problem=pl.lit(None, dtype=pl.String),
        waived=pl.Series(waived, dtype=pl.String),
    )
