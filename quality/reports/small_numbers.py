"""Counts of children by a trait, so that no page tells of one child.

Counts of 1 to 4 are hidden, others rounded to the nearest 5. Then as much more is hidden as it takes that
nobody can work a hidden count out: not from the row, the column and the totals together.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass

import numpy as np
from scipy.optimize import linprog

SMALL = range(1, 5)
STEP = 5
HIDDEN = "[c]"
# Of a hidden count at least so many values must stay possible.
STAYS_POSSIBLE = 3

# Row and column of a count; the place after the last is the total.
Place = tuple[int, int]


@dataclass(frozen=True)
class Published:
    """What a page may show: `cells` has a row for each group and one for all of them, and in each a count for
    each answer and their total. None is hidden. A share is worked out from these and from nothing else.
    """

    groups: tuple[str, ...]
    answers: tuple[str, ...]
    cells: tuple[tuple[int | None, ...], ...]

    def shown(self, row: int, column: int) -> str:
        count = self.cells[row][column]
        return HIDDEN if count is None else f"{count:,}"

    def share(self, row: int, column: int) -> str:
        """To the nearest 5 per cent; an end of the scale is a band, since it would tell of everybody."""
        count, total = self.cells[row][column], self.cells[row][-1]
        if count is None or not total:
            return HIDDEN
        part = STEP * round(100 * count / total / STEP)
        if part >= 100 - STEP:
            return f"{100 - STEP}% or more"
        return f"{STEP}% or fewer" if part <= STEP else f"about {part}%"


def published(counts: Mapping[str, Mapping[str, int]]) -> Published:
    """`counts` has for each group the count of each answer, every group the same answers."""
    groups = tuple(counts)
    answers = tuple(next(iter(counts.values()), {}))
    exact = _with_totals([[counts[group][answer] for answer in answers] for group in groups])
    hidden = set(_first_hidden(exact))
    while narrow := _narrowed(exact, hidden):
        hidden.add(_next_hidden(exact, hidden, narrow))
    cells = tuple(
        tuple(None if (i, j) in hidden else rounded(count) for j, count in enumerate(row))
        for i, row in enumerate(exact)
    )
    return Published(groups, answers, cells)


def rounded(count: int) -> int:
    return STEP * ((count + STEP // 2) // STEP)


def could_be(count: int) -> tuple[int, int]:
    """What a published count may have been before it was rounded, the least and the most."""
    return (max(STEP, count - STEP // 2), count + STEP // 2) if count else (0, 0)


def hidden_could_be(count: int, *, is_total: bool) -> tuple[int, int | None]:
    """Somebody may guess which counts were hidden for being small; of a total nobody can tell that."""
    return (SMALL[0], SMALL[-1]) if count in SMALL and not is_total else (0, None)


def _with_totals(rows: Sequence[Sequence[int]]) -> list[list[int]]:
    whole = [[*row, sum(row)] for row in rows]
    return [*whole, [sum(column) for column in zip(*whole, strict=True)]]


def _first_hidden(exact: Sequence[Sequence[int]]) -> Iterator[Place]:
    for i, row in enumerate(exact):
        answers = row[:-1]
        # All of a group gave one answer: then noughts, too, tell of everybody in it.
        tells_of_all = row[-1] > 0 and sum(count > 0 for count in answers) == 1
        for j, count in enumerate(row):
            if count in SMALL or (tells_of_all and j < len(answers)):
                yield i, j


def _narrowed(exact: Sequence[Sequence[int]], hidden: set[Place]) -> Place | None:
    """A hidden count that what is published leaves too few values for."""
    ranges = _Ranges(exact, hidden)
    return next((place for place in sorted(hidden) if ranges.values(place) < STAYS_POSSIBLE), None)


def _next_hidden(exact: Sequence[Sequence[int]], hidden: set[Place], narrow: Place) -> Place:
    """The smallest that is shown in its row or column; then their totals; then any other."""
    last_row, last = len(exact) - 1, len(exact[0]) - 1
    row, column = narrow

    def rank(place: Place) -> tuple[int, int, int, int]:
        i, j = place
        beside = i == row or j == column
        totals = (i == last_row) + (j == last)
        nought = exact[i][j] == 0
        return 2 * (not beside) + nought, totals, exact[i][j], i * (last + 1) + j

    shown = ((i, j) for i in range(last_row + 1) for j in range(last + 1) if (i, j) not in hidden)
    return min(shown, key=rank)


class _Ranges:
    """What somebody can work out who has every published count, and knows how they were rounded and hidden.

    Counts and totals are a network of sums, so the least and the most of a linear programme over them are
    whole numbers, and all between them are possible.
    """

    def __init__(self, exact: Sequence[Sequence[int]], hidden: set[Place]) -> None:
        self._width = len(exact[0])
        places = [(i, j) for i in range(len(exact)) for j in range(self._width)]
        self._bounds = [
            hidden_could_be(exact[i][j], is_total=len(exact) - 1 == i or self._width - 1 == j)
            if (i, j) in hidden
            else could_be(rounded(exact[i][j]))
            for i, j in places
        ]
        self._sums = _sums(len(exact), self._width)

    def values(self, place: Place) -> float:
        """How many values stay possible for it."""
        wanted = np.zeros(len(self._bounds))
        wanted[place[0] * self._width + place[1]] = 1
        least, most = self._end(wanted), self._end(-wanted)
        return float("inf") if most is None or least is None else round(-most - least) + 1

    def _end(self, wanted: np.ndarray) -> float | None:
        found = linprog(wanted, A_eq=self._sums, b_eq=[0] * len(self._sums), bounds=self._bounds)
        return float(found.fun) if found.status == 0 else None


def _sums(rows: int, width: int) -> np.ndarray:
    """Each row adds up to its total, and each column to its own."""

    def along(of: Sequence[int], total: int) -> np.ndarray:
        one = np.zeros(rows * width)
        one[list(of)], one[total] = 1, -1
        return one

    across = [along(range(i * width, (i + 1) * width - 1), (i + 1) * width - 1) for i in range(rows)]
    down = [along(range(j, (rows - 1) * width, width), (rows - 1) * width + j) for j in range(width)]
    return np.array([*across, *down])
