"""What children's services hold, night by night: every child of the town, and many facts of some."""

import random
from collections.abc import Callable, Iterator, Mapping, Sequence
from datetime import date, timedelta
from typing import Any

from simulators.nights import iso, morning
from simulators.people import Adult, Person, YoungPerson
from simulators.social_care_dataset import Row, midnight

SEXES = {"M": "M", "F": "F", "X": "I", "U": "U"}
LEGAL_STATUSES = ("C2", "V2", "V2", "C1", "J1")
NEEDS = ("N1", "N4", "N5", "N6")
CATEGORIES = ("Neglect", "Emotional Abuse", "Physical Abuse", "Sexual Abuse")
ROLES = ("Allocated Case Worker", "Family Support Worker", "Personal Adviser")
TEAMS = ("Northmoor North", "Northmoor South", "Northmoor Children in Care")
SOURCES = ("6", "2A", "1A", "3A", "5B")
# Those whom they refer to the YJS stand far down the list of children: nobody has brought them yet.
FIRST_REFERRED, REFERRED_A_NIGHT = 250, 4


def person_id(person: Person) -> str:
    return f"SC{person.truth_id.replace('-', '')}"


def person_row(person: Person) -> Row:
    return {
        "pers_person_id": person_id(person),
        "pers_forename": person.given_names,
        "pers_surname": person.family_name,
        "pers_sex": SEXES[person.sex],
        "pers_dob": midnight(person.born_on),
        "pers_common_child_id": person.identifiers.nhs_number,
        "pers_upn_unknown": None,
    }


def night_rows(night: int, people: Sequence[YoungPerson], adults: Sequence[Adult]) -> dict[str, list[Row]]:
    """All that the tables show on this night. The parents of some stand among the persons."""
    everybody: list[Person] = [*people, *adults]
    rows: dict[str, list[Row]] = {"ssd_person": [person_row(person) for person in everybody]}
    for name, told in FACTS.items():
        rows[name] = [
            row
            for place, person in enumerate(everybody)
            for row in told(person, place, random.Random(f"{person.truth_id} {name}"), night)
        ]
    rows["hub_removed"] = []
    rows["hub_referrals"] = list(_referrals(people, night))
    return rows


def _day(rng: random.Random) -> date:
    return date(2026, 3, 1) + timedelta(days=rng.randrange(200))


def _ended(rng: random.Random, began: date) -> Any:
    return midnight(began + timedelta(days=rng.randrange(1, 60))) if rng.random() < 0.5 else None


def _contacts(person: Person, place: int, rng: random.Random, night: int) -> Iterator[Row]:
    days = [_day(rng)]
    # A new one each night, about somebody else.
    days += [morning(each).date() - timedelta(days=1) for each in range(2, night + 1) if place % 25 == each]
    for number, day in enumerate(days):
        yield {
            "cont_contact_id": f"CT{person_id(person)}-{number}",
            "cont_person_id": person_id(person),
            "cont_contact_date": midnight(day),
            "cont_contact_source_code": rng.choice(SOURCES),
        }


def _episodes(person: Person, place: int, rng: random.Random, night: int) -> Iterator[Row]:
    began = _day(rng)
    yield {
        "cine_referral_id": f"CE{person_id(person)}",
        "cine_person_id": person_id(person),
        "cine_referral_date": midnight(began),
        "cine_close_date": _ended(rng, began),
        "cine_cin_primary_need_code": rng.choice(NEEDS),
        "cine_referral_nfa": "Y" if place % 4 == 0 else "N",
        "cine_referral_source_code": rng.choice(SOURCES),
        "cine_referral_team": rng.choice(TEAMS),
        "cine_referral_worker_id": f"W{rng.randrange(100, 140)}",
    }


def _plans(person: Person, place: int, rng: random.Random, night: int) -> Iterator[Row]:
    if place % 5 == 1:
        began = _day(rng)
        yield {
            "cppl_cp_plan_id": f"PL{person_id(person)}",
            "cppl_person_id": person_id(person),
            "cppl_cp_plan_start_date": midnight(began),
            "cppl_cp_plan_end_date": _ended(rng, began),
            "cppl_cp_plan_initial_category": (category := rng.choice(CATEGORIES)),
            "cppl_cp_plan_latest_category": category,
        }


def _early_help(person: Person, place: int, rng: random.Random, night: int) -> Iterator[Row]:
    if place % 2 == 1:
        began = _day(rng)
        yield {
            "earl_episode_id": f"EH{person_id(person)}",
            "earl_person_id": person_id(person),
            "earl_episode_start_date": midnight(began),
            "earl_episode_end_date": _ended(rng, began),
            "earl_episode_reason": "Family support",
            "earl_episode_organisation": "Northmoor Early Help",
            "earl_episode_worker_id": f"E{rng.randrange(10, 30)}",
        }


