"""Translate: the partner's rows become records of ours, by table; what cannot be used is set apart.

A bad value is set aside and its record goes on; a record is held only where it cannot be used. Rows about
anybody who is not a child of ours are counted and leave nothing behind.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass, replace
from datetime import date
from typing import Any
from zoneinfo import ZoneInfo

import polars as pl

from connectors.contract import PullFeed
from connectors.translation import MISSING
from hub.exchange import agreed, first_copy
from hub.exchange.frames import BUCKET, PROBLEM, any_flag_set, places_of
from hub.exchange.holding import Reasons, held_rows, reasons_of
from hub.exchange.hop import HopBooks, batch_in_state, own_frames
from hub.exchange.released import WAIVED
from hub.exchange.tally import counts, read_tally, write_tally
from hub.failpoint import failpoint
from hub.hub import Hub
from hub.ledger.balance import complete, gaps
from hub.matching import agreed as agreed_keys
from hub.store import batches, held, identities
from hub.store.audit import Event
from hub.store.batches import BatchRow
from quality.runner import assess
from schemas.hops import PLACE, Consequence, Finding, Hop, Verdict
from schemas.kinds import safety_flags

TRANSLATED, HELD, OUT_OF_SCOPE = "translated", "held", "out_of_scope"
# A column of which more than this share cannot be read was swapped or changed: the file is parked whole.
UNREADABLE_SHARE = 0.2
FEWEST_ROWS = 20


def translate(hub: Hub, batch_id: str) -> None:
    batch = batch_in_state(hub, batch_id, batches.LANDED)
    if batch is not None:
        _translate(hub, batch)
    # Also for a run that was cut off between its commit and this.
    first_copy.destroy(hub, batch_id)
    failpoint("translate.first_copy_destroyed")


def _translate(hub: Hub, batch: BatchRow) -> None:
    feed = agreed.pull_feed(hub, batch.partner, batch.feed)
    hop = _Translating(hub, batch, feed, _local_day(hub, batch), own_frames(hub, Hop.TRANSLATED))
    for number, rows in enumerate(hub.landing.read_frames(batch.batch_id, Hop.RECEIVED)):
        hop.frame(number, _as_agreed(rows, feed))
    failpoint("translate.frames_written")
    hop.close()
    failpoint("translate.after_commit")


def _as_agreed(rows: pl.DataFrame, feed: PullFeed) -> pl.DataFrame:
    """A column that was agreed only after the rows came is blank in them."""
    since = sorted(feed.takes - set(rows.columns))
    return rows.with_columns(pl.lit(None, dtype=pl.String).alias(name) for name in since)


def _local_day(hub: Hub, batch: BatchRow) -> date:
    return batch.landed_at.astimezone(ZoneInfo(hub.settings.timezone)).date()


@dataclass
class _Translating:
    hub: Hub
    batch: BatchRow
    feed: PullFeed
    day: date
    frames: str

    def __post_init__(self) -> None:
        self.verdict = Verdict()
        self.held: list[dict[str, Any]] = []

    def frame(self, number: int, rows: pl.DataFrame) -> None:
        in_scope = self._known(rows.filter(self.feed.scope.ours().fill_null(value=True)))
        translated, verdict = self._translated(in_scope)
        verdict = _waived(_told_once(verdict, in_scope), in_scope)
        stays = _held_places(in_scope, verdict)
        going_on = _set_aside(translated, verdict).join(stays, on=PLACE, how="anti", maintain_order="left")
        self.hub.landing.write_frame(self.batch.batch_id, self.frames, number, going_on)
        self._tally(number, rows, in_scope, stays)
        self.held += self._held_rows(in_scope, translated, stays, verdict)
        self.verdict = self.verdict.joined(verdict)

    def _known(self, rows: pl.DataFrame) -> pl.DataFrame:
        """Of a partner who holds many others, the children whom the hub knows by an identifier.

        A birth date need not agree here: where it does not, a person decides at the next hop. A record that
        we hold is ours whatever it says: a deletion may say no more than its reference.
        """
        if not self.feed.only_known or rows.is_empty():
            return rows
        hasher = self.hub.keyring.hasher("identity")
        keys = agreed_keys.identity_keys(self.feed.child.frame(rows, self.day), self.batch.partner, hasher)
        with self.hub.store.reading() as connection:
            known = identities.known_keys(connection, keys)
            held = identities.held_references(
                connection, self.feed.record.kind, self.batch.partner, self.batch.feed
            )
        ours = keys.join(known, on="identifier", how="semi")["index"].unique()
        reference = self.feed.record.readings["reference"].make(self.day)
        is_ours = pl.col("index").is_in(ours.implode()) | reference.is_in(list(held)).fill_null(value=False)
        return rows.with_row_index("index").filter(is_ours).drop("index")

    def _translated(self, rows: pl.DataFrame) -> tuple[pl.DataFrame, Verdict]:
        record = self.feed.record.frame(rows, self.day)
        child = self.feed.child.frame(rows, self.day)
        found = self.feed.record.findings(rows, record) + self.feed.child.findings(rows, child)
        maps = f"{self.feed.record.code_maps()} {self.feed.child.code_maps()}".strip()
        both = pl.concat([rows.select(PLACE), record, child], how="horizontal")
        if "code_maps" in both.columns:
            both = both.with_columns(code_maps=pl.lit(maps or None, dtype=pl.String))
        rules = self.hub.suite(self.batch.partner).rules(self.batch.feed, Hop.TRANSLATED)
        verdict = Verdict(found).joined(assess(rules, both, on=self.day))
        return both, verdict.joined(_too_much_unread(found, rows))

    def _tally(self, number: int, rows: pl.DataFrame, in_scope: pl.DataFrame, stays: pl.DataFrame) -> None:
        ours = in_scope.select(PLACE).with_columns(ours=pl.lit(value=True))
        waits = stays.with_columns(waits=pl.lit(value=True))
        bucketed = (
            rows.select(PLACE)
            .join(ours, on=PLACE, how="left", maintain_order="left")
            .join(waits, on=PLACE, how="left", maintain_order="left")
            .with_columns(
                pl.when(pl.col("ours").is_null())
                .then(pl.lit(OUT_OF_SCOPE))
                .when(pl.col("waits"))
                .then(pl.lit(HELD))
                .otherwise(pl.lit(TRANSLATED))
                .alias(BUCKET)
            )
        )
        write_tally(self.hub.landing, self.batch.batch_id, self.frames, number, bucketed, bucketed[BUCKET])

    def _held_rows(
        self, rows: pl.DataFrame, translated: pl.DataFrame, stays: pl.DataFrame, verdict: Verdict
    ) -> list[dict[str, Any]]:
        if stays.is_empty():
            return []
        waiting = rows.join(stays, on=PLACE).join(self._about(translated, verdict), on=PLACE).sort(PLACE)
        takes = sorted(self.feed.takes)
        return held_rows(self.hub, self.batch, Hop.TRANSLATED, waiting, takes, _reasons(waiting, verdict))

    def _about(self, translated: pl.DataFrame, verdict: Verdict) -> pl.DataFrame:
        """Each record's reference, and whether a safety flag is set, or cannot be read and so may be."""
        kind = self.feed.record.kind
        unread = [finding.places for finding in verdict.findings if finding.field in safety_flags(kind)]
        maybe = places_of(places for places in unread if places is not None).with_columns(maybe=True)
        return translated.join(maybe, on=PLACE, how="left", maintain_order="left").select(
            *PLACE, "reference", safety=any_flag_set(kind) | pl.col("maybe").fill_null(value=False)
        )

    def close(self) -> None:
        """Findings, held rows, ledger and the hop's mark, in one transaction."""
        batch_id = self.batch.batch_id
        tally = read_tally(self.hub.landing, batch_id, self.frames)
        opened = read_tally(self.hub.landing, batch_id, Hop.RECEIVED)
        found = counts(tally)
        books = HopBooks(self.hub, self.batch, Hop.TRANSLATED, batches.TRANSLATED)
        with books.open(Event.ALTERATION, "translated", tally.height, translated_frames=self.frames) as hop:
            hop.lines(complete(Hop.TRANSLATED, found | counts(opened)))
            hop.gaps(gaps(batch_id, opened, tally))
            hop.findings(self.verdict.told)
            held.add(hop.connection, batch_id, Hop.TRANSLATED, self.held)
            if found.get(OUT_OF_SCOPE):
                batches.mark_first_copies(hop.connection, batch_id, "to destroy", was="kept")
            failpoint("translate.before_commit")


