import csv
import string
from collections.abc import Callable, Iterable
from datetime import date
from pathlib import Path

import polars as pl
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from schemas.identifiers import InvalidIdentifierError, cro, pnc

VECTORS = Path(__file__).parent / "vectors"
TODAY = date(2026, 3, 1)
LETTERS = "ZABCDEFGHJKLMNPQRTUVWXY"


def pnc_today(text: pl.Expr) -> pl.Expr:
    return pnc.canonical(text, today=TODAY)


def vectors(name: str) -> list[dict[str, str]]:
    with (VECTORS / name).open(newline="", encoding="utf-8") as file:
        return list(csv.DictReader(file))


def one(text: str | None, reading: Callable[[pl.Expr], pl.Expr]) -> str | bool | None:
    return column([text], reading)[0]


def column(texts: Iterable[str | None], reading: Callable[[pl.Expr], pl.Expr]) -> list[str | None]:
    frame = pl.DataFrame({"text": texts}, schema={"text": pl.String})
    return frame.select(reading(pl.col("text"))).to_series().to_list()


@pytest.mark.parametrize(
    "row", vectors("pnc_cro_vectors.csv"), ids=lambda row: f"{row['type']} {row['input']}"
)
def test_a_police_number_is_read_as_published(row):
    reading = {"PNC": pnc_today, "CRO": cro.canonical}[row["type"]]
    assert one(row["input"], reading) == (row["canonical"] or None)


@pytest.mark.parametrize(
    ("text", "form", "reason"),
    [
        ("00/223R", "2000/0000223R", "year nought is 2000"),
        ("033Y", "2003/0000003Y", "the shortest, its slash dropped"),
        ("67/9893091D", "1967/9893091D", "a full serial after a short year"),
        ("0273319Z", "2002/0073319Z", "no slash"),
        ("20020073319Z", "2002/0073319Z", "the long form without its slash"),
        ("2002/73319Z", "2002/0073319Z", "the long year before a short serial"),
        ("200273319Z", None, "without a slash, nine digits are a short year and a full serial"),
        ("2002073319Z", None, "without a slash, ten digits are neither form"),
        ("20120052494O", None, "O is no check letter"),
        ("20230583843N", None, "the letter of another serial"),
        ("1X23/1234567A", None, "a letter in the year"),
        ("1923[1234567A", None, "not a slash"),
        ("200/0073319Z", None, "a year of three digits"),
        ("0202/0073319Z", None, "not a year of this or the last century"),
        ("2002/0000000E", None, "serial nought says there is no number"),
        ("2002/00733190Z", None, "eight digits"),
    ],
)
def test_a_pnc_id_of_the_field(text, form, reason):
    assert one(text, pnc_today) == form, reason


@pytest.mark.parametrize(
    ("today", "form"),
    [
        (date(2026, 12, 31), "1927/0000001"),
        (date(2027, 1, 1), "2027/0000001"),
        (date(2099, 6, 1), "2027/0000001"),
    ],
)
def test_the_century_of_a_short_year_turns_with_the_year(today, form):
    letter = LETTERS[270000001 % 23]
    assert pnc.parse(f"27/1{letter}", today=today) == form + letter


def test_a_year_to_come_is_refused():
    letter = LETTERS[270000001 % 23]
    with pytest.raises(InvalidIdentifierError):
        pnc.parse(f"2027/0000001{letter}", today=date(2026, 12, 31))


@pytest.mark.parametrize(
    ("text", "form", "reason"),
    [
        ("SF83/50058Z", "SF83/50058Z", "the serial of this form is not padded"),
        ("sf 05/482703j", "SF05/482703J", "as typed"),
        ("265416/21G", "265416/21G", "a full serial"),
        ("000000/00Z", None, "says there is no number"),
        ("0/00Z", None, "the same, not padded"),
        ("SF00/0Z", None, "the same, in the other form"),
        ("06565691H", None, "without a slash nobody knows where the year begins"),
        ("0065656/91H", None, "seven digits"),
        ("SX05/482703J", None, "not SF"),
        ("SF05482703J", None, "no slash"),
    ],
)
def test_a_cro_number_of_the_field(text, form, reason):
    assert one(text, cro.canonical) == form, reason


@settings(max_examples=100, deadline=None)
@given(year=st.integers(0, 99), serial=st.integers(1, 999_999))
def test_a_police_number_has_exactly_one_check_letter(year, serial):
    letter = LETTERS[(year * 10**7 + serial) % 23]
    read = column((f"{year:02}/{serial}{other}" for other in string.ascii_uppercase), pnc_today)
    assert [form[-1] for form in read if form] == [letter]
    read = column((f"{serial}/{year:02}{other}" for other in string.ascii_uppercase), cro.canonical)
    assert [form for form in read if form] == [
        f"{serial:06}/{year:02}{LETTERS[(year * 10**6 + serial) % 23]}"
    ]
    read = column((f"SF{year:02}/{serial}{other}" for other in string.ascii_uppercase), cro.canonical)
    assert [form for form in read if form] == [f"SF{year:02}/{serial}{LETTERS[int(f'{year}{serial}') % 23]}"]
