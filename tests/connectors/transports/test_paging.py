"""Listings in pages: read whole and in order, and given up where they lead astray."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from itertools import count
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from connectors.errors import PartnerRefusedError, PartnerUnavailableError, UnreadableMessageError
from connectors.transports.http import HttpClient, HttpLimits, HttpSite, Reply, get, http_client
from connectors.transports.http.paging import (
    by_bundle_link,
    by_cursor,
    by_link_header,
    pages,
    pages_by_offset,
)
from tests.servers.paged_http import Listing, paged_http

WAYS = {
    "cursor": by_cursor(lambda reply: field_of(reply, "next")),
    "header": by_link_header,
    "bundle": by_bundle_link,
}
TEN = [f"R-{number}" for number in range(10)]
sizes = st.lists(st.integers(1, 4), max_size=8)


def field_of(reply: Reply, name: str) -> Any:
    told: Any = reply.json()
    return told[name]


@pytest.fixture(scope="module")
def served() -> Iterator[tuple[Listing, HttpClient]]:
    with (
        paged_http() as listing,
        http_client(HttpSite("housing", listing.url, limits=HttpLimits(pages=60))) as client,
    ):
        yield listing, client


@pytest.fixture
def listing(served: tuple[Listing, HttpClient]) -> Listing:
    fresh = Listing(url=served[0].url)
    served[0].__dict__.update(fresh.__dict__)
    return served[0]


@pytest.fixture
def client(served: tuple[Listing, HttpClient]) -> HttpClient:
    return served[1]


def read(client: HttpClient, way: str) -> list[str]:
    return [record for reply in pages(client, get(way), WAYS[way]) for record in field_of(reply, "records")]


def read_by_offset(client: HttpClient, *, limit: int = 4, overlap: int = 2) -> list[str]:
    found = pages_by_offset(
        client,
        get("offset", query={"limit": str(limit)}),
        records_of=lambda reply: field_of(reply, "records"),
        key_of=str,
        overlap=overlap,
    )
    return [record for page in found for record in page]


@pytest.mark.parametrize("way", WAYS)
@given(sizes=sizes)
@settings(max_examples=25, deadline=None)
def test_any_pages_are_read_whole_and_in_order(
    served: tuple[Listing, HttpClient], way: str, sizes: list[int]
) -> None:
    listing, client = served
    listing.next_link = None
    listing.in_pages([f"R-{number}" for number in range(sum(sizes))], sizes)
    assert read(client, way) == listing.records


@given(many=st.integers(0, 20), limit=st.integers(1, 6), overlap=st.integers(1, 5))
@settings(max_examples=60, deadline=None)
def test_any_offset_is_read_whole_and_in_order_or_not_at_all(
    served: tuple[Listing, HttpClient], many: int, limit: int, overlap: int
) -> None:
    listing, client = served
    listing.moves, listing.ignores_offset = {}, False
    listing.pages = [[f"R-{number}" for number in range(many)]]
    if overlap < limit or many <= limit:
        assert read_by_offset(client, limit=limit, overlap=overlap) == listing.records
    else:
        # A page that holds no more than the overlap never gets on, and must not be taken for the end.
        with pytest.raises(PartnerUnavailableError):
            read_by_offset(client, limit=limit, overlap=overlap)


@given(goes=st.sets(st.integers(0, 9), max_size=9), at=st.integers(1, 6))
@settings(max_examples=60, deadline=None)
def test_where_records_go_away_while_we_read_none_that_stayed_is_missed(
    served: tuple[Listing, HttpClient], goes: set[int], at: int
) -> None:
    listing, client = served
    listing.asked, listing.ignores_offset, listing.pages = [], False, [TEN]
    stayed = [record for number, record in enumerate(TEN) if number not in goes]
    listing.moves = {at: stayed}
    try:
        found = read_by_offset(client)
    except PartnerUnavailableError:
        return
    assert [record for record in stayed if record not in found] == []
    assert found == sorted(found)


def test_a_few_that_go_away_are_no_reason_to_give_up(listing: Listing, client: HttpClient) -> None:
    listing.pages, listing.moves = [TEN], {2: TEN[3:]}
    assert read_by_offset(client) == TEN


def test_new_records_at_the_end_are_read(listing: Listing, client: HttpClient) -> None:
    listing.pages, listing.moves = [TEN[:6]], {4: TEN}
    assert read_by_offset(client) == TEN


def test_a_listing_that_keeps_moving_is_given_up(listing: Listing, client: HttpClient) -> None:
    listing.pages = [TEN]
    listing.moves = {number: [f"{number}-{place}" for place in range(10)] for number in range(2, 40)}
    with pytest.raises(PartnerUnavailableError, match="moves records while we read"):
        read_by_offset(client)
    assert len(listing.asked) < 10


def test_a_server_that_knows_no_offset_is_not_taken_for_a_short_listing(
    listing: Listing, client: HttpClient
) -> None:
    listing.pages, listing.ignores_offset = [TEN], True
    with pytest.raises(PartnerUnavailableError, match="one page again and again"):
        read_by_offset(client)


@pytest.mark.parametrize("way", ["header", "bundle"])
@pytest.mark.parametrize(
    "link",
    [
        "http://127.0.0.2/next",
        "https://127.0.0.1/next",
        "file:///etc/hostname",
        "//housing.example/next",
        "urn:uuid:1",
    ],
)
def test_a_link_to_a_foreign_place_is_not_followed(
    listing: Listing, client: HttpClient, way: str, link: str
) -> None:
    listing.pages, listing.next_link = [TEN, TEN], link
    with pytest.raises(PartnerRefusedError, match="not one of theirs"):
        read(client, way)
    assert len(listing.asked) == 1


@pytest.mark.parametrize(
    "links",
    [
        "next",
        {"relation": "next"},
        ["next"],
        [{"url": "/bundle?cursor=1"}],
        [{"relation": "next"}],
        [{"relation": "next", "url": 7}],
        [{"relation": "next", "url": ""}],
        [{"relation": "next", "url": "http://[::1"}],
        [{"relation": "next", "url": "/a"}, {"relation": "next", "url": "/b"}],
        None,
    ],
)
def test_a_bundle_whose_links_cannot_be_read_is_not_taken_for_the_last(
    listing: Listing, client: HttpClient, links: object
) -> None:
    listing.pages, listing.links = [TEN], links
    with pytest.raises(UnreadableMessageError) as told:
        read(client, "bundle")
    assert "cursor" not in str(told.value)


@pytest.mark.parametrize("way", ["header", "bundle"])
def test_a_link_to_itself_is_a_circle(listing: Listing, client: HttpClient, way: str) -> None:
    listing.pages, listing.next_link = [TEN[:5], TEN[5:]], f"/{way}?cursor=0"
    with pytest.raises(PartnerRefusedError, match="circles"):
        read(client, way)
    assert len(listing.asked) == 2


def test_a_page_that_comes_twice_is_a_circle(listing: Listing, client: HttpClient) -> None:
    """Under another cursor, so that only what it says shows it."""
    listing.pages, cursors = [TEN], count()
    with pytest.raises(PartnerRefusedError, match="circles"):
        for _ in pages(client, get("cursor"), by_cursor(lambda reply: next(cursors), parameter="after")):
            pass
    assert len(listing.asked) == 2


def test_a_listing_without_an_end_is_given_up(listing: Listing, client: HttpClient) -> None:
    listing.in_pages([f"R-{number}" for number in range(100)], [1] * 100)
    with pytest.raises(PartnerRefusedError, match="more pages"):
        read(client, "cursor")
    assert len(listing.asked) == client.site.limits.pages


def test_a_fault_in_the_middle_is_no_short_listing(listing: Listing, client: HttpClient) -> None:
    listing.pages, listing.next_link = [TEN[:5], TEN[5:]], "/offset?cursor=1"
    quick = replace(client.site, limits=HttpLimits(attempts=1))
    with http_client(quick) as hurried, pytest.raises(PartnerUnavailableError):
        read(hurried, "header")
