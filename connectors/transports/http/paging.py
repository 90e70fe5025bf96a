"""Listings that come in pages, read whole and in order.

    for reply in pages(client, get("referrals"), by_cursor(lambda reply: reply.json()["next"])):
    for reply in pages(client, get("referrals"), by_link_header):
    for reply in pages(client, get("Task", takes=FHIR), by_bundle_link):
    for records in pages_by_offset(client, get("referrals"), records_of=…, key_of=…):

A listing that goes in circles, repeats a page or leads to a foreign host is refused. Records have keys, so
no two pages of a sound listing are the same.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field, replace
from hashlib import sha256
from typing import Any
from urllib.parse import urljoin

from requests.utils import parse_header_links

from connectors.errors import PartnerRefusedError, UnreadableMessageError
from connectors.transports.http import Ask, HttpClient, Reply

# What to ask after this reply; None at the end.
Next = Callable[[Ask, Reply], Ask | None]


def pages(client: HttpClient, first: Ask, then: Next) -> Iterator[Reply]:
    ask: Ask | None = first
    seen: set[object] = set()
    read = 0
    while ask is not None:
        read += 1
        if read > client.site.limits.pages:
            raise _endless(client)
        reply = client.ask(ask)
        for sign in ((ask.path, repr(ask.query)), sha256(reply.body).digest()):
            if sign in seen:
                raise _circle(client)
            seen.add(sign)
        yield reply
        ask = then(ask, reply)


def by_cursor(cursor_of: Callable[[Reply], object], *, parameter: str = "cursor") -> Next:
    """The body says where the next page begins; null, nothing or an empty text ends the listing."""

    def then(ask: Ask, reply: Reply) -> Ask | None:
        cursor = cursor_of(reply)
        return replace(ask, query={**ask.query, parameter: str(cursor)}) if cursor not in (None, "") else None

    return then


def by_link_header(ask: Ask, reply: Reply) -> Ask | None:
    """RFC 8288: the header `Link` with the relation `next`."""
    links = parse_header_links(reply.headers.get("link", ""))
    return _followed(
        ask, reply, [one["url"] for one in links if "next" in one.get("rel", "").lower().split()]
    )


def by_bundle_link(ask: Ask, reply: Reply) -> Ask | None:
    """FHIR: the link of the Bundle with the relation `next`."""
    bundle = reply.json()
    links = bundle.get("link", []) if isinstance(bundle, dict) else None
    if not isinstance(links, list) or not all(_is_link(one) for one in links):
        raise _unreadable_links()
    return _followed(ask, reply, [one["url"] for one in links if one["relation"] == "next"])


def _is_link(one: object) -> bool:
    return isinstance(one, dict) and all(one.get(k) and isinstance(one[k], str) for k in ("relation", "url"))


def _followed(ask: Ask, reply: Reply, links: Sequence[str]) -> Ask | None:
    """Whether it is one of their hosts is looked at when it is asked."""
    if not links:
        return None
    try:
        (address,) = {urljoin(reply.address, link) for link in links}
    except ValueError:
        # Two that differ, or none that is an address.
        address = None
    if address is None:
        raise _unreadable_links()
    return replace(ask, path=address, query={})


def _unreadable_links() -> UnreadableMessageError:
    return UnreadableMessageError(
        "A page of a listing does not say in a way that we can read where the next one is.",
        fix="tell the partner; without it the rest of the listing cannot be found.",
        code="HUB-R14",
    )


def pages_by_offset(
    client: HttpClient,
    first: Ask,
    *,
    records_of: Callable[[Reply], Sequence[Any]],
    key_of: Callable[[Any], str],
    overlap: int = 1,
    parameter: str = "offset",
) -> Iterator[Sequence[Any]]:
    """New records only, page by page. The listing's order must be one that new records do not change.

    An offset counts records: where one goes away, all that follow move up, and one would be skipped. So each
    page begins early and must hold the last record that we have; else it is read again from further back.
    The end is believed only where nothing stands behind the last record.
    """
    listing = _Listing(client, first, records_of, key_of, parameter)
    back, shifts = overlap, 0
    while not listing.is_at_end:
        if fresh := listing.fresh(back):
            yield fresh
            back, shifts = overlap, 0
            continue
        shifts += 1
        back = overlap if listing.is_joined else back * 2
        if shifts > client.site.limits.shifts:
            raise client.site.host.unavailable(
                "moves records while we read, or shows one page again and again"
            )


@dataclass
class _Listing:
    client: HttpClient
    first: Ask
    records_of: Callable[[Reply], Sequence[Any]]
    key_of: Callable[[Any], str]
    parameter: str
    # Where the next record stands, and the keys of all before it.
    position: int = 0
    last: str | None = None
    seen: set[str] = field(default_factory=set)
    read: int = 0
    # Whether the page that was read last begins no later than where we stopped.
    is_joined: bool = True
    is_at_end: bool = False

    def fresh(self, back: int) -> Sequence[Any]:
        """The records behind the last one we have; none where the page does not show it, or at the end."""
        start = max(0, self.position - back)
        page = self._page(start)
        keys = [self.key_of(one) for one in page]
        begin = keys.index(self.last) + 1 if self.last in keys else 0
        fresh, their_keys = page[begin:], keys[begin:]
        is_muddled = bool(self.seen & {*their_keys}) or len({*their_keys}) < len(their_keys)
        self.is_joined = (self.last is None or begin > 0) and not is_muddled
        if not self.is_joined:
            return []
        if not fresh:
            self.is_at_end = not page or not self._page(start + begin)
            return []
        self.position, self.last = start + len(page), keys[-1]
        self.seen |= {*their_keys}
        return fresh

    def _page(self, start: int) -> Sequence[Any]:
        self.read += 1
        if self.read > self.client.site.limits.pages:
            raise _endless(self.client)
        return self.records_of(
            self.client.ask(replace(self.first, query={**self.first.query, self.parameter: str(start)}))
        )


def _endless(client: HttpClient) -> PartnerRefusedError:
    return client.site.host.refused(
        "gives more pages than a listing can have", fix="ask the partner whether the listing has an end."
    )


def _circle(client: HttpClient) -> PartnerRefusedError:
    return client.site.host.refused(
        "gives a page again that we have read: the listing goes in circles",
        fix="tell the partner; their paging is in error.",
    )
