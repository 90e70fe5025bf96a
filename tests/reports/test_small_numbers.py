"""Nobody can work a hidden count out, however they add and take away."""

from __future__ import annotations

from itertools import product

import numpy as np
import pytest
from hypothesis import Phase, given, settings
from hypothesis import strategies as st

from quality.reports.small_numbers import HIDDEN, SMALL, could_be, hidden_could_be, published

# A table found wanting is small as it is, and each try is a search of its own.
NO_SHRINKING = (Phase.explicit, Phase.generate)
counts = st.integers(0, 14) | st.sampled_from([0, 1, 4, 5, 7, 8, 250])


def table(*rows: tuple[int, ...]) -> dict[str, dict[str, int]]:
    return {f"group {i}": {f"answer {j}": n for j, n in enumerate(row)} for i, row in enumerate(rows)}


def tables(rows: int, columns: int) -> st.SearchStrategy[dict[str, dict[str, int]]]:
    row = st.tuples(*[counts] * columns)
    return st.tuples(*[row] * rows).map(lambda drawn: table(*drawn))


def with_totals(inner: np.ndarray) -> np.ndarray:
    """One table or many: the last two sides are groups and answers."""
    wide = np.concatenate([inner, inner.sum(axis=-1, keepdims=True)], axis=-1)
    return np.concatenate([wide, wide.sum(axis=-2, keepdims=True)], axis=-2)


def others(inner: np.ndarray) -> np.ndarray:
    """Every table that differs from this one by at most three in each count."""
    steps = np.array(list(product(range(-3, 4), repeat=inner.size))).reshape(-1, *inner.shape)
    near = inner + steps
    return with_totals(near[(near >= 0).all(axis=(1, 2))])


@settings(deadline=None, max_examples=60, phases=NO_SHRINKING)
@given(tables(2, 2) | tables(1, 3) | tables(3, 1))
def test_of_a_hidden_count_several_values_stay_possible(drawn: dict[str, dict[str, int]]) -> None:
    """Searched by trying, table by table, what would have been published just so."""
    shown = published(drawn).cells
    inner = np.array([list(row.values()) for row in drawn.values()])
    exactly, fit = with_totals(inner), others(inner)
    for i, j in product(range(len(shown)), range(len(shown[0]))):
        count = shown[i][j]
        total = i == len(shown) - 1 or j == len(shown[0]) - 1
        exact = int(exactly[i, j])
        least, most = hidden_could_be(exact, is_total=total) if count is None else could_be(count)
        fit = fit[(fit[:, i, j] >= least) & (fit[:, i, j] <= (most or 10_000 * (count is None)))]
    for i, j in product(range(len(shown)), range(len(shown[0]))):
        if shown[i][j] is None:
            assert len(set(fit[:, i, j])) > 1


@settings(deadline=None, max_examples=40, phases=NO_SHRINKING)
@given(tables(5, 4))
def test_no_small_count_is_shown_and_what_is_shown_is_rounded(drawn: dict[str, dict[str, int]]) -> None:
    exact = with_totals(np.array([list(row.values()) for row in drawn.values()]))
    for row, shown in zip(exact, published(drawn).cells, strict=True):
        for count, said in zip(row, shown, strict=True):
            assert said is None or (count not in SMALL and said % 5 == 0 and abs(said - count) <= 2)


def test_what_large_counts_say_is_shown() -> None:
    told = published(table((230, 60), (60, 35)))
    assert told.cells == ((230, 60, 290), (60, 35, 95), (290, 95, 385))
    assert told.share(0, 0) == "about 80%"


def test_the_one_hidden_count_of_a_row_takes_another_with_it() -> None:
    """5, 5 and a hidden one of about 20: it could only be the most that is hidden."""
    told = published(table((7, 7, 4), (40, 40, 40)))
    assert told.shown(0, 2) == HIDDEN
    assert sum(count is None for count in told.cells[0]) > 1


def test_where_all_of_a_group_gave_one_answer_nothing_tells_which() -> None:
    told = published(table((25, 0), (30, 30)))
    assert (told.shown(0, 0), told.shown(0, 1)) == (HIDDEN, HIDDEN)
    assert told.share(0, 0) == HIDDEN


@pytest.mark.parametrize(
    ("counts", "share"), [((58, 2), "95% or more"), ((195, 5), "95% or more"), ((5, 195), "5% or fewer")]
)
def test_a_share_tells_no_more_than_its_counts(counts: tuple[int, int], share: str) -> None:
    assert published(table(counts, (100, 100))).share(0, 0) == share
