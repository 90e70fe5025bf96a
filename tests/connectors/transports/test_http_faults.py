"""Whatever a server does over HTTP: a whole answer or an error of ours, in time, after no more requests than
promised."""

from __future__ import annotations

import time
from collections.abc import Mapping
from dataclasses import replace
from datetime import timedelta

import pytest

from connectors.errors import (
    ConnectorError,
    CredentialsRefusedError,
    PartnerRefusedError,
    PartnerUnavailableError,
)
from connectors.strict_json import StrictJsonError
from connectors.transports.http import Ask, HttpLimits, HttpSite, Reply, get, http_client
from tests.connectors.transports.conftest import Waits
from tests.servers.faulty_http import GOOD, MANY, SCENARIOS, FaultyHttp

BUSY, NO, NO_SIGN_IN = PartnerUnavailableError, PartnerRefusedError, CredentialsRefusedError
PATIENT = HttpLimits(connect_seconds=2, answer_seconds=5, total_seconds=60)
# One request: with another, chance would say whether it fits into what is left of the call.
HURRIED = HttpLimits(attempts=1, connect_seconds=1, silence_seconds=1, answer_seconds=1.2, total_seconds=1.2)
# A name may be a child's, and must be in no error and no log.
CHILD = "Xanthippe"

# What comes of it, in which words, and after how many requests.
FAULTS: Mapping[str, tuple[type[ConnectorError], str, int]] = {
    "reset": (BUSY, "does not answer, or the line broke", 5),
    "half-closed": (BUSY, "does not answer, or the line broke", 5),
    "short-body": (BUSY, "the line broke", 5),
    "no-length": (BUSY, "does not say where its answer ends", 5),
    "cut-chunk": (BUSY, "the line broke", 5),
    "no-last-chunk": (BUSY, "the line broke", 5),
    "no-http": (BUSY, "the line broke", 5),
    "cut-gzip": (BUSY, "cut short", 5),
    "cut-gzip-end": (BUSY, "cut short", 5),
    "length-too-long": (BUSY, "the line broke", 5),
    "two-lengths": (BUSY, "the line broke", 5),
    "300-headers": (BUSY, "the line broke", 5),
    "70-kB-header": (BUSY, "the line broke", 5),
    "90-kB-of-headers": (NO, "longer headers", 1),
    "spoiled-gzip": (NO, "cannot be unpacked", 1),
    "gzip-and-more": (NO, "more behind the end", 1),
    "twice-named-bomb": (NO, "or twice", 1),
    "brotli": (NO, "did not offer", 1),
    "bomb": (NO, "more than one answer may hold", 1),
    "twice-packed-bomb": (NO, "packs its answer twice", 1),
    "bomb-in-an-error": (NO, "has moved (302)", 1),
    "length-of-a-gibibyte": (NO, "more than one answer may hold", 1),
    "endless": (NO, "more than one answer may hold", 1),
    "moved-to-a-file": (NO, "has moved (302)", 1),
    "moved-nearby": (NO, "has moved (301)", 1),
    "web-page": (NO, "a web page where records are due", 1),
    "empty": (NO, "with nothing where a body is due", 1),
    "empty-packed": (NO, "with nothing where a body is due", 1),
    "no-content": (NO, "answers 204", 1),
    "plain-text": (NO, "another content type", 1),
    "no-type": (NO, "another content type", 1),
    "unauthorised": (NO_SIGN_IN, "refuses our sign-in (401)", 1),
    "forbidden": (NO_SIGN_IN, "refuses our sign-in (403)", 1),
    "not-found": (NO, "answers 404", 1),
    "conflict": (NO, "answers 409", 1),
    "too-early": (NO, "answers 425", 1),
    "busy-for-an-hour": (BUSY, "stay away for 3600 s", 1),
    "500": (BUSY, "answers 500", 5),
    "501": (NO, "answers 501", 1),
    "503": (BUSY, "answers 503", 5),
    "length-too-short": (StrictJsonError, "no sound JSON", 1),
    "a-key-twice": (StrictJsonError, "same key twice", 1),
}
# In time of the wall: one request, and the whole call no more than a second over its limit.
TOO_SLOW = ("dribbling-head", "dribbling-body", "dribbling-trailer", "silent")
# What is answered in the end, after which waits.
GOES_WELL: Mapping[str, tuple[bytes, list[float]]] = {
    "good": (GOOD, []),
    "good-chunks": (GOOD, []),
    "packed": (MANY, []),
    "deflated": (MANY, []),
    "slow-head": (GOOD, []),
    "cookie": (GOOD, []),
    "busy-for-1-s": (GOOD, [1.0]),
    "busy-until": (GOOD, [7.0]),
    "busy-by-a-wrong-clock": (GOOD, [7.0]),
    "busy-until-rubbish": (GOOD, [0.5]),
    "500-then-good": (GOOD, [0.5]),
}


def asked(server: FaultyHttp, ask: Ask, limits: HttpLimits, waits: Waits) -> Reply:
    with http_client(HttpSite("housing", server.url, limits=limits), time=waits.time()) as client:
        return client.ask(ask)


