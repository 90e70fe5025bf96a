"""OAuth 2.0 client credentials: a token for each client, fetched when it is first needed.

    proof = SignedAssertion(private_key, key_id="live-1", audience=token_url)
    site = HttpSite(partner, base_url, auth=ClientCredentials(token_url, client_id, proof))

The token is asked for with our own client, so that its limits hold there too: once for each attempt of a
call, because a proof that was seen before is refused.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from urllib.parse import urlencode

from connectors.transports.http import Ask, HttpSite, Reply, Time, http_client
from connectors.transports.http.auth import NoAuth, SignedIn
from connectors.transports.http.oauth_proofs import (
    ASSERTION_SECONDS,
    LONGEST_ASSERTION_SECONDS,
    CertificateProof,
    ClientSecret,
    Proof,
    SignedAssertion,
)
from connectors.transports.limits import Limit

__all__ = ["CertificateProof", "ClientCredentials", "ClientSecret", "Proof", "SignedAssertion"]

TOKEN_SECONDS = 30
RENEW_BEFORE_SECONDS = 30
UNSAID_SECONDS = 300

LIMITS = (
    Limit("TOKEN_SECONDS", TOKEN_SECONDS, "seconds to be given a token"),
    Limit("RENEW_BEFORE_SECONDS", RENEW_BEFORE_SECONDS, "seconds before it ends a token is fetched anew"),
    Limit("UNSAID_SECONDS", UNSAID_SECONDS, "seconds that a token is used whose end they do not tell"),
    Limit(
        "ASSERTION_SECONDS",
        ASSERTION_SECONDS,
        "seconds that a signed assertion lives, unless the connector says otherwise",
    ),
    Limit("LONGEST_ASSERTION_SECONDS", LONGEST_ASSERTION_SECONDS, "seconds; no assertion may live longer"),
)

# RFC 6750, 2.1.
TOKEN = re.compile(r"[A-Za-z0-9\-._~+/]{1,8000}=*")
# RFC 6749, 5.2: the only words of theirs that we repeat.
SAID = (
    "invalid_request",
    "invalid_client",
    "invalid_grant",
    "unauthorized_client",
    "unsupported_grant_type",
    "invalid_scope",
)


@dataclass(frozen=True)
class ClientCredentials:
    """The `auth` of an `HttpSite`, whose trust, certificate and limits hold for the token endpoint too."""

    token_url: str
    client_id: str
    proof: Proof = field(repr=False)
    scope: str = ""

    def sign_in(self, site: HttpSite, time: Time) -> SignedIn:
        self.proof.check(site.partner)
        alone: frozenset[str] = frozenset()
        endpoint = replace(
            site, base_url=self.token_url, auth=NoAuth(), other_hosts=alone, signed_in_hosts=alone
        )
        endpoint.check()
        return _Tokens(self, endpoint, time)


@dataclass(frozen=True)
class _Token:
    value: str = field(repr=False)
    # As the clock that we were handed counts, in whole seconds.
    renew_at: int


class _Tokens:
    def __init__(self, credentials: ClientCredentials, endpoint: HttpSite, time: Time) -> None:
        self._credentials = credentials
        self._endpoint = endpoint
        self._time = time
        self._token: _Token | None = None

    def headers(self, *, within: float) -> Mapping[str, str]:
        if self._token is None or self._token.renew_at <= self._now():
            self._token = self._fetched(within)
        return {"Authorization": f"Bearer {self._token.value}"}

    def forget(self) -> bool:
        self._token = None
        return True

    def _now(self) -> int:
        return int(self._time.now().timestamp())

    def _fetched(self, within: float) -> _Token:
        asked_at = self._now()
        ask = self._ask(asked_at)
        with http_client(self._endpoint, time=self._time) as client:
            reply = client.ask(ask, within=min(within, TOKEN_SECONDS))
        if reply.status != 200:
            raise self._endpoint.host.no_sign_in(f"gives us no token{_why(reply)}")
        return self._read(reply, asked_at)

    def _ask(self, now: int) -> Ask:
        ours = self._credentials
        form = urlencode({"grant_type": "client_credentials"} | ({"scope": ours.scope} if ours.scope else {}))
        headers, body = ours.proof.added_to(form, client_id=ours.client_id, token_url=ours.token_url, now=now)
        return Ask(
            "POST",
            ours.token_url,
            body=body.encode(),
            body_type="application/x-www-form-urlencoded",
            headers=headers,
            expects={200, 400},
        )

    def _read(self, reply: Reply, asked_at: int) -> _Token:
        told = _fields(reply)
        value, kind, lives = (told.get(name) for name in ("access_token", "token_type", "expires_in"))
        seconds = UNSAID_SECONDS if lives is None else _whole_number(lives)
        sound = isinstance(value, str) and TOKEN.fullmatch(value) and str(kind).lower() == "bearer"
        if not sound or seconds is None:
            raise self._endpoint.host.refused(
                "answers our sign-in with something that is no bearer token",
                fix="compare the token endpoint in our settings with the partner's specification.",
            )
        early = min(RENEW_BEFORE_SECONDS, seconds // 2)
        return _Token(str(value), asked_at + seconds - early)


def _fields(reply: Reply) -> Mapping[str, object]:
    told = reply.json()
    return told if isinstance(told, dict) else {}


def _why(reply: Reply) -> str:
    said = _fields(reply).get("error")
    return f" ({said})" if said in SAID else ""


def _whole_number(told: object) -> int | None:
    """Some write the number as a text."""
    text = str(told)
    return int(text) if text.isascii() and text.isdigit() and len(text) < 10 else None