def _too_much_unread(found: Iterable[Finding], rows: pl.DataFrame) -> Verdict:
    """More than a fifth of a column unreadable is no matter of single rows: park all, a person must look."""
    files = _files(rows)
    sizes = files.group_by("file").len("rows").filter(pl.col("rows") >= FEWEST_ROWS)
    return Verdict(
        tuple(
            _changed_column(finding.field, places)
            for finding in found
            if finding.places is not None and (places := _with_too_many(finding.places, files, sizes)).height
        )
    )


def _changed_column(field: str | None, places: pl.DataFrame) -> Finding:
    words = f"More than a fifth of the rows have no readable {field}: it may be swapped or changed."
    return Finding("HUB-T05", Consequence.REJECT_BATCH, words, field, places)


def _files(rows: pl.DataFrame) -> pl.DataFrame:
    """Each row's file. Messages too small to be judged alone are taken together, as one file."""
    alone = pl.len().over("message") >= FEWEST_ROWS
    return rows.select(*PLACE, file=pl.when(alone).then(pl.col("message")).otherwise(pl.lit(-1)))


def _with_too_many(unread: pl.DataFrame, files: pl.DataFrame, sizes: pl.DataFrame) -> pl.DataFrame:
    """All rows of the files in which these are too many."""
    share = pl.col("unread") > UNREADABLE_SHARE * pl.col("rows")
    counted = unread.join(files, on=PLACE).group_by("file").len("unread").join(sizes, on="file")
    return files.join(counted.filter(share), on="file", how="semi").select(PLACE)


