"""How a partner holds a person: the truth, with that partner's own slips."""

from dataclasses import replace
from datetime import date
from typing import TypeVar

from simulators.people import Address, Person
from simulators.places import TOWN

Somebody = TypeVar("Somebody", bound=Person)

OLD_STREET = "Ruddlescar Yard"


def held_by(person: Somebody, partner: str) -> Somebody:
    """The person as `police` or `courts` would write them down."""
    for oddity in sorted(person.oddities):
        slip = SLIPS.get((oddity, partner))
        person = slip(person) if slip else person
    return person


def letters_swapped(word: str) -> str:
    """Two neighbouring letters the wrong way round, well inside the word."""
    middle = len(word) // 2
    return word[: middle - 1] + word[middle] + word[middle - 1] + word[middle + 1 :]


def day_and_month_swapped(day: date) -> date:
    return day.replace(month=day.day, day=day.month)


def _mistyped(person: Somebody) -> Somebody:
    return replace(person, family_name=letters_swapped(person.family_name))


def _letter_left_out(person: Somebody) -> Somebody:
    return replace(person, given_names=person.first_name[:-1])


def _dates_swapped(person: Somebody) -> Somebody:
    return replace(person, born_on=day_and_month_swapped(person.born_on))


def _under_the_alias(person: Somebody) -> Somebody:
    """Charged under the name given at the desk; the true name is kept as the alias."""
    given, family = person.aliases[0].rsplit(" ", 1)
    return replace(person, given_names=given, family_name=family, aliases=(person.full_name,))


def _at_the_old_address(person: Somebody) -> Somebody:
    old = Address(f"{int(person.truth_id[3:])} {OLD_STREET}", "", TOWN, "NX9 9ZZ")
    return replace(person, address=old)


SLIPS = {
    ("typing_slip", "police"): _mistyped,
    ("typing_slip", "courts"): _letter_left_out,
    ("swapped_day_month", "police"): _dates_swapped,
    ("alias", "courts"): _under_the_alias,
    ("moved", "courts"): _at_the_old_address,
}
