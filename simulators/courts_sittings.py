"""What happened in court: who sat where, charged with what, and what was ordered."""

import random
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import UTC, date, datetime, time, timedelta
from itertools import chain, cycle, islice
from typing import Literal

from simulators.courts_results import RESULTS, Change, Result, made_id
from simulators.held import held_by
from simulators.nights import morning
from simulators.offences import OFFENCES, Offence
from simulators.people import TODAY, Adult, Person, YoungPerson, age_on

Kind = Literal["hearing", "application", "case", "police-result", "police-notification"]

# Named in the wording of charges, as real victims are. Whoever finds the name has found a leak.
VICTIM_SURNAME = "Vantresquilly"

SENTENCES = (
    ("referral_order",), ("youth_rehabilitation_order",), ("referral_order", "parenting_order"),
    ("conditional_discharge",), ("detention_and_training",), ("fine",), ("intensive_supervision",),
    ("reparation_order",), ("dismissed",), ("absolute_discharge",), ("withdrawn",),
)  # fmt: skip


@dataclass(frozen=True)
class Charge:
    offence: Offence
    results: tuple[Result, ...]
    committed_on: date
    wording: str


@dataclass(frozen=True)
class Party:
    """One defendant as the courts hold them. A defendant has a new id in every case; only the
    courts' master id joins the cases, and only while they believe it is one person."""

    person: Person
    charges: tuple[Charge, ...]
    bail: str = "A"


@dataclass(frozen=True)
class Sitting:
    number: int
    kind: Kind
    parties: tuple[Party, ...]
    sat_on: date
    shared: datetime
    change: Change = "none"

    @property
    def hearing_id(self) -> str:
        return made_id("hearing", self.number)

    @property
    def case_id(self) -> str:
        return made_id("case", self.number)

    @property
    def urn(self) -> str:
        return f"26NM{1_000_000 + self.number}"

    def defendant_id(self, party: Party) -> str:
        return made_id("defendant", self.number, party.person.truth_id)

    def offence_id(self, party: Party, place: int) -> str:
        return made_id("offence", self.number, party.person.truth_id, place)


@dataclass(frozen=True)
class Listing:
    """A line of the night's list: how many sittings of one kind, with how many children and adults."""

    times: int
    kind: Kind = "hearing"
    children: int = 1
    adults: int = 0
    ordered: str = ""
    bail: str = "A"


FIRST_NIGHT = (
    Listing(3, children=2),
    Listing(3, children=1, adults=1),
    Listing(2, children=0, adults=1),
    Listing(24),
    Listing(1, ordered="remand_youth_detention", bail="S"),
    Listing(1, ordered="remand_local_authority", bail="L"),
    Listing(2, ordered="conditional_bail", bail="B"),
    Listing(1, kind="application", ordered="order_revoked"),
    Listing(1, kind="police-result"),
    Listing(1, kind="police-notification"),
    Listing(1, kind="case", children=2),
)
LATER_NIGHTS = (
    Listing(4),
    Listing(1, children=1, adults=1),
    Listing(1, ordered="remand_youth_detention", bail="S"),
    Listing(1, kind="application", ordered="order_revoked"),
    Listing(1, kind="police-result"),
)

# Of the children with an oddity, as many as this are before the court on the first night.
BEFORE_THE_COURT = {
    "twin": 2, "sibling": 2, "alias": 4, "typing_slip": 4, "swapped_day_month": 3, "moved": 3,
    "adopted_before": 1, "word_surname": 3, "punctuated_surname": 1, "accented": 3, "namesake": 2,
    "witness_protected": 1, "no_fixed_abode": 1, "eighteen_tomorrow": 1,
}  # fmt: skip


def sittings(night: int, people: Sequence[YoungPerson], adults: Sequence[Adult]) -> list[Sitting]:
    """New that night. Twins stand together, siblings too; the adopted child stands under the old name."""
    listed = list(chain.from_iterable([each] * each.times for each in _list_of(night)))
    waiting, grown = _waiting(night, people), islice(cycle(adults), night * 10, None)
    found = []
    for place, listing in enumerate(listed):
        persons = [*islice(waiting, listing.children), *islice(grown, listing.adults)]
        found.append(_sitting(night, place, listing, persons))
    return found


