"""The line to MESH: NHS England's client, on a session that is stricter than its own.

Left alone, `mesh_client` 5.0 believes every public authority beside the one it is given, takes proxies and
authorities from the environment, waits ten minutes for each byte and for ever in all, follows redirects,
repeats a call with the token that MESH takes only once, sleeps six hours where it is told to, and unpacks
whatever comes. Its signing, its calls and its cutting into parts are used; the rest is here.
"""

from __future__ import annotations

import io
import ssl
import time
from typing import Any
from urllib.parse import quote

import requests
import urllib3
from mesh_client import AuthTokenGenerator, MeshClient
from requests.adapters import HTTPAdapter
from requests.exceptions import ContentDecodingError, SSLError

from connectors.errors import MisconfiguredError, UnreadableMessageError
from connectors.transports.mesh.account import MeshAccount, MeshLimits
from connectors.transports.mesh.body import body

BUSY = (408, 425, 429, 500, 502, 503, 504)
REPEATABLE = ("GET", "HEAD", "PUT")


class MeshLine(MeshClient):
    """The library's client, its session exchanged for ours before the first call."""

    def __init__(self, account: MeshAccount, adapter: MeshAdapter) -> None:
        super().__init__(
            account.url, account.mailbox, account.password, shared_key=account.secret, max_retries=0
        )
        signing = AuthTokenGenerator(account.secret, account.mailbox, account.password)
        headers = self._session.headers
        self._session.close()
        self._session = _Session(account, adapter, signing)
        self._session.auth, self._session.headers = signing, headers

    def head(self, message_id: str) -> requests.Response:
        return self._session.head(f"{self.mailbox_url}/inbox/{quote(message_id, safe='')}")

    def inbox(self, query: dict[str, str]) -> requests.Response:
        return self._session.get(f"{self.mailbox_url}/inbox", params=query)

    def acknowledged(self, message_id: str) -> requests.Response:
        return self._session.put(f"{self.mailbox_url}/inbox/{quote(message_id, safe='')}/status/acknowledged")

    def tracked(self, local_id: str) -> requests.Response:
        """By our own id, which MESH still answers and calls deprecated; by its own id it must be known."""
        return self._session.get(f"{self.mailbox_url}/outbox/tracking/{quote(local_id, safe='')}")


class _Session(requests.Session):
    def __init__(self, account: MeshAccount, adapter: MeshAdapter, signing: AuthTokenGenerator) -> None:
        super().__init__()
        self._signing = signing
        self._limits = account.limits
        # Or REQUESTS_CA_BUNDLE, a proxy or a .netrc of the machine would come before what is set here.
        self.trust_env = False
        self.adapters.clear()
        # With its slash: "https://mesh.example" is also how "https://mesh.example@elsewhere" begins.
        self.mount(f"{account.url.rstrip('/')}/", adapter)

    def get_redirect_target(self, resp: requests.Response) -> None:
        """Nowhere: whoever asked sees the redirect, and refuses it."""

    def send(self, request: requests.PreparedRequest, **kwargs: Any) -> requests.Response:
        """Tried again only where twice is once, and never with the same token: MESH takes each but once."""
        tries = self._limits.tries if request.method in REPEATABLE else 1
        for number in range(1, tries):
            pause = self._limits.pause_seconds * 4 ** (number - 1)
            try:
                response = self._whole(request, **kwargs)
            except (SSLError, ContentDecodingError):
                raise
            except (requests.ConnectionError, requests.Timeout, urllib3.exceptions.HTTPError):
                time.sleep(pause)
            else:
                if response.status_code not in BUSY:
                    return response
                pause = max(pause, _told_to_wait(response))
                if pause > self._limits.longest_pause_seconds:
                    return response
                response.close()
                time.sleep(pause)
            self._signing(request)
        return self._whole(request, **kwargs)

    def _whole(self, request: requests.PreparedRequest, **kwargs: Any) -> requests.Response:
        """With its body read, within its limits, unless a stream was asked for."""
        streamed = kwargs.pop("stream", None)
        response = super().send(request, stream=True, **kwargs)
        if not (streamed and response.ok):
            try:
                response.raw = io.BytesIO(b"".join(body([response], self._limits.answer_bytes)))
            except UnreadableMessageError as problem:
                raise ContentDecodingError(problem.what) from None
        return response


class MeshAdapter(HTTPAdapter):
    def __init__(self, account: MeshAccount) -> None:
        self._limits = account.limits
        self._context = _context(account)
        super().__init__(max_retries=0)

    def init_poolmanager(self, *args: Any, **kwargs: Any) -> None:
        super().init_poolmanager(*args, ssl_context=self._context, **kwargs)

    def cert_verify(self, conn: Any, url: str, verify: Any, cert: Any) -> None:
        """Said by the context. The parent would add every public authority to the one that is agreed."""
        conn.cert_reqs = "CERT_REQUIRED"

    def send(self, request: requests.PreparedRequest, *args: Any, **kwargs: Any) -> requests.Response:
        self._context.until = time.monotonic() + _seconds(request, self._limits)
        waits = (self._limits.connect_seconds, self._limits.answer_seconds)
        ours = {"timeout": waits, "verify": True, "cert": None, "proxies": None}
        return super().send(request, *args, **{**kwargs, **ours})


class _Context(ssl.SSLContext):
    """Sockets made of it stop when the call's time is over, however the bytes drip in."""

    until: float = 0.0
    answer_seconds: float = 0.0


class _Socket(ssl.SSLSocket):
    def recv_into(self, *args: Any, **kwargs: Any) -> int:
        self._hurry()
        return super().recv_into(*args, **kwargs)

    def send(self, *args: Any, **kwargs: Any) -> int:
        self._hurry()
        return super().send(*args, **kwargs)

    def _hurry(self) -> None:
        context = self.context
        if isinstance(context, _Context):
            left = context.until - time.monotonic()
            if left <= 0:
                raise TimeoutError
            self.settimeout(min(left, context.answer_seconds))


_Context.sslsocket_class = _Socket


def _context(account: MeshAccount) -> _Context:
    context = _Context(ssl.PROTOCOL_TLS_CLIENT)
    context.minimum_version = ssl.TLSVersion.TLSv1_2
    context.hostname_checks_common_name = False
    context.answer_seconds = account.limits.answer_seconds
    try:
        context.load_verify_locations(account.ca)
        # A key with a pass phrase would ask for it on the terminal, and the night would stand still.
        context.load_cert_chain(account.certificate, account.key, password=lambda: b"")
    except OSError:
        raise MisconfiguredError(
            f"{account.partner}: a certificate or key file for MESH is missing or cannot be used.",
            fix="look whether certificate, key and authority are PEM files that the hub may read, belong "
            "together, and whether the key has no pass phrase.",
        ) from None
    return context


def _seconds(request: requests.PreparedRequest, limits: MeshLimits) -> float:
    path = str(request.path_url)
    carries = ("/inbox/" in path and request.method == "GET") or (
        "/outbox" in path and request.method == "POST"
    )
    return limits.transfer_seconds if carries else limits.call_seconds


def _told_to_wait(response: requests.Response) -> float:
    told = response.headers.get("Retry-After", "").strip()
    return float(told) if told.isascii() and told.isdigit() else 0.0
