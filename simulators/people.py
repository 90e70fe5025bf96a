"""Who the invented people are: the truth, before any partner has written it down."""

from dataclasses import dataclass, field
from datetime import date
from typing import Literal

TODAY = date(2026, 11, 23)

Sex = Literal["M", "F", "X", "U"]


@dataclass(frozen=True)
class Address:
    line1: str
    line2: str
    town: str
    postcode: str


@dataclass(frozen=True)
class Identifiers:
    nhs_number: str
    upn: str
    pnc: str | None
    cro: str | None


@dataclass(frozen=True)
class Person:
    truth_id: str
    family_name: str
    given_names: str
    aliases: tuple[str, ...]
    born_on: date
    sex: Sex
    ethnicity_self_defined: str
    ethnicity_observed: str
    address: Address
    identifiers: Identifiers
    oddities: frozenset[str] = field(default_factory=frozenset)

    @property
    def postcode(self) -> str:
        return self.address.postcode

    @property
    def full_name(self) -> str:
        return f"{self.given_names} {self.family_name}"

    @property
    def first_name(self) -> str:
        return self.given_names.split(" ")[0]

    @property
    def middle_names(self) -> str:
        return " ".join(self.given_names.split(" ")[1:])

    @property
    def nominal_id(self) -> str:
        """The force's person key."""
        return f"N{7000 + int(self.truth_id[3:]):07d}"


@dataclass(frozen=True)
class YoungPerson(Person):
    # The adopted child's other life. Nobody may ever join the two.
    never_join: str | None = None


@dataclass(frozen=True)
class Adult(Person):
    """Somebody the hub has no business with."""


def age_on(day: date, born_on: date) -> int:
    return day.year - born_on.year - ((day.month, day.day) < (born_on.month, born_on.day))


def traces(person: Person) -> frozenset[str]:
    """The words that give this person away, to be looked for where they must not be.

    Surnames that are also ordinary words (Null, None, NA) are left out: they are found everywhere.
    """
    found = {
        *person.given_names.split(" "),
        person.address.line1,
        person.postcode,
        person.identifiers.nhs_number,
        person.identifiers.upn,
        person.nominal_id,
    }
    if "word_surname" not in person.oddities:
        found.add(person.family_name)
    if "no_fixed_abode" in person.oddities:
        found -= {person.address.line1, person.postcode}
    return frozenset(
        found | {number for number in (person.identifiers.pnc, person.identifiers.cro) if number}
    )
