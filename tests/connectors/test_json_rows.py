"""JSON records become rows of text: every member a column, and what is no record is marked."""

from __future__ import annotations

import io
import json
from typing import Any

import polars as pl
import pytest

from connectors.errors import UnreadableMessageError
from connectors.json_rows import rows_in


def opened(page: Any) -> pl.DataFrame:
    (frame,) = rows_in("requests", ("id", "born"))(io.BytesIO(json.dumps(page).encode()))
    return frame


def test_every_member_that_came_is_a_column() -> None:
    frame = opened({"requests": [{"id": "1", "landlord": "x"}, {"id": "2", "born": None}]})
    assert frame.select("id", "landlord", "born", "row", "part", "problem").rows() == [
        ("1", "x", None, 1, 0, None),
        ("2", None, None, 2, 0, None),
    ]


def test_what_is_no_text_stands_as_json_writes_it() -> None:
    frame = opened({"requests": [{"id": 7, "open": True, "score": 1.5, "tags": ["a"]}]})
    assert frame.select("id", "open", "score", "tags").row(0) == ("7", "true", "1.5", '["a"]')


def test_what_is_no_record_is_marked_and_the_others_go_on() -> None:
    frame = opened({"requests": ["nothing", {"id": "2"}]})
    assert frame["problem"].to_list() == ["the row is no record", None]
    assert frame["id"].to_list() == [None, "2"]


def test_without_records_the_agreed_columns_stand() -> None:
    frame = opened({"requests": []})
    assert set(frame.columns) == {"id", "born", "row", "part", "problem"}
    assert frame.is_empty()


@pytest.mark.parametrize("page", [{}, {"requests": None}, {"requests": {"id": "1"}}, [], "requests"])
def test_without_a_list_the_message_is_parked(page: Any) -> None:
    with pytest.raises(UnreadableMessageError) as caught:
        opened(page)
    assert caught.value.code == "HUB-R02"
