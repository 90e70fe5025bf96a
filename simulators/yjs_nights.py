"""What the case system's views show, night by night: children in two returns, and a few adults."""

import random
from collections.abc import Callable, Iterator, Sequence
from datetime import UTC, date, datetime, time, timedelta

from sqlalchemy import Connection

from simulators.names import OFFICERS, surname
from simulators.nights import morning
from simulators.people import Adult, Person, YoungPerson
from simulators.yjs_views import OPEN, Row, clear, delete_child, say, yp_deleted, yp_return

CHILDREN, ADULTS = 125, 8
# Struck out before the first night; and one more on each night after it.
DELETED = (3, 17)
NO_DAY = date.fromisoformat(OPEN)
SUMMER = {
    "source_return_id": "R-2026-2",
    "return_start_date": date(2026, 7, 1),
    "return_end_date": date(2026, 9, 30),
    "signoff_date": date(2026, 10, 20),
}
AUTUMN = {
    "source_return_id": "R-2026-3",
    "return_start_date": date(2026, 10, 1),
    "return_end_date": date(2026, 12, 31),
    "signoff_date": None,
}
NEEDS = (
    "MENTAL_HEALTH", "SUBSTANCE_MISUSE", "SPEECH_LANGUAGE_COMMUNICATION", "ETE", "MENTOR", "PHYSICAL_HEALTH",
    "SEND", "SAFEGUARDING", "EARLY_HELP",
)  # fmt: skip
SERVICES = {
    "MENTAL_HEALTH": "Northmoor CAMHS",
    "SUBSTANCE_MISUSE": "Turnstone Young People",
    "SPEECH_LANGUAGE_COMMUNICATION": "Northmoor Speech and Language Therapy",
    "PHYSICAL_HEALTH": "Northmoor Liaison and Diversion",
    "ETE": "Northmoor Education Inclusion",
    "SEND": "Northmoor SEND Team",
    "SAFEGUARDING": "Northmoor Front Door",
}
SCHOOLS = ("Northmoor High School", "Saltersgate Academy", "The Wharf Pupil Referral Unit")
PRACTICES = ("Q99001", "Q99002", "Q99003")
ORDERS = {
    "COMMUNITY_RESOLUTION": "CR",
    "OUTCOME_22": "O22",
    "YOUTH_CAUTION": "YC",
    "YOUTH_CONDITIONAL_CAUTION": "YCC",
    "REFERRAL_ORDER": "RO",
    "YOUTH_REHABILITATION_ORDER": "YRO",
}
CONCERNS = (
    "concernsMentalHealth",
    "concernsSubstanceMisuse",
    "concernsSpeechLanguageCommunication",
    "concernsLearningAndETE",
    "concernsSafetyWellbeing",
    "vulnerableToCriminalExploitation",
    "atRiskOfSexualExplotation",
)
SEXES = {"M": "1", "F": "2"}


def ypid(person: Person) -> str:
    return f"NMY{person.truth_id.replace('-', '')}"


def document(person: Person) -> Row:
    """The child as the case system writes them down."""
    return {
        "ypid": ypid(person),
        "currentyotid": "NMYJS",
        "deleted": False,
        "cmssystem": "Northmoor Case",
        "cmsextractversion": "7.2",
        "familyName": person.family_name,
        "givenNames": person.given_names,
        "pncnumber": person.identifiers.pnc,
        **_numbers(person),
        "dateOfBirth": person.born_on,
        "sex": SEXES.get(person.sex),
        "ethnicity": person.ethnicity_self_defined,
        "addressLine1": person.address.line1,
        "addressLine2": person.address.line2,
        "town": person.address.town,
        "postcode": person.postcode,
    }


def _numbers(person: Person) -> Row:
    """Of most children the case workers have written down both; of a few, neither."""
    if int(person.truth_id[3:]) % 7 == 0:
        return {}
    return {"nhsNumber": person.identifiers.nhs_number, "upn": person.identifiers.upn}


def known(people: Sequence[YoungPerson], adults: Sequence[Adult]) -> list[Person]:
    """Whom the case system holds: the adopted child by the new name only."""
    ours = [person for person in people if "adopted_before" not in person.oddities]
    return [*ours[:CHILDREN], *adults[1 : 1 + ADULTS]]


def fill(
    connection: Connection,
    night: int,
    people: Sequence[YoungPerson],
    adults: Sequence[Adult],
    spoil: Callable[[Sequence[Row]], Sequence[Row]] = list,
) -> None:
    """All that the views show on this night, but for what becomes of referrals."""
    for table in (yp_deleted, yp_return):
        connection.execute(table.delete())
    everybody = known(people, adults)
    for feed, rows in night_rows(night, everybody).items():
        clear(connection, feed)
        say(connection, feed, spoil(rows))
    for place in (*DELETED, *range(30, 29 + night)):
        delete_child(connection, ypid(everybody[place]))


