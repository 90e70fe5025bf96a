"""The case system's views: who stands in them, night by night, and what becomes of referrals."""

from collections.abc import Callable
from datetime import date
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import insert, select, table, text

from simulators.cast import bystanders, cast
from simulators.yjs import open_for
from simulators.yjs_cases import take_on
from simulators.yjs_nights import ADULTS, CHILDREN, known, ypid
from simulators.yjs_views import VIEWS
from simulators.yjs_worklist import case_database, worklist

Show = Callable[[str], list[dict[str, Any]]]


@pytest.fixture
def url(tmp_path: Path) -> str:
    return f"sqlite:///{tmp_path / 'case_system.sqlite3'}"


@pytest.fixture
def show(url: str) -> Show:
    def rows(view: str) -> list[dict[str, Any]]:
        with case_database(url) as engine, engine.connect() as connection:
            return [
                dict(row) for row in connection.execute(select(text("*")).select_from(table(view))).mappings()
            ]

    return rows


def accepted(number: int, **changes: Any) -> dict[str, Any]:
    return {
        "message_key": f"message-{number}",
        "record_key": f"record-{number}",
        "version_no": 1,
        "kind": "referral",
        "change": "new",
        "hub_child_id": f"child-{number}",
        "from_partner": "police",
        "source_reference": f"NMP-R-{number:07d}",
        "family_name": "Quillborne",
        "born_on": date(2011, 3, 14),
        "sex": "female",
        "answer": "accepted",
        "case_reference": f"NMYJS-{number}",
        **changes,
    }


def in_worklist(url: str, *rows: dict[str, Any]) -> None:
    with case_database(url) as engine, engine.begin() as connection:
        connection.execute(insert(worklist), list(rows))


def answered_on(url: str, night: int) -> None:
    with case_database(url) as engine:
        take_on(engine, night)


def test_a_night_has_some_hundred_rows_and_the_next_some_news(url: str, show: Show) -> None:
    open_for(url, 1)
    first = {view: show(view) for view in VIEWS}
    assert 300 <= sum(map(len, first.values())) <= 600
    open_for(url, 2)
    for view in ("hub_referrals", "hub_orders", "hub_deleted_children"):
        assert 0 < sum(row not in first[view] for row in show(view)) < 30


def test_the_same_night_is_the_same_whenever_it_is_opened(url: str, show: Show) -> None:
    open_for(url, 1)
    once = {view: show(view) for view in VIEWS}
    open_for(url, 2)
    open_for(url, 1)
    assert {view: show(view) for view in VIEWS} == once


def test_children_and_a_few_adults_stand_in_the_views_and_the_adopted_child_once(
    url: str, show: Show
) -> None:
    open_for(url, 1)
    shown = {row["ypid"] for view in VIEWS for row in show(view)}
    before = next(person for person in cast() if "adopted_before" in person.oddities)
    assert {ypid(adult) for adult in bystanders()[1 : 1 + ADULTS]} <= shown
    assert ypid(before) not in shown
    assert len(known(cast(), bystanders())) == CHILDREN + ADULTS == len(shown)


def test_the_same_item_comes_in_several_returns(url: str, show: Show) -> None:
    open_for(url, 1)
    orders = show("hub_orders")
    assert len({row["interventionProgrammeID"] for row in orders}) < len(orders)
    assert {str(row["endDate"]) for row in orders} >= {"1900-01-01"}


def test_of_a_referral_it_is_told_from_the_night_after_it_was_taken_on(url: str, show: Show) -> None:
    open_for(url, 1)
    in_worklist(url, *map(accepted, range(40)), accepted(99, answer="refused", case_reference=None))
    answered_on(url, 1)
    open_for(url, 1)
    assert show("hub_progress") == []

    open_for(url, 2)
    told = show("hub_progress")
    assert len(told) == 40
    assert {(row["fromPartner"], str(row["acceptedOn"])) for row in told} == {("police", "2026-11-23")}
    assert 0 < sum(row["declinedReason"] is not None for row in told) < 10


def test_a_case_goes_on_from_night_to_night_until_it_has_ended(url: str, show: Show) -> None:
    open_for(url, 1)
    in_worklist(url, *map(accepted, range(40)))
    answered_on(url, 1)
    ended = []
    for night in (2, 4, 8):
        open_for(url, night)
        ended.append(sum(row["completed"] is not None for row in show("hub_progress")))
    assert ended[0] == 0 < ended[-1]
    assert ended == sorted(ended)


def test_a_child_on_file_keeps_their_key_and_another_gets_one(url: str, show: Show) -> None:
    open_for(url, 1)
    child = next(person for person in known(cast(), bystanders()) if person.identifiers.pnc)
    in_worklist(url, accepted(1, pnc=child.identifiers.pnc), accepted(2, pnc=None))
    answered_on(url, 1)
    open_for(url, 2)
    keys = {row["sourceReference"]: row["ypid"] for row in show("hub_progress")}
    assert keys["NMP-R-0000001"] == ypid(child)
    assert keys["NMP-R-0000002"] not in {ypid(person) for person in known(cast(), bystanders())}
