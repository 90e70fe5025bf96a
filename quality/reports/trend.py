"""The last nights as bars, and as the table that says the same. Pure: nights in, a drawing's places out."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import date

from quality.reports import wording
from quality.reports.partner_night import PartnerNight, PastNight

HEIGHT, STEP, BAR = 100, 10, 7


@dataclass(frozen=True)
class Series:
    """`look` is the bar's class: a colour and, for what went wrong, a pattern."""

    words: str
    look: str
    of: Callable[[PastNight], int]


@dataclass(frozen=True)
class Bar:
    x: int
    y: str
    height: str
    look: str


@dataclass(frozen=True)
class Trend:
    key: str
    title: str
    total: str
    total_of: Callable[[PastNight], int]
    series: tuple[Series, ...]
    nights: tuple[PastNight, ...]

    @property
    def most(self) -> int:
        """What the tallest bar stands for; where books do not balance, the parts may come to more."""
        return max(
            (max(self.total_of(night), sum(one.of(night) for one in self.series)) for night in self.nights),
            default=0,
        )

    @property
    def width(self) -> int:
        return STEP * len(self.nights)

    @property
    def words(self) -> str:
        """What the drawing shows, for who does not see it."""
        first, last = self.nights[0].night, self.nights[-1].night
        ran = sum(night.ran for night in self.nights)
        return (
            f"{wording.counted(len(self.nights), 'night')} from {wording.day(first)} to {wording.day(last)}, "
            f"{ran} with a run. At most {self.most:,} in one night; "
            f"{self.total_of(self.nights[-1]):,} in the last."
        )

    @property
    def bars(self) -> tuple[Bar, ...]:
        """From the floor up, in the order of the series."""
        drawn = []
        for place, night in enumerate(self.nights):
            below = 0
            for one in self.series:
                count = one.of(night)
                if count:
                    top = self._height(below + count)
                    drawn.append(_bar(place, top, top - self._height(below), one.look))
                below += count
        return tuple(drawn)

    @property
    def gaps(self) -> tuple[int, ...]:
        """Where nothing ran: a mark instead of a bar."""
        return tuple(place * STEP for place, night in enumerate(self.nights) if not night.ran)

    def _height(self, count: int) -> float:
        return HEIGHT * count / self.most

    @property
    def rows(self) -> tuple[tuple[date, bool, int, tuple[int, ...]], ...]:
        """The table, the newest night first."""
        return tuple(
            (night.night, night.ran, self.total_of(night), tuple(one.of(night) for one in self.series))
            for night in reversed(self.nights)
        )


def _bar(place: int, top: float, height: float, look: str) -> Bar:
    return Bar(place * STEP, f"{HEIGHT - top:.2f}", f"{height:.2f}", look)


INWARD = (
    Series("recorded", "good", lambda night: night.recorded),
    Series("held", "bad", lambda night: night.held),
    Series("other", "quiet", lambda night: night.other),
)
OUTWARD = (
    Series("accepted", "good", lambda night: night.accepted),
    Series("refused", "bad", lambda night: night.refused),
    Series("not answered that night", "quiet", lambda night: night.unanswered + night.unsure),
)


def trends_of(partner: PartnerNight) -> tuple[Trend, ...]:
    """One for each direction that is connected; none before the first night."""
    if not any(night.ran for night in partner.past):
        return ()
    inward = Trend("came", "Sent to us", "received", lambda night: night.received, INWARD, partner.past)
    outward = Trend("went", "Sent by us", "sent", lambda night: night.sent, OUTWARD, partner.past)
    return (*([inward] if partner.came else []), *([outward] if partner.sent else []))
