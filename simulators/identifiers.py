"""Numbers that pass the issuers' own published rules, and belong to nobody."""

from collections.abc import Iterator
from itertools import count

PNC_LETTERS = "ZABCDEFGHJKLMNPQRTUVWXY"
UPN_LETTERS = "ABCDEFGHJKLMNPQRTUVWXYZ"

# No English authority has this number, so no real school can issue one of these UPNs.
NORTHMOOR_AUTHORITY = "999"

# Royal Mail leaves C, I, K, M, O and V out of the last two letters of a postcode.
INWARD_LETTERS = "ABDEFGHJLNPQRSTUWXYZ"

# A step without a common factor with the range visits every number once before any comes again.
STRIDE = 61_803_399


def nhs_number(stem: str) -> str | None:
    """The nine digits with their Modulus 11 digit; none where that would be 10 (never issued)."""
    remainder = sum(int(digit) * weight for digit, weight in zip(stem, range(10, 1, -1), strict=True)) % 11
    check = (11 - remainder) % 11
    return None if check == 10 else f"{stem}{check}"


def nhs_numbers(start: int) -> Iterator[str]:
    """Numbers of the test range 9000000000 to 9999999999, no one twice."""
    for place in range(start, start + 10**8):
        made = nhs_number(f"9{place * STRIDE % 10**8:08d}")
        if made:
            yield made


def upn(school: int, year: int, serial: int) -> str:
    rest = f"{NORTHMOOR_AUTHORITY}{school:04d}{year % 100:02d}{serial:03d}"
    return f"{upn_letter(rest)}{rest}"


def upn_letter(rest: str) -> str:
    """The check letter of the twelve characters after it; a temporary number may end in a letter."""
    values = [UPN_LETTERS.index(sign) if sign.isalpha() else int(sign) for sign in rest]
    return UPN_LETTERS[sum(value * place for place, value in enumerate(values, start=2)) % 23]


def pnc_letter(year: int, serial: int) -> str:
    return PNC_LETTERS[int(f"{year % 100:02d}{serial:07d}") % 23]


def pnc(year: int, serial: int) -> str:
    """The long form, as the Police National Computer prints it."""
    return f"{year:04d}/{serial:07d}{pnc_letter(year, serial)}"


def short_pnc(long_form: str) -> str:
    """The same number as many forms print it: two digits of the year, no leading zeros."""
    year, rest = long_form.split("/")
    return f"{year[2:]}/{int(rest[:-1])}{rest[-1]}"


def cro(year: int, serial: int) -> str:
    """A Criminal Records Office number with its serial padded to six."""
    return f"{serial:06d}/{year % 100:02d}{PNC_LETTERS[int(f'{year % 100:02d}{serial:06d}') % 23]}"


def sf_cro(year: int, serial: int) -> str:
    """The older form, kept in the small file: the serial is never padded."""
    return f"SF{year % 100:02d}/{serial}{PNC_LETTERS[int(f'{year % 100:02d}{serial}') % 23]}"


def postcodes(start: int) -> Iterator[str]:
    """Postcodes of the invented area NX, well formed and given to nobody; 32,400 before one comes again."""
    letters = len(INWARD_LETTERS)
    for place in count(start):
        rest, last = divmod(place * 7919 % (81 * letters * letters), letters)
        rest, first = divmod(rest, letters)
        district, sector = divmod(rest, 9)
        yield f"NX{district + 1} {sector + 1}{INWARD_LETTERS[first]}{INWARD_LETTERS[last]}"