def _statuses(person: Person, place: int, rng: random.Random, night: int) -> Iterator[Row]:
    if place % 3 == 0:
        yield {
            "lega_legal_status_id": f"LS{person_id(person)}",
            "lega_person_id": person_id(person),
            "lega_legal_status": rng.choice(LEGAL_STATUSES),
            "lega_legal_status_start_date": midnight(_day(rng)),
            # One more child comes home each night.
            "lega_legal_status_end_date": midnight(morning(night).date() - timedelta(days=1))
            if place in range(3, 3 * night, 3)
            else None,
        }


def _placements(person: Person, place: int, rng: random.Random, night: int) -> Iterator[Row]:
    if place % 3 == 0:
        yield {
            "clap_cla_placement_id": f"PM{person_id(person)}",
            "clap_person_id": person_id(person),
            "clap_cla_placement_type": rng.choice(("U6", "K2", "H5")),
            "clap_cla_placement_provider": f"Ravensgill House {place}",
            "clap_cla_placement_postcode": "NX8 8ZZ",
            "clap_cla_placement_start_date": midnight(_day(rng)),
            "confidential": "Y" if place % 4 == 0 else "N",
        }


def _missing(person: Person, place: int, rng: random.Random, night: int) -> Iterator[Row]:
    if place % 6 == 0:
        began = _day(rng)
        yield {
            "miss_table_id": f"MI{person_id(person)}",
            "miss_person_id": person_id(person),
            "miss_missing_episode_type": rng.choice("MA"),
            "miss_missing_episode_start_date": midnight(began) + timedelta(hours=23, minutes=10),
            "miss_missing_episode_end_date": midnight(began + timedelta(days=1)) + timedelta(hours=6),
            "miss_missing_rhi_offered": "Y",
            "miss_missing_rhi_accepted": rng.choice("YN"),
        }


def _involvements(person: Person, place: int, rng: random.Random, night: int) -> Iterator[Row]:
    yield {
        "invo_involvements_id": f"IN{person_id(person)}",
        "invo_person_id": person_id(person),
        "invo_professional_id": f"W{rng.randrange(100, 140)}",
        "invo_professional_role_id": rng.choice(ROLES),
        "invo_professional_team": rng.choice(TEAMS),
        "invo_involvement_start_date": midnight(_day(rng)),
    }


FACTS: Mapping[str, Callable[[Person, int, random.Random, int], Iterator[Row]]] = {
    "ssd_contacts": _contacts,
    "ssd_cin_episodes": _episodes,
    "ssd_cp_plans": _plans,
    "ssd_early_help_episodes": _early_help,
    "ssd_legal_status": _statuses,
    "ssd_missing": _missing,
    "ssd_involvements": _involvements,
    "hub_placements": _placements,
}


def _referrals(people: Sequence[YoungPerson], night: int) -> Iterator[Row]:
    """Those of every night so far. The first of the second night is withdrawn on the third."""
    for number in range(night * REFERRED_A_NIGHT):
        came_on = 1 + number // REFERRED_A_NIGHT
        person = people[(FIRST_REFERRED + number) % len(people)]
        withdrawn = number == REFERRED_A_NIGHT and night > 2
        yield referral_row(
            person,
            number,
            updated_at=iso(morning(3 if withdrawn else came_on) - timedelta(hours=12)),
            referred_on=morning(came_on).date() - timedelta(days=1),
            withdrawn="Y" if withdrawn else "N",
        )


def referral_row(person: Person, number: int, *, updated_at: str, referred_on: date, withdrawn: str) -> Row:
    is_missing = number % 4 == 3
    return {
        "referral_id": f"SCR-{number:05d}",
        "updated_at": updated_at,
        "withdrawn": withdrawn,
        "person_id": person_id(person),
        "from_service": "early help" if number % 2 else "social care",
        "reason": "MISSING" if is_missing else "PREVENTION",
        "urgency": "URGENT" if is_missing else "ROUTINE",
        "referred_on": referred_on,
        "consent_given_by": None if is_missing else "PARENT",
        "no_consent_reason": "to keep the child safe" if is_missing else None,
        "parents_told": "YES",
        "safeguarding": "Y" if is_missing else "N",
        "child_view": "NOT_ASKED" if is_missing else "GIVEN",
        "parents_view": "GIVEN",
        "safe_contact": "the parent's telephone, before three",
        "referrer": f"Worker {100 + number % 40}",
        "address": ", ".join(filter(None, (person.address.line1, person.address.town))),
        "postcode": person.postcode,
        "confidential": "Y" if number % 8 == 5 else "N",
    }
