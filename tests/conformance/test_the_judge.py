"""What the kit says: in words, with a place to look, and of a bypass its reason."""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import replace
from pathlib import Path

import pytest
from typer.testing import CliRunner

from connectors.errors import MisconfiguredError
from hub.cli import app
from hub.conformance import page
from hub.conformance.judge import Judgement, judged
from hub.conformance.promises import PROMISES
from hub.conformance.subject import Subject, rehearsed_names, subject
from hub.conformance.theatre import Theatre
from hub.registry import partner_names
from tests.conformance.zoo.bad_pulls import BAD_PULLS
from tests.conformance.zoo.mentors import good
from tests.conformance.zoo.rehearsal import Rehearsal, Rehearsed

BY_CODE = {promise.code: promise for promise in PROMISES}


def tried(who: Subject, code: str, root: Path) -> Judgement:
    with Theatre.opened(who, root) as theatre:
        return judged(theatre, BY_CODE[code])


def bypassing(**codes: str) -> Subject:
    rehearsal = Rehearsal()
    rehearsal.bypassed = {code.replace("_", "-"): why for code, why in codes.items()}
    return replace(good, rehearsal=rehearsal)


def test_a_broken_promise_says_what_was_promised_what_happened_and_where_to_look(tmp_path: Path) -> None:
    feed, code = BAD_PULLS["ignores the second page"]
    bad = replace(good, connector=replace(good.connector, pulls=(feed,)))
    assert str(tried(bad, code, tmp_path)).splitlines() == [
        "PULL-01 broken",
        "  promised: Every page is read.",
        "  happened: 10 of 25 records of referrals are in the store; the run ended well",
        "  look at:  the feed's pull function, where it asks for the next page",
    ]


def test_a_bypass_is_told_with_its_reason_and_nothing_is_tried(tmp_path: Path) -> None:
    judgement = tried(bypassing(PULL_01="there is one page"), "PULL-01", tmp_path)
    assert judgement.stands
    assert "because:  there is one page" in str(judgement)


@pytest.mark.parametrize("bypassed", [{"PULL_99": "it does not exist"}, {"PULL_01": " "}])
def test_a_bypass_of_nothing_or_without_a_reason_is_an_error(
    bypassed: Mapping[str, str], tmp_path: Path
) -> None:
    with pytest.raises(MisconfiguredError, match="PULL-"):
        tried(bypassing(**bypassed), "PULL-02", tmp_path)


def test_what_the_rehearsal_cannot_play_is_not_shown(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(Rehearsed, "plays", ())
    judgement = tried(good, "PULL-09", tmp_path)
    assert not judgement.stands
    assert judgement.words == ("the rehearsal does not play counts_too_many: let it, or bypass the promise",)


def test_every_partner_of_ours_has_a_rehearsal_whose_bypasses_hold() -> None:
    assert rehearsed_names() == partner_names()
    for name in rehearsed_names():
        assert set(subject(name).rehearsal.bypassed) <= BY_CODE.keys()


def test_codes_are_given_once() -> None:
    assert len(BY_CODE) == len(PROMISES)


def test_the_page_of_promises_is_fresh() -> None:
    assert page.PLACE.read_text(encoding="utf-8") == page.page(), "python -m hub.conformance.page"


def test_the_shell_tells_a_kept_and_a_bypassed_promise() -> None:
    kept = CliRunner().invoke(app, ["conform", "courts", "--only", "PULL-02", "--json"])
    assert (kept.exit_code, [row["standing"] for row in json.loads(kept.output)]) == (0, ["kept"])
    passed = CliRunner().invoke(app, ["conform", "courts", "--only", "PULL-05"])
    assert "because:  the court leaves one file for each message" in passed.output


@pytest.mark.parametrize(("partner", "only"), [("nobody", "PULL-01"), ("courts", "PUSH-01")])
def test_the_shell_says_what_there_is_not(partner: str, only: str) -> None:
    assert CliRunner().invoke(app, ["conform", partner, "--only", only]).exit_code == 2
