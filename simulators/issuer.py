"""A council's sign-in for a laptop: OpenID Connect with nobody in it but invented people, and no password.

Authorisation code with PKCE (RFC 6749, RFC 7636, OpenID Connect Core 1.0), no more than a site needs of it.
Whoever asks chooses who they are.
"""

import hashlib
import html
import secrets
import time
from base64 import urlsafe_b64decode, urlsafe_b64encode
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any
from urllib.parse import parse_qsl, urlencode

from joserfc import jwt
from joserfc.jwk import RSAKey
from starlette.applications import Starlette
from starlette.requests import Request
from starlette.responses import HTMLResponse, JSONResponse, PlainTextResponse, RedirectResponse, Response
from starlette.routing import Route

LIVES_SECONDS = 300
PEOPLE: tuple[Mapping[str, str], ...] = (
    {"sub": "p-1", "name": "Priya Fairweather", "hub_role": "partner_lead", "hub_partner": "police"},
    {"sub": "p-2", "name": "Owen Larkspur", "hub_role": "partner_board", "hub_partner": "police"},
    {"sub": "p-3", "name": "Dana Merriweather", "hub_role": "partner_lead", "hub_partner": "health"},
    {"sub": "p-4", "name": "Tomasz Applegarth", "hub_role": "data_desk"},
    {"sub": "p-5", "name": "Grace Hollowell", "hub_role": "yjs_board"},
    {"sub": "p-6", "name": "Sam Nobody"},
)


@dataclass
class Issuer:
    """`address` is where it answers; `back` the one address that codes are sent to."""

    address: str
    client_id: str
    client_secret: str
    back: str
    people: tuple[Mapping[str, str], ...] = PEOPLE
    key: RSAKey = field(default_factory=lambda: RSAKey.generate_key(2048, parameters={"kid": "laptop"}))
    _codes: dict[str, tuple[Mapping[str, str], Mapping[str, str]]] = field(default_factory=dict)

    def app(self) -> Starlette:
        return Starlette(
            routes=[
                Route("/.well-known/openid-configuration", self.configuration),
                Route("/jwks", self.keys),
                Route("/authorize", self.authorize),
                Route("/choose", self.choose),
                Route("/token", self.token, methods=["POST"]),
            ]
        )

    def configuration(self, _: Request) -> Response:
        return JSONResponse(
            {
                "issuer": self.address,
                "authorization_endpoint": f"{self.address}/authorize",
                "token_endpoint": f"{self.address}/token",
                "jwks_uri": f"{self.address}/jwks",
                "response_types_supported": ["code"],
                "subject_types_supported": ["public"],
                "id_token_signing_alg_values_supported": ["RS256"],
                "code_challenge_methods_supported": ["S256"],
                "token_endpoint_auth_methods_supported": ["client_secret_basic"],
            }
        )

    def keys(self, _: Request) -> Response:
        return JSONResponse({"keys": [self.key.as_dict(private=False) | {"use": "sig", "alg": "RS256"}]})

    def authorize(self, request: Request) -> Response:
        if wrong := self._wrong(request.query_params):
            return PlainTextResponse(wrong, 400)
        ways = (
            f'<li><a href="/choose?{html.escape(urlencode({**request.query_params, "who": place}))}">'
            f"{html.escape(one['name'])}</a></li>"
            for place, one in enumerate(self.people)
        )
        return HTMLResponse(
            '<!DOCTYPE html><html lang="en-GB"><title>Who are you?</title><h1>Who are you?</h1>'
            f"<p>Everybody here is invented.</p><ul>{''.join(ways)}</ul></html>"
        )

    def choose(self, request: Request) -> Response:
        asked = dict(request.query_params)
        if wrong := self._wrong(asked):
            return PlainTextResponse(wrong, 400)
        code = secrets.token_urlsafe(24)
        self._codes[code] = (self.people[int(asked["who"])], asked)
        return RedirectResponse(f"{self.back}?{urlencode({'code': code, 'state': asked['state']})}", 303)

    async def token(self, request: Request) -> Response:
        form = dict(parse_qsl((await request.body()).decode()))
        if not self._is_the_client(request.headers.get("authorization", "")):
            return JSONResponse({"error": "invalid_client"}, 401)
        # A code is good once.
        person, asked = self._codes.pop(form.get("code", ""), ({}, {}))
        if not person or challenge_of(form.get("code_verifier", "")) != asked["code_challenge"]:
            return JSONResponse({"error": "invalid_grant"}, 400)
        now = int(time.time())
        about = {"iss": self.address, "aud": self.client_id, "iat": now, "exp": now + LIVES_SECONDS}
        claims: dict[str, Any] = {**about, "nonce": asked.get("nonce"), **person}
        signed = jwt.encode({"alg": "RS256", "kid": "laptop"}, claims, self.key)
        opaque = secrets.token_urlsafe(16)
        told = {"token_type": "Bearer", "expires_in": LIVES_SECONDS, "access_token": opaque}
        return JSONResponse({**told, "id_token": signed})

    def _wrong(self, asked: Mapping[str, str]) -> str:
        if asked.get("client_id") != self.client_id or asked.get("redirect_uri") != self.back:
            return "The site or the address that it wants codes sent to is not known here."
        if asked.get("response_type") != "code" or "state" not in asked:
            return "Only a code is given here, and only with a state."
        if asked.get("code_challenge_method") != "S256" or not asked.get("code_challenge"):
            return "A code is given only with a challenge, method S256."
        return ""

    def _is_the_client(self, said: str) -> bool:
        kind, _, proof = said.partition(" ")
        wanted = f"{self.client_id}:{self.client_secret}".encode()
        return kind == "Basic" and secrets.compare_digest(urlsafe_b64decode(proof + "=="), wanted)


def challenge_of(verifier: str) -> str:
    return urlsafe_b64encode(hashlib.sha256(verifier.encode()).digest()).rstrip(b"=").decode()
