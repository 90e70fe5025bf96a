"""Where a promise is tried: a hub of its own between the partner's rehearsal and the kit's own sender.

The hub is the real one, with the partner's suite and agreement.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime, time, timedelta
from typing import Any

from connectors.contract import Connector
from hub.conformance import sender
from hub.conformance.night import Night
from hub.conformance.rehearsal import Rehearsed
from hub.conformance.sender import Sender
from hub.conformance.subject import Subject
from hub.exchange import steps
from hub.exchange.routes import ROUTES
from hub.hub import Hub
from hub.ledger.balance import EQUATIONS
from hub.sharing.agreement import Agreement
from hub.store import batches, books, contents, held, outbox
from hub.store.contents import Said
from hub.store.outbox import Destination
from hub.store.queueing import Route
from quality.rules import Suite
from schemas.hops import Hop

# Before the first morning that the kit knows, unless the agreement begins later.
FIRST_MORNING = datetime(2026, 11, 23, 4, 30, tzinfo=UTC)
MOST = 100_000
DELIVERED = ("accepted", "received")


@dataclass
class Stage:
    subject: Subject
    agreement: Agreement
    partner: Rehearsed
    now: list[datetime] = field(default_factory=list)
    nights: list[Night] = field(default_factory=list)
    hub: Hub = field(init=False)

    def __post_init__(self) -> None:
        first = datetime.combine(self.agreement.starts_on + timedelta(days=1), time(4, 30), UTC)
        self.now = [max(FIRST_MORNING, first)]
        self.senders = {
            feed.name: Sender(feed.name, _kind_to(self.name, feed.name), self.name)
            for feed in self.connector.pushes
        }

    @property
    def name(self) -> str:
        return self.subject.name

    @property
    def connector(self) -> Connector:
        return self.subject.connector

    def hub_parts(self) -> Mapping[str, Any]:
        return {
            "clock": lambda: self.now[0],
            "connector": self._connector,
            "suite": lambda name: self.subject.suite if name == self.name else Suite(name),
            "agreement": self._agreement,
            "routes": self._routes,
        }

    def _connector(self, name: str) -> Connector:
        return _about_anybody(self.connector) if name == self.name else self.senders[name].connector()

    def _agreement(self, name: str) -> Agreement:
        return self.agreement if name == self.name else sender.agreement(self.senders[name].kind)

    def _routes(self, kind: str, from_partner: str) -> tuple[Route, ...]:
        feed = self.senders.get(from_partner)
        return (Route(kind, Destination(self.name, from_partner)),) if feed else ()

    # What the partner does.

    def say(
        self, numbers: Iterable[int], *, version: int = 1, at: datetime | None = None, oddity: str = ""
    ) -> None:
        """On every feed that they send."""
        for feed in self.connector.pulls:
            self.partner.say(
                feed.name, list(numbers), version=version, at=at or self._just_now, oddity=oddity
            )

    def unsay(self, number: int) -> None:
        for feed in self.connector.pulls:
            self.partner.unsay(feed.name, number, at=self._just_now)

    @property
    def _just_now(self) -> datetime:
        return self.now[0] - timedelta(minutes=30)

    # What the hub does.

    def later(self, **ahead: float) -> None:
        self.now[0] += timedelta(**ahead)

    def pull(self) -> Night:
        return self._run(steps.pull, self.name)

    def send(self, numbers: Iterable[int], *, version: int = 1) -> None:
        """What the partner is to be told from now on, on every feed that they take."""
        numbers = list(numbers)
        for name, one in self.senders.items():
            one.say(numbers, version=version)
            steps.pull(self.hub, name)

    def push(self) -> Night:
        """One push, and the day after it, on which they answer."""
        night = self._run(steps.push, self.name)
        self.partner.work()
        return night

    def _run(self, run: Any, partner: str) -> Night:
        asked = self.partner.asked
        fault: Exception | None = None
        try:
            run(self.hub, partner)
        except Exception as error:
            fault = error
        self.nights.append(Night(fault, self.partner.asked - asked, *self._told()))
        return self.nights[-1]

    def _told(self) -> tuple[tuple[str, ...], tuple[str, ...]]:
        with self.hub.store.reading() as connection:
            found = books.findings_of(connection, self.hub.night)
            here = [one for one in batches.of_night(connection, self.hub.night) if one.partner == self.name]
            messages = [one for batch in here for one in batches.messages_of(connection, batch.batch_id)]
        rules = {one["rule"] for one in found if one["partner"] == self.name}
        return tuple(sorted(rules)), tuple(one["reason"] for one in messages if one["bucket"] == "rejected")

    # What can be seen afterwards.

    def store(self) -> frozenset[Said]:
        with self.hub.store.reading() as connection:
            return contents.said_by(connection, self.name)

    def records(self) -> dict[str, int]:
        """Of how many children there are any, by feed; what was deleted does not count."""
        there = Counter(one.feed for one in self.store() if not one.is_deleted)
        return {name: there[name] // parts for name, parts in self.parts_of_feeds().items()}

    def parts_of_feeds(self) -> dict[str, int]:
        """How many records one saying makes."""
        return {feed.name: self.partner.parts.get(feed.name, 1) for feed in self.connector.pulls}

    def children(self) -> int:
        with self.hub.store.reading() as connection:
            return contents.children(connection)

    def held(self) -> int:
        with self.hub.store.reading() as connection:
            return len(held.listing(connection, partner=self.name))

    def messages(self) -> dict[str, dict[str, Any]]:
        """What is to be told to the partner, by key."""
        with self.hub.store.reading() as connection:
            rows = outbox.listing(connection, None, MOST, partner=self.name)
        return {row["message_key"]: row for row in rows}

    def states(self) -> Counter[str]:
        return Counter(row["state"] for row in self.messages().values())

    def delivered(self) -> int:
        return sum(count for state, count in self.states().items() if state in DELIVERED)

    def heard(self) -> Counter[str]:
        """How often each key came about at the partner."""
        return Counter(key for key, _ in self.partner.heard())

    def stumbles(self) -> Iterator[str]:
        for night in self.nights:
            if night.stumbled:
                yield f"a fault of the program, not an error of connectors/errors.py: {night.stumbled}"
        for hop in self._unbalanced():
            yield f"the books of the last night do not balance at the hop {hop}"

    def _unbalanced(self) -> list[str]:
        with self.hub.store.reading() as connection:
            lines = books.lines_of(connection, self.hub.night)
        sums: dict[tuple[str, str], dict[str, int]] = {}
        for line in lines:
            sums.setdefault((line["run_id"], line["hop"]), {})[line["bucket"]] = line["records"]
        return sorted({hop for (_, hop), buckets in sums.items() if EQUATIONS[Hop(hop)].difference(buckets)})


def _about_anybody(connector: Connector) -> Connector:
    """The kit's hub knows no child beforehand, so a feed about known children only would bring nobody."""
    return replace(connector, pulls=tuple(replace(feed, only_known=False) for feed in connector.pulls))


def _kind_to(partner: str, feed: str) -> str:
    """What the hub routes to this feed; a feed that nothing is routed to yet gets referrals."""
    to = Destination(partner, feed)
    return next((route.kind for route in ROUTES if route.to == to), "referral")
