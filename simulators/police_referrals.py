"""What the force refers, night by night: new referrals, newer versions, faults as they happen."""

import random
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta

from simulators import identifiers, names
from simulators.held import held_by
from simulators.nights import iso, morning
from simulators.offences import OFFENCES
from simulators.people import Adult, Person, YoungPerson
from simulators.police_files import Row

FIRST_NIGHT, LATER_NIGHTS, ADULTS, RETURNING = 160, 30, 12, 5

# Of the night before, every eighth referral is sent again with news, and the one after it unchanged.
UPDATED_EVERY = 8

REASONS = {"OOCD": 45, "RUI": 20, "CHG": 20, "MIS": 8, "AA": 7}
WITHOUT_A_DECISION = ("MIS", "AA")
MARKERS = ("SG", "SW", "RH", "SG;SW", "SG;RH")
NEXT_REASON = {"RUI": "OOCD", "OOCD": "CHG", "CHG": "CHG", "MIS": "OOCD", "AA": "RUI"}


@dataclass(frozen=True)
class Referral:
    reference: str
    person: Person
    night: int


@dataclass(frozen=True)
class Fault:
    """Something an officer typed wrongly. The first of them is put right the night after."""

    name: str
    place: int
    changes: Row


FAULTS = (
    Fault("unknown_reason_code", 64, {"Reason": "ZZ"}),
    Fault("impossible_date", 69, {"OffenceDate": "31/02/2026"}),
    Fault("bad_pnc", 78, {"PNCID": "2024/0123456A"}),
    Fault("missing_birth_date", 85, {"DOB": ""}),
    Fault("safety_marker_and_fault", 92, {"RiskMarkers": "SG;RH", "Reason": "QQ"}),
)


def night_rows(night: int, people: Sequence[YoungPerson], adults: Sequence[Adult]) -> list[Row]:
    """Every row of one night's file, in no order anybody should rely on."""
    rows = [*_new(night, people, adults), *(_again(night, people, adults) if night > 1 else ())]
    random.Random(night).shuffle(rows)
    return rows


def reference(night: int, place: int) -> str:
    return f"NMP-R-{night * 1000 + place:07d}"


def referrals(night: int, people: Sequence[YoungPerson], adults: Sequence[Adult]) -> list[Referral]:
    """First referred that night. The force knows the adopted child only by the new name."""
    known = [person for person in people if "adopted_before" not in person.oddities]
    if night == 1:
        chosen: list[Person] = [*known[:FIRST_NIGHT], *adults[:ADULTS]]
    else:
        start = FIRST_NIGHT + (night - 2) * LATER_NIGHTS
        chosen = [_around(known, start + place) for place in range(LATER_NIGHTS)]
        chosen += [_around(known, night * RETURNING + place) for place in range(RETURNING)]
    return [Referral(reference(night, place), person, night) for place, person in enumerate(chosen)]


def _around(known: Sequence[Person], place: int) -> Person:
    return known[place % len(known)]


def _new(night: int, people: Sequence[YoungPerson], adults: Sequence[Adult]) -> Iterator[Row]:
    faults = {fault.place: fault.changes for fault in FAULTS} if night == 1 else {}
    for place, referral in enumerate(referrals(night, people, adults)):
        yield {**referral_row(referral), **faults.get(place, {})}


def _again(night: int, people: Sequence[YoungPerson], adults: Sequence[Adult]) -> Iterator[Row]:
    for place, referral in enumerate(referrals(night - 1, people, adults)):
        if place % UPDATED_EVERY == 0:
            yield updated_row(referral, night)
        if place % (4 * UPDATED_EVERY) == 1:
            yield referral_row(referral)


def updated_row(referral: Referral, night: int) -> Row:
    """The same referral with news: decided further, a later deadline, the officer's correction."""
    before = referral_row(referral)
    reason = NEXT_REASON[before["Reason"]]
    return {
        **before,
        "LastUpdated": iso(morning(night) - timedelta(hours=9)),
        "Reason": reason,
        "DecisionDeadline": _british(morning(night).date() + timedelta(days=35)),
    }


def referral_row(referral: Referral) -> Row:
    """The same row whenever it is asked for: all chance comes from the reference."""
    rng = random.Random(referral.reference)
    written = morning(referral.night) - timedelta(minutes=rng.randrange(60, 20 * 60))
    reason = _reason(referral.person, written, rng)
    return {
        "ReferralRef": referral.reference,
        "LastUpdated": iso(written),
        **_identity(held_by(referral.person, "police"), rng),
        **_crime(referral.person, written, reason, rng),
        "DecisionDeadline": _deadline(written, reason, rng),
        "Reason": reason,
        "RiskMarkers": _markers(reason, rng),
        "Officer": f"PC {names.surname(rng, names.OFFICERS)} {rng.randrange(1000, 10000)}",
    }


def _reason(person: Person, written: datetime, rng: random.Random) -> str:
    """A child not ten before today cannot have offended, and can only be missing."""
    drawn = rng.choices(list(REASONS), weights=list(REASONS.values()))[0]
    return "MIS" if _tenth_birthday(person.born_on) > written.date() else drawn


def _identity(person: Person, rng: random.Random) -> Row:
    pnc = person.identifiers.pnc or ""
    return {
        "NominalID": person.nominal_id,
        "Surname": person.family_name,
        "Forenames": person.given_names,
        "Aliases": ";".join(person.aliases),
        "DOB": _british(person.born_on),
        "Sex": person.sex,
        "EthnicitySelfDefined": person.ethnicity_self_defined,
        "EthnicityObserved": person.ethnicity_observed,
        "AddressLine1": person.address.line1,
        "AddressLine2": person.address.line2,
        "Town": person.address.town,
        "Postcode": person.postcode,
        "PNCID": identifiers.short_pnc(pnc) if pnc and rng.random() < 0.4 else pnc,
    }


def _crime(person: Person, written: datetime, reason: str, rng: random.Random) -> Row:
    offence = rng.choice(OFFENCES)
    if reason == "MIS":
        return dict.fromkeys(("CrimeRef", "OffenceCode", "OffenceDate", "Gravity", "Admission"), "")
    committed = max(written.date() - timedelta(days=rng.randrange(60)), _tenth_birthday(person.born_on))
    return {
        "CrimeRef": f"NM/{rng.randrange(10**6):06d}/{committed:%y}",
        "OffenceCode": offence.code,
        "OffenceDate": _british(committed),
        "Gravity": str(offence.gravity),
        "Admission": rng.choice("YYNU"),
    }


def _deadline(written: datetime, reason: str, rng: random.Random) -> str:
    if reason in WITHOUT_A_DECISION:
        return ""
    return _british(written.date() + timedelta(days=rng.randrange(10, 40)))


def _markers(reason: str, rng: random.Random) -> str:
    if reason == "CHG" and rng.random() < 0.15:
        return "RD"
    return rng.choice(MARKERS) if rng.random() < 0.1 else ""


def _tenth_birthday(born_on: date) -> date:
    """Nobody is referred for what they did before the age of responsibility."""
    leap = (born_on.month, born_on.day) == (2, 29)
    return born_on.replace(year=born_on.year + 10, day=28 if leap else born_on.day)


def _british(day: date) -> str:
    return f"{day:%d/%m/%Y}"
