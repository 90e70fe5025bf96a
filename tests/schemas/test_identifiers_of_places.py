from collections.abc import Callable

import polars as pl
import pytest

from schemas.identifiers import postcode


def one(text: str | None, reading: Callable[[pl.Expr], pl.Expr]) -> str | bool | None:
    frame = pl.DataFrame({"text": [text]}, schema={"text": pl.String})
    return frame.select(reading(pl.col("text"))).item()


@pytest.mark.parametrize(
    ("text", "form", "reason"),
    [
        ("M1 1AE", "M1 1AE", "AN NAA"),
        ("B33 8TH", "B33 8TH", "ANN NAA"),
        ("CR2 6XH", "CR2 6XH", "AAN NAA"),
        ("DN55 1PT", "DN55 1PT", "AANN NAA"),
        ("W1A 1HQ", "W1A 1HQ", "ANA NAA"),
        ("EC1A 1BB", "EC1A 1BB", "AANA NAA"),
        ("N1P 3AX", "N1P 3AX", "P in the third place came later"),
        ("GIR 0AA", "GIR 0AA", "the bank's, of no other form"),
        ("gir0aa", "GIR 0AA", "the same as typed"),
        ("BF1 3AD", "BF1 3AD", "the forces'"),
        ("CA101AA", "CA10 1AA", "padded to seven characters without a space"),
        ("CA1 1AA", "CA1 1AA", "padded to seven characters with one"),
        ("sw1a1aa", "SW1A 1AA", "as typed"),
        ("S W 1 A\t1 A A", "SW1A 1AA", "spaces anywhere"),
        ("NF1 1NF", None, "no fixed abode"),
        ("nf11fa", None, "no fixed abode, as typed"),
        ("ZZ99 3VZ", None, "the health service's code for no fixed abode"),
        ("Q1 1AA", None, "Q, V and X do not begin a postcode"),
        ("AJ1 1AA", None, "I, J and Z do not come second"),
        ("M1I 1AE", None, "I does not come third"),
        ("EC1C 1BB", None, "C does not come fourth"),
        ("M1 1AC", None, "C, I, K, M, O and V do not end a postcode"),
        ("MI 1AE", None, "a letter for a digit: nobody guesses"),
        ("M1", None, "the outward part alone"),
        ("M1 1AE London", None, "more than a postcode"),
        ("M111 1AE", None, "three digits"),
        ("ſ1 1AA", None, "a long s becomes S in capitals, and is not one"),
    ],
)
def test_a_postcode_has_one_form(text, form, reason):
    assert one(text, postcode.canonical) == form, reason


@pytest.mark.parametrize(
    ("text", "expected"),
    [("NF1 1NF", True), ("nf11fa", True), ("NF1 1NG", False), ("M1 1AE", False), ("", False), (None, False)],
)
def test_no_fixed_abode_is_told_from_a_bad_postcode(text, expected):
    assert one(text, postcode.is_no_fixed_abode) is expected
