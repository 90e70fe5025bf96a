"""Signing in over HTTP: against a real token server, and against one that we can make lie."""

from __future__ import annotations

import json
from collections.abc import Iterator
from dataclasses import replace
from urllib.parse import parse_qs

import pytest
from joserfc import jwt
from joserfc.jwk import RSAKey

from connectors.errors import (
    CredentialsRefusedError,
    MisconfiguredError,
    PartnerRefusedError,
    PartnerUnavailableError,
)
from connectors.transports.http import HttpLimits, HttpSite, get, http_client, post
from connectors.transports.http.oauth import (
    CertificateProof,
    ClientCredentials,
    ClientSecret,
    Proof,
    SignedAssertion,
)
from tests.conftest import needs
from tests.connectors.transports.conftest import Waits
from tests.servers.faulty_http import SCENARIOS, FaultyHttp, answer, says
from tests.servers.token_server import PACKAGE, installed, token_server

KEY = RSAKey.generate_key(2048, {"kid": "test-1", "alg": "RS512", "use": "sig"})
OTHER_KEY = RSAKey.generate_key(2048, {"kid": "test-1"})
# Signs that a form and a header escape differently.
KNOWN_TO_BOTH = "a:b+c%2Fd &=/ and twenty more signs"
PEM = KEY.as_pem(private=True).decode()
CLIENTS = [
    {
        "client_id": "hub-key",
        "token_endpoint_auth_method": "private_key_jwt",
        "token_endpoint_auth_signing_alg": "RS512",
        "jwks": {"keys": [KEY.as_dict(private=False)]},
    },
    {
        "client_id": "hub-basic",
        "token_endpoint_auth_method": "client_secret_basic",
        "client_secret": KNOWN_TO_BOTH,
    },
    {
        "client_id": "hub-post",
        "token_endpoint_auth_method": "client_secret_post",
        "client_secret": KNOWN_TO_BOTH,
    },
]


@pytest.fixture(scope="module")
def endpoint(request: pytest.FixtureRequest) -> Iterator[str]:
    """The token endpoint of oidc-provider."""
    folder = request.config.cache.mkdir(PACKAGE)
    needs("oidc-provider on Node", found=installed(folder))
    with token_server(folder, CLIENTS) as url:
        yield url


def signed_by(key: str = PEM, *, audience: str = "http://127.0.0.1", **changes: object) -> SignedAssertion:
    return replace(SignedAssertion(key, key_id="test-1", audience=audience), **changes)


def site(server: FaultyHttp, endpoint: str, client: str, proof: Proof) -> HttpSite:
    auth = ClientCredentials(endpoint, client, proof)
    return HttpSite("health", server.url, auth=auth, limits=HttpLimits(attempts=2))


def tokens_seen(server: FaultyHttp) -> list[str]:
    lines = [line for head in server.heads for line in head.splitlines()]
    return [line.split()[2] for line in lines if line.startswith("Authorization: Bearer ")]


@pytest.mark.server
@pytest.mark.parametrize(
    ("client", "proof"),
    [
        ("hub-key", signed_by()),
        ("hub-basic", ClientSecret(KNOWN_TO_BOTH)),
        ("hub-post", ClientSecret(KNOWN_TO_BOTH, "client_secret_post")),
    ],
)
def test_a_real_server_gives_one_token_for_many_calls(
    server: FaultyHttp, endpoint: str, client: str, proof: Proof
) -> None:
    with http_client(site(server, endpoint, client, proof)) as signed:
        for _ in range(3):
            assert signed.ask(get("good")).status == 200
    assert len(tokens_seen(server)) == 3
    assert len({*tokens_seen(server)}) == 1


