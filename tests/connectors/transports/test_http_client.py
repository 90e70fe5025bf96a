"""Whom the HTTP client trusts, where it goes, what it shows of itself, and what it needs of the machine."""

from __future__ import annotations

import os
import socket
import subprocess
import sys
import time
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

import pytest

from connectors.errors import (
    CredentialsRefusedError,
    MisconfiguredError,
    PartnerRefusedError,
    PartnerUnavailableError,
)
from connectors.transports.http import (
    ClientCertificate,
    HttpLimits,
    HttpSite,
    below,
    get,
    http_client,
    post,
)
from connectors.transports.http.auth import ApiKey
from tests.connectors.transports.conftest import Waits
from tests.servers.certificates import Certificate, certificate
from tests.servers.faulty_http import FaultyHttp, faulty_http
from tests.servers.lines import HOST

KEY = ApiKey("X-API-Key", "let-us-in")
QUICK = HttpLimits(attempts=1, total_seconds=5)


@pytest.fixture(scope="module")
def known(tmp_path_factory: pytest.TempPathFactory) -> Callable[[str], Certificate]:
    folder = tmp_path_factory.mktemp("certificates")
    made: dict[str, Certificate] = {}
    return lambda name: made.setdefault(name, certificate(folder, name))


def ask_once(site: HttpSite, path: str = "good") -> int:
    with http_client(replace(site, limits=QUICK)) as client:
        return client.ask(get(path)).status


def test_a_redirect_takes_our_key_nowhere(server: FaultyHttp) -> None:
    with faulty_http(moved_to=f"{server.url}/good") as first:
        with pytest.raises(PartnerRefusedError, match="has moved"):
            ask_once(HttpSite("housing", first.url, auth=KEY), "moved")
        assert "X-API-Key: let-us-in" in first.heads[0]
    assert server.heads == []


def test_a_host_of_theirs_that_is_not_agreed_is_not_asked(server: FaultyHttp) -> None:
    with faulty_http() as other, http_client(HttpSite("housing", server.url, auth=KEY)) as client:
        for address in (
            f"{other.url}/good",
            server.url.replace("127.0.0.1", "127.0.0.2") + "/good",
            server.url.replace("http://", "https://") + "/good",
            server.url.replace("http://", "http://me@") + "/good",
            other.url + "\\@" + server.url.removeprefix("http://") + "/good",
        ):
            with pytest.raises(PartnerRefusedError, match="not one of theirs"):
                client.ask(get(address))
        assert other.heads == server.heads == []


@pytest.mark.parametrize("is_shown", [False, True])
def test_another_host_of_theirs_sees_our_sign_in_only_where_the_settings_say_so(
    server: FaultyHttp, is_shown: bool
) -> None:
    with faulty_http() as other:
        hosts = {other.url.removeprefix("http://")}
        site = HttpSite("housing", server.url, auth=KEY, other_hosts=hosts)
        asked = replace(site, signed_in_hosts=hosts if is_shown else frozenset())
        assert ask_once(asked, f"{other.url}/good") == 200
        assert ("X-API-Key" in other.heads[0]) is is_shown
        assert ask_once(asked, f"{server.url}/good") == 200
        assert "X-API-Key" in server.heads[0]


def test_a_host_that_sees_our_sign_in_must_be_one_of_theirs(server: FaultyHttp) -> None:
    with (
        pytest.raises(MisconfiguredError, match="not one of theirs"),
        http_client(HttpSite("housing", server.url, signed_in_hosts=frozenset({"elsewhere.example"}))),
    ):
        pass


@pytest.mark.parametrize(
    ("site", "said"),
    [
        (HttpSite("housing", "http://housing.example/v1"), "not https"),
        (HttpSite("housing", "ftp://housing.example/v1"), "address is not one"),
        (HttpSite("housing", "https://housing.example/v1?a=b"), "address is not one"),
        (HttpSite("housing", "https://me@housing.example"), "address is not one"),
        (HttpSite("housing", ""), "address is not one"),
        (HttpSite("housing", "https://[::1"), "address is not one"),
        (HttpSite("housing", "https://housing.example", verify="/nowhere.pem"), "file is missing"),
        (HttpSite("housing", "https://housing.example", verify=""), "file is missing"),
        (
            HttpSite("h", "https://h.example", certificate=ClientCertificate(Path("/no"), Path("/no"))),
            "file is missing",
        ),
    ],
)
def test_what_cannot_work_is_found_before_any_call(site: HttpSite, said: str) -> None:
    with pytest.raises(MisconfiguredError, match=said), http_client(site):
        pass


@pytest.mark.parametrize("key", ["two\r\nlines: 1", "ключ", "x" * 20_000])
def test_a_header_that_is_not_plain_text_is_not_sent(server: FaultyHttp, key: str) -> None:
    with pytest.raises(MisconfiguredError) as told:
        ask_once(HttpSite("housing", server.url, auth=ApiKey("X-API-Key", key)))
    assert key not in str(told.value)
    assert server.heads == []


def test_an_address_has_a_limit(server: FaultyHttp) -> None:
    with http_client(HttpSite("housing", server.url)) as client, pytest.raises(MisconfiguredError):
        client.ask(get("good", query={"name": "x" * 8_000}))


def test_a_part_of_a_path_cannot_climb_out_of_it() -> None:
    assert below("Patient", "a/../b?c#d") == "Patient/a%2F..%2Fb%3Fc%23d"
    for part in ("..", ".", ""):
        with pytest.raises(MisconfiguredError):
            below("Patient", part)


