"""The education service: its lists, night by night, and its moods."""

from __future__ import annotations

import json
from urllib.request import Request, urlopen

import polars as pl
import pytest

from schemas.identifiers import upn
from simulators.cast import cast
from simulators.education import simulator
from simulators.education_moods import CONTENT
from simulators.education_records import Roll, roll
from simulators.education_service import Service, open_for

PEOPLE = cast()


def by_id(told: Roll) -> dict[str, object]:
    return {one["id"]: one for records in told.lists.values() for one in records}


def test_a_night_is_the_same_every_time() -> None:
    assert roll(2, PEOPLE) == roll(2, PEOPLE)


def test_the_first_night_lists_about_five_hundred_records_and_more() -> None:
    assert 500 <= len(by_id(roll(1, PEOPLE))) <= 650


@pytest.mark.parametrize("night", [2, 3])
def test_each_night_brings_new_changed_and_deleted_records(night: int) -> None:
    before, now = by_id(roll(night - 1, PEOPLE)), by_id(roll(night, PEOPLE))
    assert now.keys() - before.keys()
    assert [name for name in before.keys() & now.keys() if before[name] != now[name]]
    deleted = {one["id"] for records in roll(night, PEOPLE).deletions.values() for one in records}
    assert deleted >= before.keys() - now.keys() != set()


def test_every_upn_is_sound_a_few_are_temporary_and_a_few_have_none() -> None:
    numbers = {
        one["student"]["data"]["education_details"]["data"]["upn"]
        for records in roll(1, PEOPLE).lists.values()
        for one in records
    }
    written = pl.Series([number for number in numbers if number != "UN3"])
    frame = pl.DataFrame({"upn": written}).select(
        read=upn.canonical(pl.col("upn")), temporary=upn.is_temporary(pl.col("upn"))
    )
    assert frame["read"].null_count() == 0
    assert 0 < frame["temporary"].sum() < 20
    assert "UN3" in numbers


def test_some_half_days_were_lost_to_detention_and_to_part_time_timetables() -> None:
    marks = {
        mark
        for (path, _), records in roll(1, PEOPLE).lists.items()
        if path == "attendance-summaries"
        for one in records
        for mark in one["marks"]
    }
    assert {"Y5", "C2"} <= marks


def test_what_became_of_a_referral_goes_on_night_by_night() -> None:
    who = dict.fromkeys(("family_name", "given_names", "date_of_birth", "upn"))
    taken = {"key-of-one": {"referral": {**who, "referral_id": "RF1", "change": "new"}}}
    states = [open_for(night, taken).lists["referral-updates", ""][0]["state"] for night in range(1, 6)]
    assert states == ["ACCEPTED", "OFFERED", "STARTED", "STARTED", "COMPLETED"]


@pytest.mark.parametrize("mood", CONTENT)
def test_a_mood_shows_in_what_is_listed(mood: str) -> None:
    calm, moody = (
        Service(one, lists={("enrolments", "S"): list(roll(1, PEOPLE).lists["enrolments", "A1930499544"])})
        for one in ("", mood)
    )
    asked = ("schools/S/enrolments", {}, "http://127.0.0.1/v1.0/schools/S/enrolments")
    assert moody.get(*asked) != calm.get(*asked)


def test_the_process_serves_what_was_taken_after_a_restart(tmp_path) -> None:
    body = json.dumps({"referral_id": "RF1", "change": "new", "family_name": "Quillborne", "given_names": "O",
                       "date_of_birth": "2011-03-14", "upn": None}).encode()  # fmt: skip
    for status in (202, 200):
        with simulator.start(tmp_path, 1) as running:
            base, token = (running.settings[f"HUB_EDUCATION_{name}"] for name in ("BASE_URL", "TOKEN"))
            headers = {"Authorization": f"Bearer {token}", "Idempotency-Key": "one-key"}
            with urlopen(Request(f"{base}/referrals", body, headers)) as answer:  # noqa: S310 - our own
                assert answer.status == status
