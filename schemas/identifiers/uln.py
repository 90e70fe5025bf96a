import polars as pl

from schemas.identifiers.check_characters import weighted_sum
from schemas.identifiers.reading import as_number, parsed, squeezed, worked_out

KIND = "unique learner number (ULN)"
LOOKS_LIKE = "ten digits not beginning with 0, of which the last is a check digit"


def canonical(text: pl.Expr) -> pl.Expr:
    """Read by the Learning Records Service's rule, version 3; it refuses the placeholder 9999999999 too."""
    digits, number, remainder = pl.field("digits"), pl.field("number"), pl.field("remainder")
    is_checked = (remainder != 0) & (number % 10 == 10 - remainder)
    return worked_out(
        text,
        digits=squeezed(text),
        number=as_number(digits),
        remainder=weighted_sum(number // 10, range(10, 1, -1)) % 11,
        form=pl.when(digits.str.contains("^[1-9][0-9]{9}$") & is_checked).then(digits),
    )


def parse(text: str) -> str:
    return parsed(text, canonical(pl.col("text")), kind=KIND, looks_like=LOOKS_LIKE)
