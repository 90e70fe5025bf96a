"""HTTP on requests: what a connector's author calls.

    site = HttpSite(partner="housing", base_url=settings.base_url, auth=ApiKey("apikey", secret))
    with http_client(site) as client:
        reply = client.ask(get("referrals", query={"since": cursor}))
        reply = client.ask(post("referrals", body, key=message.key, expects={200, 201, 409}))

An answer is handed over only if it is what was asked for: of a status and a content type that are expected,
whole, and of a sane size. Everything else is one of our errors. Every limit stands in limits.py.
"""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import timedelta

from connectors.errors import PartnerUnavailableError
from connectors.transports.http.ask import Ask, Failure, Reply
from connectors.transports.http.auth import SignedIn
from connectors.transports.http.exchange import Exchange
from connectors.transports.http.line import Line, WatchedAdapter
from connectors.transports.http.retry import pause
from connectors.transports.http.site import HttpSite
from connectors.transports.http.time import Time

UNAUTHORISED = 401


@contextmanager
def http_client(site: HttpSite, *, time: Time | None = None) -> Iterator[HttpClient]:
    """For one thread at a time. Lines stay open between calls, and tokens are kept as long as the client."""
    site.check()
    clock = time or Time()
    line = Line(site.limits.connect_seconds)
    adapter = WatchedAdapter(line)
    try:
        yield HttpClient(Exchange(site, clock, line, adapter), site.auth.sign_in(site, clock))
    finally:
        adapter.close()
        line.close()


class HttpClient:
    def __init__(self, exchange: Exchange, signed_in: SignedIn) -> None:
        self.site = exchange.site
        self._exchange = exchange
        self._signed_in = signed_in

    def ask(self, ask: Ask, *, within: float | None = None) -> Reply:
        """The answer, with repeats and waits in no more time than the limits say, or than `within` seconds.

        `PartnerUnavailableError` for a line that broke, a busy server or one that is too slow, with
        `retry_after` where they said how long; `CredentialsRefusedError` for 401 and 403;
        `PartnerRefusedError` for everything else that was not expected.
        """
        longest = self.site.limits.total_seconds
        seconds = longest if within is None else min(within, longest)
        address = self.site.address(ask.path, ask.query)
        return _Call(ask, address, self._exchange, self._signed_in, seconds).answered()


class _Call:
    def __init__(
        self, ask: Ask, address: str, exchange: Exchange, signed_in: SignedIn, seconds: float
    ) -> None:
        self._ask = ask
        self._address = address
        self._exchange = exchange
        self._signed_in = signed_in
        self._ends_at = exchange.time.seconds() + seconds
        self._shows_us = exchange.site.may_see_sign_in(address)
        self._attempts = 0
        self._was_renewed = False

    def answered(self) -> Reply:
        while isinstance(outcome := self._attempt(), Failure):
            wait = self._wait_before_another(outcome)
            if wait is None:
                raise outcome.error
            self._exchange.time.sleep(wait)
        return outcome

    def _attempt(self) -> Reply | Failure:
        self._attempts += 1
        outcome = self._signed()
        refused = isinstance(outcome, Failure) and outcome.status == UNAUTHORISED
        if refused and self._shows_us and not self._was_renewed and self._signed_in.forget():
            # A token may be taken back before its time. Once, and never in a loop: accounts lock.
            self._was_renewed = True
            outcome = self._signed()
        return outcome

    def _signed(self) -> Reply | Failure:
        limits = self._exchange.site.limits
        try:
            proof = self._signed_in.headers(within=self._left()) if self._shows_us else {}
        except PartnerUnavailableError as error:
            return Failure(error, may_pass=True, was_asked=False)
        seconds = min(self._left(), limits.answer_seconds)
        if seconds <= 0:
            return Failure(self._exchange.site.host.unavailable("left no time for the call itself"))
        return self._exchange.once(self._ask, self._address, proof=proof, seconds=seconds)

    def _wait_before_another(self, failure: Failure) -> float | None:
        """Seconds; None where the call is given up."""
        limits, time = self._exchange.site.limits, self._exchange.time
        is_harmless = self._ask.may_be_repeated or not failure.was_asked
        if not (failure.may_pass and is_harmless) or self._attempts >= limits.attempts:
            return None
        told: timedelta | None = getattr(failure.error, "retry_after", None)
        if told is not None and told.total_seconds() > limits.longest_retry_after_seconds:
            return None
        wait = pause(self._attempts, time.chance(), limits) if told is None else told.total_seconds()
        return wait if wait < self._left() else None

    def _left(self) -> float:
        return self._ends_at - self._exchange.time.seconds()