def shared_again(night: int, people: Sequence[YoungPerson], adults: Sequence[Adult]) -> list[Sitting]:
    """Four of the night before: results put right or struck out, one of them told to the police."""
    singles = [each for each in sittings(night - 1, people, adults) if _one_child_sentenced(each)]
    changes: tuple[tuple[Change, Kind], ...] = (
        ("amended", "hearing"),
        ("deleted", "hearing"),
        ("amended", "hearing"),
        ("deleted", "police-notification"),
    )
    return [
        replace(sitting, change=change, kind=kind, shared=_shared(night, 90 + place))
        for place, (sitting, (change, kind)) in enumerate(zip(singles, changes, strict=False))
    ]


def _one_child_sentenced(sitting: Sitting) -> bool:
    if sitting.kind != "hearing" or len(sitting.parties) > 1:
        return False
    party = sitting.parties[0]
    return (
        isinstance(party.person, YoungPerson)
        and party.bail == "A"
        and bool(party.charges[0].results[0].value)
    )


def _list_of(night: int) -> Sequence[Listing]:
    return FIRST_NIGHT if night == 1 else LATER_NIGHTS


def _waiting(night: int, people: Sequence[YoungPerson]) -> Iterator[YoungPerson]:
    earlier = sum(each.times * each.children for past in range(1, night) for each in _list_of(past))
    return islice(cycle(_docket(people)), earlier, None)


def _docket(people: Sequence[YoungPerson]) -> list[YoungPerson]:
    """The oddities first; then in turn one whom the police refer the first night and one whom they do not."""
    odd = [person for name, some in BEFORE_THE_COURT.items() for person in _of_kind(people, name)[:some]]
    # Somebody of eleven or more was ten when the charge arose.
    ordinary = [each for each in people if not each.oddities and age_on(TODAY, each.born_on) > 10]
    known, unknown = ordinary[:100], ordinary[100:]
    return [*odd, *chain.from_iterable(zip(known, unknown, strict=False))]


def _of_kind(people: Sequence[YoungPerson], oddity: str) -> list[YoungPerson]:
    return [person for person in people if oddity in person.oddities]


def _sitting(night: int, place: int, listing: Listing, persons: Sequence[Person]) -> Sitting:
    number, sat_on = night * 100 + place, _last_weekday(morning(night).date())
    ordered = (listing.ordered,) if listing.ordered else SENTENCES[place % len(SENTENCES)]
    parties = tuple(_party(number, person, ordered, listing.bail, sat_on) for person in persons)
    return Sitting(number, listing.kind, parties, sat_on, _shared(night, place))


def _party(number: int, person: Person, ordered: Sequence[str], bail: str, sat_on: date) -> Party:
    held = held_by(person, "courts")
    rng = random.Random(f"{number} {person.truth_id}")
    ordered = ordered if isinstance(person, YoungPerson) else ("community_order",)
    results = tuple(RESULTS[name] for name in ordered)
    charges = [_charge(rng, results, sat_on)]
    if number % 3 == 0:
        charges.append(_charge(rng, (RESULTS["no_separate_penalty"],), sat_on))
    custody = next((result.custody for result in results if result.custody != "A"), bail)
    return Party(held, tuple(charges), custody)


def _charge(rng: random.Random, results: tuple[Result, ...], sat_on: date) -> Charge:
    offence, committed = rng.choice(OFFENCES), sat_on - timedelta(days=rng.randrange(30, 120))
    wording = (
        f"On {committed:%d/%m/%Y} at Northmoor: {offence.title}, against a person named {VICTIM_SURNAME}"
    )
    return Charge(offence, results, committed, wording)


def _shared(night: int, minutes: int) -> datetime:
    """Results are shared in the evening of the last court day before the night's files are written."""
    return datetime.combine(_last_weekday(morning(night).date()), time(16, 30), UTC) + timedelta(
        minutes=minutes
    )


def _last_weekday(day: date) -> date:
    return day - timedelta(days={0: 3, 6: 2}.get(day.weekday(), 1))
