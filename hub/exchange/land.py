"""Land: fetch what the partner left, seal it, open it into rows of text, and register it.

The sealed bytes are on disk before the transaction that registers the batch and moves the cursor, so
every later hop can be done again from here.
"""

from __future__ import annotations

from dataclasses import dataclass, field, replace

from connectors.contract import InboundMessage, PullFeed, Since
from connectors.errors import ConnectorError, UnreadableMessageError
from hub.exchange import released
from hub.exchange.agreed import Taking
from hub.exchange.line import partner_line
from hub.exchange.onward import go_on
from hub.exchange.opening import NOT_TO_BE_STORED, Opener
from hub.exchange.sweeping import sweep
from hub.failpoint import failpoint
from hub.hub import Hub
from hub.landing.keyring import Hasher
from hub.landing.landing import Arrival
from hub.ledger.balance import complete
from hub.store import batches, books
from hub.store.audit import AuditEvent, Event
from hub.store.batches import DUPLICATE, OPENED, REJECTED, BatchRow, MessageRow
from hub.store.ids import new_id
from schemas.hops import Hop

EMPTIED = "HUB-R15"


def land(hub: Hub, partner: str) -> list[str]:
    """The batches that are to go on, oldest first: left by a night that was cut off, released, and new.

    What waits does not wait for the partner: one who is down delays nobody's released row.
    """
    connector = hub.connector(partner)
    sweep(hub, partner)
    taking = Taking.of(hub, connector)
    for feed in taking.listed:
        released.land(hub, partner, feed)
    try:
        if taking.fetched:
            with partner_line(hub, partner) as client:
                for feed in taking.fetched:
                    Pull.begin(hub, partner, feed).run(client)
        if taking.refusals:
            raise taking.refusals[0]
    except ConnectorError:
        go_on(hub, _unfinished(hub, partner))
        raise
    return _unfinished(hub, partner)


def _unfinished(hub: Hub, partner: str) -> list[str]:
    with hub.store.reading() as connection:
        return batches.unfinished(connection, partner)


@dataclass(frozen=True)
class _Held:
    """The arrivals we hold, as keyed hashes: a partner's file name may say too much to be kept."""

    hashes: set[bytes]
    hasher: Hasher

    def __contains__(self, fingerprint: object) -> bool:
        return self.hasher.one(str(fingerprint)) in self.hashes


