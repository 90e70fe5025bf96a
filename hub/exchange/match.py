"""Match: which child each record is about, and which version of its record it is.

Two passes, so that memory stays flat: the first keeps only hashes of the whole batch, the second writes
the frames again, chunk by chunk, with what was decided.
"""

from __future__ import annotations

from collections.abc import Iterator

import polars as pl

from connectors.contract import PullFeed
from hub.exchange import versions
from hub.exchange.frames import BUCKET
from hub.exchange.hop import HopBooks, batch_in_state
from hub.exchange.same_person import held_children
from hub.exchange.tally import counts, read_tally, write_tally
from hub.failpoint import failpoint
from hub.hub import Hub
from hub.ledger.balance import complete, gaps
from hub.matching import agreed
from hub.store import batches, identities
from hub.store.batches import BatchRow
from quality.runner import assess
from quality.suites.matching import MATCHING
from schemas.hops import PLACE, Consequence, Hop, Verdict

MATCHED, FOR_REVIEW = "matched", "for_review"
DECIDED = ("child_id", "is_new_child", "version_hash", "content_hash", "ordered_at", "standing")


def match(hub: Hub, batch_id: str) -> None:
    batch = batch_in_state(hub, batch_id, batches.TRANSLATED)
    if batch is None:
        return
    feed = hub.connector(batch.partner).pull_feed(batch.feed)
    for name in (Hop.MATCHED, f"{Hop.MATCHED}-tally", f"{Hop.MATCHED}-keys"):
        hub.landing.destroy_frames(batch_id, name)
    decided, keys = _decided(hub, batch, feed)
    verdict = _write(hub, batch, decided, keys)
    failpoint("match.frames_written")
    _close(hub, batch, verdict)
    failpoint("match.after_commit")


def _decided(hub: Hub, batch: BatchRow, feed: PullFeed) -> tuple[pl.DataFrame, pl.DataFrame]:
    """A slim row for each record of the batch, and the identity keys they bring."""
    hasher = hub.keyring.hasher("identity")
    slim, keys, start = [], [], 0
    for frame in hub.landing.read_frames(batch.batch_id, Hop.TRANSLATED):
        slim.append(_slim(hub, batch, feed, frame))
        own = agreed.identity_keys(frame, batch.partner, hasher)
        keys.append(own.with_columns(pl.col("index") + start))
        start += frame.height
    if not slim:
        return pl.DataFrame(), pl.DataFrame()
    records = pl.concat(slim).with_row_index("index").with_columns(pl.col("index").cast(pl.Int64))
    every_key = pl.concat(keys)
    with hub.store.transaction() as connection:
        known = identities.known_keys(connection, every_key)
        held = identities.known_records(
            connection,
            feed.record.kind,
            batch.partner,
            batch.feed,
            records.select("reference", "version_hash"),
        )
    records = records.join(
        held_children(hub, batch, held, records), on="index", how="left", maintain_order="left"
    )
    children = agreed.decide(records.select("index", "held_child"), every_key, known)
    return records.join(children, on="index", how="left", maintain_order="left"), every_key


def _slim(hub: Hub, batch: BatchRow, feed: PullFeed, frame: pl.DataFrame) -> pl.DataFrame:
    hasher = hub.keyring.hasher("version")
    of = f"{batch.partner}/{batch.feed}"
    content = versions.content_hashes(frame, feed.record.kind, of, hasher)
    person = hub.keyring.hasher("person").many(frame["person_reference"])
    return frame.select(*PLACE, "reference").with_columns(
        content_hash=content,
        version_hash=versions.version_hashes(frame, content, hasher),
        ordered_at=versions.ordered_at(frame, batch.landed_at),
        person=pl.Series(person, dtype=pl.Binary),
    )


def _write(hub: Hub, batch: BatchRow, decided: pl.DataFrame, keys: pl.DataFrame) -> Verdict:
    verdict, start = Verdict(), 0
    if decided.is_empty():
        return verdict
    decided = decided.with_columns(standing=versions.standings(decided))
    for number, frame in enumerate(hub.landing.read_frames(batch.batch_id, Hop.TRANSLATED)):
        own = decided.slice(start, frame.height)
        found = assess(MATCHING, own)
        waits = _for_review(own, found)
        together = pl.concat([frame, own.select(DECIDED)], how="horizontal")
        going_on = together.filter(~waits)
        hub.landing.write_frame(batch.batch_id, Hop.MATCHED, number, going_on)
        hub.landing.write_frame(
            batch.batch_id, f"{Hop.MATCHED}-keys", number, _keys_of(own.filter(~waits), keys)
        )
        bucket = pl.select(pl.when(waits).then(pl.lit(FOR_REVIEW)).otherwise(pl.lit(MATCHED))).to_series()
        write_tally(hub.landing, batch.batch_id, Hop.MATCHED, number, own, bucket)
        verdict, start = verdict.joined(found), start + frame.height
    return verdict


def _for_review(own: pl.DataFrame, verdict: Verdict) -> pl.Series:
    waiting = [finding.places for finding in verdict.of(Consequence.HOLD_ROW) if finding.places is not None]
    if not waiting:
        return pl.repeat(value=False, n=own.height, dtype=pl.Boolean, eager=True)
    marked = pl.concat(waiting).unique().with_columns(waits=pl.lit(value=True))
    joined = own.select(PLACE).join(marked, on=PLACE, how="left", maintain_order="left")
    return joined["waits"].fill_null(value=False)


def _keys_of(own: pl.DataFrame, keys: pl.DataFrame) -> pl.DataFrame:
    """The identity keys of these records, under the child each was given."""
    return own.select("index", "reference", "child_id").join(keys, on="index").drop("index")


def _close(hub: Hub, batch: BatchRow, verdict: Verdict) -> None:
    translated = read_tally(hub.landing, batch.batch_id, Hop.TRANSLATED).filter(
        pl.col(BUCKET) == "translated"
    )
    tally = read_tally(hub.landing, batch.batch_id, Hop.MATCHED)
    with HopBooks(hub, batch, Hop.MATCHED, batches.MATCHED).open() as hop:
        hop.lines(complete(Hop.MATCHED, counts(tally) | {"translated": translated.height}))
        hop.gaps(gaps(batch.batch_id, translated, tally))
        hop.findings(verdict.told)


def matched_frames(hub: Hub, batch_id: str) -> Iterator[tuple[pl.DataFrame, pl.DataFrame]]:
    for number in hub.landing.frame_numbers(batch_id, Hop.MATCHED):
        frame = hub.landing.read_frame(batch_id, Hop.MATCHED, number)
        yield frame, hub.landing.read_frame(batch_id, f"{Hop.MATCHED}-keys", number)
