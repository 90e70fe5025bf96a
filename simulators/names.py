"""Invented names: strange enough that finding one in a log means a child is in the log."""

import random
from dataclasses import dataclass

FORENAME_STARTS = (
    "Aeldr", "Brenv", "Corvi", "Drusk", "Elvand", "Fyrrh", "Garrim", "Heskl", "Ildra", "Jorvi", "Kestrh",
    "Lyssm", "Morvek", "Nerith", "Ozmarr", "Pellav", "Quillm", "Rhovan", "Sybreth", "Tamsyr", "Uldrik",
    "Vexann", "Wynthr", "Ysolv", "Zephor",
)  # fmt: skip
GIRLS_ENDS = ("essa", "avine", "indra", "orelle", "ysia", "umina")
BOYS_ENDS = ("oric", "amund", "eston", "ivarr", "ulfe", "endrik")


@dataclass(frozen=True)
class Origin:
    """Surnames of one invented tradition, with the ethnicity codes that come with it."""

    weight: int
    starts: tuple[str, ...]
    ends: tuple[str, ...]
    self_defined: tuple[str, ...]
    observed: str


ORIGINS = (
    Origin(
        weight=62,
        starts=(
            "Quarn", "Thresk", "Velm", "Zorund", "Mirkh", "Osgarv", "Brackl", "Wexl", "Fennimb", "Grulth",
            "Hallorv", "Ibbekh", "Jandr", "Kelvash", "Lorrimb", "Natterv", "Pendrakh", "Rasklo", "Skelv",
            "Tibbard",
        ),
        ends=(
            "thwistle", "ombry", "addock", "inghast", "erthorpe", "wickham", "asterby", "oughmoor",
            "ellacott", "unstead", "ikelby", "ardyne",
        ),
        self_defined=("W1",) * 17 + ("W2", "W3", "W9", "M1", "M1", "M2", "M3", "M9", "NS"),
        observed="1",
    ),
    Origin(
        weight=12,
        starts=("Rahmeth", "Chaudrin", "Patelvar", "Singharo", "Begumat", "Hussanor"),
        ends=("ullah", "wala", "jeewan", "puri", "dasani", "mirza"),
        self_defined=("A1", "A2", "A3", "A9", "NS"),
        observed="4",
    ),
    Origin(
        weight=14,
        starts=("Adebowun", "Okonkwor", "Mensahar", "Olufemar", "Balogund", "Asantewor"),
        ends=("sola", "tunde", "beku", "nyame", "chukwo", "diaba"),
        self_defined=("B1", "B2", "B2", "B9", "NS"),
        observed="3",
    ),
    Origin(
        weight=5,
        starts=("Kowalszk", "Zielinsk", "Wojdarz", "Nowaczk"),
        ends=("iewicz", "owiak", "ulecki", "arczyk"),
        self_defined=("W9", "W3"),
        observed="2",
    ),
    Origin(
        weight=4,
        starts=("Haddadun", "Mansourak", "Khalifor"),
        ends=("shami", "idris", "bakri"),
        self_defined=("O2", "O9"),
        observed="6",
    ),
    Origin(
        weight=3,
        starts=("Zhangwei", "Tranhuo", "Liuming"),
        ends=("shan", "phuc", "xiao"),
        self_defined=("A4", "A9"),
        observed="5",
    ),
)  # fmt: skip

GROWN_UP_ORIGIN = Origin(
    weight=1,
    starts=("Dravorn", "Ebbrusk", "Holtiph", "Umberv", "Yarrist", "Cluvend", "Perchax", "Stannuv"),
    ends=("ottle", "amberly", "iscoe", "undell", "ethrow", "ackerbar"),
    self_defined=("W1", "W1", "W1", "W9", "A9", "B9", "M9"),
    observed="1",
)


@dataclass(frozen=True)
class Book:
    """The names one sort of person may have. No two books share a name, so a name found tells whose it is."""

    origins: tuple[Origin, ...]
    forename_starts: tuple[str, ...]


CHILDREN = Book(ORIGINS, FORENAME_STARTS)
GROWN_UPS = Book(
    (GROWN_UP_ORIGIN,), ("Abraxi", "Colvett", "Edwyrd", "Gwennor", "Ottoli", "Ravenn", "Thobias")
)

# Officers are named in referrals, and may rightly be found there.
OFFICERS = Origin(
    1, ("Bramchet", "Copperel", "Wardiven"), ("forth", "anley", "ubrook", "esdale"), ("W1",), "1"
)

ACCENTED = ("Łuczykowiak", "Nuñevarrón", "Óthalainn", "Žurkovičan", "Brünhagård")
WORD_SURNAMES = ("Null", "None", "NA")


def origin(rng: random.Random, book: Book) -> Origin:
    return rng.choices(book.origins, weights=[each.weight for each in book.origins])[0]


def surname(rng: random.Random, of: Origin) -> str:
    return rng.choice(of.starts) + rng.choice(of.ends)


def forename(rng: random.Random, book: Book, sex: str) -> str:
    ends = {"F": GIRLS_ENDS, "M": BOYS_ENDS}.get(sex, GIRLS_ENDS + BOYS_ENDS)
    return rng.choice(book.forename_starts) + rng.choice(ends)


def given_names(rng: random.Random, book: Book, sex: str) -> str:
    """One forename, or two for about half of all."""
    first, second = forename(rng, book, sex), forename(rng, book, sex)
    return first if first == second or rng.random() < 0.5 else f"{first} {second}"
