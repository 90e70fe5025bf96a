"""Every limit and default of the HTTP transport, in one table."""

from __future__ import annotations

from dataclasses import dataclass

from connectors.transports.limits import limit, limits_of


@dataclass(frozen=True)
class HttpLimits:
    connect_seconds: float = limit(15, "seconds to reach one address of theirs")
    silence_seconds: float = limit(60, "seconds without one byte from them, before the line counts as dead")
    answer_seconds: float = limit(
        120, "seconds for one request and the whole of its answer, however it trickles"
    )
    total_seconds: float = limit(
        300, "seconds for a call with its sign-in, its repeats and all waiting between"
    )
    attempts: int = limit(5, "requests for one call that may be repeated, the first among them")
    first_pause_seconds: float = limit(
        1,
        "seconds, the longest pause before the second request; it doubles each time, and chance shortens it",
    )
    longest_pause_seconds: float = limit(30, "seconds; a pause of our own choosing is never longer")
    longest_retry_after_seconds: float = limit(
        120,
        "seconds; asked to stay away for longer (`Retry-After`), a call is given up; its error says how long",
    )
    wire_bytes: int = limit(32 << 20, "bytes of one answer as it comes over the line")
    body_bytes: int = limit(64 << 20, "bytes of one answer once it is unpacked")
    head_bytes: int = limit(64 << 10, "bytes of all headers of an answer together")
    address_characters: int = limit(8_000, "characters of an address that we ask, its query with it")
    sent_head_bytes: int = limit(16_000, "bytes of all headers that we send")
    pages: int = limit(10_000, "pages of one listing; more is taken for a listing without an end")
    shifts: int = limit(5, "times that a page is read again because records moved under it")

    @classmethod
    def within(cls, seconds: float) -> HttpLimits:
        """For a partner for whose calls a setting says how long; by default it comes to what stands above."""
        return cls(
            total_seconds=seconds,
            answer_seconds=seconds / 3,
            first_pause_seconds=seconds / 300,
        )


LIMITS = limits_of(HttpLimits)
