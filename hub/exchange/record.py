"""Record: the batch merged into what we know, its messages queued, its books closed. One transaction."""

from __future__ import annotations

from collections.abc import Iterator

import polars as pl

from connectors.contract import PullFeed
from hub.exchange.frames import any_flag_set, sealed_rows
from hub.exchange.hop import HopBooks, batch_in_state, kept_when_recorded
from hub.exchange.match import matched_frames
from hub.exchange.tally import read_tally
from hub.failpoint import failpoint
from hub.hub import Hub
from hub.ledger.balance import complete, gaps
from hub.store import batches, recording
from hub.store.audit import Event
from hub.store.batches import BatchRow
from hub.store.staging import Staged
from hub.store.vaulting import vault_place
from schemas.child_details import ChildDetails
from schemas.fields import sealed_fields
from schemas.hops import Hop
from schemas.kinds import kind_name


def record(hub: Hub, batch_id: str) -> None:
    batch = batch_in_state(hub, batch_id, batches.MATCHED)
    if batch is not None:
        feed = hub.connector(batch.partner).pull_feed(batch.feed)
        _record(hub, batch, feed)
        failpoint("record.after_commit")
    done = batch_in_state(hub, batch_id, batches.RECORDED)
    if done is not None:
        hub.landing.keep_only(batch_id, kept_when_recorded(done))


def _record(hub: Hub, batch: BatchRow, feed: PullFeed) -> None:
    kind = kind_name(feed.record.kind)
    to = hub.routes(kind, batch.partner)
    matched = read_tally(hub.landing, batch.batch_id, batch.matched_frames or Hop.MATCHED)
    matched = matched.filter(pl.col("bucket") == "matched")
    books = HopBooks(hub, batch, Hop.RECORDED, batches.RECORDED)
    with books.open(Event.ALTERATION, "recorded", matched.height) as hop:
        frames = _prepared(hub, batch, feed)
        staged = recording.stage(hop.connection, kind, batch.partner, batch.feed, frames)
        failpoint("record.staged")
        missing = _gaps(hop, staged, matched)
        found = {} if missing else recording.merge(hop.connection, staged, batch.batch_id, hub.clock(), to)
        failpoint("record.merged")
        hop.lines(complete(Hop.RECORDED, found | {"matched": matched.height}))
        hop.gaps(missing)
        failpoint("record.before_commit")


def _gaps(hop: HopBooks, staged: Staged, matched: pl.DataFrame) -> dict[str, str]:
    """Which matched records did not arrive in the staging table. Named only where the counts differ."""
    if recording.staged_count(hop.connection, staged) == matched.height:
        return {}
    return gaps(hop.batch.batch_id, matched, recording.staged_places(hop.connection, staged))


def _prepared(hub: Hub, batch: BatchRow, feed: PullFeed) -> Iterator[tuple[pl.DataFrame, pl.DataFrame]]:
    """Each chunk with its sealed half: names, birth dates, addresses and free text, for the vault."""
    sealed = (*ChildDetails.column_names(), *sealed_fields(feed.record.kind))
    for frame, keys in matched_frames(hub, batch):
        places = (vault_place(batch.partner, batch.feed, reference) for reference in frame["reference"])
        secrets = sealed_rows(frame, sealed, hub.keyring, places)
        ready = frame.with_columns(
            safety=any_flag_set(feed.record.kind),
            key_id=pl.lit(hub.keyring.current),
            sealed=pl.Series(secrets, dtype=pl.Binary),
        )
        yield ready, keys
