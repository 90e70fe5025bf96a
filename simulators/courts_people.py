"""People as the courts' published shapes hold them."""

import random
from dataclasses import dataclass
from datetime import date
from typing import Any

from simulators import names
from simulators.courts_results import Json, bail_status, made_id
from simulators.people import TODAY, Address, Person, age_on

GENDERS = {"M": "MALE", "F": "FEMALE", "X": "NOT_SPECIFIED", "U": "NOT_KNOWN"}
OBSERVED = {
    "1": "White - North European",
    "2": "White - South European",
    "3": "Black",
    "4": "Asian",
    "5": "Chinese, Japanese or South East Asian",
    "6": "Arabic or North African",
    "9": "Unknown",
}


@dataclass(frozen=True)
class Guardian:
    """The adult beside the child in court: nobody the hub may keep."""

    given_name: str
    family_name: str
    born_on: date


def is_youth(person: Person) -> bool:
    return age_on(TODAY, person.born_on) < 18


def guardian_of(person: Person) -> Guardian | None:
    """Nine in ten children come with one, mostly of the same surname."""
    rng = random.Random(f"guardian of {person.truth_id}")
    if rng.random() < 0.1:
        return None
    family = person.family_name if rng.random() < 0.7 else names.surname(rng, names.GROWN_UP_ORIGIN)
    given = names.forename(rng, names.GROWN_UPS, rng.choice("MF"))
    return Guardian(given, family, date(rng.randint(1975, 1992), 6, 15))


def person_defendant(person: Person, summons: str, bail: str) -> Json:
    return {
        "arrestSummonsNumber": summons,
        "bailConditions": "Live and sleep at the home address" if bail == "B" else "",
        "bailStatus": bail_status(bail),
        "personDetails": person_details(person),
    }


def person_details(person: Person) -> Json:
    return {
        "address": address(person.address),
        "dateOfBirth": f"{person.born_on}",
        "documentationLanguageNeeds": "ENGLISH",
        "ethnicity": _ethnicity(person),
        **_names(person),
        "gender": GENDERS[person.sex],
        "hearingLanguageNeeds": "ENGLISH",
    }


def plain_person(person: Person) -> Json:
    """The shorter form of the police messages."""
    return {
        "address": address(person.address),
        "dateOfBirth": f"{person.born_on}",
        **_names(person),
        "gender": GENDERS[person.sex],
    }


def numbers(person: Person) -> Json:
    """Present only where the courts hold them."""
    held = {"pncId": person.identifiers.pnc, "croNumber": person.identifiers.cro}
    return {name: number for name, number in held.items() if number}


def aliases(person: Person) -> list[Json]:
    split = [alias.rsplit(" ", 1) for alias in person.aliases]
    return [{"firstName": given, "lastName": family} for given, family in split]


def associated_persons(person: Person) -> list[Json]:
    guardian = guardian_of(person) if is_youth(person) else None
    if guardian is None:
        return []
    details = {
        "address": address(person.address),
        "dateOfBirth": f"{guardian.born_on}",
        "firstName": guardian.given_name,
        "gender": "NOT_KNOWN",
        "lastName": guardian.family_name,
    }
    return [{"person": details, "role": "ParentGuardian"}]


def address(held: Address) -> Json:
    lines = [line for line in (held.line1, held.line2, held.town) if line]
    return {**{f"address{place}": line for place, line in enumerate(lines, 1)}, "postcode": held.postcode}


def _names(person: Person) -> Json:
    middle: dict[str, Any] = {"middleName": person.middle_names} if person.middle_names else {}
    return {"firstName": person.first_name, **middle, "lastName": person.family_name}


def _ethnicity(person: Person) -> Json:
    return {
        "observedEthnicityCode": person.ethnicity_observed,
        "observedEthnicityDescription": OBSERVED[person.ethnicity_observed],
        "observedEthnicityId": made_id("observed ethnicity", person.ethnicity_observed),
        "selfDefinedEthnicityCode": person.ethnicity_self_defined,
        "selfDefinedEthnicityId": made_id("self-defined ethnicity", person.ethnicity_self_defined),
    }
