"""The checks as Great Expectations runs them: which rows, no values, and what could not be assessed."""

import logging
import os
import subprocess
import sys
from collections.abc import Callable
from datetime import date

import polars as pl
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from rule_tables import TODAY, placed

from quality.rules import DAY, Dimension, Expectation, Filled, Holds, Matches, OneOf, Rule, Unique, warn
from quality.runner import assess
from quality.suites import police
from schemas.hops import Consequence, Hop, Verdict

CANARY = "Thornbury-canary-4711"


def rule(expect: Expectation, code: str = "TST-T01") -> Rule:
    return warn(
        code, "A sentence.", expect, why="Why.", fix="Fix.", owner="tester", dimension=Dimension.VALIDITY
    )


def rows_of(verdict: Verdict) -> list[int]:
    return [row for finding in verdict.findings for row in finding.places["row"]]


KINDS: dict[str, tuple[Expectation, Callable[[], pl.Expr]]] = {
    "filled": (Filled("text"), lambda: pl.col("text").is_null()),
    "one of some words": (OneOf("text", ("a", "b")), lambda: ~pl.col("text").is_in(["a", "b"])),
    "one of some numbers": (OneOf("number", (1, 2)), lambda: ~pl.col("number").is_in([1, 2])),
    "matches": (Matches("text", "[ab]"), lambda: ~pl.col("text").str.contains("^[ab]")),
    "unique": (Unique(("text",)), lambda: pl.col("text").is_duplicated() & pl.col("text").is_not_null()),
    "holds, of dates": (
        Holds(("first", "second"), lambda: pl.col("first") <= pl.col("second")),
        lambda: pl.col("first") > pl.col("second"),
    ),
    "holds, of the day": (
        Holds(("first", DAY), lambda: pl.col("first") <= pl.col(DAY)),
        lambda: pl.col("first") > TODAY,
    ),
    "holds, of a mark": (Holds(("mark",), lambda: pl.col("mark")), lambda: ~pl.col("mark")),
}

RECORDS = st.lists(
    st.fixed_dictionaries(
        {
            "text": st.none() | st.sampled_from(["a", "b", "ca", "", " a", "Ã"]) | st.text(max_size=3),
            "number": st.none() | st.integers(-2, 3),
            "first": st.none() | st.dates(date(2026, 11, 21), date(2026, 11, 25)),
            "second": st.none() | st.dates(date(2026, 11, 21), date(2026, 11, 25)),
            "mark": st.none() | st.booleans(),
        }
    ),
    min_size=1,
    max_size=12,
)
TYPES = {
    "text": pl.String,
    "number": pl.Int64,
    "first": pl.Date,
    "second": pl.Date,
    "mark": pl.Boolean,
}


@settings(max_examples=60, deadline=None)
@given(records=RECORDS)
def test_the_rows_found_are_exactly_those_that_a_plain_filter_finds(records: list[dict[str, object]]):
    frame = placed(pl.DataFrame(records, schema=TYPES))
    rules = [rule(expect, code=kind) for kind, (expect, _) in KINDS.items()]

    verdict = assess(rules, frame, on=TODAY)

    found = {finding.rule: finding.places["row"].to_list() for finding in verdict.findings}
    plain = {kind: frame.filter(breaks())["row"].to_list() for kind, (_, breaks) in KINDS.items()}
    assert found == {kind: rows for kind, rows in plain.items() if rows}
    assert verdict.not_assessed == ()


def test_rows_that_are_the_same_in_several_columns_are_all_found():
    frame = placed(pl.DataFrame({"text": ["a", "a", "a", "b"], "number": [1, 1, 2, 1]}))

    assert rows_of(assess([rule(Unique(("text", "number")))], frame)) == [0, 1]


def test_every_failing_row_is_found_however_many_there_are():
    frame = placed(pl.DataFrame({"text": [None] * 5_000}, schema={"text": pl.String}))

    assert rows_of(assess([rule(Filled("text"))], frame)) == list(range(5_000))


def test_a_finding_says_what_its_rule_says():
    frame = placed(pl.DataFrame({"text": ["c"]}))

    (finding,) = assess([rule(OneOf("text", ("a",)))], frame).findings

    assert (finding.rule, finding.words, finding.field) == ("TST-T01", "A sentence.", "text")
    assert finding.consequence is Consequence.WARN


def test_nothing_is_found_where_there_is_nothing_to_look_at():
    frame = placed(pl.DataFrame({"text": ["c"]}))

    assert assess([], frame) == Verdict()
    assert assess([rule(Filled("text"))], frame.clear()) == Verdict()


