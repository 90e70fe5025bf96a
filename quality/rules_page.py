"""The reference page of all rules, drawn from the suites: `python -m quality.rules_page` writes it anew."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path

from quality.rules import MessageConsequence, RuleWords, Suite
from quality.suites import suites
from quality.suites.hub_rules import ANSWERS, MESSAGES, RECORDS
from quality.suites.matching import MATCHING
from schemas.hops import Consequence, Hop

PLACE = Path(__file__).parents[1] / "docs" / "reference" / "rules.md"

CONSEQUENCES: Mapping[Consequence | MessageConsequence, str] = {
    MessageConsequence.REJECT_MESSAGE: "the message is parked whole",
    MessageConsequence.COUNT_ONCE: "the message is counted as a duplicate",
    Consequence.REJECT_BATCH: "the batch is parked whole, for a person to look",
    Consequence.HOLD_ROW: "the record waits for a person",
    Consequence.SET_ASIDE: "the value is left out, the record goes on",
    Consequence.WARN: "the record goes on, and it is told",
}

HOPS: Mapping[Hop, str] = {
    Hop.RECEIVED: "as it comes (received)",
    Hop.TRANSLATED: "in our words (translated)",
    Hop.MATCHED: "once it is known which child it is (matched)",
    Hop.RECORDED: "in the record (recorded)",
    Hop.OUTGOING: "before it is sent (outgoing)",
    Hop.ACKNOWLEDGED: "of the answers (acknowledged)",
}

OPENING = """# The rules

For a partner's data lead, who finds a code on the morning page; and for whoever asks what is checked.

Each rule is a promise in one sentence, with what follows where it is not kept, what that does to a child,
and how it is put right in the partner's own system. A record is held only where it cannot be used: a bad
value is left out and its record goes on. A rule without what it looks at (an empty date) says nothing of
that record. Codes never change their meaning, and a code is never given away twice.

This page is drawn from `quality/suites/`; a test holds it to them.
"""


def page(among: Sequence[Suite] | None = None) -> str:
    told = suites() if among is None else among
    return "\n".join([OPENING, *_hub(), *(line for suite in told for line in _suite(suite))])


def _hub() -> Iterator[str]:
    yield from _section("Every partner: messages", MESSAGES)
    yield from _section("Every partner: records", RECORDS)
    yield from _section(f"Every partner: {HOPS[Hop.MATCHED]}", MATCHING)
    yield from _section(f"Every partner: {HOPS[Hop.ACKNOWLEDGED]}", ANSWERS)


def _suite(suite: Suite) -> Iterator[str]:
    name = suite.partner.capitalize() if suite.partner != "yjs" else "YJS"
    if suite.found_in_messages:
        yield from _section(f"{name}: messages", suite.found_in_messages)
    told = set[str]()
    for feed, hops in suite.feeds.items():
        for hop, rules in hops.items():
            yield from _section(f"{name}: {feed} {HOPS[hop]}", [one for one in rules if one.code not in told])
            if again := [one.code for one in rules if one.code in told]:
                yield f"Also, as above: {', '.join(again)}.\n"
            told |= {one.code for one in rules}


def _section(title: str, rules: Sequence[RuleWords]) -> Iterator[str]:
    yield f"## {title}\n"
    for rule in rules:
        yield from _rule(rule)


def _rule(rule: RuleWords) -> Iterator[str]:
    yield f"### {rule.code}\n"
    yield f"{rule.sentence}\n"
    yield f"- If not: {CONSEQUENCES[rule.consequence]} ({rule.consequence})."
    yield f"- Why: {rule.why}"
    yield f"- To put it right: {rule.fix}"
    yield f"- Who: {rule.owner}. Kind: {rule.dimension}.\n"


if __name__ == "__main__":
    PLACE.write_text(page(), encoding="utf-8")
