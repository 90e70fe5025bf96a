"""The page of all rules is the one that the suites make."""

from quality.rules import MessageConsequence
from quality.rules_page import CONSEQUENCES, HOPS, PLACE, page
from quality.suites import every_rule
from schemas.hops import Consequence, Hop


def test_the_page_is_fresh():
    assert PLACE.read_text(encoding="utf-8") == page(), "write it anew: python -m quality.rules_page"


def test_every_rule_is_on_the_page_once():
    titles = [line.removeprefix("### ") for line in page().splitlines() if line.startswith("### ")]

    assert sorted(titles) == sorted(rule.code for rule in every_rule())


def test_every_consequence_and_hop_has_its_words():
    assert set(CONSEQUENCES) == {*Consequence, *MessageConsequence}
    assert set(HOPS) == set(Hop)
