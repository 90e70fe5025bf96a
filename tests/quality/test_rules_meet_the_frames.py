"""The rules name columns that the hub really hands over: a rule that names another is never assessed."""

import io
from collections.abc import Iterator
from datetime import date
from pathlib import Path

import polars as pl
import pytest
from rule_tables import TODAY, placed

from connectors import courts, police, yjs
from connectors.contract import PullFeed
from quality.rules import Rule
from quality.runner import assess
from quality.suites import SUITES
from schemas.hops import PLACE, Consequence, Hop, Verdict
from simulators.cast import bystanders, cast
from simulators.police_files import as_csv
from simulators.police_referrals import night_rows

SUITE = {suite.partner: suite for suite in SUITES}
COURT_SAMPLES = sorted((Path(courts.__file__).parent / "samples").glob("*.json"))
REFERRALS, RESULTS = police.connector.pull_feed("referrals"), courts.connector.pull_feed("results")


def rules(partner: str, hop: Hop) -> tuple[Rule, ...]:
    (feed,) = SUITE[partner].feeds
    return SUITE[partner].rules(feed, hop)


def translated(feed: PullFeed, rows: pl.DataFrame) -> pl.DataFrame:
    return pl.concat(
        [rows.select(PLACE), feed.record.frame(rows, TODAY), feed.child.frame(rows, TODAY)], how="horizontal"
    )


def opened(feed: PullFeed, bodies: list[bytes]) -> pl.DataFrame:
    return pl.concat(_frames(feed, bodies))


def _frames(feed: PullFeed, bodies: list[bytes]) -> Iterator[pl.DataFrame]:
    for number, body in enumerate(bodies):
        for frame in feed.open(io.BytesIO(body)):
            yield frame.with_columns(message=pl.lit(number, dtype=pl.Int64))


@pytest.fixture(scope="module")
def referral_rows() -> pl.DataFrame:
    return opened(REFERRALS, [as_csv(night_rows(1, cast(), bystanders()))])


@pytest.fixture(scope="module")
def result_rows() -> pl.DataFrame:
    return opened(RESULTS, [sample.read_bytes() for sample in COURT_SAMPLES])


@pytest.fixture(scope="module")
def worklist(referral_rows: pl.DataFrame, result_rows: pl.DataFrame) -> list[pl.DataFrame]:
    """A frame of each kind: where a kind has no such field the whole column is empty, and of no type."""
    return [
        _worklist(translated(REFERRALS, referral_rows), "referral", "police"),
        _worklist(translated(RESULTS, result_rows), "outcome", "courts"),
    ]


def _worklist(records: pl.DataFrame, kind: str, sender: str) -> pl.DataFrame:
    known = {
        "record_key": "key",
        "child_id": "child",
        "change": "new",
        "kind": kind,
        "from_partner": sender,
    }
    due = records.with_columns(pl.lit(1).alias("version_no"), *(pl.lit(v).alias(k) for k, v in known.items()))
    theirs = yjs.connector.push_feed("worklist").message.frame(due)
    return placed(theirs.with_columns(message_key=pl.lit("key")))


@pytest.mark.parametrize("partner", ["police", "courts"])
@pytest.mark.parametrize("hop", [Hop.RECEIVED, Hop.TRANSLATED])
def test_every_rule_of_what_comes_can_be_assessed(
    partner: str, hop: Hop, referral_rows: pl.DataFrame, result_rows: pl.DataFrame
):
    feed, rows = (REFERRALS, referral_rows) if partner == "police" else (RESULTS, result_rows)
    # The hub keeps only these columns of a row.
    kept = rows.select(*PLACE, "problem", *feed.takes)
    frame = kept if hop is Hop.RECEIVED else translated(feed, kept)

    assert assess(rules(partner, hop), frame, on=TODAY).not_assessed == ()


def test_every_rule_of_what_leaves_can_be_assessed_of_every_kind(worklist: list[pl.DataFrame]):
    verdicts = [assess(rules("yjs", Hop.OUTGOING), frame, on=TODAY) for frame in worklist]

    assert [verdict.not_assessed for verdict in verdicts] == [(), ()]


def test_the_forces_night_is_sound_but_for_the_birth_date_that_an_officer_forgot(referral_rows: pl.DataFrame):
    ours = referral_rows.filter(REFERRALS.scope.ours().fill_null(value=True))

    assert found(assess(rules("police", Hop.RECEIVED), ours, on=TODAY)) == {"POL-R03": 1}
    assert found(assess(rules("police", Hop.TRANSLATED), translated(REFERRALS, ours), on=TODAY)) == {}


def test_only_a_defendant_whose_age_nobody_can_tell_waits(result_rows: pl.DataFrame):
    verdict = assess(rules("courts", Hop.RECEIVED), result_rows, on=TODAY)

    assert {finding.rule for finding in verdict.of(Consequence.HOLD_ROW)} == {"CRT-R03"}


def test_what_the_force_sends_may_leave(worklist: list[pl.DataFrame]):
    referrals, _ = worklist

    verdict = assess(rules("yjs", Hop.OUTGOING), referrals, on=date(2026, 11, 23))

    assert verdict.of(Consequence.HOLD_ROW) == ()


def found(verdict: Verdict) -> dict[str, int]:
    return {finding.rule: finding.places.height for finding in verdict.findings}
