from datetime import date

import polars as pl

from schemas.identifiers.check_characters import police_letter
from schemas.identifiers.reading import as_number, parsed, squeezed, worked_out

KIND = "Police National Computer (PNC) id"
LOOKS_LIKE = "a year of two or four digits, a slash, up to seven digits, and a check letter"

_FORM = "^((?:19|20)?[0-9]{2})/([0-9]{1,7})([A-Z])$"


def canonical(text: pl.Expr, *, today: date) -> pl.Expr:
    """Give the long form, as 2002/0073319Z; `today` settles the century of a year of two digits."""
    pnc, year, serial, letter = (pl.field(part) for part in ("pnc", "year", "serial", "letter"))
    is_checked = letter == police_letter(year % 100 * 10**7 + serial)
    valid = is_checked & (serial > 0) & (year <= today.year)
    return worked_out(
        text,
        pnc=_slashed(squeezed(text)),
        written_year=as_number(pnc.str.extract(_FORM, 1)),
        year=_full_year(pl.field("written_year"), today=today),
        serial=as_number(pnc.str.extract(_FORM, 2)),
        letter=pnc.str.extract(_FORM, 3),
        form=pl.when(valid).then(pl.format("{}/{}{}", year, serial.cast(pl.String).str.zfill(7), letter)),
    )


def parse(text: str, *, today: date) -> str:
    return parsed(text, canonical(pl.col("text"), today=today), kind=KIND, looks_like=LOOKS_LIKE)


def _slashed(pnc: pl.Expr) -> pl.Expr:
    """Put back the slash some systems drop: only a full serial can follow a year of four digits unslashed."""
    long = pnc.str.replace("^([0-9]{4})([0-9]{7}[A-Z])$", "${1}/${2}")
    return long.str.replace("^([0-9]{2})([0-9]{1,7}[A-Z])$", "${1}/${2}")


def _full_year(year: pl.Expr, *, today: date) -> pl.Expr:
    this_century = today.year - today.year % 100
    in_short = (
        pl.when(year <= today.year % 100).then(year + this_century).otherwise(year + this_century - 100)
    )
    return pl.when(year < 100).then(in_short).otherwise(year)
