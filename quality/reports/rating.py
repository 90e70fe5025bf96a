"""How a partner's month is rated: one share, one scale, and what keeps a rating down. Pure."""

from __future__ import annotations

from dataclasses import dataclass
from decimal import ROUND_FLOOR, Decimal
from math import ceil

# Fewer say too little about how well somebody works.
LEAST_RECORDS = 20
MISSED_NIGHTS = 3
LEAST_OF_A_CHECK = Decimal(85)
NOT_RATED = "Not rated"
# Plain, and not the inspectorate's: it inspects few of those who read them.
DEFAULT_WORDS = ("Needs work", "Nearly there", "Good", "Very good")


@dataclass(frozen=True)
class Step:
    """`least` is the share of records, in per cent, from which on the word applies."""

    word: str
    least: Decimal


@dataclass(frozen=True)
class Scale:
    """Four words, the lowest first. The words are a setting: they must suit the partners who read them."""

    words: tuple[str, str, str, str] = DEFAULT_WORDS

    @property
    def steps(self) -> tuple[Step, ...]:
        least = (Decimal(0), Decimal(85), Decimal(95), Decimal(98))
        return tuple(Step(word, at) for word, at in zip(self.words, least, strict=True))

    def at(self, share: Decimal) -> int:
        """The place of the step that this share stands on, 0 the lowest."""
        return max(place for place, step in enumerate(self.steps) if share >= step.least)


@dataclass(frozen=True)
class Rating:
    """`place` is none where nothing is rated. `kept_down` says why a better share counts for less."""

    word: str
    place: int | None
    share: Decimal | None
    kept_down: str | None = None
    # How many more records it takes to the next step, and its word.
    missing: int = 0
    next_word: str | None = None


def percent(part: int, whole: int) -> Decimal | None:
    """To one place, never rounded up: 97.98 of a hundred have not reached 98."""
    return (Decimal(100 * part) / whole).quantize(Decimal("0.1"), ROUND_FLOOR) if whole else None


def rate(
    passing: int, judged: int, scale: Scale, *, missed_nights: int = 0, lowest_check: Decimal | None = None
) -> Rating:
    """`lowest_check` is the share of records that pass the required check that most of them fail."""
    share = percent(passing, judged)
    if share is None or judged < LEAST_RECORDS:
        return Rating(NOT_RATED, None, share)
    place, kept_down = scale.at(share), None
    if place > 1 and missed_nights >= MISSED_NIGHTS:
        place, kept_down = 1, f"{missed_nights} nights brought no file"
    elif place > 1 and lowest_check is not None and lowest_check < LEAST_OF_A_CHECK:
        place, kept_down = 1, f"one required check is passed by only {lowest_check}% of records"
    step = scale.steps[place]
    if kept_down or place == len(scale.steps) - 1:
        return Rating(step.word, place, share, kept_down)
    above = scale.steps[place + 1]
    return Rating(step.word, place, share, None, _missing(passing, judged, above.least), above.word)


def _missing(passing: int, judged: int, least: Decimal) -> int:
    """Of the records there are, how many more must pass."""
    return ceil(least * judged / 100) - passing