@pytest.mark.server
@pytest.mark.parametrize(
    ("client", "proof"),
    [
        ("hub-key", signed_by(OTHER_KEY.as_pem(private=True).decode())),
        ("hub-key", signed_by(audience="https://elsewhere.example/token")),
        ("hub-key", signed_by(key_id="unknown")),
        ("hub-key", signed_by(algorithm="RS256")),
        ("hub-key", ClientSecret(KNOWN_TO_BOTH)),
        ("nobody", signed_by()),
        ("hub-basic", ClientSecret("wrong")),
    ],
)
def test_a_real_server_refuses_and_is_asked_once(
    server: FaultyHttp, endpoint: str, client: str, proof: Proof
) -> None:
    with (
        http_client(site(server, endpoint, client, proof)) as signed,
        pytest.raises(CredentialsRefusedError) as told,
    ):
        signed.ask(get("good"))
    assert server.heads == []
    assert [secret for secret in (KNOWN_TO_BOTH, "PRIVATE", "eyJ") if secret in f"{told.value!r}"] == []


@pytest.mark.server
def test_a_real_server_that_no_longer_knows_a_token_gives_another(server: FaultyHttp, endpoint: str) -> None:
    """A replayed assertion would be refused, so each is made anew."""
    with http_client(site(server, endpoint, "hub-key", signed_by())) as signed:
        with pytest.raises(CredentialsRefusedError):
            signed.ask(get("unauthorised"))
        signed.ask(get("good"))
    first, second, third = tokens_seen(server)
    assert first != second
    # What was refused is not shown again, and what came in its place is, until it is refused.
    assert third == second


def gives(monkeypatch: pytest.MonkeyPatch, *answers: bytes) -> None:
    """What the token endpoint of the server that can lie says."""
    monkeypatch.setitem(SCENARIOS, "token", says(*answers))  # type: ignore[arg-type]


def token(value: str = "a-token", **said: object) -> bytes:
    return answer(
        json.dumps({"access_token": value, "token_type": "Bearer", "expires_in": 600, **said}).encode()
    )


@pytest.fixture
def lying(server: FaultyHttp) -> HttpSite:
    return site(server, f"{server.url}/token", "hub-key", signed_by(audience=f"{server.url}/token"))


def test_the_assertion_is_as_the_nhs_wants_it(
    server: FaultyHttp, lying: HttpSite, waits: Waits, monkeypatch: pytest.MonkeyPatch
) -> None:
    gives(monkeypatch, token("one"), token("two"))
    with http_client(lying, time=waits.time()) as signed:
        signed.ask(get("good"))
        waits.sleep(580)
        signed.ask(get("good"))
    forms = [parse_qs(body.decode()) for body in server.bodies if body]
    seen = [jwt.decode(form["client_assertion"][0], KEY, algorithms=["RS512"]) for form in forms]
    now = waits.time().now().timestamp()
    for one in seen:
        assert {**one.header} == {"alg": "RS512", "typ": "JWT", "kid": "test-1"}
        assert (one.claims["iss"], one.claims["sub"]) == ("hub-key", "hub-key")
        assert one.claims["aud"] == f"{server.url}/token"
        assert 0 < one.claims["exp"] - one.claims["iat"] <= 300
    assert seen[0].claims["jti"] != seen[1].claims["jti"]
    assert seen[1].claims["iat"] == pytest.approx(now, abs=5)
    assert seen[1].claims["iat"] - seen[0].claims["iat"] == pytest.approx(580, abs=5)


@pytest.mark.parametrize(("later", "tokens"), [(550, ["one", "one"]), (571, ["one", "two"])])
def test_a_token_is_renewed_a_little_before_its_end(
    server: FaultyHttp,
    lying: HttpSite,
    waits: Waits,
    monkeypatch: pytest.MonkeyPatch,
    later: int,
    tokens: list[str],
) -> None:
    gives(monkeypatch, token("one", expires_in="600"), token("two"))
    with http_client(lying, time=waits.time()) as signed:
        signed.ask(get("good"))
        waits.sleep(later)
        signed.ask(get("good"))
    assert tokens_seen(server) == tokens


def test_a_401_fetches_one_other_token_and_then_stops(
    server: FaultyHttp, lying: HttpSite, monkeypatch: pytest.MonkeyPatch
) -> None:
    gives(monkeypatch, token("one"), token("two"), token("three"))
    with http_client(lying) as signed, pytest.raises(CredentialsRefusedError):
        signed.ask(post("unauthorised", b"{}", key="k"))
    assert tokens_seen(server) == ["one", "two"]
    assert server.counts == {"token": 2, "unauthorised": 2}