def night_rows(night: int, everybody: Sequence[Person]) -> dict[str, list[Row]]:
    rows: dict[str, list[Row]] = {"referrals": [], "assessments": [], "orders": []}
    for place, person in enumerate(everybody):
        rows["assessments"] += _assessments(person, place, _chance(person, "assessment"))
        if place % 2 == 0:
            rows["orders"] += _orders(person, place, _chance(person, "order"), night)
        if place % 3 == 0 or (night > 1 and place % 12 == night % 12):
            rows["referrals"] += _referrals(person, _chance(person, "referral"))
    return rows


def _chance(person: Person, item: str) -> random.Random:
    """The same every night, and no item's news changes another's."""
    return random.Random(f"{person.truth_id} {item}")


def _returns(person: Person, place: int) -> Iterator[Row]:
    """A child of the summer stands in both returns; the others in the autumn's alone."""
    if place % 3 != 0:
        yield {**document(person), **SUMMER}
    yield {**document(person), **AUTUMN}


def _day(rng: random.Random) -> date:
    return date(2026, 8, 1) + timedelta(days=rng.randrange(50))


def _assessments(person: Person, place: int, rng: random.Random) -> Iterator[Row]:
    stated = {concern: rng.choice(("YES", "NO", "NO")) for concern in CONCERNS}
    item = {
        "assessmentID": f"AP{ypid(person)}",
        "date": _day(rng),
        "roshjudgement": rng.choice(("LOW", "LOW", "MEDIUM", "HIGH")),
        "safetyWellbeingJudgement": rng.choice(("LOW", "MEDIUM", "MEDIUM", "HIGH")),
        **stated,
    }
    for number, document_ in enumerate(_returns(person, place)):
        stage = {"stage": ("START", "REVIEW")[number], "assessmentStatus": "COMPLETE"}
        yield {**document_, **item, **stage}


def _orders(person: Person, place: int, rng: random.Random, night: int) -> Iterator[Row]:
    disposal, begun = rng.choice(list(ORDERS)), _day(rng)
    item = {
        "interventionProgrammeID": f"IP{ypid(person)}",
        "disposalType": disposal,
        "cmsdisposalType": ORDERS[disposal],
        "startDate": begun,
        "endDate": NO_DAY,
        "kpi6SuccessfullyCompleted": None,
    }
    if place % 20 == 2 * (night - 1):
        # The news of a night: it has ended.
        ended = {"endDate": morning(night).date(), "kpi6SuccessfullyCompleted": rng.choice(("YES", "NO"))}
        item = {**item, **ended}
    yield from ({**document_, **item} for document_ in _returns(person, place))


def _referrals(person: Person, rng: random.Random) -> Iterator[Row]:
    need, screened = rng.choice(NEEDS), _day(rng)
    referred = screened + timedelta(days=rng.randrange(15))
    screened_in, referred_in = {
        "MENTAL_HEALTH": ("kpi4MHDateScreened", "kpi4MHDateReferred"),
        "SUBSTANCE_MISUSE": ("kpi5SMDateScreened", "kpi5SMDateReferred"),
    }.get(need, ("dateScreened", "dateReferred"))
    yield {
        **document(person),
        **AUTUMN,
        "referralID": f"RF{ypid(person)}",
        "need": need,
        "service": SERVICES.get(need, "Northmoor Early Help Hub"),
        "urgency": rng.choice(("ROUTINE", "ROUTINE", "SOON", "URGENT")),
        "consentGivenBy": rng.choice(("CHILD", "PARENT", "CARER")),
        "worker": f"Case worker {surname(rng, OFFICERS)}",
        screened_in: screened,
        referred_in: referred,
        **_around(need, rng, referred),
    }


def _around(need: str, rng: random.Random, referred: date) -> Row:
    """What a service asks about beside the need."""
    told = rng.choice(("TOLD", "TOLD", "TOLD", "NOT_TOLD"))
    said = {
        "parentsTold": told,
        "parentsNotToldReason": "it may put the child at risk" if told == "NOT_TOLD" else None,
        "onOrder": rng.choice(("YES", "NO")),
        "weeklyHoursAttended": rng.choice(("25", "25", "12.5", "6", "0")),
        "gpPractice": rng.choice(PRACTICES),
        "school": rng.choice(SCHOOLS),
        "childView": rng.choice(("GIVEN", "GIVEN", "DECLINED")),
        "parentsView": rng.choice(("GIVEN", "NOT_ASKED")),
        "safeContact": rng.choice(("telephone the parent after four", "write to the school", None)),
    }
    if need != "SAFEGUARDING":
        return said
    harm, factors = rng.choice((("EXPLOITATION", "13A;24A"), ("SELF_HARM", "15A"), ("NEGLECT", "19C")))
    phoned = datetime.combine(referred, time(10, 30), UTC).isoformat()
    return {
        **said,
        "concern": harm,
        "assessmentFactors": factors,
        "phonedAt": phoned,
        "riskMarkers": rng.choice(("SG", "SG;SW")),
        "consentGivenBy": None,
        "noConsentReason": "asking would put the child at risk",
    }
