"""Rules run in Great Expectations: a frame and a suite in, a verdict out. Keys only, never values.

Great Expectations takes seconds to import, so it is imported when first used, and preloaded in the
processes that fork our tasks.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from functools import cache
from typing import Any

import polars as pl

from quality.rules import Expectation, Filled, Holds, Matches, OneOf, Rule, Unique
from schemas.hops import PLACE, Finding, Verdict

# The row's place in the frame: one whole number, by which failing rows are told.
POSITION = "__position"
KEYS_ONLY = {
    "result_format": "COMPLETE",
    "unexpected_index_column_names": [POSITION],
    "exclude_unexpected_values": True,
    "return_unexpected_index_query": False,
}


def assess(rules: Sequence[Rule], frame: pl.DataFrame) -> Verdict:
    """`frame` has the places (message, row, part) beside the columns that the rules name."""
    if not rules or frame.is_empty():
        return Verdict()
    able = [rule for rule in rules if _columns(rule.expect) <= set(frame.columns)]
    missing = tuple(rule.code for rule in rules if rule not in able)
    if not able:
        return Verdict(not_assessed=missing)
    findings, failed_to_run = _run(able, frame)
    return Verdict(tuple(findings), missing + failed_to_run)


def _columns(expect: Expectation) -> set[str]:
    return {expect.column} if isinstance(expect, Filled | OneOf | Matches) else set(expect.columns)


def _run(rules: list[Rule], frame: pl.DataFrame) -> tuple[list[Finding], tuple[str, ...]]:
    results = _validate(rules, _pandas(rules, frame))
    by_code = {rule.code: rule for rule in rules}
    findings, not_assessed = [], []
    for result in results:
        rule = by_code[result.expectation_config.meta["code"]]
        if _broke_down(result):
            not_assessed.append(rule.code)
        elif not result.success:
            places = frame[sorted(_positions(result))].select(PLACE)
            findings.append(Finding(rule.code, rule.consequence, rule.sentence, rule.field, places))
    return findings, tuple(not_assessed)


def _validate(rules: list[Rule], data: Any) -> Sequence[Any]:
    import great_expectations as gx  # noqa: PLC0415

    context = _context()
    suite = gx.ExpectationSuite(
        name="hop", expectations=[_expectation(number, rule) for number, rule in enumerate(rules)]
    )
    batch = context.data_sources.get("frames").get_asset("frame").get_batch_definition("whole")
    return batch.get_batch({"dataframe": data}).validate(suite, result_format=KEYS_ONLY).results  # type: ignore[no-any-return]


@cache
def _context() -> Any:
    import great_expectations as gx  # noqa: PLC0415

    context = gx.get_context(mode="ephemeral")
    context.variables.progress_bars = {"globally": False, "metric_calculations": False}
    source = context.data_sources.add_pandas("frames")
    source.add_dataframe_asset("frame").add_batch_definition_whole_dataframe("whole")
    return context


def _pandas(rules: list[Rule], frame: pl.DataFrame) -> Any:
    """Only the columns that are looked at, as Arrow columns. The default string view crashes the library."""
    import pandas as pd  # noqa: PLC0415

    compared = {
        _derived(number): rule.expect.expr()
        for number, rule in enumerate(rules)
        if isinstance(rule.expect, Holds)
    }
    looked_at = sorted(
        {name for rule in rules if not isinstance(rule.expect, Holds) for name in _columns(rule.expect)}
    )
    wanted = frame.with_row_index(POSITION).select(
        pl.col(POSITION).cast(pl.Int64), *looked_at, *(expr.alias(name) for name, expr in compared.items())
    )
    table = wanted.to_arrow(compat_level=pl.CompatLevel.oldest())
    return table.to_pandas(types_mapper=pd.ArrowDtype)


def _derived(number: int) -> str:
    return f"__rule_{number}"


def _expectation(number: int, rule: Rule) -> Any:
    import great_expectations.expectations as gxe  # noqa: PLC0415

    about: dict[str, Any] = {"meta": {"code": rule.code}}
    match rule.expect:
        case Filled(column):
            return gxe.ExpectColumnValuesToNotBeNull(column=column, **about)
        case OneOf(column, values):
            return gxe.ExpectColumnValuesToBeInSet(column=column, value_set=list(values), **about)
        case Matches(column, pattern):
            return gxe.ExpectColumnValuesToMatchRegex(column=column, regex=pattern, **about)
        case Unique((column,)):
            return gxe.ExpectColumnValuesToBeUnique(column=column, **about)
        case Unique(columns):
            return gxe.ExpectCompoundColumnsToBeUnique(column_list=list(columns), **about)
        case Holds():
            return gxe.ExpectColumnValuesToBeInSet(column=_derived(number), value_set=[True], **about)


def _broke_down(result: Any) -> bool:
    """An expectation that could not be computed says nothing about the data."""
    about = result.exception_info or {}
    if "raised_exception" in about:
        return bool(about["raised_exception"])
    return any(one.get("raised_exception") for one in about.values() if isinstance(one, dict))


def _positions(result: Any) -> Iterator[int]:
    for found in result.result.get("unexpected_index_list") or ():
        at = found[POSITION]
        yield from (int(place) for place in (at if isinstance(at, list) else [at]))
