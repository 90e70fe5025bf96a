"""The makers of numbers, held against published examples."""

import re
from itertools import islice

import pytest

from simulators.identifiers import (
    cro,
    nhs_number,
    nhs_numbers,
    pnc,
    postcodes,
    sf_cro,
    short_pnc,
    upn,
    upn_letter,
)


@pytest.mark.parametrize(
    ("published", "where"),
    [
        ("9000000009", "PDS sandbox"),
        ("9000000033", "PDS sandbox"),
        ("9693632109", "PDS sandbox test patient"),
        ("9912003888", "e-Referral Service minimal request"),
        ("9449305552", "PDS search example"),
        ("9434765919", "the usual example number"),
    ],
)
def test_the_tenth_digit_of_a_published_nhs_number_is_the_one_we_make(published, where):
    assert nhs_number(published[:9]) == published


@pytest.mark.parametrize(
    ("refused", "where"),
    [
        ("3478526985", "BaRS examples: marked as verified, fails Mod 11"),
        ("7778521234", "BaRS examples: fails Mod 11"),
        ("4857773456", "BaRS specification text: fails Mod 11"),
    ],
)
def test_a_published_wrong_nhs_number_is_never_made(refused, where):
    assert nhs_number(refused[:9]) != refused


def test_no_nhs_number_is_made_where_the_check_digit_would_be_ten():
    assert nhs_number("900000005") is None


def test_nhs_numbers_stay_in_the_test_range_and_never_repeat():
    made = list(islice(nhs_numbers(2026), 5000))
    assert len(set(made)) == 5000
    assert all(re.fullmatch(r"9\d{9}", number) for number in made)


@pytest.mark.parametrize(
    ("published", "where"),
    [
        ("H801200001001", "DfE UPN guide, annex A"),
        ("X00180001701A", "DfE UPN guide 6.1: temporary, ends in a letter"),
        ("A950000178301", "children in need rule 1510"),
        ("Q247962919251", "children in need rule 1510: the letter the rule expects"),
    ],
)
def test_the_letter_of_a_published_upn_is_the_one_we_make(published, where):
    assert upn_letter(published[1:]) == published[0]


def test_a_made_upn_has_thirteen_characters_of_an_authority_that_does_not_exist():
    assert re.fullmatch(r"[A-HJ-NP-RT-Z]999\d{9}", upn(4001, 2015, 37))


@pytest.mark.parametrize(
    ("year", "serial", "published", "short"),
    [
        (1981, 34, "1981/0000034U", "81/34U"),
        (2002, 73319, "2002/0073319Z", "02/73319Z"),
        (1979, 163001, "1979/0163001B", "79/163001B"),
    ],
)
def test_a_pnc_id_is_made_as_the_published_cases_have_it(year, serial, published, short):
    assert pnc(year, serial) == published
    assert short_pnc(published) == short


def test_a_pnc_id_with_the_wrong_letter_is_never_made():
    assert pnc(2001, 171310) != "2001/0171310S"


def test_cro_numbers_are_made_as_the_published_cases_have_them():
    assert cro(1991, 65656) == "065656/91H"
    assert sf_cro(2005, 482703) == "SF05/482703J"
    assert cro(1965, 85227) != "085227/65G"


def test_postcodes_are_well_formed_in_an_area_nobody_lives_in_and_do_not_repeat():
    made = list(islice(postcodes(0), 32_400))
    assert len(set(made)) == 32_400
    assert all(re.fullmatch(r"NX[1-9] [1-9][ABD-HJLNP-UW-Z]{2}", code) for code in made)
