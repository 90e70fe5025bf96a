"""What the schools' systems hold of each pupil, night by night, as the service writes it."""

from __future__ import annotations

import random
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, timedelta
from typing import Any

from simulators.identifiers import upn_letter
from simulators.nights import iso, morning
from simulators.people import YoungPerson

Record = Mapping[str, Any]
SCHOOLS = {"A1930499544": "Northmoor High School", "A2000000017": "Saltersgate Academy"}
OF_SCHOOLS = ("enrolments", "attendance-summaries", "exclusions", "special-needs")
KINDS = {
    "enrolments": "enrolment",
    "attendance-summaries": "attendance",
    "exclusions": "exclusion",
    "special-needs": "need",
}
OF_THE_SERVICE = ("service-referrals", "referral-updates")
# Of the cast those who are on a roll here; the YJS works with half of them.
PUPILS = 240
TERM_BEGAN = date(2026, 9, 2)
FIRST = iso(morning(1) - timedelta(hours=6))
SUSPENDED_FOR = ("PP", "VA", "DB", "DA", "OW")
SEN_TYPES = ("SEMH", "SLCN", "MLD", "ASD")
NEEDS = ("BEHAVIOUR", "EXPLOITATION", "ATTENDANCE", "FAMILY", "MENTOR")


def student(person: YoungPerson) -> Record:
    """One in twenty has only a temporary number; one in thirty none, and the code that says why."""
    number = int(person.truth_id[3:])
    pupil_number = person.identifiers.upn
    if number % 20 == 0:
        pupil_number = temporary_upn(pupil_number)
    if number % 30 == 7:
        pupil_number = "UN3"
    return {
        "data": {
            "id": f"P{number:06d}",
            "legal_surname": person.family_name,
            "legal_forenames": person.given_names,
            "preferred_name": person.aliases[0] if person.aliases else None,
            "date_of_birth": person.born_on.isoformat(),
            "sex": person.sex if person.sex in ("M", "F") else None,
            "education_details": {"data": {"upn": pupil_number, "uln": None}},
        }
    }


def temporary_upn(permanent: str) -> str:
    """A letter in place of the last digit, and the check letter that goes with it."""
    rest = f"{permanent[1:12]}A"
    return f"{upn_letter(rest)}{rest}"


@dataclass(frozen=True)
class Roll:
    """Everything that is listed on one night, by list and school; and what was deleted."""

    night: int
    lists: dict[tuple[str, str], list[Record]] = field(default_factory=dict)
    deletions: dict[tuple[str, str], list[Record]] = field(default_factory=dict)

    def add(self, path: str, school: str, record: Record) -> None:
        self.lists.setdefault((path, school), []).append(record)


def roll(night: int, people: Sequence[YoungPerson]) -> Roll:
    told = Roll(night)
    for place, person in enumerate(people[:PUPILS]):
        school = list(SCHOOLS)[place % len(SCHOOLS)]
        for path, record in _of_pupil(night, place, person, school):
            told.add(path, school, record)
    for each in range(2, night + 1):
        _withdrawn(told, each)
    for record in _asked(night, people[PUPILS:]):
        told.add("service-referrals", "", record)
    return told


def _of_pupil(night: int, place: int, person: YoungPerson, school: str) -> Iterator[tuple[str, Record]]:
    number = f"{int(person.truth_id[3:]):06d}"
    who = {"student": student(person), "school": {"data": {"id": school, "name": SCHOOLS[school]}}}
    rng, full_time = _chance(person, "school"), _chance(person, "hours").random() < 0.8
    yield "enrolments", {"id": f"E{number}", **who, **_place(rng, full_time=full_time)}
    # A tenth of the registers is counted anew each night.
    counted = max((each for each in range(1, night + 1) if place % 10 == each % 10), default=1)
    yield "attendance-summaries", {"id": f"A{number}", **who, **_half_days(rng, counted, full_time=full_time)}
    rng = _chance(person, "suspension")
    suspended_on = place % 40 if 2 <= place % 40 <= night else 1
    if rng.random() < 0.15 or suspended_on > 1:
        yield "exclusions", {"id": f"X{number}", **who, **_suspension(rng, suspended_on)}
    rng = _chance(person, "needs")
    if rng.random() < 0.25:
        yield "special-needs", {"id": f"N{number}", **who, **_need(rng)}


