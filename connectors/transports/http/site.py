"""A partner's place on the web: where it is, whom we trust there, who we are, which addresses are theirs."""

from __future__ import annotations

import ipaddress
import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Literal
from urllib.parse import SplitResult, quote, urlencode, urlsplit

from connectors.errors import MisconfiguredError, PartnerRefusedError
from connectors.transports.http.auth import Auth, NoAuth
from connectors.transports.http.errors import Host
from connectors.transports.http.limits import HttpLimits

PORTS = {"http": 80, "https": 443}
SCHEME = re.compile(r"[a-z][a-z0-9+.-]*:", re.ASCII | re.IGNORECASE)
SOUND = re.compile(r"[!-~]+", re.ASCII)
Query = Mapping[str, str | Sequence[str]]


@dataclass(frozen=True)
class ClientCertificate:
    """Mutual TLS: PEM files, the key without a passphrase."""

    certificate: Path
    key: Path


@dataclass(frozen=True)
class HttpSite:
    partner: str
    # Such as "https://api.example.org/referrals/v1". Plain http is for this machine alone.
    base_url: str
    auth: Auth = field(default_factory=NoAuth)
    # A file of certificates to trust, or True for those that the world trusts. It cannot be switched off.
    verify: str | Literal[True] = True
    certificate: ClientCertificate | None = None
    # Their other hosts, as "host" or "host:port", and those of them that may see our sign-in too.
    other_hosts: frozenset[str] = frozenset()
    signed_in_hosts: frozenset[str] = frozenset()
    # The header in which they take an idempotency key.
    key_header: str = "Idempotency-Key"
    limits: HttpLimits = field(default_factory=HttpLimits)

    @property
    def host(self) -> Host:
        return Host(self.partner, urlsplit(self.base_url).hostname or "")

    def check(self) -> None:
        """Finds before any call what cannot work."""
        base = _split(self.base_url)
        if base is None or base.query or base.fragment:
            raise self._wrong("the address is not one", "put one such as 'https://api.example.org/v1'.")
        if base.scheme != "https" and not _is_this_machine(base.hostname or ""):
            raise self._wrong("the address is not https", "ask the partner for the one that is.")
        if not self.signed_in_hosts <= self.other_hosts:
            raise self._wrong("a host that may see our sign-in is not one of theirs", "name it as both.")
        files = [self.verify] if self.verify is not True else []
        if self.certificate:
            files += [str(self.certificate.certificate), str(self.certificate.key)]
        if not all(Path(file).is_file() for file in files):
            raise self._wrong("a certificate or key file is missing", "put it where our settings say.")

    def address(self, path: str, query: Query) -> str:
        """Below the base address. A whole address stays as it is, if it is theirs."""
        if not SCHEME.match(path):
            path = f"{self.base_url.rstrip('/')}/{path.lstrip('/')}"
        self._check_is_theirs(path)
        if query:
            path += f"{'&' if '?' in path else '?'}{urlencode(query, doseq=True)}"
        if len(path) > self.limits.address_characters:
            raise self._wrong("an address is too long to ask", "ask for less at a time.")
        return path

    def may_see_sign_in(self, address: str) -> bool:
        """Of an address that is theirs."""
        return _place(urlsplit(address)) in self._places(self.signed_in_hosts)

    def _places(self, others: frozenset[str]) -> set[tuple[str | None, int | None]]:
        base = urlsplit(self.base_url)
        return {_place(base), *(_place(urlsplit(f"{base.scheme}://{name}")) for name in others)}

    def _check_is_theirs(self, address: str) -> None:
        base, asked = urlsplit(self.base_url), _split(address)
        if (
            asked is None
            or asked.scheme != base.scheme
            or _place(asked) not in self._places(self.other_hosts)
        ):
            raise PartnerRefusedError(
                f"{self.partner}: we are pointed to an address that is not one of theirs; it was not asked.",
                fix="ask the partner where it leads; only if they confirm the host, add it to our settings.",
            )

    def _wrong(self, what: str, fix: str) -> MisconfiguredError:
        return MisconfiguredError(f"{self.partner}: {what} in our settings for HTTP.", fix=fix)


def below(*parts: str) -> str:
    """A path of parts, such as an identifier of theirs: no part can climb out of its place."""
    if any(not part.strip(".") for part in parts):
        raise MisconfiguredError(
            "A part of an address that we make is empty or made of dots.",
            fix="look at what the connector puts into its addresses.",
        )
    return "/".join(quote(part, safe="") for part in parts)


def _split(address: str) -> SplitResult | None:
    """None for what is no address, has a user in it, or could be read in two ways."""
    if not SOUND.fullmatch(address):
        return None
    try:
        found = urlsplit(address)
        sound = found.scheme in PORTS and found.hostname and found.port != 0
        sound = sound and not set("@\\") & set(found.netloc)
    except ValueError:
        return None
    return found if sound else None


def _place(address: SplitResult) -> tuple[str | None, int | None]:
    return address.hostname, address.port or PORTS[address.scheme]


def _is_this_machine(host: str) -> bool:
    try:
        return ipaddress.ip_address(host).is_loopback
    except ValueError:
        return host == "localhost"
