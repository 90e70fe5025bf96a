import polars as pl

from schemas.identifiers.check_characters import weighted_sum
from schemas.identifiers.reading import HYPHENS, SPACES, as_number, parsed, squeezed, worked_out

KIND = "NHS number"
LOOKS_LIKE = "ten digits, of which the last is a check digit, from a range that is issued"

_ENGLAND_WALES_AND_MAN = ((4_000_000_000, 4_999_999_999), (6_000_000_000, 7_999_999_999))
_NORTHERN_IRELAND = (3_200_000_000, 3_999_999_999)
_SCOTLAND = (101_000_000, 3_112_999_999)  # begins with the day, month and year of birth
_TEST = (9_000_000_000, 9_999_999_999)


def canonical(text: pl.Expr) -> pl.Expr:
    digits, number = pl.field("digits"), pl.field("number")
    # The check digit is what brings the weighted sum to a multiple of 11, so it weighs one.
    is_checked = weighted_sum(number, range(10, 0, -1)) % 11 == 0
    valid = digits.str.contains("^[0-9]{10}$") & is_checked & _is_issued(number)
    return worked_out(
        text,
        digits=squeezed(text, dropping=SPACES + HYPHENS),
        number=as_number(digits),
        form=pl.when(valid).then(digits),
    )


def is_test_range(text: pl.Expr) -> pl.Expr:
    """Tell a number made for tests, which no person has: production refuses it, a rehearsal needs it."""
    return as_number(canonical(text)).is_between(*_TEST).fill_null(value=False)


def parse(text: str) -> str:
    return parsed(text, canonical(pl.col("text")), kind=KIND, looks_like=LOOKS_LIKE)


def _is_issued(number: pl.Expr) -> pl.Expr:
    """Refuse what passes the check but was never issued here: 0000000000, 5555555555, the Irish range."""
    is_scottish = number.is_between(*_SCOTLAND) & (number // 10**6 % 100).is_between(1, 12)
    elsewhere = (*_ENGLAND_WALES_AND_MAN, _NORTHERN_IRELAND, _TEST)
    return pl.any_horizontal(is_scottish, *(number.is_between(first, last) for first, last in elsewhere))
