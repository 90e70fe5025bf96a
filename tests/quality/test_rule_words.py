"""The words of the rules are read by people who can act on them."""

import re
from pathlib import Path

import pytest

from quality.rules import Dimension, Filled, RuleWords, Suite, warn
from quality.suites import every_rule, rule_named, suites
from quality.suites.hub_rules import HUB_RULES
from schemas.hops import Consequence, Hop

ROOT = Path(__file__).parents[2]
ROOMS = ("connectors", "hub", "quality")
CODE = re.compile(r"^[A-Z]{3,}-[A-Z][0-9]{2}$")
CODE_IN_SOURCE = re.compile(r'"([A-Z]{3,}-[A-Z][0-9]{2})"')
JARGON = re.compile(
    r"\b(null|nullable|schema|regex|boolean|string|dataframe|parse|payload|enum|ISO 8601)\b", re.IGNORECASE
)
LONGEST_FIX = 80

every = pytest.mark.parametrize("rule", every_rule(), ids=lambda rule: rule.code)


@every
def test_a_rule_is_told_in_plain_words(rule: RuleWords):
    assert not JARGON.findall(f"{rule.sentence} {rule.why} {rule.fix} {rule.owner}")


@every
def test_a_rule_says_what_it_asks_why_who_acts_and_how(rule: RuleWords):
    sentences = (rule.sentence, rule.why, rule.fix)

    assert all(words[0].isupper() and words.endswith(".") for words in sentences)
    assert all("  " not in words for words in sentences)
    assert rule.owner
    assert len(rule.sentence.split(". ")) == 1
    assert len(rule.fix.split()) <= LONGEST_FIX


def test_a_code_has_one_meaning():
    codes = [rule.code for rule in every_rule()]

    assert sorted(set(codes)) == sorted(codes)
    assert all(CODE.match(code) for code in codes)


def test_the_hubs_own_rules_are_those_that_its_readers_and_tables_find():
    codes = {rule.code for rule in HUB_RULES}

    assert codes >= {f"HUB-R{number:02d}" for number in range(1, 12)}
    assert codes >= {"HUB-T01", "HUB-T02", "HUB-T03", "HUB-T05"}


def given() -> set[str]:
    """The codes that readers, tables and clients give, as they stand in their sources."""
    sources = [
        source for room in ROOMS for source in (ROOT / room).rglob("*.py") if "suites" not in source.parts
    ]
    return {code for source in sources for code in CODE_IN_SOURCE.findall(source.read_text(encoding="utf-8"))}


def test_every_code_that_the_program_gives_has_its_words():
    assert {code for code in given() if rule_named(code) is None} == set()


def test_no_words_stand_for_a_code_that_nothing_gives():
    found_by_clients = [rule for suite in suites() for rule in suite.found_in_messages]

    assert {rule.code for rule in (*HUB_RULES, *found_by_clients)} - given() == set()


def test_a_rule_is_found_by_its_code_also_one_that_a_partners_own_package_brings():
    theirs = warn(
        "HSG-T01",
        "A notice names the landlord.",
        Filled("landlord"),
        why="Why.",
        fix="Fix.",
        owner="housing data lead",
        dimension=Dimension.COMPLETENESS,
    )
    housing = Suite("housing", {"notices": {Hop.RECEIVED: (theirs,)}})

    assert rule_named("POL-R02") is not None
    assert rule_named("HSG-T01") is None
    assert rule_named("HSG-T01", (*suites(), housing)) is theirs


@pytest.mark.parametrize("suite", suites(), ids=lambda suite: suite.partner)
def test_nothing_is_set_aside_where_there_is_no_value_of_ours(suite: Suite):
    # As it comes the row is the partner's own, and on its way out it is what was agreed: only a record in
    # our words has a value that can be left out.
    for hops in suite.feeds.values():
        for hop, rules in hops.items():
            asides = [rule for rule in rules if rule.consequence is Consequence.SET_ASIDE]
            assert not asides or hop is Hop.TRANSLATED
