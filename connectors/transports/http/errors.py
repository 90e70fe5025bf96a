"""What goes wrong over HTTP, as errors of ours: they name partner and host, and nothing that was asked.

Libraries' errors quote the whole address, and an address may name a child. So none of ours has one as its
cause: a fault is looked at where it is caught, and raised elsewhere.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import timedelta
from http import HTTPStatus

from connectors.errors import (
    ConnectorError,
    CredentialsRefusedError,
    PartnerRefusedError,
    PartnerUnavailableError,
)

NOTHING_TONIGHT = "nothing tonight, the next run tries again; if it lasts, ring the partner."
CHECK_SIGN_IN = "check our key, certificate or client with the partner before the next try, or it may lock."

# The server is busy or between two states: the same request may do better in a moment.
REPEATED = frozenset(
    {
        HTTPStatus.TOO_MANY_REQUESTS,
        HTTPStatus.INTERNAL_SERVER_ERROR,
        HTTPStatus.BAD_GATEWAY,
        HTTPStatus.SERVICE_UNAVAILABLE,
        HTTPStatus.GATEWAY_TIMEOUT,
    }
)
UNAVAILABLE = REPEATED | {HTTPStatus.REQUEST_TIMEOUT, HTTPStatus.INSUFFICIENT_STORAGE}
ABOUT_CREDENTIALS = frozenset({HTTPStatus.UNAUTHORIZED, HTTPStatus.FORBIDDEN})
# What a TLS library says, and what it means to us.
THEIR_CERTIFICATE = ("CERTIFICATE_VERIFY_FAILED",)
OUR_CERTIFICATE = (
    "ALERT_CERTIFICATE",
    "ALERT_BAD_CERTIFICATE",
    "ALERT_UNKNOWN_CA",
    "ALERT_ACCESS_DENIED",
    "ALERT_HANDSHAKE_FAILURE",
)


@dataclass(frozen=True)
class Host:
    partner: str
    name: str

    def unavailable(self, what: str, *, retry_after: timedelta | None = None) -> PartnerUnavailableError:
        return PartnerUnavailableError(self._said(what), fix=NOTHING_TONIGHT, retry_after=retry_after)

    def refused(self, what: str, *, fix: str) -> PartnerRefusedError:
        return PartnerRefusedError(self._said(what), fix=fix)

    def no_sign_in(self, what: str) -> CredentialsRefusedError:
        return CredentialsRefusedError(self._said(what), fix=CHECK_SIGN_IN)

    def _said(self, what: str) -> str:
        return f"{self.partner}: {self.name} {what}."


def error_of_status(host: Host, status: int, *, retry_after: timedelta | None) -> ConnectorError:
    if status in UNAVAILABLE:
        waiting = (
            ""
            if retry_after is None
            else f" and asks us to stay away for {retry_after.total_seconds():.0f} s"
        )
        return host.unavailable(f"answers {status}{waiting}", retry_after=retry_after)
    if status in ABOUT_CREDENTIALS:
        return host.no_sign_in(f"refuses our sign-in ({status})")
    if 300 <= status < 400:
        return host.refused(
            f"says that the address has moved ({status}); we do not follow",
            fix="ask the partner for the new address, and put it into our settings.",
        )
    return host.refused(
        f"answers {status}, which is not agreed for this call",
        fix="compare what we ask with the partner's specification, and whether it has changed.",
    )


def error_of_line(host: Host, fault: Exception, *, too_late: str | None) -> ConnectorError:
    """Of a connection that did not come about, or broke."""
    if too_late:
        return host.unavailable(f"took longer than {too_late}")
    words = str(fault)
    if any(sign in words for sign in THEIR_CERTIFICATE):
        return host.refused(
            "shows a certificate that we do not trust",
            fix="ring the partner before anything else; only if they confirm it, change the bundle we trust.",
        )
    if any(sign in words for sign in OUR_CERTIFICATE):
        return host.no_sign_in("does not take our certificate")
    return host.unavailable("does not answer, or the line broke")
