"""What each partner promised, and the words of every rule."""

from __future__ import annotations

from collections.abc import Iterable

from quality.rules import RuleWords, Suite
from quality.suites import courts, police, yjs
from quality.suites.hub_rules import HUB_RULES
from quality.suites.matching import MATCHING

SUITES: tuple[Suite, ...] = (courts.suite, police.suite, yjs.suite)


def every_rule(suites: Iterable[Suite] = SUITES) -> tuple[RuleWords, ...]:
    """The hub's own, then each suite's; a partner's own package adds its suite to `suites`."""
    theirs = (rule for suite in suites for rule in (*suite.found_in_messages, *suite.all_rules()))
    return (*HUB_RULES, *MATCHING, *theirs)


def rule_named(code: str, suites: Iterable[Suite] = SUITES) -> RuleWords | None:
    """None where the partner's package that brought the rule is no longer here."""
    return next((rule for rule in every_rule(suites) if rule.code == code), None)
