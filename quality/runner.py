"""Rules run in Great Expectations: a frame and a suite in, a verdict out. Keys only, never values.

Great Expectations takes seconds to import, so it is imported when first used, and preloaded in the
processes that fork our tasks.
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date
from functools import cache
from typing import Any

import polars as pl
from polars.exceptions import PolarsError

from quality.rules import DAY, Expectation, Filled, Holds, Matches, OneOf, Rule, Unique
from schemas.hops import PLACE, Finding, Verdict

# Failing rows are told by where they stand in the frame, and nothing else is. Without an index column of
# our own the library takes the frame's, whole; with one it picks it out row by row, sixteen times slower.
KEYS_ONLY = {
    "result_format": "COMPLETE",
    "exclude_unexpected_values": True,
    "return_unexpected_index_query": False,
    "partial_unexpected_count": 0,
}


def assess(rules: Sequence[Rule], frame: pl.DataFrame, *, on: date | None = None) -> Verdict:
    """`frame` has the places (message, row, part) beside the columns that the rules name.

    `on` is the day the records came. Without it, a rule that compares with the day is not assessed.
    """
    if not rules or frame.is_empty():
        return Verdict()
    dated = frame if on is None else frame.with_columns(pl.lit(on, dtype=pl.Date).alias(DAY))
    able = [rule for rule in rules if _columns(rule.expect) <= set(dated.columns)]
    able, sight = _sight(able, dated)
    findings, broken_down = _run(able, sight, frame.select(PLACE)) if able else ([], ())
    not_assessed = [rule.code for rule in rules if rule not in able or rule.code in broken_down]
    return Verdict(tuple(findings), tuple(not_assessed))


def _columns(expect: Expectation) -> set[str]:
    return {expect.column} if isinstance(expect, Filled | OneOf | Matches) else set(expect.columns)


def _sight(rules: list[Rule], frame: pl.DataFrame) -> tuple[list[Rule], pl.DataFrame]:
    """What the rules look at, comparisons worked out; and the rules of which that could be done."""
    try:
        return rules, _looked_at(rules, frame)
    except PolarsError:
        # The library's words may hold a value, so they go no further.
        able = [rule for rule in rules if _can_be_looked_at(rule, frame)]
    return able, _looked_at(able, frame)


def _can_be_looked_at(rule: Rule, frame: pl.DataFrame) -> bool:
    try:
        _looked_at([rule], frame)
    except PolarsError:
        return False
    return True


def _looked_at(rules: list[Rule], frame: pl.DataFrame) -> pl.DataFrame:
    worked_out = {_derived(rule): made for rule in rules if (made := _worked_out(rule.expect)) is not None}
    plain = {name for rule in rules if _worked_out(rule.expect) is None for name in _columns(rule.expect)}
    # Lazy, because only a lazy query works out once what several comparisons share.
    return frame.lazy().with_columns(**worked_out).select(*sorted(plain), *worked_out).collect()


def _worked_out(expect: Expectation) -> pl.Expr | None:
    """What stands in for the values themselves, where they need not be handed over."""
    if isinstance(expect, Holds):
        return expect.expr()
    if isinstance(expect, Filled):
        # An instant with its zone, handed over as it is, takes the library longer than all other rules.
        return pl.when(pl.col(expect.column).is_not_null()).then(pl.lit(value=True))
    return None


def _run(rules: list[Rule], sight: pl.DataFrame, places: pl.DataFrame) -> tuple[list[Finding], set[str]]:
    by_code = {rule.code: rule for rule in rules}
    findings, broken_down = [], set()
    for result in _validate(rules, _pandas(sight)):
        rule = by_code[result.expectation_config.meta["code"]]
        if _broke_down(result):
            broken_down.add(rule.code)
        elif not result.success:
            failing = places[sorted(result.result["unexpected_index_list"])]
            findings.append(Finding(rule.code, rule.consequence, rule.sentence, rule.field, failing))
    return findings, broken_down


def _validate(rules: list[Rule], data: Any) -> Sequence[Any]:
    import great_expectations as gx  # noqa: PLC0415

    suite = gx.ExpectationSuite(name="hop", expectations=[_expectation(rule) for rule in rules])
    batch = _context().data_sources.get("frames").get_asset("frame").get_batch_definition("whole")
    return batch.get_batch({"dataframe": data}).validate(suite, result_format=KEYS_ONLY).results  # type: ignore[no-any-return]


@cache
def _context() -> Any:
    import great_expectations as gx  # noqa: PLC0415

    context = gx.get_context(mode="ephemeral")
    context.variables.progress_bars = {"globally": False, "metric_calculations": False}
    source = context.data_sources.add_pandas("frames")
    source.add_dataframe_asset("frame").add_batch_definition_whole_dataframe("whole")
    return context


def _pandas(sight: pl.DataFrame) -> Any:
    """As Arrow columns. The default string view crashes the library."""
    import pandas as pd  # noqa: PLC0415

    return sight.to_arrow(compat_level=pl.CompatLevel.oldest()).to_pandas(types_mapper=pd.ArrowDtype)


def _derived(rule: Rule) -> str:
    return f"__{rule.code}"


def _expectation(rule: Rule) -> Any:
    from quality import expectations as ours  # noqa: PLC0415

    about: dict[str, Any] = {"meta": {"code": rule.code}}
    match rule.expect:
        case Filled():
            return ours.ExpectRowsToBeFilled(column=_derived(rule), **about)
        case OneOf(column, values):
            return ours.ExpectRowsToBeInSet(column=column, value_set=list(values), **about)
        case Matches(column, pattern):
            # The library looks for the pattern anywhere in the value.
            return ours.ExpectRowsToMatch(column=column, regex=f"^(?:{pattern})", **about)
        case Unique((column,)):
            return ours.ExpectRowsToBeUnique(column=column, **about)
        case Unique(columns):
            return ours.ExpectRowsToBeUniqueTogether(column_list=list(columns), **about)
        case Holds():
            return ours.ExpectRowsToBeInSet(column=_derived(rule), value_set=[True], **about)


def _broke_down(result: Any) -> bool:
    """An expectation that could not be computed says nothing about the data."""
    about = result.exception_info or {}
    if "raised_exception" in about:
        return bool(about["raised_exception"])
    return any(one.get("raised_exception") for one in about.values() if isinstance(one, dict))
