"""Opening: sealed messages become frames of text, only the agreed columns, in chunks."""

from __future__ import annotations

import re
from dataclasses import dataclass, field

import polars as pl

from connectors.contract import PullFeed
from connectors.errors import UnreadableMessageError
from hub.exchange.frames import PROBLEM
from hub.exchange.tally import write_tally
from hub.hub import Hub
from hub.landing.landing import Arrival
from quality.runner import assess
from schemas.hops import PLACE, Consequence, Finding, Hop, Verdict

ROWS_IN_A_FRAME = 100_000
NOT_IN_THE_TABLES, NOT_IN_THE_AGREEMENT = "HUB-R03", "HUB-S01"
NOT_TO_BE_STORED = (NOT_IN_THE_TABLES, NOT_IN_THE_AGREEMENT)
HOLDING = (Consequence.REJECT_BATCH, Consequence.HOLD_ROW)
PLAIN_COLUMN = re.compile(r"^[A-Za-z][A-Za-z0-9_ -]{0,39}$")


@dataclass
class Opener:
    """Opens the messages of one batch, one after another; small ones share a frame."""

    hub: Hub
    partner: str
    feed: PullFeed
    batch_id: str
    verdict: Verdict = field(default_factory=Verdict)
    _written: int = 0
    _small: list[pl.DataFrame] = field(default_factory=list)

    def open(self, number: int, arrival: Arrival, declared_rows: int | None) -> int:
        """How many rows the message holds. All of it is opened before any of it counts."""
        first, before = self._written, self.verdict
        rows, dropped, small = 0, set[str](), list[pl.DataFrame]()
        try:
            with self.hub.landing.open_message(self.batch_id, arrival.address) as stream:
                for opened in self.feed.open(stream):
                    dropped |= self._dropped_columns(opened)
                    frame = self._agreed_columns(opened, number)
                    rows += frame.height
                    if frame.height < ROWS_IN_A_FRAME:
                        small.append(frame)
                    else:
                        self._write(frame)
            _check_count(rows, declared_rows)
        except UnreadableMessageError:
            self._take_back(first)
            self.verdict = before
            raise
        self._tell(dropped)
        self._small += small
        if sum(frame.height for frame in self._small) >= ROWS_IN_A_FRAME:
            self.flush()
        return rows

    def flush(self) -> None:
        if self._small:
            self._write(pl.concat(self._small))
            self._small = []

    def _dropped_columns(self, opened: pl.DataFrame) -> set[str]:
        return set(opened.columns) - self.feed.takes - self.feed.ignores - {"row", "part", PROBLEM}

    def _agreed_columns(self, opened: pl.DataFrame, number: int) -> pl.DataFrame:
        missing = sorted(self.feed.takes - set(opened.columns))
        if missing:
            raise UnreadableMessageError(
                f"Agreed columns are missing: {', '.join(missing)}.",
                fix="ask the sender whether columns were renamed, and agree a change before it is sent.",
                code="HUB-R02",
            )
        message = pl.lit(number, dtype=pl.Int64).alias("message")
        return opened.select(message, "row", "part", PROBLEM, *sorted(self.feed.takes))

    def _tell(self, dropped: set[str]) -> None:
        """What nobody agreed is dropped, never stored, and reported once."""
        for column in sorted(dropped):
            if column in self.feed.unagreed:
                rule, wrong = NOT_IN_THE_AGREEMENT, "A column that the sharing agreement does not cover"
            else:
                rule, wrong = NOT_IN_THE_TABLES, "A column that is not agreed"
            # A header that is not a plain name could be a record where a header should be.
            name = column if PLAIN_COLUMN.match(column) else "(a name we do not print)"
            finding = Finding(rule, Consequence.WARN, f"{wrong} was dropped: {name}.")
            if finding not in self.verdict.findings:
                self.verdict = self.verdict.joined(Verdict((finding,)))

    def _write(self, frame: pl.DataFrame) -> None:
        if frame.is_empty():
            return
        write_tally(self.hub.landing, self.batch_id, Hop.RECEIVED, self._written, frame, "opened_records")
        rules = self.hub.suite(self.partner).rules(self.feed.name, Hop.RECEIVED)
        # What cannot be read breaks every rule; only that it cannot be read says anything.
        verdict = _unreadable(frame).joined(assess(rules, frame.filter(pl.col(PROBLEM).is_null())))
        self.verdict = self.verdict.joined(verdict)
        marked = _with_problems(frame, verdict)
        self.hub.landing.write_frame(self.batch_id, Hop.RECEIVED, self._written, marked)
        self._written += 1

    def _take_back(self, first: int) -> None:
        for number in range(first, self._written):
            self.hub.landing.destroy_frame(self.batch_id, Hop.RECEIVED, number)
            self.hub.landing.destroy_frame(self.batch_id, f"{Hop.RECEIVED}-tally", number)
        self._written = first


def _check_count(rows: int, declared: int | None) -> None:
    if declared is not None and declared != rows:
        raise UnreadableMessageError(
            f"The file holds {rows} rows, its manifest says {declared}.",
            fix="ask the sender for file and manifest again; rows may be missing.",
            code="HUB-R04",
        )


def _unreadable(frame: pl.DataFrame) -> Verdict:
    """The rows that the reader marked, by what is wrong with them."""
    marked = frame.filter(pl.col(PROBLEM).is_not_null()).group_by(PROBLEM, maintain_order=True)
    return Verdict(
        tuple(
            Finding(
                "HUB-R11", Consequence.HOLD_ROW, f"{why[:1].upper()}{why[1:]}.", places=rows.select(PLACE)
            )
            for (why,), rows in marked
        )
    )


def _with_problems(frame: pl.DataFrame, verdict: Verdict) -> pl.DataFrame:
    """The rows that are held, marked with the first rule that does, so that the next hop sets them apart."""
    frame = frame.with_columns(pl.lit(None, dtype=pl.String).alias(PROBLEM))
    for finding in verdict.findings:
        if finding.consequence not in HOLDING or finding.places is None:
            continue
        broken = finding.places.with_columns(broken=pl.lit(f"{finding.rule} {finding.words}"))
        frame = (
            frame.join(broken, on=PLACE, how="left", maintain_order="left")
            .with_columns(pl.coalesce(PROBLEM, "broken").alias(PROBLEM))
            .drop("broken")
        )
    return frame
