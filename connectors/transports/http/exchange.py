"""One request and its answer: no repeat, no sign-in, and nothing half."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from types import MappingProxyType

import requests
from urllib3 import BaseHTTPResponse
from urllib3.exceptions import HTTPError

from connectors.errors import MisconfiguredError, PartnerUnavailableError
from connectors.transports.http.ask import Ask, Failure, Reply
from connectors.transports.http.body import ACCEPT_ENCODING, body_of
from connectors.transports.http.errors import REPEATED, error_of_line, error_of_status
from connectors.transports.http.line import Line, WatchedAdapter
from connectors.transports.http.retry import retry_after
from connectors.transports.http.site import HttpSite
from connectors.transports.http.time import Time

WITHOUT_BODY = frozenset({204, 304})
WEB_PAGES = frozenset({"text/html", "application/xhtml+xml"})


@dataclass(frozen=True)
class Exchange:
    site: HttpSite
    time: Time
    line: Line
    adapter: WatchedAdapter

    def once(self, ask: Ask, address: str, *, proof: Mapping[str, str], seconds: float) -> Reply | Failure:
        """PartnerRefusedError where the answer itself is not as agreed; every other fault is handed back."""
        request = requests.Request(ask.method, address, headers=self._headers(ask, proof), data=ask.body)
        fault: Exception
        with self.line.within(seconds):
            try:
                return self._answer(ask, request.prepare())
            except (PartnerUnavailableError, OSError, HTTPError) as error:
                fault = error
            late = f"{seconds:.0f} s" if self.line.is_cut else None
        if isinstance(fault, PartnerUnavailableError) and not late:
            return Failure(fault, may_pass=True)
        error_of_ours = error_of_line(self.site.host, fault, too_late=late)
        return Failure(error_of_ours, may_pass=isinstance(error_of_ours, PartnerUnavailableError))

    def _headers(self, ask: Ask, proof: Mapping[str, str]) -> dict[str, str]:
        headers = {
            "User-Agent": "referral-hub",
            "Accept": ", ".join(ask.takes) or "*/*",
            "Accept-Encoding": ACCEPT_ENCODING,
            **({"Content-Type": ask.body_type} if ask.body is not None else {}),
            **({self.site.key_header: ask.key} if ask.key is not None else {}),
            **ask.headers,
            **proof,
        }
        sound = all(text.isascii() and text.isprintable() for pair in headers.items() for text in pair)
        if not sound or sum(map(len, (*headers, *headers.values()))) > self.site.limits.sent_head_bytes:
            raise MisconfiguredError(
                f"{self.site.partner}: a header that we should send is too long, or not plain text.",
                fix="look at our key or certificate settings, and at the headers that the connector makes.",
            )
        return headers

    def _answer(self, ask: Ask, request: requests.PreparedRequest) -> Reply | Failure:
        answer: BaseHTTPResponse = self._sent(request)
        try:
            headers = self._head(answer)
            if answer.status not in ask.expects:
                return self._unexpected(answer.status, headers)
            is_empty = answer.status in WITHOUT_BODY or ask.method == "HEAD"
            body = b"" if is_empty else body_of(answer, self.site.host, self.site.limits)
            if not is_empty and ask.takes:
                self._check_kind(ask, headers, body)
            reply = Reply(answer.status, headers, body, str(request.url))
            return (ask.judge(reply) if ask.judge else None) or reply
        finally:
            # A line with an unread rest is closed by this; one that was read to its end stays open.
            answer.close()

    def _sent(self, request: requests.PreparedRequest) -> BaseHTTPResponse:
        limits = self.site.limits
        ours = self.site.certificate if self.site.may_see_sign_in(str(request.url)) else None
        answer: BaseHTTPResponse = self.adapter.send(
            request,
            stream=True,
            timeout=(limits.connect_seconds, limits.silence_seconds),
            verify=self.site.verify,
            cert=(str(ours.certificate), str(ours.key)) if ours else None,
        ).raw
        return answer

    def _head(self, answer: BaseHTTPResponse) -> Mapping[str, str]:
        headers = {name.lower(): value for name, value in answer.headers.items()}
        if sum(map(len, (*headers, *headers.values()))) > self.site.limits.head_bytes:
            raise self.site.host.refused(
                "sends longer headers than an answer may have", fix="ask the partner what they are for."
            )
        return MappingProxyType(headers)

    def _unexpected(self, status: int, headers: Mapping[str, str]) -> Failure:
        told = retry_after(headers, self.time.now())
        error = error_of_status(self.site.host, status, retry_after=told)
        return Failure(error, may_pass=status in REPEATED, status=status)

    def _check_kind(self, ask: Ask, headers: Mapping[str, str], body: bytes) -> None:
        kind = headers.get("content-type", "").partition(";")[0].strip().lower()
        if kind in WEB_PAGES and kind not in ask.takes:
            raise self.site.host.refused(
                "answers with a web page where records are due",
                fix="look at it in a browser: a sign-in that has ended, or a notice that they are closed.",
            )
        if kind not in ask.takes:
            raise self.site.host.refused(
                "answers with another content type than agreed", fix="ask the partner what they sent."
            )
        if not body:
            raise self.site.host.refused(
                "answers with nothing where a body is due",
                fix="ask the partner; nothing is not 'no records'.",
            )
