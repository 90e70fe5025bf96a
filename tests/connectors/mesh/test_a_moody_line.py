"""Between us and the sandbox everything goes wrong that can."""

from __future__ import annotations

import gzip
import time

import pytest

from connectors.errors import (
    PartnerRefusedError,
    PartnerUnavailableError,
    UnreadableMessageError,
)
from tests.connectors.mesh.conftest import WORKFLOW, Two
from tests.servers.moody_mesh import Door

pytestmark = pytest.mark.server

BUSY = (503, {}, b"{}")
BOMB = gzip.compress(b"0" * 50_000_000)


def sendings(door: Door) -> int:
    return sum(line.startswith("POST") and line.endswith("/outbox") for line in door.asked)


# A sending whose answer is lost.


def test_a_sending_whose_answer_was_lost_is_looked_for_and_not_sent_again(two: Two, door: Door) -> None:
    door.feels("POST", loses_the_answer=True)
    us = two.us(url=door.url)
    sent = us.send(b"once", two.to_them("0001"))
    (there,) = two.them().waiting()
    assert (there.message_id, there.local_id) == (sent, "0001")
    assert us.send(b"once", two.to_them("0001")) == sent
    assert sendings(door) == 1


def test_a_sending_that_never_arrived_is_not_repeated_before_the_next_run(two: Two, door: Door) -> None:
    door.feels("POST", says=BUSY)
    us = two.us(url=door.url)
    with pytest.raises(PartnerUnavailableError):
        us.send(b"once", two.to_them("0001"))
    assert sendings(door) == 1
    us.send(b"once", two.to_them("0001"))
    assert len(list(two.them().waiting())) == 1


def test_a_message_cut_off_between_its_parts_never_counts_as_there(two: Two, door: Door) -> None:
    us = two.us(url=door.url, chunk_bytes=100)
    us.track("0001")
    door.feels(f"POST /messageexchange/{two.ours}/outbox/", says=BUSY)
    with pytest.raises(PartnerUnavailableError):
        us.send(b"x" * 150, two.to_them("0001"))
    there = us.track("0001")
    assert there is not None
    assert (there.status, there.is_there) == ("uploading", False)
    us.send(b"x" * 150, two.to_them("0001"))
    (message,) = two.them().waiting()
    assert b"".join(two.them().read(message)) == b"x" * 150


# Calls that may be repeated.


def test_a_call_is_repeated_with_a_new_token_each_time(two: Two, door: Door) -> None:
    door.feels("GET", says=BUSY, times=2)
    assert list(two.us(url=door.url).waiting()) == []
    assert len(door.asked) == 3
    assert len(set(door.tokens)) == 3


def test_what_stays_busy_is_left_to_the_next_run(two: Two, door: Door) -> None:
    door.feels("GET", says=BUSY, times=9)
    with pytest.raises(PartnerUnavailableError, match="HTTP 503"):
        list(two.us(url=door.url).waiting())
    assert len(door.asked) == 3


def test_who_asks_us_to_stay_away_for_long_is_not_asked_again(two: Two, door: Door) -> None:
    door.feels("GET", says=(429, {"Retry-After": "86400"}, b"{}"), times=9)
    began = time.monotonic()
    with pytest.raises(PartnerUnavailableError, match="HTTP 429"):
        list(two.us(url=door.url).waiting())
    assert len(door.asked) == 1
    assert time.monotonic() - began < 5


def test_wrong_credentials_are_said_once(two: Two, door: Door) -> None:
    with pytest.raises(PartnerRefusedError):
        list(two.us(url=door.url, password="wrong").waiting())  # pragma: allowlist secret
    assert len(door.asked) == 1


# Answers that are none.


@pytest.mark.parametrize(
    "says",
    [
        (200, {"Content-Type": "text/html"}, b"<html>Sign in</html>"),
        (200, {}, b""),
        (200, {}, b"[]"),
        (200, {}, b'{"messages": null}'),
        (200, {"Content-Encoding": "gzip"}, b"not packed"),
        (200, {"Content-Encoding": "gzip"}, BOMB),
        (200, {"Content-Encoding": "br"}, b"x"),
        (200, {"Connection": "close"}, b'{"messages": []}'),
    ],
    ids=["page", "empty", "list", "null", "not_gzip", "bomb", "another packing", "no length"],
)
def test_what_answers_and_is_not_mesh_is_not_taken_for_an_empty_mailbox(
    two: Two, door: Door, says: tuple[int, dict[str, str], bytes]
) -> None:
    door.feels("GET", says=says, times=9)
    with pytest.raises(PartnerUnavailableError):
        list(two.us(url=door.url).waiting())


