"""How we prove who we are over HTTP. A value that a connector hands to `HttpSite`; the client does the rest.

    NoAuth()                     nothing, or a client certificate alone (`HttpSite.certificate`)
    ApiKey("apikey", secret)     a key in a header
    ClientCredentials(...)       OAuth 2.0, in oauth.py

One of your own needs `sign_in`, which gives what lives as long as the client.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Protocol

if TYPE_CHECKING:
    from connectors.transports.http.site import HttpSite
    from connectors.transports.http.time import Time


class SignedIn(Protocol):
    def headers(self, *, within: float) -> Mapping[str, str]:
        """What proves us on the next request. Takes no longer than these seconds to find out."""

    def forget(self) -> bool:
        """After a 401: whether a new proof can be had, and so whether it is worth asking once more."""


class Auth(Protocol):
    def sign_in(self, site: HttpSite, time: Time) -> SignedIn:
        """Checks what we have been given (`MisconfiguredError`), and calls nobody yet."""


@dataclass(frozen=True)
class FixedHeaders:
    """The same on every request; there is nothing to renew."""

    _headers: Mapping[str, str] = field(repr=False)

    def headers(self, *, within: float) -> Mapping[str, str]:
        return self._headers

    def forget(self) -> bool:
        return False


@dataclass(frozen=True)
class NoAuth:
    def sign_in(self, site: HttpSite, time: Time) -> SignedIn:
        return FixedHeaders({})


@dataclass(frozen=True)
class ApiKey:
    header: str
    key: str = field(repr=False)

    def sign_in(self, site: HttpSite, time: Time) -> SignedIn:
        return FixedHeaders({self.header: self.key})
