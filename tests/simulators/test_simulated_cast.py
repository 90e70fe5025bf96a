"""The invented people: the same every time, and as hard to tell apart as real ones."""

import pytest

from simulators.cast import bystanders, cast
from simulators.held import held_by
from simulators.people import TODAY, YoungPerson, age_on, traces

PEOPLE = cast()
ADULTS = bystanders()

IN_THE_CAST = {
    "twin": 6,
    "sibling": 11,
    "alias": 6,
    "typing_slip": 6,
    "swapped_day_month": 4,
    "moved": 3,
    "adopted_before": 1,
    "adopted_after": 1,
    "word_surname": 3,
    "punctuated_surname": 1,
    "accented": 5,
    "namesake": 2,
    "witness_protected": 1,
    "no_fixed_abode": 2,
    "tenth_birthday_today": 1,
    "eighteen_tomorrow": 1,
}


def having(oddity: str) -> list[YoungPerson]:
    return [person for person in PEOPLE if oddity in person.oddities]


def test_the_same_seed_gives_the_same_people_and_another_seed_others():
    assert cast() == PEOPLE
    assert cast(seed=7) != PEOPLE


def test_a_larger_cast_begins_with_the_smaller_one():
    assert cast(size=800)[:500] == PEOPLE


def test_a_cast_too_small_for_the_hard_cases_is_refused():
    with pytest.raises(ValueError, match="hard case"):
        cast(size=10)


def test_every_child_is_ten_to_seventeen_and_every_bystander_is_not():
    assert {age_on(TODAY, person.born_on) for person in PEOPLE} == set(range(10, 18))
    assert min(age_on(TODAY, adult.born_on) for adult in ADULTS) == 18


def test_the_hard_cases_are_all_there():
    assert {oddity: len(having(oddity)) for oddity in IN_THE_CAST} == IN_THE_CAST


@pytest.mark.parametrize("number", ["nhs_number", "upn", "pnc", "cro"])
def test_no_two_people_share_a_number(number):
    held = [getattr(person.identifiers, number) for person in PEOPLE + ADULTS]
    numbers = [value for value in held if value]
    assert len(set(numbers)) == len(numbers)


def test_twins_share_surname_home_and_birth_date_and_nothing_that_names_one_of_them():
    twins = having("twin")
    for first, second in zip(twins[::2], twins[1::2], strict=True):
        assert (first.family_name, first.address, first.born_on) == (
            second.family_name,
            second.address,
            second.born_on,
        )
        assert first.first_name[:5] != second.first_name[:5]
        assert first.identifiers.pnc != second.identifiers.pnc


def test_the_two_lives_of_an_adopted_child_share_a_first_name_and_birth_date_and_point_at_each_other():
    (before,), (after,) = having("adopted_before"), having("adopted_after")
    assert (before.never_join, after.never_join) == (after.truth_id, before.truth_id)
    assert (before.first_name, before.born_on) == (after.first_name, after.born_on)
    assert not {before.family_name, before.postcode, before.identifiers} & {
        after.family_name,
        after.postcode,
        after.identifiers,
    }


def test_namesakes_are_two_children_born_years_apart():
    elder, younger = having("namesake")
    assert elder.postcode != younger.postcode
    assert elder.full_name == younger.full_name
    assert younger.born_on.year - elder.born_on.year == 4


def test_a_pnc_id_was_never_given_before_the_tenth_birthday():
    known = [person for person in PEOPLE if person.identifiers.pnc]
    assert all(int(str(person.identifiers.pnc)[:4]) >= person.born_on.year + 10 for person in known)


@pytest.mark.parametrize(
    ("oddity", "partner", "differs"),
    [
        ("typing_slip", "police", {"family_name"}),
        ("typing_slip", "courts", {"given_names"}),
        ("swapped_day_month", "police", {"born_on"}),
        ("alias", "courts", {"given_names", "aliases"}),
        ("moved", "courts", {"address"}),
        ("twin", "police", set()),
    ],
)
def test_a_partner_holds_a_child_with_its_own_slip(oddity, partner, differs):
    person = having(oddity)[0]
    held = held_by(person, partner)
    assert {name for name in vars(person) if getattr(held, name) != getattr(person, name)} == differs


def test_a_name_long_enough_to_be_looked_for_in_a_log():
    words = {word for person in PEOPLE for word in person.given_names.split(" ")}
    words |= {person.family_name for person in PEOPLE if "word_surname" not in person.oddities}
    assert min(map(len, words)) >= 8


def test_the_traces_of_a_child_called_null_leave_that_word_out():
    null = having("word_surname")[0]
    assert null.family_name == "Null"
    assert "Null" not in traces(null)
    assert null.identifiers.nhs_number in traces(null)


def test_nobody_is_traced_by_the_sentinel_for_no_fixed_abode():
    assert all("NF1 1NF" not in traces(person) for person in having("no_fixed_abode"))


def test_no_grown_up_has_a_name_or_home_that_a_child_has():
    children = {trace for person in PEOPLE for trace in traces(person)}
    grown_ups = {trace for adult in ADULTS for trace in traces(adult)}
    assert not children & grown_ups