def about(scenario: str) -> Ask:
    return get(scenario, query={"name": CHILD})


def test_every_scenario_has_its_expectation() -> None:
    assert {*FAULTS, *TOO_SLOW, *GOES_WELL} == set(SCENARIOS)


@pytest.mark.parametrize("scenario", FAULTS)
def test_a_fault_is_the_error_that_says_what_happens_next(
    server: FaultyHttp, waits: Waits, caplog: pytest.LogCaptureFixture, scenario: str
) -> None:
    kind, words, requests = FAULTS[scenario]
    caplog.set_level("DEBUG")
    started = time.monotonic()
    with pytest.raises(ConnectorError) as told:
        asked(server, about(scenario), PATIENT, waits).json()
    assert (type(told.value), len(server.heads)) == (kind, requests)
    assert words in told.value.what
    if kind is not StrictJsonError:
        assert told.value.what.startswith("housing: 127.0.0.1 ")
    assert (told.value.__cause__, told.value.__context__) == (None, None), (
        "a library's error quotes the address"
    )
    assert CHILD not in f"{told.value!r} {caplog.text}"
    assert time.monotonic() - started < 5


@pytest.mark.parametrize("scenario", TOO_SLOW)
def test_nothing_outlasts_the_limit_of_a_call(server: FaultyHttp, scenario: str) -> None:
    started = time.monotonic()
    with (
        http_client(HttpSite("housing", server.url, limits=HURRIED)) as client,
        pytest.raises(PartnerUnavailableError),
    ):
        client.ask(about(scenario))
    assert 0.9 < time.monotonic() - started < HURRIED.total_seconds + 1
    assert len(server.heads) == 1


@pytest.mark.parametrize("scenario", GOES_WELL)
def test_what_goes_well_in_the_end(server: FaultyHttp, waits: Waits, scenario: str) -> None:
    body, waited = GOES_WELL[scenario]
    reply = asked(server, about(scenario), PATIENT, waits)
    assert (reply.status, reply.body, len(server.heads)) == (200, body, len(waited) + 1)
    assert waits.made == pytest.approx(waited, abs=1)


def test_pauses_grow_and_stay_within_the_call(server: FaultyHttp, waits: Waits) -> None:
    with pytest.raises(PartnerUnavailableError):
        asked(server, about("503"), PATIENT, waits)
    assert waits.made == [0.5, 1.0, 2.0, 4.0]
    with pytest.raises(PartnerUnavailableError):
        asked(server, about("503"), replace(PATIENT, total_seconds=2), waits)
    assert waits.made[4:] == [0.5, 1.0], "the next pause would end after the call"


def test_how_long_they_ask_us_to_stay_away_is_told(server: FaultyHttp, waits: Waits) -> None:
    with pytest.raises(PartnerUnavailableError) as told:
        asked(server, about("busy-for-an-hour"), PATIENT, waits)
    assert (told.value.retry_after, waits.made) == (timedelta(hours=1), [])


@pytest.mark.parametrize(("key", "requests"), [(None, 1), ("a-key", 5)])
@pytest.mark.parametrize("scenario", ["500", "503", "reset", "short-body"])
@pytest.mark.parametrize("method", ["POST", "PUT", "DELETE"])
def test_what_changes_something_is_repeated_only_under_a_key(
    server: FaultyHttp, waits: Waits, method: str, scenario: str, key: str | None, requests: int
) -> None:
    with pytest.raises(PartnerUnavailableError):
        asked(server, Ask(method, scenario, body=b"{}", key=key), PATIENT, waits)
    assert server.bodies == [b"{}"] * requests
    assert [f"Idempotency-Key: {key}" in head for head in server.heads] == [key is not None] * requests


@pytest.mark.parametrize(("scenario", "status"), [("conflict", 409), ("too-early", 425), ("503", 503)])
def test_a_status_that_is_expected_is_an_answer(
    server: FaultyHttp, waits: Waits, scenario: str, status: int
) -> None:
    ask = replace(about(scenario), expects={200, 409, 425, 503}, takes=("application/json", "text/html"))
    assert asked(server, ask, PATIENT, waits).status == status
    assert len(server.heads) == 1


def test_an_answer_without_a_body_is_one_where_none_is_due(server: FaultyHttp, waits: Waits) -> None:
    with http_client(HttpSite("housing", server.url), time=waits.time()) as client:
        assert client.ask(replace(about("no-content"), expects={204})).body == b""
        assert client.ask(replace(about("empty"), takes=())).body == b""
        assert client.ask(replace(about("good"), method="HEAD")).headers["content-length"] == "22"


def test_nobody_at_the_door(waits: Waits) -> None:
    with (
        http_client(HttpSite("housing", "http://127.0.0.1:1"), time=waits.time()) as client,
        pytest.raises(PartnerUnavailableError, match="does not answer"),
    ):
        client.ask(get("referrals"))
    assert len(waits.made) == 4