@dataclass
class Pull:
    """One pull of one feed: its messages, as they come."""

    hub: Hub
    partner: str
    feed: PullFeed
    cursor: str | None
    held: _Held
    # The contents we hold already, by keyed hash.
    addresses: set[str]
    opener: Opener
    messages: list[MessageRow] = field(default_factory=list)
    # What is held for good once it is committed.
    taken: list[InboundMessage] = field(default_factory=list)

    @classmethod
    def begin(cls, hub: Hub, partner: str, feed: PullFeed) -> Pull:
        with hub.store.reading() as connection:
            cursor = batches.get_cursor(connection, partner, feed.name)
            hashes = batches.landed_fingerprints(connection, partner, feed.name)
            # Of a whole listing the same page again is no duplicate: whom it tells of may be known since.
            addresses = set() if feed.is_whole else batches.landed_addresses(connection, partner, feed.name)
        held = _Held(hashes, hub.keyring.hasher("fingerprint"))
        return cls(hub, partner, feed, cursor, held, addresses, Opener(hub, partner, feed, new_id()))

    def run(self, client: object) -> None:
        try:
            for message in self.feed.pull(client, Since(self.cursor, self.held)):
                self._add(message, self._arrived(message))
                self.cursor = message.cursor or self.cursor
            self._refuse_if_emptied()
            self.opener.flush()
            self._register()
        except Exception:
            self._take_back()
            raise
        if self.feed.taken:
            self.feed.taken(client, self.taken)

    def _add(self, message: InboundMessage, row: MessageRow) -> None:
        self.messages.append(row)
        if row.fingerprint is not None:
            self.taken.append(replace(message, body=()))

    def _take_back(self) -> None:
        """Of a batch that nobody knows of, nobody would ever clear away the rows about others."""
        # Asked, because a commit can come through and its answer be lost.
        if self.opener.batch_id not in _unfinished(self.hub, self.partner):
            self.hub.landing.destroy_batch(self.opener.batch_id)

    def _arrived(self, message: InboundMessage) -> MessageRow:
        row = MessageRow(
            len(self.messages), REJECTED, None, name=message.name, declared_rows=message.declared_rows
        )
        try:
            if message.problem is not None:
                raise message.problem
            arrival = self.hub.landing.seal_message(self.opener.batch_id, message.body)
        except UnreadableMessageError as problem:
            # Kept without a fingerprint, so that it is asked for again until it comes.
            return replace(row, reason=problem.code, words=str(problem))
        failpoint("land.message_sealed")
        return self._opened(replace(row, address=arrival.address, size=arrival.size), message, arrival)

    def _opened(self, row: MessageRow, message: InboundMessage, arrival: Arrival) -> MessageRow:
        fingerprint = self.held.hasher.one(message.fingerprint)
        if arrival.address in self.addresses:
            if all(one.address != arrival.address for one in self.messages):
                self.hub.landing.destroy_message(self.opener.batch_id, arrival.address)
            return replace(row, bucket=DUPLICATE, fingerprint=fingerprint, reason="HUB-R01")
        try:
            _check_digest(message, arrival)
            rows = self.opener.open(row.number, arrival, message.declared_rows)
        except UnreadableMessageError as problem:
            # Where file and manifest disagree, either may be mended: look again the next night.
            known = None if problem.code in ("HUB-R04", "HUB-R05") else fingerprint
            return replace(row, fingerprint=known, reason=problem.code, words=str(problem))
        self.addresses.add(arrival.address)
        return replace(row, bucket=OPENED, fingerprint=fingerprint, rows=rows)

    def _refuse_if_emptied(self) -> None:
        """An export that lost its rights looks like a night on which nobody has anything to say."""
        opened = [message for message in self.messages if message.bucket == OPENED]
        if not self.feed.is_whole or not opened or any(message.rows for message in opened):
            return
        with self.hub.store.reading() as connection:
            before = batches.rows_last_time(connection, self.partner, self.feed.name)
        if before:
            self.messages = [_emptied(message, before) for message in self.messages]
            self.taken = []

    def _register(self) -> None:
        now = self.hub.clock()
        batch_id, verdict = self.opener.batch_id, self.opener.verdict
        row = BatchRow(
            batch_id, self.partner, self.feed.name, self.hub.night, batches.PULLED, batches.LANDED, now
        )
        page = books.Page(batch_id, self.partner, self.feed.name, row.night)
        buckets = [message.bucket for message in self.messages]
        counts = {name: buckets.count(name) for name in (OPENED, REJECTED, DUPLICATE)}
        failpoint("land.before_commit")
        with self.hub.writing(self._landed()) as connection:
            batches.register(connection, row, self.messages)
            if any(finding.rule in NOT_TO_BE_STORED for finding in verdict.findings):
                # The first copy holds columns that nobody agreed to store.
                batches.mark_first_copies(connection, batch_id, "to destroy", was="kept")
            batches.move_cursor(connection, self.partner, self.feed.name, self.cursor, now)
            lines = complete(Hop.RECEIVED, counts | {"received": len(buckets)})
            books.write_lines(connection, page, Hop.RECEIVED, lines)
            books.write_findings(connection, page, Hop.RECEIVED, verdict.told)
        failpoint("land.after_commit")

    def _landed(self) -> AuditEvent:
        rows = sum(message.rows or 0 for message in self.messages)
        batch_id = self.opener.batch_id
        return AuditEvent(Event.COLLECTION, "landed", self.partner, self.feed.name, batch_id, rows)


def _emptied(message: MessageRow, before: int) -> MessageRow:
    """Without its fingerprint, so that it is asked for again."""
    if message.bucket != OPENED:
        return message
    words = (
        f"Nothing came where {before} rows came the last time. What to do: ask the sender whether the export "
        "lost its rights or its filter changed, and whether we ask in the right place."
    )
    return replace(message, bucket=REJECTED, fingerprint=None, rows=None, reason=EMPTIED, words=words)


def _check_digest(message: InboundMessage, arrival: Arrival) -> None:
    if message.declared_sha256 not in (None, arrival.sha256):
        raise UnreadableMessageError(
            "The file is not the one that its manifest describes: the checksums differ.",
            fix="ask the sender for file and manifest again; it was cut or changed on the way.",
            code="HUB-R05",
        )
