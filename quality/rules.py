"""Rules as plain data. Only `quality.runner` turns them into Great Expectations."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from enum import StrEnum

import polars as pl

from schemas.hops import Consequence, Hop

# The day the records came, as a column that the runner adds where it is told the day: no rule reads a clock.
DAY = "__day"


class Dimension(StrEnum):
    """The six of the Government Data Quality Framework."""

    ACCURACY = "accuracy"
    COMPLETENESS = "completeness"
    CONSISTENCY = "consistency"
    TIMELINESS = "timeliness"
    UNIQUENESS = "uniqueness"
    VALIDITY = "validity"


class MessageConsequence(StrEnum):
    """What becomes of a whole message (a file, say), before its records are looked at."""

    REJECT_MESSAGE = "reject_message"
    COUNT_ONCE = "count_once"


@dataclass(frozen=True)
class Filled:
    """The column has a value in every row."""

    column: str


@dataclass(frozen=True)
class OneOf:
    """Where there is a value, it is one of these."""

    column: str
    values: tuple[str | int, ...]


@dataclass(frozen=True)
class Matches:
    """Where there is a value, it matches the pattern from its start."""

    column: str
    pattern: str


@dataclass(frozen=True)
class Unique:
    """No two rows have the same values here."""

    columns: tuple[str, ...]


@dataclass(frozen=True)
class Holds:
    """A comparison, computed in Polars first because nulls in dates break the pair expectations.

    False breaks the rule; null is not assessed. `columns` names all that it looks at, `DAY` among them.
    """

    columns: tuple[str, ...]
    expr: Callable[[], pl.Expr]


Expectation = Filled | OneOf | Matches | Unique | Holds


@dataclass(frozen=True)
class RuleWords:
    """What people read of a rule, also of one that a reader or a translation table finds by itself.

    `sentence` is for the partner; `why` and `fix` are read on their page; `owner` is who acts.
    """

    code: str
    consequence: Consequence | MessageConsequence
    sentence: str
    why: str
    fix: str
    owner: str
    dimension: Dimension


@dataclass(frozen=True, kw_only=True)
class Rule(RuleWords):
    consequence: Consequence
    expect: Expectation
    # The field of ours that is set aside; the column that is shown.
    field: str | None = None


def _rule(consequence: Consequence) -> Callable[..., Rule]:
    def make(
        code: str,
        sentence: str,
        expect: Expectation,
        *,
        why: str,
        fix: str,
        owner: str,
        dimension: Dimension,
        field: str | None = None,
    ) -> Rule:
        return Rule(
            code=code,
            consequence=consequence,
            sentence=sentence,
            expect=expect,
            why=why,
            fix=fix,
            owner=owner,
            dimension=dimension,
            field=field or _column(expect),
        )

    return make


def _column(expect: Expectation) -> str | None:
    columns = (expect.column,) if isinstance(expect, Filled | OneOf | Matches) else expect.columns
    return columns[0] if columns else None


# A check is named by its consequence.
reject_batch = _rule(Consequence.REJECT_BATCH)
hold_row = _rule(Consequence.HOLD_ROW)
set_aside = _rule(Consequence.SET_ASIDE)
warn = _rule(Consequence.WARN)


@dataclass(frozen=True)
class Suite:
    """What one partner's feeds promise at each hop.

    `found_in_messages` are the words for what the partner's own client finds of whole messages.
    """

    partner: str
    feeds: Mapping[str, Mapping[Hop, tuple[Rule, ...]]] = field(default_factory=dict)
    found_in_messages: tuple[RuleWords, ...] = ()

    def rules(self, feed: str, hop: Hop) -> tuple[Rule, ...]:
        return tuple(self.feeds.get(feed, {}).get(hop, ()))

    def all_rules(self) -> tuple[Rule, ...]:
        every = (rule for hops in self.feeds.values() for rules in hops.values() for rule in rules)
        return tuple({rule.code: rule for rule in every}.values())
