"""A rating is a share on a scale, and what keeps it down is said."""

from __future__ import annotations

from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from quality.reports.rating import NOT_RATED, Scale, percent, rate

SCALE = Scale()


@pytest.mark.parametrize(
    ("passing", "judged", "word", "missing", "next_word"),
    [
        (400, 412, "Good", 4, "Very good"),
        (404, 412, "Very good", 0, None),
        (0, 20, "Needs work", 17, "Nearly there"),
        (849, 1000, "Needs work", 1, "Nearly there"),
        (850, 1000, "Nearly there", 100, "Good"),
        (1000, 1000, "Very good", 0, None),
    ],
)
def test_the_word_follows_the_share(
    passing: int, judged: int, word: str, missing: int, next_word: str | None
) -> None:
    rated = rate(passing, judged, SCALE)
    assert (rated.word, rated.missing, rated.next_word) == (word, missing, next_word)


@pytest.mark.parametrize("judged", [0, 1, 19])
def test_a_handful_is_not_rated(judged: int) -> None:
    assert rate(judged, judged, SCALE).word == NOT_RATED


def test_missing_nights_and_one_bad_check_keep_a_rating_down_and_say_so() -> None:
    late = rate(100, 100, SCALE, missed_nights=3)
    assert (late.word, late.kept_down) == ("Nearly there", "3 nights brought no file")
    one_sided = rate(99, 100, SCALE, lowest_check=Decimal("84.9"))
    assert one_sided.kept_down == "one required check is passed by only 84.9% of records"
    assert rate(99, 100, SCALE, missed_nights=2, lowest_check=Decimal(85)).kept_down is None
    assert rate(10, 100, SCALE, missed_nights=9).word == "Needs work"


@given(st.integers(20, 5000).flatmap(lambda judged: st.tuples(st.integers(0, judged), st.just(judged))))
def test_so_many_more_reach_the_next_word_and_one_fewer_does_not(counts: tuple[int, int]) -> None:
    passing, judged = counts
    rated = rate(passing, judged, SCALE)
    if rated.next_word:
        assert rate(passing + rated.missing, judged, SCALE).word == rated.next_word
        assert rate(passing + rated.missing - 1, judged, SCALE).word == rated.word


def test_a_share_is_never_rounded_up() -> None:
    assert percent(9799, 10000) == Decimal("97.9")
    assert percent(0, 0) is None