def _chance(person: YoungPerson, item: str) -> random.Random:
    """The same every night, and no item's news changes another's."""
    return random.Random(f"{person.truth_id} {item}")


def _place(rng: random.Random, *, full_time: bool) -> Record:
    return {
        "updated_at": FIRST,
        "provision": "SCHOOL_FT" if full_time else rng.choice(("SCHOOL_PT", "AP_PT", "PRU")),
        "weekly_hours_offered": 25 if full_time else 12.5,
        "weekly_hours_attended": rng.choice((25, 20, 12.5)) if full_time else rng.choice((12.5, 6)),
        "start_date": TERM_BEGAN.isoformat(),
        "end_date": None,
    }


def _half_days(rng: random.Random, counted: int, *, full_time: bool) -> Record:
    return {
        "updated_at": iso(morning(counted) - timedelta(hours=5)),
        "marks": _marks(rng, counted, full_time=full_time),
        "start_date": TERM_BEGAN.isoformat(),
        "end_date": morning(counted).date().isoformat(),
    }


def _need(rng: random.Random) -> Record:
    return {
        "updated_at": FIRST,
        "provision": rng.choice("KKE"),
        "type": rng.choice(SEN_TYPES),
        "start_date": date(2025, 9, 1).isoformat(),
        "end_date": None,
    }


def _marks(rng: random.Random, counted: int, *, full_time: bool) -> dict[str, int]:
    marks = {"/": rng.randint(30, 50) + counted, "\\": rng.randint(30, 50) + counted, "I": rng.randint(0, 6)}
    if not full_time:
        marks["C2"] = rng.randint(20, 50)
    if rng.random() < 0.05:
        marks["Y5"] = rng.randint(2, 10)
    return marks | ({"O": rng.randint(1, 12)} if rng.random() < 0.3 else {})


def _suspension(rng: random.Random, night: int) -> Record:
    begun = morning(night).date() if night > 1 else date(2026, 10, 5)
    return {
        "updated_at": iso(morning(night) - timedelta(hours=4)),
        "kind": "PERMANENT" if rng.random() < 0.1 else "SUSPENSION",
        "reason": rng.choice(SUSPENDED_FOR),
        "start_date": begun.isoformat(),
        "end_date": (begun + timedelta(days=rng.randint(1, 5))).isoformat(),
    }


def _withdrawn(told: Roll, night: int) -> None:
    """The news of a night: one record of special needs was a mistake."""
    school = list(SCHOOLS)[night % len(SCHOOLS)]
    listed = told.lists["special-needs", school]
    gone = listed.pop(0)
    told.deletions.setdefault(("need", school), []).append(
        {"id": gone["id"], "type": "need", "deleted_at": iso(morning(night) - timedelta(hours=3))}
    )


def _asked(night: int, others: Sequence[YoungPerson]) -> Iterator[Record]:
    """Two pupils more each night are referred to the YJS, whom it does not know."""
    for place, person in enumerate(others[: 8 + 2 * night]):
        since = max(1, (place - 8) // 2 + 1)
        rng = random.Random(f"{person.truth_id} prevention")
        said = student(person)
        home = {"address": f"{person.address.line1}, {person.address.town}", "postcode": person.postcode}
        yield {
            "id": f"R{int(person.truth_id[3:]):06d}",
            "updated_at": iso(morning(since) - timedelta(hours=2)),
            "deleted": False,
            "student": {"data": {**said["data"], **home}},
            "school": {"data": {"name": rng.choice(list(SCHOOLS.values()))}},
            "need": rng.choice(NEEDS),
            "urgency": rng.choice(("ROUTINE", "SOON")),
            "referred_on": morning(since).date().isoformat(),
            "consent": rng.choice(("PARENT", "CARER", "CHILD")),
            "consent_on": (morning(since) - timedelta(days=3)).date().isoformat(),
            "parents_told": "TOLD",
            "safeguarding": rng.random() < 0.1,
            "referrer": "Head of year",
            "safe_contact": rng.choice(("telephone the parent after four", None)),
        }