def _told_once(verdict: Verdict, rows: pl.DataFrame) -> Verdict:
    """A row that could not be read breaks every rule; only why it could not says anything."""
    marked = rows.filter(pl.col(PROBLEM).is_not_null()).select(PLACE)
    return verdict if marked.is_empty() else _elsewhere(verdict, lambda _: marked)


def _waived(verdict: Verdict, rows: pl.DataFrame) -> Verdict:
    """A released row is not held again for the reasons a person has answered for."""
    if WAIVED not in rows.columns:
        return verdict

    def answered(finding: Finding) -> pl.DataFrame | None:
        # What is mandatory cannot be waived: there would be no record.
        if finding.rule == MISSING:
            return None
        return rows.filter(pl.col(WAIVED).str.split(" ").list.contains(finding.rule))

    return _elsewhere(verdict, answered)


def _elsewhere(verdict: Verdict, without: Callable[[Finding], pl.DataFrame | None]) -> Verdict:
    """Each finding less the places it does not count at."""
    left = []
    for finding in verdict.findings:
        if finding.places is None or (gone := without(finding)) is None:
            left.append(finding)
        elif (places := finding.places.join(gone, on=PLACE, how="anti")).height:
            left.append(replace(finding, places=places))
    return Verdict(tuple(left), verdict.not_assessed)


def _held_places(rows: pl.DataFrame, verdict: Verdict) -> pl.DataFrame:
    marked = rows.filter(pl.col(PROBLEM).is_not_null()).select(PLACE)
    holding = (*verdict.of(Consequence.HOLD_ROW), *verdict.of(Consequence.REJECT_BATCH))
    return places_of([marked, *(finding.places for finding in holding if finding.places is not None)])


def _set_aside(translated: pl.DataFrame, verdict: Verdict) -> pl.DataFrame:
    """The values that must not be used, taken out; their records go on."""
    for finding in verdict.of(Consequence.SET_ASIDE):
        if finding.places is None or finding.field not in translated.columns:
            continue
        broken = finding.places.with_columns(broken=pl.lit(value=True))
        translated = (
            translated.join(broken, on=PLACE, how="left", maintain_order="left")
            .with_columns(
                pl.when(pl.col("broken").is_null()).then(pl.col(finding.field)).alias(finding.field)
            )
            .drop("broken")
        )
    return translated


def _reasons(waiting: pl.DataFrame, verdict: Verdict) -> list[Reasons]:
    """The rules that hold each row; for one that could not be read, only why it could not."""
    marks = (problem.partition(" ")[::2] if problem else None for problem in waiting[PROBLEM])
    return [[mark] if mark else own for mark, own in zip(marks, reasons_of(waiting, verdict), strict=True)]
