"""Translate: the partner's rows become records of ours, by table; what cannot be used is set apart.

A bad value is set aside and its record goes on; a record is held only where it cannot be used. Rows about
anybody who is not a child of ours are counted and leave nothing behind.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import date
from typing import Any
from zoneinfo import ZoneInfo

import polars as pl

from connectors.contract import PullFeed
from hub.exchange import first_copy
from hub.exchange.frames import BUCKET, PROBLEM, places_of, sealed_rows
from hub.exchange.hop import HopBooks, batch_in_state
from hub.exchange.released import WAIVED
from hub.exchange.tally import counts, read_tally, write_tally
from hub.failpoint import failpoint
from hub.hub import Hub
from hub.ledger.balance import complete, gaps
from hub.store import batches, held
from hub.store.batches import BatchRow
from quality.runner import assess
from schemas.hops import PLACE, Consequence, Finding, Hop, RecordKey, Verdict
from schemas.kinds import safety_flags

TRANSLATED, HELD, OUT_OF_SCOPE = "translated", "held", "out_of_scope"
# A column of which more than this share cannot be read was swapped or changed: the batch is parked whole.
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
    feed = hub.connector(batch.partner).pull_feed(batch.feed)
    hub.landing.destroy_frames(batch.batch_id, Hop.TRANSLATED)
    hub.landing.destroy_frames(batch.batch_id, f"{Hop.TRANSLATED}-tally")
    hop = _Translating(hub, batch, feed, _local_day(hub, batch))
    for number, rows in enumerate(hub.landing.read_frames(batch.batch_id, Hop.RECEIVED)):
        hop.frame(number, rows)
    failpoint("translate.frames_written")
    hop.close()
    failpoint("translate.after_commit")


def _local_day(hub: Hub, batch: BatchRow) -> date:
    return batch.landed_at.astimezone(ZoneInfo(hub.settings.timezone)).date()


@dataclass
class _Translating:
    hub: Hub
    batch: BatchRow
    feed: PullFeed
    day: date

    def __post_init__(self) -> None:
        self.verdict = Verdict()
        self.held: list[dict[str, Any]] = []

    def frame(self, number: int, rows: pl.DataFrame) -> None:
        in_scope = rows.filter(self.feed.scope.ours().fill_null(value=True))
        translated, verdict = self._translated(in_scope)
        verdict = _waived(verdict, in_scope)
        stays = _held_places(in_scope, verdict)
        going_on = _set_aside(translated, verdict).join(stays, on=PLACE, how="anti", maintain_order="left")
        self.hub.landing.write_frame(self.batch.batch_id, Hop.TRANSLATED, number, going_on)
        self._tally(number, rows, in_scope, stays)
        self.held += self._held_rows(in_scope, translated, stays, verdict)
        self.verdict = self.verdict.joined(verdict)

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
        write_tally(self.hub.landing, self.batch.batch_id, Hop.TRANSLATED, number, bucketed, bucketed[BUCKET])

    def _held_rows(
        self, rows: pl.DataFrame, translated: pl.DataFrame, stays: pl.DataFrame, verdict: Verdict
    ) -> list[dict[str, Any]]:
        if stays.is_empty():
            return []
        flags = safety_flags(self.feed.record.kind)
        safety = pl.any_horizontal(pl.col(flag).fill_null(value=False) for flag in flags)
        about = translated.select(*PLACE, "reference", safety=safety if flags else pl.lit(value=False))
        waiting = rows.join(stays, on=PLACE).join(about, on=PLACE).sort(PLACE)
        keys = [RecordKey(self.batch.batch_id, *place) for place in waiting.select(PLACE).iter_rows()]
        takes = sorted(self.feed.takes)
        sealed = sealed_rows(waiting, takes, self.hub.keyring, map(held.place, keys))
        reasons = _reasons(waiting, verdict)
        return [
            {
                "batch_id": key.batch,
                **dict(zip(PLACE, (key.message, key.row, key.part), strict=True)),
                "partner": self.batch.partner,
                "feed": self.batch.feed,
                "night": self.hub.night,
                "hop": Hop.TRANSLATED.value,
                "rules": " ".join(rule for rule, _ in reasons[place]),
                "words": " ".join(words for _, words in reasons[place]),
                "owner": self.batch.partner,
                "reference": row["reference"],
                "safety": row["safety"],
                "state": held.WAITING,
                "held_at": self.hub.clock(),
                "key_id": self.hub.keyring.current,
                "sealed": secret,
            }
            for place, (key, row, secret) in enumerate(
                zip(keys, waiting.select("reference", "safety").iter_rows(named=True), sealed, strict=True)
            )
        ]

    def close(self) -> None:
        """Findings, held rows, ledger and the hop's mark, in one transaction."""
        batch_id = self.batch.batch_id
        tally = read_tally(self.hub.landing, batch_id, Hop.TRANSLATED)
        opened = read_tally(self.hub.landing, batch_id, Hop.RECEIVED)
        found = counts(tally)
        with HopBooks(self.hub, self.batch, Hop.TRANSLATED, batches.TRANSLATED).open() as hop:
            hop.lines(complete(Hop.TRANSLATED, found | counts(opened)))
            hop.gaps(gaps(batch_id, opened, tally))
            hop.findings(self.verdict.told)
            held.add(hop.connection, batch_id, self.held)
            if found.get(OUT_OF_SCOPE):
                batches.mark_first_copies(hop.connection, batch_id, "to destroy", was="kept")
            failpoint("translate.before_commit")


