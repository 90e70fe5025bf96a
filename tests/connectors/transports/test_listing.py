"""A listing asked for what changed since: whole, with an overlap, and never past what did not come."""

from __future__ import annotations

import json
from collections.abc import Iterator
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any
from urllib.parse import parse_qs, urlsplit

import pytest

from connectors.contract import InboundMessage, Since
from connectors.errors import PartnerRefusedError, PartnerUnavailableError
from connectors.transports.http import HttpSite, http_client
from connectors.transports.http.listing import Listing, changed_since
from simulators.answering import answering

REQUESTS = Listing("requests", records="requests", changed="changed_at", short="TST-R01")
MORNING, NOON = "2026-11-22T09:00:00+00:00", "2026-11-22T12:00:00+00:00"


def page(*records: Any, total: Any = None, more: str | None = None) -> dict[str, Any]:
    return {"requests": records, "next": more, "total": len(records) if total is None else total}


def record(key: str, changed_at: Any = MORNING) -> dict[str, Any]:
    return {"id": key, "changed_at": changed_at}


@contextmanager
def serving(*pages: Any) -> Iterator[tuple[str, list[dict[str, str]]]]:
    """These pages, one after the other; and what was asked for each."""
    waiting, asked = iter(pages), []

    class Handler(BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            asked.append({name: one for name, (one,) in parse_qs(urlsplit(self.path).query).items()})
            body = json.dumps(next(waiting)).encode()
            self.send_response(200)
            self.send_header("Content-Type", "application/json")
            self.send_header("Content-Length", str(len(body)))
            self.end_headers()
            self.wfile.write(body)

        def log_message(self, *_: Any) -> None:
            """Quiet."""

    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    with answering(server):
        yield f"http://127.0.0.1:{server.server_port}", asked


def pulled(cursor: str | None, *pages: Any) -> tuple[list[InboundMessage], list[dict[str, str]]]:
    with serving(*pages) as (url, asked), http_client(HttpSite("tester", url)) as client:
        return list(changed_since(client, REQUESTS, Since(cursor, ()))), asked


def test_the_cursor_is_their_latest_time_and_goes_with_the_end() -> None:
    first, second = page(record("1", NOON), total=2, more="1"), page(record("2"), total=2)
    messages, asked = pulled(None, first, second)
    assert [one.cursor for one in messages] == [None, None, NOON]
    assert asked == [{}, {"after": "1"}]


def test_it_asks_from_a_day_before_the_cursor() -> None:
    messages, asked = pulled(NOON, page(record("1")))
    assert asked == [{"since": "2026-11-21T12:00:00+00:00"}]
    assert messages[-1].cursor == NOON


def test_times_are_compared_as_times_whatever_their_zone() -> None:
    late_in_text, late_in_truth = "2026-11-22T12:30:00+02:00", NOON
    messages, _ = pulled(None, page(record("1", late_in_text), record("2", late_in_truth)))
    assert messages[-1].cursor == late_in_truth


@pytest.mark.parametrize("odd", ["soon", None, 7, "2026-11-23T09:00:00"])
def test_a_time_that_cannot_be_read_moves_nothing(odd: Any) -> None:
    messages, _ = pulled(None, page(record("1"), record("2", odd), "no record"))
    assert messages[-1].cursor == MORNING


def test_fewer_than_they_say_is_told_in_place_of_the_end() -> None:
    messages, _ = pulled(None, page(record("1"), total=2))
    assert [one.cursor for one in messages] == [None, None]
    assert messages[-1].problem is not None
    assert messages[-1].problem.code == "TST-R01"


def test_nothing_where_something_was_is_not_believed() -> None:
    with pytest.raises(PartnerUnavailableError, match="is empty"):
        pulled(NOON, page())


def test_nothing_at_all_is_no_fault_the_first_time() -> None:
    messages, _ = pulled(None, page())
    assert [one.cursor for one in messages] == [None, None]


@pytest.mark.parametrize(
    "odd", [page(total="two"), page(total=True), {"error": "not today"}, {"requests": {}, "total": 0}, []]
)
def test_a_page_that_is_none_is_refused(odd: Any) -> None:
    with pytest.raises(PartnerRefusedError, match="has no list named requests"):
        pulled(None, odd)
