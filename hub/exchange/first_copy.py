"""Only our children: where a batch held rows about anybody else, its first copy is destroyed.

Landing is sealed anew from the opened rows that are in scope, then the bytes as received go. Done after
the hop's commit and safe to do again, so a kill in between leaves it for the next run.
"""

from __future__ import annotations

import polars as pl

from hub.exchange.frames import BUCKET
from hub.exchange.hop import KEPT, translated_frames
from hub.exchange.tally import read_tally
from hub.hub import Hub
from hub.store import batches
from hub.store.audit import AuditEvent, Event
from hub.store.batches import BatchRow
from schemas.hops import PLACE, Hop


def destroy(hub: Hub, batch_id: str) -> None:
    with hub.store.reading() as connection:
        batch = batches.get(connection, batch_id)
        messages = batches.messages_of(connection, batch_id)
    doomed = [message["address"] for message in messages if message["first_copy"] == "to destroy"]
    if doomed:
        _seal_anew(hub, batch)
        for address in doomed:
            hub.landing.destroy_message(batch_id, address)
        event = AuditEvent(
            Event.ERASURE, "first copies destroyed", batch.partner, batch.feed, batch_id, len(doomed)
        )
        with hub.writing(event) as connection:
            batches.mark_first_copies(connection, batch_id, "destroyed", was="to destroy")
    # The rows as opened are no longer needed: the first copy, or the kept rows, can be opened again.
    hub.landing.destroy_frames(batch_id, Hop.RECEIVED)


def _seal_anew(hub: Hub, batch: BatchRow) -> None:
    batch_id = batch.batch_id
    tally = read_tally(hub.landing, batch_id, translated_frames(batch))
    ours = tally.filter(pl.col(BUCKET) != "out_of_scope")
    for number in hub.landing.frame_numbers(batch_id, Hop.RECEIVED):
        rows = hub.landing.read_frame(batch_id, Hop.RECEIVED, number)
        hub.landing.write_frame_once(batch_id, KEPT, number, rows.join(ours, on=PLACE, how="semi"))
