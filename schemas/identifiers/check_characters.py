from collections.abc import Sequence

import polars as pl

_POLICE_LETTERS = "ZABCDEFGHJKLMNPQRTUVWXY"


def weighted_sum(number: pl.Expr, weights: Sequence[int]) -> pl.Expr:
    """Sum the digits of a whole number, leftmost first, each times its weight."""
    places = reversed(range(len(weights)))
    terms = (number // 10**place % 10 * weight for place, weight in zip(places, weights, strict=True))
    return pl.sum_horizontal(terms, ignore_nulls=False)


def letter_at(position: pl.Expr, *, alphabet: str) -> pl.Expr:
    return position.replace_strict(
        list(range(len(alphabet))), list(alphabet), default=None, return_dtype=pl.String
    )


def police_letter(year_and_serial: pl.Expr) -> pl.Expr:
    """Give the last letter of a PNC id or CRO number: both are made by one rule."""
    return letter_at(year_and_serial % len(_POLICE_LETTERS), alphabet=_POLICE_LETTERS)
