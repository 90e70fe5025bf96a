"""The cast: the same invented young people every time, with the truth about each."""

import random
from collections.abc import Callable, Iterator, Sequence
from dataclasses import replace
from datetime import date, timedelta

from simulators import identifiers, names, places
from simulators.people import TODAY, Adult, Identifiers, Sex, YoungPerson

YOUNGEST = date(TODAY.year - 10, TODAY.month, TODAY.day)
OLDEST = date(TODAY.year - 18, TODAY.month, TODAY.day) + timedelta(days=1)

# Most of a youth justice service's children are 14 to 17.
AGES = {10: 1, 11: 2, 12: 4, 13: 8, 14: 14, 15: 20, 16: 24, 17: 27}
SEXES: dict[Sex, int] = {"M": 78, "F": 20, "X": 1, "U": 1}

# Two sisters share a surname, home and often a school, and are two children: the linker must see both.
SIBLING_GROUPS = (2, 2, 2, 2, 3)
TWIN_PAIRS = 3
BYSTANDERS = 40

# Adults are dealt from far down the list, so that no cast up to this size shares a number with them.
FIRST_BYSTANDER = 100_000


class Casting:
    """Deals out what only one child may have: numbers, homes, a place in the list."""

    def __init__(self, seed: int, book: names.Book, dealt: int = 0) -> None:
        self.book = book
        self.rng = random.Random(seed)
        self._nhs = identifiers.nhs_numbers(seed + 2 * dealt)
        self._homes = places.addresses(self.rng, first_block=dealt // places.DOORS)
        self._dealt = dealt

    def move_on(self) -> None:
        """Whoever is dealt next lives at another postcode."""
        for _ in range(places.DOORS):
            next(self._homes)

    def birth_date(self) -> date:
        age = self.rng.choices(list(AGES), weights=list(AGES.values()))[0]
        return _years_before(TODAY, age) - timedelta(days=self.rng.randrange(365))

    def person(self, *oddities: str, born_on: date | None = None) -> YoungPerson:
        self._dealt += 1
        sex = self.rng.choices(list(SEXES), weights=list(SEXES.values()))[0]
        origin, born_on = names.origin(self.rng, self.book), born_on or self.birth_date()
        return YoungPerson(
            truth_id=f"YP-{self._dealt:04d}",
            family_name=names.surname(self.rng, origin),
            given_names=names.given_names(self.rng, self.book, sex),
            aliases=(),
            born_on=born_on,
            sex=sex,
            ethnicity_self_defined=self.rng.choice(origin.self_defined),
            ethnicity_observed=origin.observed if self.rng.random() < 0.95 else "9",
            address=next(self._homes),
            identifiers=self._numbers(born_on),
            oddities=frozenset(oddities),
        )

    def with_pnc(self, *oddities: str, born_on: date | None = None) -> YoungPerson:
        """Somebody the police have certainly given a number to."""
        person = self.person(*oddities, born_on=born_on)
        return replace(person, identifiers=replace(person.identifiers, pnc=self._pnc(person.born_on)))

    def _numbers(self, born_on: date) -> Identifiers:
        school, serial = divmod(self._dealt, 1000)
        known_to_police, fingerprinted = self.rng.random() < 0.75, self.rng.random() < 0.2
        return Identifiers(
            nhs_number=next(self._nhs),
            upn=identifiers.upn(4001 + school, born_on.year + 5, serial),
            pnc=self._pnc(born_on) if known_to_police else None,
            cro=self._cro(born_on) if fingerprinted else None,
        )

    def _cro(self, born_on: date) -> str:
        """One in five is of the older kind."""
        make = identifiers.sf_cro if self._dealt % 5 == 0 else identifiers.cro
        return make(born_on.year + 10, 20_000 + self._dealt)

    def _pnc(self, born_on: date) -> str:
        """No child under ten has one; most are first given one at eleven to thirteen."""
        year = born_on.year + 11 + self._dealt % 3
        return identifiers.pnc(min(year, TODAY.year), 100_000 + self._dealt * 37)


def cast(seed: int = 2026, size: int = 500) -> tuple[YoungPerson, ...]:
    """The first few dozen are the hard cases, in a fixed order; the rest are ordinary."""
    casting = Casting(seed, names.CHILDREN)
    people = [person for scene in SCENES for person in scene(casting)]
    if size < len(people):
        raise ValueError(f"the cast needs at least {len(people)} people to hold every hard case")
    people += [casting.person() for _ in range(size - len(people))]
    return tuple(people)


def bystanders(seed: int = 2026) -> tuple[Adult, ...]:
    """Adults partners send by mistake or beside a child. The first is 18 to the day."""
    casting = Casting(seed, names.GROWN_UPS, dealt=FIRST_BYSTANDER)
    of_age = _adult(casting, _years_before(TODAY, 18), "eighteen_today")
    return (of_age, *(_adult(casting, _adult_birth_date(casting.rng)) for _ in range(BYSTANDERS - 1)))


def _adult(casting: Casting, born_on: date, *oddities: str) -> Adult:
    person = casting.with_pnc("adult", *oddities, born_on=born_on)
    fields = {name: value for name, value in vars(person).items() if name != "never_join"}
    return Adult(**{**fields, "truth_id": f"AD-{person.truth_id[3:]}"})


def _adult_birth_date(rng: random.Random) -> date:
    return _years_before(TODAY, rng.randint(19, 60)) - timedelta(days=rng.randrange(365))


def _years_before(day: date, years: int) -> date:
    return day.replace(year=day.year - years)


def _twins(casting: Casting) -> Iterator[YoungPerson]:
    for _ in range(TWIN_PAIRS):
        first = casting.with_pnc("twin")
        second = casting.with_pnc("twin", born_on=first.born_on)
        yield first
        yield replace(_of_one_home(first, second), given_names=_another_name(casting, first, second.sex))


def _siblings(casting: Casting) -> Iterator[YoungPerson]:
    for size in SIBLING_GROUPS:
        eldest = casting.person("sibling")
        yield eldest
        for _ in range(size - 1):
            yield _of_one_home(eldest, casting.person("sibling"))


def _of_one_home(first: YoungPerson, second: YoungPerson) -> YoungPerson:
    return replace(
        second,
        family_name=first.family_name,
        address=first.address,
        ethnicity_self_defined=first.ethnicity_self_defined,
        ethnicity_observed=first.ethnicity_observed,
    )


def _another_name(casting: Casting, twin: YoungPerson, sex: str) -> str:
    while True:
        name = names.forename(casting.rng, casting.book, sex)
        if name[:5] != twin.first_name[:5]:
            return name


def _aliases(casting: Casting) -> Iterator[YoungPerson]:
    for _ in range(6):
        person = casting.with_pnc("alias")
        street_name = names.forename(casting.rng, casting.book, person.sex)
        yield replace(person, aliases=(f"{street_name} {person.family_name}",))


def _slips(casting: Casting) -> Iterator[YoungPerson]:
    """Children whose names and dates some partner writes down wrongly: see `held`."""
    yield from (casting.person("typing_slip") for _ in range(6))
    for _ in range(4):
        born_on = date(casting.rng.randint(2009, 2013), 9, casting.rng.randint(1, 8))
        yield casting.with_pnc("swapped_day_month", born_on=born_on)
    yield from (casting.with_pnc("moved") for _ in range(3))


def _adopted(casting: Casting) -> Iterator[YoungPerson]:
    """One child, two records that must stay apart: nothing but the first name and birth date is shared."""
    before = casting.person("adopted_before")
    casting.move_on()
    after = casting.with_pnc("adopted_after", born_on=before.born_on)
    yield replace(before, never_join=after.truth_id)
    yield replace(
        after,
        never_join=before.truth_id,
        sex=before.sex,
        given_names=before.first_name,
        ethnicity_self_defined=before.ethnicity_self_defined,
        ethnicity_observed=before.ethnicity_observed,
    )


def _named_oddly(casting: Casting) -> Iterator[YoungPerson]:
    for name in names.WORD_SURNAMES:
        yield replace(casting.with_pnc("word_surname"), family_name=name)
    yield replace(casting.with_pnc("punctuated_surname"), family_name="O'Neill-Smith")
    for name in names.ACCENTED:
        yield replace(casting.with_pnc("accented"), family_name=name)


def _namesakes(casting: Casting) -> Iterator[YoungPerson]:
    """Two strangers with one name, born years apart."""
    elder = casting.with_pnc("namesake", born_on=date(2009, 3, 14))
    casting.move_on()
    younger = casting.with_pnc("namesake", born_on=date(2013, 9, 2))
    yield elder
    yield replace(younger, family_name=elder.family_name, given_names=elder.given_names, sex=elder.sex)


def _set_apart(casting: Casting) -> Iterator[YoungPerson]:
    yield casting.with_pnc("witness_protected")
    for _ in range(2):
        yield replace(casting.with_pnc("no_fixed_abode"), address=places.NO_FIXED_ABODE)
    yield casting.person("tenth_birthday_today", born_on=YOUNGEST)
    yield casting.with_pnc("eighteen_tomorrow", born_on=OLDEST)


SCENES: Sequence[Callable[[Casting], Iterator[YoungPerson]]] = (
    _twins, _siblings, _aliases, _slips, _adopted, _named_oddly, _namesakes, _set_apart,
)  # fmt: skip
