import polars as pl

from schemas.identifiers.reading import parsed, squeezed, worked_out

KIND = "UK postcode"
LOOKS_LIKE = "an outward part such as AB1 or AB12, then a digit and two letters"

_OUTWARD = "|".join(
    (
        "[A-PR-UWYZ][0-9]{1,2}",
        "[A-PR-UWYZ][A-HK-Y][0-9]{1,2}",
        "[A-PR-UWYZ][0-9][A-HJKPSTUW]",
        "[A-PR-UWYZ][A-HK-Y][0-9][ABEHMNPRVWXY]",
    )
)
_INWARD = "[0-9][ABD-HJLNP-UW-Z]{2}"
_FORM = f"^(?:(?:{_OUTWARD}){_INWARD}|GIR0AA)$"
_NO_FIXED_ABODE = ("NF11NF", "NF11FA")


def canonical(text: pl.Expr) -> pl.Expr:
    """Give the postcode with one space, if its form is right; whether it exists needs a list of the day."""
    postcode = pl.field("postcode")
    valid = postcode.str.contains(_FORM) & ~postcode.is_in(_NO_FIXED_ABODE)
    return worked_out(
        text,
        postcode=squeezed(text),
        form=pl.when(valid).then(pl.format("{} {}", postcode.str.head(-3), postcode.str.tail(3))),
    )


def is_no_fixed_abode(text: pl.Expr) -> pl.Expr:
    """Tell the two codes police and courts write for a child without an address: a fact, not a mistake."""
    return squeezed(text).is_in(_NO_FIXED_ABODE).fill_null(value=False)


def parse(text: str) -> str:
    return parsed(text, canonical(pl.col("text")), kind=KIND, looks_like=LOOKS_LIKE)