@pytest.mark.parametrize(
    "expect",
    [
        Filled("text"),
        OneOf("text", ("a",)),
        Matches("text", "a"),
        Unique(("text",)),
        Unique(("text", "name")),
        Holds(("text",), lambda: pl.col("text") == "a"),
        # Each of these breaks down, and its words hold the value.
        Holds(("text",), lambda: pl.col("text").str.to_date("%Y-%m-%d", strict=True) > pl.lit(TODAY)),
        Matches("text", "("),
    ],
    ids=lambda expectation: type(expectation).__name__,
)
def test_no_value_is_in_a_verdict_nor_in_anything_that_is_said_on_the_way(
    expect: Expectation, caplog: pytest.LogCaptureFixture, capfd: pytest.CaptureFixture[str]
):
    caplog.set_level(logging.DEBUG)
    frame = placed(pl.DataFrame({"text": [CANARY, CANARY, None], "name": [CANARY, CANARY, CANARY]}))

    verdict = assess([rule(expect)], frame)

    assert verdict != Verdict()
    said = capfd.readouterr()
    assert CANARY not in f"{verdict!r} {caplog.text} {said.out} {said.err}"
    assert all(CANARY not in str(finding.places.to_dicts()) for finding in verdict.findings)


BREAKS_DOWN = {
    "a column that is not there": Filled("nowhere"),
    "a comparison with a column that is not there": Holds(
        ("text", "nowhere"), lambda: pl.col("text") == pl.col("nowhere")
    ),
    "a comparison that names too few columns": Holds(("text",), lambda: pl.col("nowhere").is_null()),
    "a comparison of unlike things": Holds(
        ("first", "text"), lambda: pl.col("first") < pl.col("text").dt.date()
    ),
    "a comparison that stumbles over a value": Holds(
        ("text",), lambda: pl.col("text").str.to_date("%Y-%m-%d", strict=True) > pl.col("first")
    ),
    "a pattern that is none": Matches("text", "("),
    "a day that was not handed in": Holds(("first", DAY), lambda: pl.col("first") <= pl.col(DAY)),
}


@pytest.mark.parametrize("expect", BREAKS_DOWN.values(), ids=BREAKS_DOWN)
def test_a_rule_that_breaks_down_is_not_assessed_and_the_others_are(expect: Expectation):
    frame = placed(pl.DataFrame([{"text": "c", "first": TODAY}], schema=TYPES))

    verdict = assess([rule(expect, "TST-T02"), rule(OneOf("text", ("a",)), "TST-T03")], frame)

    assert [finding.rule for finding in verdict.findings] == ["TST-T03"]
    assert verdict.not_assessed == ("TST-T02",)


def test_a_comparison_with_nothing_is_not_assessed():
    frame = placed(
        pl.DataFrame([{"first": None, "second": TODAY}, {"first": TODAY, "second": None}], schema=TYPES)
    )

    verdict = assess([rule(Holds(("first", "second"), lambda: pl.col("first") > pl.col("second")))], frame)

    assert verdict == Verdict()


def test_the_places_are_those_of_the_record_not_of_the_frame():
    frame = pl.DataFrame({"message": [3, 3], "row": [7, 1], "part": [2, 4], "text": ["a", None]})

    (finding,) = assess([rule(Filled("text"))], frame).findings

    assert finding.places.rows() == [(3, 1, 4)]


def test_a_rule_that_nobody_can_assess_leaves_the_frame_alone():
    frame = placed(pl.DataFrame({"text": ["a"]}))

    assert assess(police.suite.rules("referrals", Hop.TRANSLATED), frame).findings == ()


LIGHT = "quality.rules", "quality.runner", "quality.suites", "quality.rules_page"


def run(program: str) -> str:
    done = subprocess.run(
        [sys.executable, "-c", program], capture_output=True, text=True, timeout=60, check=False
    )
    assert done.returncode == 0, done.stderr
    return done.stdout.strip()


def test_what_a_dag_file_may_import_brings_neither_great_expectations_nor_pandas():
    heavy = run(
        f"import sys, {', '.join(LIGHT)}\n"
        "print(sorted({'great_expectations', 'pandas', 'scipy'} & set(sys.modules)))"
    )

    assert heavy == "[]"


@pytest.mark.skipif(not hasattr(os, "fork"), reason="this system does not fork")
def test_a_process_that_has_imported_the_suites_may_fork_and_its_child_may_ask():
    # Polars hangs in a forked child where its parent has run a query: no suite may run one at import.
    answer = run(
        f"import os, signal, {', '.join(LIGHT)}\n"
        "import polars as pl\n"
        "child = os.fork()\n"
        "if not child:\n"
        "    signal.alarm(20)\n"
        "    os._exit(pl.DataFrame({'a': [1, 2]}).filter(pl.col('a').is_in([2])).height)\n"
        "print(os.waitstatus_to_exitcode(os.waitpid(child, 0)[1]))"
    )

    assert answer == "1"
