"""The rules name columns that the hub really hands over: a rule that names another is never assessed."""

import io
from collections.abc import Iterator
from datetime import date
from hashlib import sha256
from pathlib import Path

import polars as pl
import pytest
from rule_tables import TODAY, placed

from connectors import courts, police, yjs
from connectors.contract import PullFeed
from quality.rules import Rule
from quality.runner import assess
from quality.suites import suites
from schemas.hops import PLACE, Consequence, Hop, Verdict
from simulators.cast import bystanders, cast
from simulators.police_clerk import DECISION_COLUMNS, Taken, updates
from simulators.police_files import as_csv
from simulators.police_referrals import night_rows, reference

SUITE = {suite.partner: suite for suite in suites()}
COURT_SAMPLES = sorted((Path(courts.__file__).parent / "samples").glob("*.json"))
UPDATES = police.connector.pull_feed("updates")
REFERRALS, RESULTS = police.connector.pull_feed("referrals"), courts.connector.pull_feed("results")


def rules(partner: str, hop: Hop) -> tuple[Rule, ...]:
    """Of the partner's first feed."""
    feed, *_ = SUITE[partner].feeds
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
def update_rows() -> pl.DataFrame:
    """What the force decided upon two of its own referrals."""
    known = {row["ReferralRef"]: row for row in night_rows(1, cast(), bystanders())}
    told = [
        {"MessageKey": name, "ReferralRef": reference(1, place), "Recommendation": "outcome_22"}
        for place, name in enumerate(("one", "two"))
    ]
    content = as_csv(told, DECISION_COLUMNS)
    file = Taken(
        "decision_NMYJS_NMP_20261124T060000Z_0123456789ab.csv",
        content,
        {"bytes": len(content), "sha256": sha256(content).hexdigest()},
    )
    (rows, _) = updates(file, known).values()
    return opened(UPDATES, [rows])


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


@pytest.mark.parametrize("hop", [Hop.RECEIVED, Hop.TRANSLATED])
def test_every_rule_of_what_the_force_decides_can_be_assessed(hop: Hop, update_rows: pl.DataFrame):
    kept = update_rows.select(*PLACE, "problem", *UPDATES.takes)
    frame = kept if hop is Hop.RECEIVED else translated(UPDATES, kept)
    verdict = assess(SUITE["police"].rules("updates", hop), frame, on=date(2026, 11, 25))

    assert verdict == Verdict()


def test_every_rule_of_what_the_force_is_told_can_be_assessed():
    status = pl.DataFrame([{"referral_reference": "NMP-R-0000001", "state": "accepted", "change": "new"}])
    theirs = police.connector.push_feed("decisions").message.frame(status)

    assert assess(SUITE["police"].rules("decisions", Hop.OUTGOING), placed(theirs)) == Verdict()


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