def _too_much_unread(found: Iterable[Finding], rows: pl.DataFrame) -> Verdict:
    """More than a fifth of a column unreadable is no matter of single rows: park all, a person must look."""
    if rows.height < FEWEST_ROWS:
        return Verdict()
    columns = (
        finding.field
        for finding in found
        if finding.places is not None and finding.places.height > UNREADABLE_SHARE * rows.height
    )
    return Verdict(
        tuple(
            Finding(
                "HUB-T05",
                Consequence.REJECT_BATCH,
                f"More than a fifth of the rows have no readable {column}: it may be swapped or changed.",
                field=column,
                places=rows.select(PLACE),
            )
            for column in columns
        )
    )


def _waived(verdict: Verdict, rows: pl.DataFrame) -> Verdict:
    """A released row is not held again for the reasons a person has answered for."""
    if WAIVED not in rows.columns:
        return verdict
    return Verdict(tuple(_without_waived(verdict.findings, rows)), verdict.not_assessed)


def _without_waived(findings: Iterable[Finding], rows: pl.DataFrame) -> Iterator[Finding]:
    for finding in findings:
        # What is mandatory cannot be waived: there would be no record.
        if finding.places is None or finding.rule == "HUB-T03":
            yield finding
            continue
        released = rows.filter(pl.col(WAIVED).str.split(" ").list.contains(finding.rule))
        left = finding.places.join(released, on=PLACE, how="anti")
        if not left.is_empty():
            yield Finding(finding.rule, finding.consequence, finding.words, finding.field, left)


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


def _reasons(waiting: pl.DataFrame, verdict: Verdict) -> list[list[tuple[str, str]]]:
    """For each waiting row: the rules that hold it, and their words."""
    holding = (*verdict.of(Consequence.HOLD_ROW), *verdict.of(Consequence.REJECT_BATCH))
    held_by = [
        (finding.rule, finding.words, set(finding.places.select(PLACE).iter_rows()))
        for finding in holding
        if finding.places is not None
    ]
    reasons = []
    for *place, problem in waiting.select(*PLACE, PROBLEM).iter_rows():
        own = [(rule, words) for rule, words, places in held_by if tuple(place) in places]
        # A row that could not be read breaks every rule; only why it could not says anything.
        reasons.append([_marked(problem)] if problem else own)
    return reasons


def _marked(problem: str) -> tuple[str, str]:
    """A row's own problem: a rule of the received suite, or the reader's words."""
    rule, _, words = problem.partition(" ")
    if "-R" in rule:
        return rule, words
    return "HUB-R11", f"{problem[0].upper()}{problem[1:]}."