def test_a_value_of_the_query_arrives_as_it_was(server: FaultyHttp) -> None:
    with http_client(HttpSite("housing", f"{server.url}/")) as client:
        client.ask(get("/good", query={"name": "Ó & sons", "status": ["new", "open"]}))
    assert server.heads[0].startswith("GET /good?name=%C3%93+%26+sons&status=new&status=open HTTP/1.1")


def test_nothing_from_the_environment_and_no_cookie(
    server: FaultyHttp, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    (tmp_path / ".netrc").write_text(f"machine {HOST} login somebody password open-sesame\n")
    monkeypatch.setenv("HOME", str(tmp_path))
    for name in ("http_proxy", "HTTP_PROXY", "ALL_PROXY"):
        monkeypatch.setenv(name, "http://127.0.0.1:1")
    with http_client(HttpSite("housing", server.url, limits=QUICK)) as client:
        client.ask(get("cookie"))
        client.ask(get("good"))
    assert [word for word in ("Authorization", "Cookie") if word in "".join(server.heads)] == []
    assert server.lines == 1, "the line stays open between calls"


def test_a_line_with_an_unread_rest_is_not_used_again(server: FaultyHttp) -> None:
    with http_client(HttpSite("housing", server.url, limits=QUICK)) as client:
        with pytest.raises(PartnerUnavailableError):
            client.ask(get("503"))
        client.ask(get("good"))
    assert server.lines == 2


def test_secrets_and_children_are_in_no_representation(server: FaultyHttp) -> None:
    site = HttpSite("housing", server.url, auth=KEY)
    ask = post("good/Xanthippe", b"Xanthippe", key="Xanthippe")
    with http_client(site) as client:
        shown = f"{site} {ask} {client} {client.ask(replace(get('good'), query={'q': 'Xanthippe'}))}"
    assert [word for word in ("let-us-in", "Xanthippe") if word in shown] == []


def test_only_a_certificate_that_we_trust(
    known: Callable[[str], Certificate], monkeypatch: pytest.MonkeyPatch
) -> None:
    ours, other = known("ours"), known("other")
    # The environment says otherwise, and is not asked.
    monkeypatch.setenv("REQUESTS_CA_BUNDLE", str(other.file))
    monkeypatch.setenv("CURL_CA_BUNDLE", str(other.file))
    with faulty_http(tls=ours.as_server()) as server:
        assert ask_once(HttpSite("housing", server.url, verify=str(ours.file))) == 200
        for verify in (str(other.file), True):
            with pytest.raises(PartnerRefusedError, match="certificate that we do not trust"):
                ask_once(HttpSite("housing", server.url, verify=verify))
        assert len(server.heads) == 1


def test_mutual_tls(known: Callable[[str], Certificate]) -> None:
    ours, client, stranger = known("ours"), known("client"), known("stranger")
    with faulty_http(tls=ours.as_server(clients=client.file)) as server:
        site = HttpSite("housing", server.url, verify=str(ours.file))
        assert ask_once(replace(site, certificate=ClientCertificate(client.file, client.key))) == 200
        for certificate_of_ours in (None, ClientCertificate(stranger.file, stranger.key)):
            with pytest.raises(CredentialsRefusedError, match="does not take our certificate"):
                ask_once(replace(site, certificate=certificate_of_ours))


def test_each_address_of_a_name_is_tried(server: FaultyHttp) -> None:
    """Where ::1 comes first, nobody listens at it."""
    assert ask_once(HttpSite("housing", server.url.replace(HOST, "localhost"))) == 200


@pytest.mark.parametrize("scheme", ["http", "https"])
def test_a_server_that_takes_the_call_and_says_nothing(scheme: str) -> None:
    """For https that is within the handshake."""
    started = time.monotonic()
    with socket.create_server((HOST, 0)) as door:
        limits = HttpLimits(total_seconds=1, connect_seconds=30, silence_seconds=30)
        site = HttpSite("housing", f"{scheme}://{HOST}:{door.getsockname()[1]}", limits=limits)
        with http_client(site) as client, pytest.raises(PartnerUnavailableError, match="longer than 1 s"):
            client.ask(get("referrals"))
    assert 0.9 < time.monotonic() - started < 2


def test_the_wait_of_one_call_does_not_reach_the_next(server: FaultyHttp, waits: Waits) -> None:
    limits = HttpLimits(answer_seconds=0.5, total_seconds=30, attempts=1)
    with http_client(HttpSite("housing", server.url, limits=limits), time=waits.time()) as client:
        for _ in range(2):
            with pytest.raises(PartnerUnavailableError, match="longer than"):
                client.ask(get("silent"))
            assert client.ask(get("good")).status == 200


MEASURED = """
import sys
from pathlib import Path
from connectors.errors import PartnerRefusedError
from connectors.transports.http import HttpSite, get, http_client
try:
    with http_client(HttpSite("housing", sys.argv[1])) as client:
        client.ask(get(sys.argv[2]))
except PartnerRefusedError:
    # Its own peak: what getrusage tells begins with that of the process it was forked from.
    (peak,) = [line for line in Path("/proc/self/status").read_text().splitlines() if "VmHWM" in line]
    print(int(peak.split()[1]) // 1024)
"""


@pytest.mark.parametrize(
    "scenario", ["bomb", "twice-packed-bomb", "twice-named-bomb", "bomb-in-an-error", "endless"]
)
def test_a_bomb_takes_little_memory(server: FaultyHttp, scenario: str) -> None:
    run = subprocess.run(
        [sys.executable, "-c", MEASURED, server.url, scenario],
        capture_output=True,
        text=True,
        timeout=60,
        check=True,
        cwd=Path(__file__).parents[3],
        env={"PATH": os.environ["PATH"]},
    )
    assert 10 < int(run.stdout) < 300, "megabytes"
