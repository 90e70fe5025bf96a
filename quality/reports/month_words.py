"""What a month's page says of its numbers, and where its drawings' points lie. Pure."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from decimal import Decimal

from quality.reports import wording
from quality.reports.month import MonthNumbers, PartnerMonth
from quality.reports.rating import LEAST_OF_A_CHECK, LEAST_RECORDS, MISSED_NIGHTS, NOT_RATED
from quality.rules import Dimension

QUESTIONS = {
    Dimension.COMPLETENESS: "Is anything missing?",
    Dimension.VALIDITY: "Are values allowed and possible?",
    Dimension.UNIQUENESS: "Is each record sent once?",
    Dimension.TIMELINESS: "Did the nightly files arrive?",
    Dimension.CONSISTENCY: "Do dates and outcomes agree?",
    Dimension.ACCURACY: "Is it about the right child?",
}


def month_name(of: MonthNumbers) -> str:
    return f"{wording.MONTHS[of.month.month - 1]} {of.month.year}"


def short_month(of: MonthNumbers) -> str:
    return f"{wording.MONTHS[of.month.month - 1][:3]} {of.month.year % 100:02d}"


@dataclass(frozen=True)
class MonthWords:
    of: PartnerMonth

    @property
    def name(self) -> str:
        return month_name(self.of.numbers)

    @property
    def before(self) -> str:
        """The month before by its name alone; empty where nothing came in it."""
        return wording.MONTHS[self.of.before.month.month - 1] if self.of.before else ""

    @property
    def change(self) -> str:
        """Against the month before, in percentage points."""
        now, then = self.of.numbers.share, self.of.before.share if self.of.before else None
        return changed(now, then, f"since {self.before} ({then}%)")

    @property
    def rating_change(self) -> str:
        if self.of.before is None:
            return "" if self.of.rating.place is None else "The first month that is rated"
        now, then = self.of.rating, self.of.before.rated(self.of.scale)
        if now.word == then.word:
            return f"The same as in {self.before}"
        if now.place is None or then.place is None:
            return f"{self.before}: {then.word}"
        return f"{'Up' if now.place > then.place else 'Down'} from {then.word} in {self.before}"

    @property
    def next_step(self) -> str:
        rating, numbers = self.of.rating, self.of.numbers
        if rating.word == NOT_RATED:
            few = wording.counted(numbers.received, "record")
            return f"{few} came; a rating takes at least {LEAST_RECORDS}, since fewer say too little."
        if rating.kept_down:
            return f"It is no better than {rating.word}, because {rating.kept_down}."
        if rating.next_word:
            more = wording.counted(rating.missing, "more record")
            return f"Correct {more} to reach {rating.next_word}."
        return "There is no better rating than this one."

    @property
    def how_it_is_rated(self) -> str:
        steps = self.of.scale.steps
        above = [f"{step.word} from {step.least}% on" for step in reversed(steps[1:])]
        return (
            f"By the share of records that passed every required check: {wording.listed(above)}; below that "
            f"{steps[0].word}. Fewer than {LEAST_RECORDS} records are not rated. "
            f"{MISSED_NIGHTS} or more nights without a file, or a required check that fewer than "
            f"{LEAST_OF_A_CHECK}% pass, make it no better than {steps[1].word}."
        )

    @property
    def headline(self) -> str:
        numbers = self.of.numbers
        wrong = numbers.received - numbers.accepted
        if not numbers.received:
            return "No record came from you this month"
        if not wrong:
            return f"All of your {wording.counted(numbers.received, 'record')} passed every check"
        held = (
            f"{numbers.held:,} of them held until corrected"
            if numbers.held
            else "none serious enough to hold"
        )
        return f"{wrong:,} of your {wording.counted(numbers.received, 'record')} had a problem, {held}"


def changed(now: Decimal | None, then: Decimal | None, since: str) -> str:
    if now is None or then is None:
        return ""
    points = now - then
    if not points:
        return f"no change {since}"
    return f"{'up' if points > 0 else 'down'} {abs(points)} percentage points {since}"


@dataclass(frozen=True)
class Measure:
    """`width` is the bar's, in hundredths of the scale from 80 to 100 per cent."""

    name: str
    question: str
    share: Decimal | None
    before: Decimal | None
    word: str
    place: int | None

    @property
    def width(self) -> str:
        return _on_scale(self.share)

    @property
    def mark(self) -> str:
        return _on_scale(self.before)

    @property
    def change(self) -> str:
        return changed(self.share, self.before, "").strip() or "not known"


SCALE_FROM = 80


def _on_scale(share: Decimal | None) -> str:
    at = max(Decimal(0), (share or Decimal(0)) - SCALE_FROM) * 100 / (100 - SCALE_FROM)
    return f"{at:.1f}"


def measures_of(month: PartnerMonth) -> tuple[Measure, ...]:
    return tuple(_measures(month))


def _measures(month: PartnerMonth) -> Iterable[Measure]:
    rated = month.rating.place is not None
    for dimension, question in QUESTIONS.items():
        share = month.numbers.measure(dimension)
        before = month.before.measure(dimension) if month.before else None
        place = month.scale.at(share) if share is not None and rated else None
        word = month.scale.steps[place].word if place is not None else NOT_RATED
        yield Measure(dimension.value.capitalize(), question, share, before, word, place)


@dataclass(frozen=True)
class Point:
    x: int
    y: str
    of: MonthNumbers

    @property
    def name(self) -> str:
        return short_month(self.of)


@dataclass(frozen=True)
class Line:
    """Twelve months on a field of 1100 by 200; months in which nothing came have no point. `bands` are the
    heights at which a better word begins, with that word and the share it begins at.
    """

    points: tuple[Point, ...]
    bands: tuple[tuple[str, str, Decimal], ...]
    least: int
    months: tuple[MonthNumbers, ...]

    @property
    def path(self) -> str:
        return " ".join(f"{one.x},{one.y}" for one in self.points)

    @property
    def words(self) -> str:
        if not self.points:
            return "No month with records yet."
        shares = [one.of.share for one in self.points if one.of.share is not None]
        first, last = self.points[0], self.points[-1]
        return (
            f"From {first.of.share}% in {month_name(first.of)} to {last.of.share}% in {month_name(last.of)}; "
            f"the lowest was {min(shares)}%, the highest {max(shares)}%."
        )


WIDTH_OF_A_MONTH, HEIGHT = 100, 200


def line_of(month: PartnerMonth) -> Line:
    shares = [one.share for one in month.past if one.share is not None]
    # So that the lowest share is well above the floor, in whole tens.
    least = min(80, int(min(shares, default=Decimal(80)) // 10) * 10)

    def height(share: Decimal) -> str:
        return f"{HEIGHT * (100 - share) / (100 - least):.1f}"

    points = tuple(
        Point(place * WIDTH_OF_A_MONTH, height(one.share), one)
        for place, one in enumerate(month.past)
        if one.share is not None
    )
    bands = tuple(
        (height(step.least), step.word, step.least) for step in month.scale.steps if step.least > least
    )
    return Line(points, bands, least, month.past)
