"""Outgoing: what is due for a partner, in the partner's words, checked, and laid ready to hand over."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any

import polars as pl

from connectors.contract import PushFeed
from hub.exchange import delivery_books
from hub.exchange.agreed import Sharing
from hub.exchange.frames import places_of
from hub.exchange.sweeping import sweep_deliveries
from hub.failpoint import failpoint
from hub.hub import Consultation, Hub
from hub.ledger.balance import UnbalancedError
from hub.store import books, deliveries, not_shared, outbox
from hub.store.audit import AuditEvent, Event, NoChild
from hub.store.deliveries import DeliveryRow
from hub.store.ids import new_id
from hub.store.outbox import Destination
from hub.store.vaulting import vault_place
from quality.runner import assess
from schemas.child_details import ChildDetails
from schemas.fields import sealed_fields
from schemas.hops import PLACE, Consequence, Hop, Verdict
from schemas.kinds import KINDS

KEY = "message_key"
# The agreement it goes under, or the person on whose word. No partner's column has a dot in its name.
UNDER = "hub.under"


def outgoing(hub: Hub, partner: str) -> list[str]:
    """One delivery for each of the partner's push feeds, with all that is due and carried over."""
    sweep_deliveries(hub, partner)
    return [_Outgoing.begin(hub, partner, feed).prepare() for feed in hub.connector(partner).pushes]


@dataclass
class _Outgoing:
    hub: Hub
    feed: PushFeed
    delivery: DeliveryRow
    due: int
    carried_over: int
    sharing: Sharing
    # Those that nothing of the feed's agreement lets go, and of the others those that it stops one by one.
    stopped: int = 0
    not_shared: dict[str, str] = field(default_factory=dict)
    verdict: Verdict = field(default_factory=Verdict)
    held: list[str] = field(default_factory=list)
    ready: set[str] = field(default_factory=set)
    _frames: int = 0

    @classmethod
    def begin(cls, hub: Hub, partner: str, feed: PushFeed) -> _Outgoing:
        to = Destination(partner, feed.name)
        delivery = DeliveryRow(new_id(), partner, feed.name, hub.night, deliveries.CLAIMED, hub.clock())
        sharing, stopped = Sharing.now(hub, partner, feed), 0
        with hub.writing(NoChild("a delivery claims what is due")) as connection:
            left = deliveries.cut_off(connection, partner, feed.name)
            for one in left:
                delivery_books.close(connection, one, deliveries.SENT)
            due, carried_over = outbox.due(connection, to)
            deliveries.add(connection, delivery)
            outbox.claim(connection, to, delivery.delivery_id)
            if sharing.because:
                stopped = not_shared.stop_all(connection, delivery.delivery_id, sharing.because)
            delivery_books.write_outgoing(connection, delivery, due, carried_over)
        for one in left:
            # Its messages are in the new delivery, and are laid ready anew.
            hub.landing.destroy_batch(one.delivery_id)
        return cls(hub, feed, delivery, due, carried_over, sharing, stopped)

    def prepare(self) -> str:
        about = (self.delivery.partner, self.feed.name, self.delivery.delivery_id)
        due = self.due + self.carried_over - self.stopped
        self.opened = self.hub.consulting(
            AuditEvent(Event.CONSULTATION, "messages laid ready", *about, records=due)
        )
        for kind in KINDS:
            with self.hub.store.reading() as connection:
                for rows in outbox.claimed(connection, self.delivery.delivery_id, kind):
                    self._lay_ready(kind, rows)
        failpoint("outgoing.frames_written")
        self._close()
        failpoint("outgoing.after_commit")
        return self.delivery.delivery_id

    def _lay_ready(self, kind: str, rows: list[dict[str, Any]]) -> None:
        """On a person's word first: nothing is more urgent."""
        records = _records(self.opened, kind, rows)
        because, word = self.sharing.because_of(records), records["on_a_persons_word"].cast(pl.Boolean)
        stopped = because.is_not_null()
        self.not_shared |= dict(
            zip(records[KEY].filter(stopped & ~word), because.filter(stopped & ~word), strict=True)
        )
        self._lay(records.filter(stopped & word), records["word"].filter(stopped & word))
        going = records.filter(~stopped)
        self._lay(going, pl.repeat(self.sharing.under, going.height, dtype=pl.String, eager=True))

    def _lay(self, records: pl.DataFrame, under: pl.Series) -> None:
        if records.is_empty():
            return
        held = self._checked(records)
        self.held += held
        ready = (
            self.sharing.theirs(records)
            .with_columns(records[KEY], under.alias(UNDER))
            .filter(~pl.col(KEY).is_in(held))
        )
        self.ready |= set(ready[KEY])
        self.hub.landing.write_frame(self.delivery.delivery_id, Hop.OUTGOING, self._frames, ready)
        self._frames += 1

    def _checked(self, records: pl.DataFrame) -> list[str]:
        """The messages that a rule holds."""
        placed = self.feed.message.frame(records).with_columns(
            records[KEY],
            message=pl.lit(self._frames, dtype=pl.Int64),
            row=pl.int_range(pl.len(), dtype=pl.Int64),
            part=pl.lit(0, dtype=pl.Int64),
        )
        rules = self.hub.suite(self.delivery.partner).rules(self.feed.name, Hop.OUTGOING)
        verdict = assess(rules, placed)
        self.verdict = self.verdict.joined(verdict)
        holding = (*verdict.of(Consequence.HOLD_ROW), *verdict.of(Consequence.REJECT_BATCH))
        broken = places_of(finding.places for finding in holding if finding.places is not None)
        return placed.join(broken, on=PLACE, how="semi")[KEY].to_list()

    def _close(self) -> None:
        page = delivery_books.page(self.delivery)
        with self.hub.writing(NoChild("a delivery is laid ready")) as connection:
            claimed = outbox.claimed_keys(connection, self.delivery.delivery_id)
            accounted = self.ready.union(self.held, self.not_shared)
            lost = dict.fromkeys(sorted(claimed - accounted), "lost")
            not_shared.stop(connection, self.not_shared)
            outbox.hold(connection, self.held)
            delivery_books.write_outgoing(connection, self.delivery, self.due, self.carried_over)
            books.write_gaps(connection, page, Hop.OUTGOING, lost)
            books.write_findings(connection, page, Hop.OUTGOING, self.verdict.told)
        if lost:
            # A message key carries the sender's reference; its hash is enough for a log.
            hashes = tuple(key.rpartition(":")[2] for key in lost)
            raise UnbalancedError(self.delivery.partner, self.feed.name, Hop.OUTGOING, hashes)


