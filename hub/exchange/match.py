"""Match: which child each record is about, and which version of its record it is.

Two passes, so that memory stays flat: the first keeps only hashes of the whole batch, the second writes
the frames again, chunk by chunk, with what was decided.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Any

import polars as pl

from connectors.contract import PullFeed
from hub.exchange import answered, versions
from hub.exchange.frames import BUCKET, any_flag_set
from hub.exchange.holding import held_rows, reasons_of
from hub.exchange.hop import HopBooks, batch_in_state, own_frames, translated_frames
from hub.exchange.released import WAIVED
from hub.exchange.same_person import held_children
from hub.exchange.tally import counts, read_tally, write_tally
from hub.failpoint import failpoint
from hub.hub import Hub
from hub.ledger.balance import complete, gaps
from hub.matching import agreed
from hub.store import batches, held, identities
from hub.store.audit import Event
from hub.store.batches import BatchRow
from quality.runner import assess
from schemas.child_details import ChildDetails
from schemas.hops import PLACE, Consequence, Hop, Verdict

MATCHED, FOR_REVIEW = "matched", "for_review"
DECIDED = ("child_id", "is_new_child", "version_hash", "content_hash", "ordered_at", "standing")


def match(hub: Hub, batch_id: str) -> None:
    batch = batch_in_state(hub, batch_id, batches.TRANSLATED)
    if batch is None:
        return
    feed = hub.connector(batch.partner).pull_feed(batch.feed)
    hop = _Matching(hub, batch, feed, translated_frames(batch), own_frames(hub, Hop.MATCHED))
    hop.decide()
    failpoint("match.frames_written")
    hop.close()
    failpoint("match.after_commit")


@dataclass
class _Matching:
    hub: Hub
    batch: BatchRow
    feed: PullFeed
    came_in: str
    frames: str
    verdict: Verdict = field(default_factory=Verdict)
    held: list[dict[str, Any]] = field(default_factory=list)

    def decide(self) -> None:
        decided, keys = self._decided()
        if decided.is_empty():
            return
        # Whoever is asked only about children we know makes no new one.
        known = ~pl.col("is_new_child") | pl.col("held_child").is_not_null()
        is_ours = known | pl.lit(not self.feed.only_known)
        decided = decided.with_columns(is_ours=is_ours, standing=versions.standings(decided))
        start = 0
        for number, frame in enumerate(self.hub.landing.read_frames(self.batch.batch_id, self.came_in)):
            self._frame(number, frame, decided.slice(start, frame.height), keys)
            start += frame.height

    def _decided(self) -> tuple[pl.DataFrame, pl.DataFrame]:
        """A slim row for each record of the batch, and the identity keys they bring."""
        slim, keys, start = [], [], 0
        for frame in self.hub.landing.read_frames(self.batch.batch_id, self.came_in):
            slim.append(self._slim(frame))
            keys.append(self._keys(frame).with_columns(pl.col("index") + start))
            start += frame.height
        if not slim:
            return pl.DataFrame(), pl.DataFrame()
        records = pl.concat(slim).with_row_index("index").with_columns(pl.col("index").cast(pl.Int64))
        every_key = pl.concat(keys)
        with self.hub.store.reading() as connection:
            known = identities.known_keys(connection, every_key)
            held = identities.known_records(
                connection,
                self.feed.record.kind,
                self.batch.partner,
                self.batch.feed,
                records.select("reference", "version_hash"),
            )
        same = held_children(self.hub, self.batch, held, records)
        records = records.join(same, on="index", how="left", maintain_order="left")
        answers = self._answered(records, held)
        records = records.join(answers, on="index", how="left", maintain_order="left")
        taken = answers.filter("referral_agrees").select("index", "answered_child")
        # Whose referral it answers is settled: its identifiers do not gainsay that, and are that child's now.
        deciding = every_key.join(taken, on="index", how="anti")
        claimed = answered.claimed_keys(every_key, taken, known)
        known = pl.concat([known, claimed.select(known.columns).unique()])
        settled = pl.coalesce(pl.when("referral_agrees").then("answered_child"), "held_child")
        children = agreed.decide(records.select("index", held_child=settled), deciding, known)
        remembered = pl.concat([deciding, claimed.select(deciding.columns)])
        return records.join(children, on="index", how="left", maintain_order="left"), remembered

    def _answered(self, records: pl.DataFrame, held: pl.DataFrame) -> pl.DataFrame:
        """The child of the referral that each record answers, where it answers one that we hold."""
        answers = answered.unless_settled(records.drop_nulls(answered.REFERRAL), held)
        with self.hub.store.reading() as connection:
            referrals = identities.answered_referrals(connection, answers)
        return answered.children(self.hub, self.batch, answers, referrals)

    def _keys(self, frame: pl.DataFrame) -> pl.DataFrame:
        keys = agreed.identity_keys(frame, self.batch.partner, self.hub.keyring.hasher("identity"))
        if WAIVED not in frame.columns:
            return keys
        # A person let it go on though it points to two children: it is joined to neither.
        undecided = frame.with_row_index("index").filter(pl.col(WAIVED).is_not_null())
        return keys.join(undecided.select(pl.col("index").cast(pl.Int64)), on="index", how="anti")

    def _slim(self, frame: pl.DataFrame) -> pl.DataFrame:
        hasher = self.hub.keyring.hasher("version")
        of = f"{self.batch.partner}/{self.batch.feed}"
        content = versions.content_hashes(frame, self.feed.record.kind, of, hasher)
        person = self.hub.keyring.hasher("person").many(frame["person_reference"])
        answers = answered.said(frame, self.feed.record.kind)
        return frame.select(*PLACE, "reference", "born_on", *answers).with_columns(
            content_hash=content,
            version_hash=versions.version_hashes(frame, content, hasher),
            ordered_at=versions.ordered_at(frame, self.batch.landed_at),
            person=person,
        )

    def _frame(self, number: int, frame: pl.DataFrame, own: pl.DataFrame, keys: pl.DataFrame) -> None:
        batch_id, landing = self.batch.batch_id, self.hub.landing
        found = assess(self.hub.matching, own)
        waits = _for_review(own, found)
        together = pl.concat([frame, own.select(DECIDED)], how="horizontal")
        landing.write_frame(batch_id, self.frames, number, together.filter(~waits))
        landing.write_frame(batch_id, f"{self.frames}-keys", number, _keys_of(own.filter(~waits), keys))
        bucket = pl.select(pl.when(waits).then(pl.lit(FOR_REVIEW)).otherwise(pl.lit(MATCHED))).to_series()
        write_tally(landing, batch_id, self.frames, number, own, bucket)
        self.held += self._held_rows(frame.filter(waits), found)
        self.verdict = self.verdict.joined(found)

    def _held_rows(self, waiting: pl.DataFrame, verdict: Verdict) -> list[dict[str, Any]]:
        if waiting.is_empty():
            return []
        kind = self.feed.record.kind
        flagged = waiting.with_columns(safety=any_flag_set(kind))
        says = (*kind.columns(), *ChildDetails.columns())
        return held_rows(self.hub, self.batch, Hop.MATCHED, flagged, says, reasons_of(waiting, verdict))

    def close(self) -> None:
        batch_id, landing = self.batch.batch_id, self.hub.landing
        translated = read_tally(landing, batch_id, self.came_in).filter(pl.col(BUCKET) == "translated")
        tally = read_tally(landing, batch_id, self.frames)
        books = HopBooks(self.hub, self.batch, Hop.MATCHED, batches.MATCHED)
        with books.open(Event.COMBINATION, "matched", tally.height, matched_frames=self.frames) as hop:
            hop.lines(complete(Hop.MATCHED, counts(tally) | {"translated": translated.height}))
            hop.gaps(gaps(batch_id, translated, tally))
            hop.findings(self.verdict.told)
            held.add(hop.connection, batch_id, Hop.MATCHED, self.held)


def _for_review(own: pl.DataFrame, verdict: Verdict) -> pl.Series:
    waiting = [finding.places for finding in verdict.of(Consequence.HOLD_ROW) if finding.places is not None]
    if not waiting:
        return pl.repeat(value=False, n=own.height, dtype=pl.Boolean, eager=True)
    marked = pl.concat(waiting).unique().with_columns(waits=pl.lit(value=True))
    joined = own.select(PLACE).join(marked, on=PLACE, how="left", maintain_order="left")
    return joined["waits"].fill_null(value=False)


def _keys_of(own: pl.DataFrame, keys: pl.DataFrame) -> pl.DataFrame:
    """The identity keys of these records, under the child each was given."""
    return own.select("index", "reference", "child_id", "is_new_child").join(keys, on="index").drop("index")


def matched_frames(hub: Hub, batch: BatchRow) -> Iterator[tuple[pl.DataFrame, pl.DataFrame]]:
    frames = batch.matched_frames or Hop.MATCHED
    for number in hub.landing.frame_numbers(batch.batch_id, frames):
        frame = hub.landing.read_frame(batch.batch_id, frames, number)
        yield frame, hub.landing.read_frame(batch.batch_id, f"{frames}-keys", number)
