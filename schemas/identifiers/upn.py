"""The unique pupil number, by annex A of the Department for Education's UPN guide.

Held for education purposes only: match on it, and do not print it on another partner's report.
"""

import polars as pl

from schemas.identifiers.check_characters import letter_at, weighted_sum
from schemas.identifiers.reading import as_number, parsed, squeezed, worked_out

KIND = "unique pupil number (UPN)"
LOOKS_LIKE = "a check letter, eleven digits, and a digit (or, while temporary, a letter)"

_LETTERS = "ABCDEFGHJKLMNPQRTUVWXYZ"
_FORM = f"^[{_LETTERS}][0-9]{{11}}[0-9{_LETTERS}]$"
_NO_AUTHORITY = "000"  # an all-zero number would otherwise earn the letter A


def canonical(text: pl.Expr) -> pl.Expr:
    """Check the form and its letter. Whether the authority exists today is a warning, asked elsewhere."""
    upn = pl.field("upn")
    is_checked = upn.str.slice(0, 1) == letter_at(pl.field("total") % len(_LETTERS), alphabet=_LETTERS)
    has_authority = upn.str.slice(1, 3) != _NO_AUTHORITY
    return worked_out(
        text,
        upn=squeezed(text),
        digits=as_number(upn.str.slice(1, 11)),
        total=weighted_sum(pl.field("digits"), range(2, 13)) + _last_value(upn.str.slice(12, 1)) * 13,
        form=pl.when(upn.str.contains(_FORM) & is_checked & has_authority).then(upn),
    )


def is_temporary(text: pl.Expr) -> pl.Expr:
    return canonical(text).str.contains("[A-Z]$").fill_null(value=False)


def parse(text: str) -> str:
    return parsed(text, canonical(pl.col("text")), kind=KIND, looks_like=LOOKS_LIKE)


def _last_value(character: pl.Expr) -> pl.Expr:
    values = {str(digit): digit for digit in range(10)} | {letter: at for at, letter in enumerate(_LETTERS)}
    return character.replace_strict(values, default=None, return_dtype=pl.Int64)