def _records(opened: Consultation, kind: str, rows: list[dict[str, Any]]) -> pl.DataFrame:
    """The claimed records in our words: the plain half, and the sealed half opened."""
    known = [{name: value for name, value in row.items() if name not in ("sealed", "key_id")} for row in rows]
    details = [
        opened.row(
            row["sealed"],
            key_id=row["key_id"],
            place=vault_place(row["from_partner"], row["from_feed"], row["reference"]),
        )
        for row in rows
    ]
    kinds = {name: column.dtype for name, column in KINDS[kind].columns().items() if name in known[0]}
    plain = pl.DataFrame(known, schema_overrides=kinds, infer_schema_length=None).with_columns(
        record_key=pl.concat_str("from_partner", "from_feed", "reference", separator=":")
    )
    return pl.concat([plain, _details(kind, details)], how="horizontal")


def _details(kind: str, details: list[dict[str, Any]]) -> pl.DataFrame:
    columns = ChildDetails.columns() | {
        name: KINDS[kind].columns()[name] for name in sealed_fields(KINDS[kind])
    }
    series = []
    for name, column in columns.items():
        values = [row.get(name) for row in details]
        if column.dtype == pl.Date:
            series.append(pl.Series(name, values, dtype=pl.String).str.to_date("%Y-%m-%d"))
        else:
            series.append(pl.Series(name, values, dtype=column.dtype))
    return pl.DataFrame(series)
