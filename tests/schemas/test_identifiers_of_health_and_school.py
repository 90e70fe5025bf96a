import csv
import string
from collections.abc import Callable, Iterable
from pathlib import Path

import polars as pl
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from schemas.identifiers import nhs_number, uln, upn

VECTORS = Path(__file__).parent / "vectors"


def vectors(name: str) -> list[dict[str, str]]:
    with (VECTORS / name).open(newline="", encoding="utf-8") as file:
        return list(csv.DictReader(file))


def one(text: str | None, reading: Callable[[pl.Expr], pl.Expr]) -> str | bool | None:
    return column([text], reading)[0]


def column(texts: Iterable[str | None], reading: Callable[[pl.Expr], pl.Expr]) -> list[str | None]:
    frame = pl.DataFrame({"text": texts}, schema={"text": pl.String})
    return frame.select(reading(pl.col("text"))).to_series().to_list()


def expected_nhs_number(row: dict[str, str]) -> str | None:
    if row["range"].startswith("reserved"):
        return None  # passes the check, but was never issued
    may_be_read = row["mod11_as_given"] == "True" or row["where_seen_or_why"].endswith(
        ("printed with spaces: normalise first", "hyphens: normalise first")
    )
    return row["value"].replace(" ", "").replace("-", "") if may_be_read else None


@pytest.mark.parametrize("row", vectors("nhs-number-cases.csv"), ids=lambda row: row["where_seen_or_why"])
def test_an_nhs_number_is_read_as_published(row):
    assert one(row["value"], nhs_number.canonical) == expected_nhs_number(row)


@pytest.mark.parametrize("row", vectors("nhs-number-cases.csv"), ids=lambda row: row["where_seen_or_why"])
def test_a_number_of_the_test_range_is_known_as_such(row):
    is_test = (
        expected_nhs_number(row) is not None
    )  # every good number of the published cases is a test number
    assert one(row["value"], nhs_number.is_test_range) is is_test


@pytest.mark.parametrize(
    ("number", "is_read", "reason"),
    [
        ("0100999999", False, "below Scotland"),
        ("0101000006", True, "Scotland begins: born on 1 January"),
        ("0113000006", False, "Scotland has a birth date in front, and there is no month 13"),
        ("0200000004", False, "nor a month nought"),
        ("3112999991", True, "Scotland ends: born on 31 December"),
        ("3113000009", False, "between Scotland and Northern Ireland"),
        ("3199999999", False, "the same, at its end"),
        ("3200000007", True, "Northern Ireland begins"),
        ("3999999993", True, "Northern Ireland ends"),
        ("4000000004", True, "England, Wales and the Isle of Man begin"),
        ("4999999994", True, "and pause"),
        ("5000000005", False, "reserved"),
        ("5999999995", False, "reserved, at its end"),
        ("6000000006", True, "England, Wales and the Isle of Man go on"),
        ("7999999997", True, "and end"),
        ("8000000008", False, "numbers of the Republic of Ireland"),
        ("8999999998", False, "not allocated"),
    ],
)
def test_only_a_range_that_is_issued_is_read(number, is_read, reason):
    assert passes_mod_11(number), "a bad example would prove nothing of its range"
    assert (one(number, nhs_number.canonical) == number) is is_read, reason
    assert one(number, nhs_number.is_test_range) is False


def passes_mod_11(number: str) -> bool:
    check = (
        11 - sum(int(digit) * weight for digit, weight in zip(number, range(10, 1, -1), strict=False)) % 11
    )
    return check % 11 == int(number[-1])


@settings(max_examples=200, deadline=None)
@given(stem=st.text(string.digits, min_size=9, max_size=9).filter(lambda stem: stem[0] in "4679"))
def test_an_nhs_number_has_one_check_digit_or_none(stem):
    numbers = [stem + digit for digit in string.digits]
    read = [number for number in column(numbers, nhs_number.canonical) if number]
    assert read == [number for number in numbers if passes_mod_11(number)]
    assert len(read) <= 1


def test_a_non_breaking_hyphen_is_a_hyphen():
    assert nhs_number.parse("943‑476‑5919") == "9434765919"


# Unique pupil and learner numbers


@pytest.mark.parametrize("row", vectors("upn_vectors.csv"), ids=lambda row: row["source"])
def test_a_upn_is_read_as_published(row):
    is_valid = row["expected"] in ("valid", "valid_temporary")
    assert one(row["upn"], upn.canonical) == (row["upn"] if is_valid else None)
    assert one(row["upn"], upn.is_temporary) is (row["expected"] == "valid_temporary")


@pytest.mark.parametrize(
    ("text", "is_read", "reason"),
    [
        ("X845212818005", True, "called a failure by a public test, though the formula passes it"),
        ("Q247962919251", True, "the published failure with the letter that was expected"),
        ("UN1", False, "a reason for having none"),
        ("A000000000000", False, "noughts earn the letter A, but there is no authority 000"),
        ("X0018000170IA", False, "a letter in the place of a digit"),
        ("X00180001701O", False, "O is not among the letters"),
    ],
)
def test_a_upn_of_the_field(text, is_read, reason):
    assert (one(text, upn.canonical) == text) is is_read, reason


@settings(max_examples=100, deadline=None)
@given(stem=st.from_regex(r"[1-9][0-9]{10}[0-9A-HJ-NP-RT-Z]", fullmatch=True))
def test_a_upn_has_exactly_one_check_letter(stem):
    read = [
        form for form in column((letter + stem for letter in string.ascii_uppercase), upn.canonical) if form
    ]
    assert len(read) == 1


@pytest.mark.parametrize("row", vectors("uln_vectors.csv"), ids=lambda row: f"{row['uln']} {row['expected']}")
def test_a_uln_is_read_as_published(row):
    assert one(row["uln"], uln.canonical) == (row["uln"] if row["expected"] == "valid" else None)


@pytest.mark.parametrize(
    ("text", "reason"),
    [
        ("0000000000", "remainder nought is never valid"),
        ("0000000019", "the range begins with 1000000000"),
        ("1000000060", "remainder nought, though 10 less nought might be read as 0"),
    ],
)
def test_a_uln_out_of_rule_is_refused(text, reason):
    assert one(text, uln.canonical) is None, reason


@settings(max_examples=100, deadline=None)
@given(stem=st.from_regex(r"[1-9][0-9]{8}", fullmatch=True))
def test_a_uln_has_one_check_digit_or_none(stem):
    remainder = sum(int(digit) * weight for digit, weight in zip(stem, range(10, 1, -1), strict=True)) % 11
    read = [form for form in column((stem + digit for digit in string.digits), uln.canonical) if form]
    assert read == ([f"{stem}{10 - remainder}"] if remainder else [])
