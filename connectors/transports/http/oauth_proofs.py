"""How an OAuth client proves itself at the token endpoint, each with Authlib's own hand.

What Authlib does by default is not ours: an assertion lives for an hour (the NHS allows five minutes), claims
are fixed for good, and a secret goes into the header unescaped (RFC 6749, 2.3.1).
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Literal, Protocol
from urllib.parse import quote_plus, urlencode
from uuid import uuid4

from authlib.oauth2.auth import ClientAuth
from authlib.oauth2.rfc7523 import private_key_jwt_sign
from joserfc.errors import JoseError
from joserfc.jwk import RSAKey

from connectors.errors import MisconfiguredError

ASSERTION_SECONDS = 240
LONGEST_ASSERTION_SECONDS = 300
JWT_BEARER = "urn:ietf:params:oauth:client-assertion-type:jwt-bearer"


class Proof(Protocol):
    """How a client proves itself at the token endpoint."""

    def check(self, partner: str) -> None:
        """Finds before any call what cannot work."""

    def added_to(
        self, form: str, *, client_id: str, token_url: str, now: int
    ) -> tuple[Mapping[str, str], str]:
        """The headers and the form with the proof in them. Made anew for each call."""


@dataclass(frozen=True)
class ClientSecret:
    secret: str = field(repr=False)
    method: Literal["client_secret_basic", "client_secret_post"] = "client_secret_basic"

    def check(self, partner: str) -> None:
        if not self.secret:
            raise _misconfigured(partner, "the client secret is empty")

    def added_to(
        self, form: str, *, client_id: str, token_url: str, now: int
    ) -> tuple[Mapping[str, str], str]:
        # A form escapes by itself; for the header Authlib does not.
        escaped = quote_plus if self.method == "client_secret_basic" else str
        headers: dict[str, str] = {}
        proof = ClientAuth(escaped(client_id), escaped(self.secret), self.method)
        _, headers, form = proof.prepare("POST", token_url, headers, form)
        return headers, form


@dataclass(frozen=True)
class SignedAssertion:
    """private_key_jwt (RFC 7523): the key stays with us, they know its public half by `key_id`."""

    # PEM, without a passphrase.
    private_key: str = field(repr=False)
    key_id: str
    # As they say; often the exact address of the token endpoint.
    audience: str
    algorithm: Literal["RS256", "RS384", "RS512"] = "RS512"
    # Less than they allow, for clocks that differ.
    seconds: int = ASSERTION_SECONDS

    def check(self, partner: str) -> None:
        if not 0 < self.seconds <= LONGEST_ASSERTION_SECONDS:
            raise _misconfigured(partner, f"an assertion may live for {LONGEST_ASSERTION_SECONDS} s at most")
        try:
            sound = RSAKey.import_key(self.private_key).is_private
        except (ValueError, TypeError, JoseError):
            sound = False
        if not sound:
            raise _misconfigured(partner, "the private key is not an RSA key as PEM without a passphrase")

    def added_to(
        self, form: str, *, client_id: str, token_url: str, now: int
    ) -> tuple[Mapping[str, str], str]:
        assertion = private_key_jwt_sign(
            RSAKey.import_key(self.private_key),
            client_id,
            self.audience,
            alg=self.algorithm,
            claims={"jti": str(uuid4())},
            header={"typ": "JWT", "kid": self.key_id},
            issued_at=now,
            expires_in=self.seconds,
        )
        proof = {"client_assertion_type": JWT_BEARER, "client_assertion": assertion}
        return {}, f"{form}&{urlencode(proof)}"


@dataclass(frozen=True)
class CertificateProof:
    """tls_client_auth (RFC 8705): the site's client certificate is the proof."""

    def check(self, partner: str) -> None:
        pass

    def added_to(
        self, form: str, *, client_id: str, token_url: str, now: int
    ) -> tuple[Mapping[str, str], str]:
        _, _, form = ClientAuth(client_id, None, "none").prepare("POST", token_url, {}, form)
        return {}, form


def _misconfigured(partner: str, what: str) -> MisconfiguredError:
    return MisconfiguredError(
        f"{partner}: {what}.", fix="look at the partner's settings for its sign-in over HTTP."
    )
