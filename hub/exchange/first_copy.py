"""Only our children: where a batch held rows about anybody else, its first copy is destroyed.

Landing is sealed anew from the opened rows that are in scope, then the bytes as received go. Done after
the hop's commit and safe to do again, so a kill in between leaves it for the next run.
"""

from __future__ import annotations

import polars as pl

from hub.exchange.frames import BUCKET
from hub.exchange.tally import read_tally
from hub.hub import Hub
from hub.store import batches
from schemas.hops import PLACE, Hop

KEPT = "kept"


def destroy(hub: Hub, batch_id: str) -> None:
    with hub.store.transaction() as connection:
        messages = batches.messages_of(connection, batch_id)
    doomed = [message["address"] for message in messages if message["first_copy"] == "to destroy"]
    if doomed:
        _seal_anew(hub, batch_id)
        for address in doomed:
            hub.landing.destroy_message(address)
        with hub.store.transaction() as connection:
            batches.mark_first_copies(connection, batch_id, "destroyed", was="to destroy")
    # The rows as opened are no longer needed: the first copy, or the kept rows, can be opened again.
    hub.landing.destroy_frames(batch_id, Hop.RECEIVED)


def _seal_anew(hub: Hub, batch_id: str) -> None:
    ours = read_tally(hub.landing, batch_id, Hop.TRANSLATED).filter(pl.col(BUCKET) != "out_of_scope")
    for number in hub.landing.frame_numbers(batch_id, Hop.RECEIVED):
        rows = hub.landing.read_frame(batch_id, Hop.RECEIVED, number)
        hub.landing.write_frame(batch_id, KEPT, number, rows.join(ours, on=PLACE, how="semi"))
