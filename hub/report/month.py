"""The facts of partners' months, read from the books in one go for all partners."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from datetime import date, datetime, time, timedelta
from decimal import Decimal
from zoneinfo import ZoneInfo

import numpy as np

from hub import registry
from hub.hub import Hub
from hub.report import showable
from hub.report.read import NightRead
from hub.report.waiting import WaitingList
from hub.store import months, past_nights
from hub.store.engine import Connection
from hub.store.months import Span
from quality.reports.month import MonthNumbers, PartnerMonth, SentMonth
from quality.reports.rating import percent
from quality.rules import Dimension, RuleWords
from quality.suites import every_rule
from schemas.clocks import TransportState
from schemas.hops import Hop

MONTHS_SHOWN = 12
ANSWERED_WITHIN_DAYS = 10
SHOWN_REASONS = 5
_Counts = dict[tuple[str, str], Counter[tuple[str, str]]]


def collect(hub: Hub, month: date, partners: Iterable[str] | None = None) -> tuple[PartnerMonth, ...]:
    """Of these partners, else of all that are connected. `month` is any day of it."""
    names = tuple(partners or registry.partner_names())
    connectors = {name: hub.connector(name) for name in names}
    zone = ZoneInfo(hub.settings.timezone)
    read = MonthRead.of(hub, names, first_of(month), zone)
    waits = WaitingList(
        hub, NightRead.of(hub, hub.night), {name: one.title for name, one in connectors.items()}, zone
    )
    return tuple(
        PartnerMonth(
            name=name,
            title=waits.title(name),
            made_at=hub.clock().astimezone(zone),
            numbers=read.numbers(name),
            past=read.past(name),
            sent=read.sent(name) if connectors[name].pushes else None,
            held=waits.held(name),
            stuck=waits.stuck(name),
            scale=hub.settings.rating,
        )
        for name in names
    )


def month_said(words: str) -> date | None:
    """The first day of a month said as 2026-10; none where it is none."""
    try:
        return date.fromisoformat(f"{words}-01") if len(words) == len("2026-10") else None
    except ValueError:
        return None


def first_of(day: date) -> date:
    return day.replace(day=1)


def before(month: date, *, months: int = 1) -> date:
    """The first day of the month so many before."""
    number = month.year * 12 + month.month - 1 - months
    return date(number // 12, number % 12 + 1, 1)


def last_of(month: date) -> date:
    return before(month, months=-1) - timedelta(days=1)


@dataclass(frozen=True)
class MonthRead:
    """`now` and `then` are this month and the one before; `books` has the inward sums of every month."""

    month: date
    zone: ZoneInfo
    now: OneMonth
    then: OneMonth
    books: Mapping[tuple[str, date], Counter[tuple[str, str]]]
    messages: months.Rows

    @classmethod
    def of(cls, hub: Hub, names: tuple[str, ...], month: date, zone: ZoneInfo) -> MonthRead:
        first, last = before(month, months=MONTHS_SHOWN - 1), min(last_of(month), hub.night)
        start, end = (datetime.combine(day, time(), zone) for day in (month, before(month, months=-1)))
        with hub.store.reading() as connection:
            return cls(
                month,
                zone,
                OneMonth.of(connection, Span(names, month, last)),
                OneMonth.of(connection, Span(names, before(month), last_of(before(month)))),
                _by_month(past_nights.sums(connection, first, last, partners=names)),
                months.sent(connection, start, end),
            )

    def numbers(self, partner: str) -> MonthNumbers:
        return self.now.numbers(partner)

    def past(self, partner: str) -> tuple[MonthNumbers, ...]:
        """Of the months before the last two only how many came and were held: no more of them is shown."""
        slim = [
            _slim(before(self.month, months=ago), self.books, partner)
            for ago in range(MONTHS_SHOWN - 1, 1, -1)
        ]
        return (*slim, self.then.numbers(partner), self.now.numbers(partner))

    def sent(self, partner: str) -> SentMonth:
        return _sent([one for one in self.messages if one["to_partner"] == partner], self.zone)


@dataclass(frozen=True)
class OneMonth:
    span: Span
    feeds: Mapping[tuple[str, str], Counter[tuple[str, str]]]
    failing: months.Rows
    warned: Mapping[str, int]
    stopped: months.Rows
    pulled: Mapping[str, int]
    since: Mapping[str, date]

    @classmethod
    def of(cls, connection: Connection, span: Span) -> OneMonth:
        kinds = {rule.code: rule.dimension.value for rule in every_rule()}
        feeds: _Counts = defaultdict(Counter)
        for row in months.by_feed(connection, span):
            feeds[row["partner"], row["feed"]][row["hop"], row["bucket"]] += row["records"]
        return cls(
            span,
            feeds,
            months.failing(connection, span, kinds),
            months.warned(connection, span),
            months.stopped_by_rule(connection, span),
            months.nights_pulled(connection, span),
            months.first_nights(connection),
        )

    def numbers(self, partner: str) -> MonthNumbers:
        books = sum((counts for (of, _), counts in self.feeds.items() if of == partner), Counter())
        since = max(self.span.first, self.since.get(partner, self.span.last + timedelta(days=1)))
        failing = {
            Dimension(row["kind"]): row["records"] for row in self.failing if row["partner"] == partner
        }
        return replace(
            _received(self.span.first, books),
            warned=self.warned.get(partner, 0),
            nights=max((self.span.last - since).days + 1, 0),
            nights_came=self.pulled.get(partner, 0),
            failing=failing,
            lowest_check=self._lowest(partner),
        )

    def _lowest(self, partner: str) -> tuple[str, Decimal] | None:
        """Of the required checks the one that most records of a feed fail."""
        words: dict[str, RuleWords] = {rule.code: rule for rule in every_rule()}
        shares = []
        for row in self.stopped:
            judged = _received(self.span.first, self.feeds.get((partner, row["feed"]), Counter())).received
            passed = percent(judged - row["records"], judged)
            if row["partner"] == partner and passed is not None and row["rule"] in words:
                shares.append((passed, words[row["rule"]].sentence))
        lowest = min(shares, default=None)
        return (lowest[1], lowest[0]) if lowest else None


def _by_month(rows: months.Rows) -> dict[tuple[str, date], Counter[tuple[str, str]]]:
    books: dict[tuple[str, date], Counter[tuple[str, str]]] = defaultdict(Counter)
    for row in rows:
        month = row["partner"], first_of(row["night"])
        books[month][row["hop"], row["bucket"]] += row["records"]
    return books


def _slim(
    month: date, books: Mapping[tuple[str, date], Counter[tuple[str, str]]], partner: str
) -> MonthNumbers:
    return _received(month, books.get((partner, month), Counter()))


def _received(month: date, books: Counter[tuple[str, str]]) -> MonthNumbers:
    opened = books[Hop.TRANSLATED.value, "opened_records"]
    held = books[Hop.TRANSLATED.value, "held"] + books[Hop.MATCHED.value, "for_review"]
    return MonthNumbers(month, opened - books[Hop.TRANSLATED.value, "out_of_scope"], held)


def _sent(messages: months.Rows, zone: ZoneInfo) -> SentMonth:
    answered = [one for one in messages if one["answered_at"] is not None]
    refused = [one for one in answered if one["state"] == TransportState.REFUSED.value]
    waits = _working_days(answered, zone)
    reasons = Counter(showable.reason(one["answer_reason"]) or "No reason was given." for one in refused)
    return SentMonth(
        handed_over=len(messages),
        answered=len(answered),
        in_time=sum(days <= ANSWERED_WITHIN_DAYS for days in waits),
        refused=len(refused),
        unanswered=len(messages) - len(answered),
        longest_wait=max(waits, default=0),
        reasons=dict(reasons.most_common(SHOWN_REASONS)),
    )


def _working_days(messages: months.Rows, zone: ZoneInfo) -> list[int]:
    """From handing over to the answer, without Saturdays and Sundays."""
    if not messages:
        return []
    handed_over, answered = (
        np.array([one[name].astimezone(zone).date() for one in messages], "datetime64[D]")
        for name in ("sent_at", "answered_at")
    )
    return [int(waited) for waited in np.busday_count(handed_over, answered)]
