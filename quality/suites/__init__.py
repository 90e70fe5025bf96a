"""What each partner promised, and the words of every rule."""

from __future__ import annotations

from collections.abc import Iterable
from functools import cache
from importlib.metadata import entry_points

from quality.rules import RuleWords, Suite
from quality.suites.hub_rules import HUB_RULES
from quality.suites.matching import MATCHING

GROUP = "referral_hub.suites"


@cache
def suites() -> tuple[Suite, ...]:
    """Of every partner that is connected, found as the hub finds them, by name."""
    points = sorted(entry_points(group=GROUP), key=lambda point: point.name)
    return tuple(point.load() for point in points)


def every_rule(among: Iterable[Suite] | None = None) -> tuple[RuleWords, ...]:
    """The hub's own, then each suite's."""
    theirs = (
        rule
        for suite in (suites() if among is None else among)
        for rule in (*suite.found_in_messages, *suite.all_rules())
    )
    return (*HUB_RULES, *MATCHING, *theirs)


def rule_codes() -> frozenset[str]:
    return frozenset(rule.code for rule in every_rule())


def rule_named(code: str, among: Iterable[Suite] | None = None) -> RuleWords | None:
    """None where the partner's package that brought the rule is no longer here."""
    return next((rule for rule in every_rule(among) if rule.code == code), None)
