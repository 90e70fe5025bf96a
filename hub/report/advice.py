"""What is said of each rule: the promise that was not met, and what to do about it."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from hub.hub import Hub
from hub.store.reporting import UNREADABLE_ROW
from quality.reports.wording import ASK_THE_DESK, sentence
from quality.rules import RuleWords
from quality.suites.hub_rules import HUB_RULES
from quality.suites.matching import MATCHING


@dataclass(frozen=True)
class Advice:
    """`promises` are rules that say how it should be; the others already say what is wrong."""

    promises: tuple[RuleWords, ...]
    others: tuple[RuleWords, ...]

    @classmethod
    def of(cls, hub: Hub, partner: str) -> Advice:
        suite = hub.suite(partner)
        return cls((*MATCHING, *suite.all_rules()), (*HUB_RULES, *suite.found_in_messages))

    def why(self, words: str) -> str:
        for rule in self.promises:
            words = words.replace(rule.sentence, f"Not met: “{rule.sentence}”")
        return sentence(words)

    def fix(self, codes: Iterable[str]) -> str:
        """What to do about these rules, each remedy once."""
        known = {rule.code: rule.fix for rule in (*self.others, *self.promises)}
        wanted = list(codes)
        if UNREADABLE_ROW in wanted:
            # All else that is wrong with such a row comes from that.
            wanted = [UNREADABLE_ROW]
        found = dict.fromkeys(sentence(known[code]) for code in wanted if code in known)
        return " ".join(found) or ASK_THE_DESK
