"""What every hop has in common: it is done once, and it closes its books in one transaction."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass

from hub.exchange.runs import held_by
from hub.hub import Hub
from hub.landing.landing import ATTEMPT, RAW
from hub.ledger.balance import UnbalancedError
from hub.store import batches, books
from hub.store.audit import AuditEvent, Event
from hub.store.batches import BatchRow
from schemas.hops import Finding, Hop

# A batch's rows as opened, less those that are out of scope.
KEPT = "kept"


def batch_in_state(hub: Hub, batch_id: str, state: str) -> BatchRow | None:
    """The batch, if this hop is its next one; none where the hop is done, so that twice is harmless."""
    with hub.store.reading() as connection:
        batch = batches.get(connection, batch_id)
    return batch if batch.state == state else None


def own_frames(hub: Hub, hop: Hop) -> str:
    """Where this attempt lays its frames, until its commit says that they are the batch's.

    A worker that stood still may write on beside the one that took over; mixed, their frames would give
    one record another's child.
    """
    return f"{hop}{ATTEMPT}{held_by(hub).tag}"


def translated_frames(batch: BatchRow) -> str:
    # A batch from before attempts had frames of their own.
    return batch.translated_frames or Hop.TRANSLATED


def kept_when_recorded(batch: BatchRow) -> set[str]:
    """What came, and its tallies; the frames between hops, of whichever attempt, have done their work."""
    hops = (Hop.RECEIVED, translated_frames(batch), batch.matched_frames or Hop.MATCHED)
    return {RAW, KEPT, *(f"{hop}-tally" for hop in hops)}


@dataclass
class HopBooks:
    """One hop's ledger lines, gaps, findings and mark. An unbalanced hop is written down and not marked."""

    hub: Hub
    batch: BatchRow
    hop: Hop
    done: str

    @contextmanager
    def open(self, event: Event, action: str, records: int, **frames: str) -> Iterator[HopBooks]:
        """`frames` says, by column of the batch, which attempt's frames count from now on."""
        audited = AuditEvent(event, action, self.batch.partner, self.batch.feed, self.batch.batch_id, records)
        with self.hub.writing(audited) as self.connection:
            self._gaps: Mapping[str, str] = {}
            yield self
            if not self._gaps:
                batches.mark(self.connection, self.batch.batch_id, self.done, **frames)
        if self._gaps:
            raise UnbalancedError(self.batch.partner, self.batch.feed, self.hop, tuple(self._gaps))

    @property
    def page(self) -> books.Page:
        return books.Page(self.batch.batch_id, self.batch.partner, self.batch.feed, self.hub.night)

    def lines(self, buckets: Mapping[str, int]) -> None:
        books.write_lines(self.connection, self.page, self.hop, buckets)

    def gaps(self, gaps: Mapping[str, str]) -> None:
        self._gaps = gaps
        books.write_gaps(self.connection, self.page, self.hop, gaps)

    def findings(self, findings: Iterable[Finding]) -> None:
        books.write_findings(self.connection, self.page, self.hop, findings)
