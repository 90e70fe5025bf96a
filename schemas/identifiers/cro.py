import polars as pl

from schemas.identifiers.check_characters import police_letter
from schemas.identifiers.reading import as_number, parsed, squeezed, worked_out

KIND = "Criminal Records Office (CRO) number"
LOOKS_LIKE = "serial, slash, two digits of the year and a check letter; or SF, year, slash, serial and letter"

_STANDARD = "^([0-9]{1,6})/([0-9]{2})([A-Z])$"
_SF = "^SF([0-9]{2})/([0-9]{1,6})([A-Z])$"


def canonical(text: pl.Expr) -> pl.Expr:
    """Give 065656/91H or SF05/482703J. A serial of noughts (000000/00Z) says that there is no number."""
    cro, year, serial, letter = (pl.field(part) for part in ("cro", "year", "serial", "letter"))
    is_checked = letter == police_letter(as_number(year + serial))
    written = (
        pl.when(cro.str.starts_with("SF")).then(cro).otherwise(pl.format("{}/{}{}", serial, year, letter))
    )
    return worked_out(
        text,
        cro=squeezed(text),
        year=pl.coalesce(cro.str.extract(_STANDARD, 2), cro.str.extract(_SF, 1)),
        # The letter of the SF form is made from the serial as written, so padding it would break the number.
        serial=pl.coalesce(cro.str.extract(_STANDARD, 1).str.zfill(6), cro.str.extract(_SF, 2)),
        letter=cro.str.tail(1),
        form=pl.when(is_checked & (as_number(serial) > 0)).then(written),
    )


def parse(text: str) -> str:
    return parsed(text, canonical(pl.col("text")), kind=KIND, looks_like=LOOKS_LIKE)
