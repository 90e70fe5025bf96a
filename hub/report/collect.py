"""The facts of a night, read from the store in one go and put in order for the page."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime
from zoneinfo import ZoneInfo

from connectors.contract import Connector
from hub import breakers, registry
from hub.hub import Hub
from hub.report.lines import RunLines, summed
from hub.report.past import past_nights
from hub.report.read import NightRead, first_shown
from hub.report.sums import came, sent
from hub.report.waiting import WaitingList
from hub.store.batches import LANDED, MATCHED, PULLED, RECORDED, TRANSLATED
from hub.store.breakers import Standing
from hub.store.deliveries import CLAIMED, SENT
from quality.reports.night import NightFacts
from quality.reports.partner_night import LeftAlone, Noticed, Parked, PartnerNight, Stopped, Unwritten
from schemas.breaker import Breaker
from schemas.hops import Consequence, Hop

# The hops that a batch in this state has behind it.
HOPS_DONE = {
    LANDED: (Hop.RECEIVED,),
    TRANSLATED: (Hop.RECEIVED, Hop.TRANSLATED),
    MATCHED: (Hop.RECEIVED, Hop.TRANSLATED, Hop.MATCHED),
    RECORDED: (Hop.RECEIVED, Hop.TRANSLATED, Hop.MATCHED, Hop.RECORDED),
}
UNFINISHED_DELIVERY = {
    CLAIMED: "the messages were made ready, before all were handed over",
    SENT: "all were handed over, before their answers were collected",
}
# Held rows of the hops before stand on the page one by one, under what holds them.
EFFECT = {
    Consequence.SET_ASIDE: "The value was left out; the record went on.",
    Consequence.WARN: "Worth a look; nothing was changed.",
}
EFFECT_AT = {
    (Hop.MATCHED, Consequence.HOLD_ROW): "The record waits for a person to say which child it is about.",
    (Hop.OUTGOING, Consequence.HOLD_ROW): "The message was held before it was handed over.",
    (Hop.OUTGOING, Consequence.REJECT_BATCH): "The message was held before it was handed over.",
}


def collect(hub: Hub, night: date, partners: Iterable[str] | None = None) -> NightFacts:
    """`partners` are those who should have come: all that are connected, unless said otherwise."""
    read = NightRead.of(hub, night)
    connected = registry.partner_names()
    expected = set(connected if partners is None else partners)
    connectors = {name: hub.connector(name) for name in {*connected, *expected}}
    zone = ZoneInfo(hub.settings.timezone)
    waits = WaitingList(hub, read, {name: one.title for name, one in connectors.items()}, zone)
    made_at = hub.clock().astimezone(zone)
    alone = [(one, breaker) for one, breaker in breakers.now(hub, read.breakers) if breakers.is_open(breaker)]
    every = (
        _Partner(read, waits, name, connectors.get(name), name in expected, made_at, alone)
        for name in sorted(expected | read.partners)
    )
    nights = tuple(one.night() for one in every)
    return NightFacts(
        night=night,
        made_at=made_at,
        partners=nights,
        at_risk=waits.at_risk(),
        flagged=sum(one.flagged for one in nights),
        doubtful=sum(one.doubtful for one in nights),
    )


@dataclass(frozen=True)
class _Partner:
    """`connector` is none where the books know a partner who is not connected any more."""

    read: NightRead
    waits: WaitingList
    name: str
    connector: Connector | None
    expected: bool
    made_at: datetime
    alone: list[tuple[Standing, Breaker]]

    @property
    def zone(self) -> ZoneInfo:
        return self.waits.zone

    def night(self) -> PartnerNight:
        runs = self.read.runs_of(self.name)
        return PartnerNight(
            name=self.name,
            title=self.waits.title(self.name),
            came=came(self.read, self.name, runs, self.zone) if self._pulls else None,
            sent=sent(self.read, self.name, runs, self.zone) if self._pushes else None,
            missing=self._missing(),
            stopped=tuple(self._stopped()),
            unwritten=tuple(self._unwritten(runs)),
            left_alone=tuple(self._left_alone()),
            gaps=self.waits.gaps(self.name),
            ledger=summed(runs.values()),
            held=self.waits.held(self.name),
            parked=tuple(self._parked()),
            noticed=tuple(self._noticed()),
            stuck=self.waits.stuck(self.name),
            stuck_count=self.read.stuck_count(self.name),
            waits_for=self.waits.waits_for(self.name),
            at_risk=self.waits.at_risk_of(self.name),
            flagged=self.waits.flagged(self.name),
            doubtful=self.waits.doubtful(self.name),
            past=past_nights(self.read.past, self.name, first_shown(self.read.night), self.read.night),
        )

    @property
    def _pulls(self) -> bool:
        connected = self.connector is not None and bool(self.connector.pulls)
        return connected or bool(self.read.batches_of(self.name))

    @property
    def _pushes(self) -> bool:
        connected = self.connector is not None and bool(self.connector.pushes)
        return connected or bool(self.read.deliveries_of(self.name))

    def _missing(self) -> tuple[str, ...]:
        """Feeds without a pull or a delivery tonight. A released row does not stand in for a pull."""
        if self.connector is None or not self.expected:
            return ()
        came_feeds = {one.feed for one in self.read.batches_of(self.name) if one.source == PULLED}
        sent_feeds = {one.feed for one in self.read.deliveries_of(self.name)}
        pulls = (feed.name for feed in self.connector.pulls if feed.name not in came_feeds)
        pushes = (feed.name for feed in self.connector.pushes if feed.name not in sent_feeds)
        return (*pulls, *pushes)

    def _stopped(self) -> Iterable[Stopped]:
        for batch in self.read.unfinished_of(self.name):
            yield Stopped(batch.feed, f"hop {HOPS_DONE[batch.state][-1]}", self._local(batch.landed_at))
        # An earlier delivery of the night that was cut off was closed by the next one.
        newest = {one.feed: one for one in self.read.deliveries_of(self.name)}
        for delivery in newest.values():
            if delivery.state in UNFINISHED_DELIVERY:
                yield Stopped(
                    delivery.feed, UNFINISHED_DELIVERY[delivery.state], self._local(delivery.started_at)
                )

    def _left_alone(self) -> Iterable[LeftAlone]:
        for one, breaker in self.alone:
            if one.partner == self.name:
                until = self._local(breaker.until) if breaker.until else None
                over = not breaker.is_waiting(self.made_at)
                why = breakers.because(breaker)
                yield LeftAlone(one.direction, why, until, self.read.night, over)

    def _local(self, when: datetime) -> datetime:
        return when.astimezone(self.zone)

    def _unwritten(self, runs: dict[str, RunLines]) -> Iterable[Unwritten]:
        for batch in self.read.batches_of(self.name):
            run = runs.get(batch.batch_id)
            for hop in HOPS_DONE[batch.state]:
                if run is None or hop not in run.hops:
                    yield Unwritten(batch.feed, hop.value)

    def _parked(self) -> Iterable[Parked]:
        for one in self.read.parked:
            if one["partner"] == self.name:
                why, _, fix = (one["words"] or "It could not be opened.").partition(" What to do: ")
                yield Parked(one["name"], why, fix.replace(" What to do:", ""), one["times"])

    def _noticed(self) -> Iterable[Noticed]:
        advice = self.waits.advice(self.name)
        # One cell may be read into several fields of ours: its fault is told once.
        told: dict[tuple[object, ...], Noticed] = {}
        for one in self.read.findings:
            effect = _effect(Hop(one["hop"]), Consequence(one["consequence"]))
            if one["partner"] == self.name and effect:
                fault = (one["feed"], one["hop"], one["rule"], one["words"].partition(":")[0], one["records"])
                fix = advice.fix([one["rule"]])
                told.setdefault(fault, Noticed(advice.why(one["words"]), effect, fix, one["records"]))
        return told.values()


def _effect(hop: Hop, consequence: Consequence) -> str | None:
    """What became of a record of which this was found; none where it is told elsewhere on the page."""
    return EFFECT_AT.get((hop, consequence)) or EFFECT.get(consequence)