def test_a_redirect_is_not_followed(two: Two, door: Door) -> None:
    elsewhere = {"Location": f"{two.sandbox.url}/messageexchange/{two.ours}/inbox"}
    door.feels("GET", says=(302, elsewhere, b""))
    with pytest.raises(PartnerRefusedError, match="HTTP 302"):
        list(two.us(url=door.url).waiting())
    assert len(door.asked) == 1


@pytest.mark.parametrize("link", ["@elsewhere.example/?continue_from=abc", "/?continue_from=abc"])
def test_a_link_to_the_next_page_leads_neither_elsewhere_nor_round(two: Two, door: Door, link: str) -> None:
    page = b'{"messages": [], "links": {"next": "%s"}}' % link.encode()
    door.feels("GET", says=(200, {}, page), times=9)
    assert list(two.us(url=door.url).waiting()) == []
    assert [line.partition("?")[0] for line in door.asked] == [f"GET /messageexchange/{two.ours}/inbox"] * 2


def test_no_answer_dripping_in_outlives_the_calls_time(two: Two, door: Door) -> None:
    door.feels("GET", says=(200, {}, b"{}"), drips=0.1, times=9)
    began = time.monotonic()
    with pytest.raises(PartnerUnavailableError, match="does not answer in time"):
        list(two.us(url=door.url, call_seconds=0.5, tries=1).waiting())
    assert 0.4 < time.monotonic() - began < 1.5


def test_a_server_that_is_not_there_is_unavailable(two: Two, door: Door) -> None:
    with pytest.raises(PartnerUnavailableError):
        two.us(url="https://127.0.0.1:9").handshake()


# Bodies that do not come whole.


@pytest.mark.parametrize(
    ("headers", "content", "why"),
    [
        ({"Content-Encoding": "gzip"}, gzip.compress(b"x" * 1000)[:-4], "ends in the middle"),
        ({"Content-Encoding": "gzip"}, b"\x1f\x8b rubbish", "cannot be unpacked"),
        ({"Content-Encoding": "gzip"}, BOMB, "larger than 1000000 bytes"),
        ({"Connection": "close"}, b"half", "does not say where it ends"),
    ],
    ids=["cut", "broken", "bomb", "no length"],
)
def test_a_body_that_is_not_whole_is_parked(
    two: Two, door: Door, headers: dict[str, str], content: bytes, why: str
) -> None:
    two.them().send(b"whole", two.to_us("CAMHS-1"))
    us = two.us(url=door.url, message_bytes=1_000_000)
    (message,) = us.waiting(WORKFLOW)
    door.feels("GET", says=(200, headers, content))
    with pytest.raises(UnreadableMessageError, match=why):
        list(us.read(message))
    assert b"".join(us.read(message)) == b"whole"


def test_a_line_that_breaks_in_the_middle_of_a_body_is_unavailable(two: Two, door: Door) -> None:
    two.them().send(b"0123456789" * 10_000, two.to_us("CAMHS-1"))
    us = two.us(url=door.url)
    (message,) = us.waiting(WORKFLOW)
    door.feels("GET", breaks_after=20)
    with pytest.raises(PartnerUnavailableError, match="the line broke"):
        list(us.read(message))


def test_a_message_packed_as_a_whole_before_it_was_cut_comes_whole(two: Two, door: Door) -> None:
    """The library packs part by part; not every sender does."""
    two.them(chunk_bytes=10).send(b"x" * 15, two.to_us("CAMHS-1"))
    us = two.us(url=door.url)
    (message,) = us.waiting(WORKFLOW)
    packed = gzip.compress(b"a child needs help")
    for part in (packed[:12], packed[12:]):
        door.feels("GET", says=(200, {"Content-Encoding": "gzip"}, part))
    assert b"".join(us.read(message)) == b"a child needs help"


def test_a_message_that_went_after_it_was_listed_is_parked(two: Two, door: Door) -> None:
    two.them().send(b"x", two.to_us("CAMHS-1"))
    us = two.us(url=door.url)
    (message,) = us.waiting(WORKFLOW)
    door.feels("GET", says=(410, {}, b"{}"))
    with pytest.raises(UnreadableMessageError, match="is gone"):
        list(us.read(message))