LIES = {
    "no token": (answer(b"{}"), PartnerRefusedError, "no bearer token"),
    "a list": (answer(b"[]"), PartnerRefusedError, "no bearer token"),
    "of another kind": (token(token_type="mac"), PartnerRefusedError, "no bearer token"),
    "with a line break": (token("a\r\nX-Other: b"), PartnerRefusedError, "no bearer token"),
    "that lives for ever": (token(expires_in="for ever"), PartnerRefusedError, "no bearer token"),
    "a web page": (answer(b"<html>", Content_Type="text/html"), PartnerRefusedError, "a web page"),
    "moved": (answer(b"", status="302 Found", Location="/good"), PartnerRefusedError, "has moved"),
    "400": (
        answer(b'{"error": "invalid_client", "error_description": "Xanthippe"}', status="400 Bad Request"),
        CredentialsRefusedError,
        "gives us no token (invalid_client)",
    ),
    "400 in words of their own": (
        answer(b'{"error": "Xanthippe"}', status="400 Bad Request"),
        CredentialsRefusedError,
        "gives us no token.",
    ),
    "busy": (answer(b"", status="503 Busy", Retry_After="3600"), PartnerUnavailableError, "3600 s"),
}


@pytest.mark.parametrize(("said", "kind", "words"), LIES.values(), ids=LIES)
def test_what_is_no_token_is_not_used(
    server: FaultyHttp, lying: HttpSite, monkeypatch: pytest.MonkeyPatch, said: bytes, kind: type, words: str
) -> None:
    gives(monkeypatch, said)
    with http_client(lying) as signed, pytest.raises(kind) as told:
        signed.ask(get("good"))
    assert type(told.value) is kind
    assert words in told.value.what
    assert "Xanthippe" not in str(told.value)
    assert server.counts == {"token": 1}


def test_a_token_endpoint_that_is_busy_for_a_moment_is_asked_again_even_for_a_call_without_a_key(
    server: FaultyHttp, lying: HttpSite, waits: Waits, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The partner itself was not asked yet, so nothing is repeated; each try brings a proof of its own."""
    gives(monkeypatch, answer(b"", status="503 Busy"), token())
    with http_client(lying, time=waits.time()) as signed:
        assert signed.ask(post("good", b"{}")).status == 200
    proofs = [body for body in server.bodies if b"client_assertion=" in body]
    assert len({*proofs}) == 2


@pytest.mark.parametrize(
    "proof",
    [
        ClientSecret(""),
        signed_by("no key"),
        signed_by(KEY.as_pem(private=False).decode()),
        signed_by(seconds=301),
        signed_by(seconds=0),
    ],
)
def test_a_proof_that_cannot_work_is_found_before_any_call(server: FaultyHttp, proof: Proof) -> None:
    with pytest.raises(MisconfiguredError) as told, http_client(site(server, server.url, "hub", proof)):
        pass
    assert "no key" not in str(told.value)
    assert server.heads == []


def test_a_token_endpoint_that_is_not_https_is_not_asked(server: FaultyHttp) -> None:
    with (
        pytest.raises(MisconfiguredError, match="not https"),
        http_client(site(server, "http://health.example/token", "hub", ClientSecret(KNOWN_TO_BOTH))),
    ):
        pass


def test_a_certificate_is_proof_enough_where_they_say_so(
    server: FaultyHttp, monkeypatch: pytest.MonkeyPatch
) -> None:
    gives(monkeypatch, token())
    with http_client(site(server, f"{server.url}/token", "hub", CertificateProof())) as signed:
        signed.ask(get("good"))
    assert parse_qs(server.bodies[0].decode()) == {"grant_type": ["client_credentials"], "client_id": ["hub"]}


def test_secrets_are_in_no_representation(
    lying: HttpSite, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    caplog.set_level("DEBUG")
    gives(monkeypatch, token("a-token"))
    with http_client(lying) as signed:
        signed.ask(get("good"))
        shown = f"{lying} {signed} {vars(signed)} {signed_by()} {ClientSecret(KNOWN_TO_BOTH)} {caplog.text}"
    assert [word for word in ("PRIVATE", KNOWN_TO_BOTH, "a-token", "eyJ") if word in shown] == []
