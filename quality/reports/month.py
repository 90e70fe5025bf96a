"""A partner's month in numbers, as its page needs them. Pure: sums in, shares and words out."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date, datetime
from decimal import Decimal

from quality.reports.partner_night import WaitingReason
from quality.reports.rating import Rating, Scale, percent, rate
from quality.rules import Dimension

FIRST_TO_DO = 3


@dataclass(frozen=True)
class MonthNumbers:
    """`month` is its first day. Records that were not about our children are in none of the numbers."""

    month: date
    received: int = 0
    held: int = 0
    # Went on, with a value left out or with something worth a look.
    warned: int = 0
    nights: int = 0
    nights_came: int = 0
    # Records that broke a rule of this kind.
    failing: Mapping[Dimension, int] = field(default_factory=dict)
    # Of the required check that most records fail: its sentence, and how many pass.
    lowest_check: tuple[str, Decimal] | None = None

    @property
    def passing(self) -> int:
        return max(self.received - self.held, 0)

    @property
    def accepted(self) -> int:
        return max(self.passing - self.warned, 0)

    @property
    def share(self) -> Decimal | None:
        return percent(self.passing, self.received)

    @property
    def missed(self) -> int:
        return max(self.nights - self.nights_came, 0)

    def measure(self, dimension: Dimension) -> Decimal | None:
        """Timeliness is of nights, the others are of records."""
        if dimension is Dimension.TIMELINESS:
            return percent(self.nights_came, self.nights)
        return percent(self.received - self.failing.get(dimension, 0), self.received)

    def rated(self, scale: Scale) -> Rating:
        lowest = self.lowest_check[1] if self.lowest_check else None
        return rate(self.passing, self.received, scale, missed_nights=self.missed, lowest_check=lowest)


@dataclass(frozen=True)
class SentMonth:
    """What was handed over to the partner in the month, as it stands now. Days are working days."""

    handed_over: int = 0
    answered: int = 0
    in_time: int = 0
    refused: int = 0
    unanswered: int = 0
    longest_wait: int = 0
    # Their reasons for refusing, as they said them, the most first.
    reasons: Mapping[str, int] = field(default_factory=dict)


@dataclass(frozen=True)
class PartnerMonth:
    """All that stands on a partner's page of the month, and nothing of another partner."""

    name: str
    title: str
    made_at: datetime
    numbers: MonthNumbers
    # Twelve months, oldest first, this one the last.
    past: tuple[MonthNumbers, ...]
    sent: SentMonth | None
    held: tuple[WaitingReason, ...]
    stuck: tuple[WaitingReason, ...]
    scale: Scale

    @property
    def month(self) -> date:
        return self.numbers.month

    @property
    def before(self) -> MonthNumbers | None:
        """The month before, where anything came in it."""
        found = self.past[-2] if len(self.past) > 1 else None
        return found if found and found.received else None

    @property
    def rating(self) -> Rating:
        return self.numbers.rated(self.scale)

    @property
    def mostly_receives(self) -> bool:
        """They are sent more than they send: what they need to see first is what we sent them."""
        return self.sent is not None and self.sent.handed_over > self.numbers.received

    @property
    def first_to_do(self) -> tuple[WaitingReason, ...]:
        theirs = [one for one in (*self.held, *self.stuck) if one.owner == self.title]
        return tuple(sorted(theirs, key=lambda one: -one.records)[:FIRST_TO_DO])
