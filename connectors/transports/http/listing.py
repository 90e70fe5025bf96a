"""A listing over HTTP that is asked for what changed since, page by page: the usual REST partner, as a table.

    REQUESTS = Listing("requests", records="requests", changed="changed_at", short=TOO_FEW)

    def requests(client: HttpClient, since: Since) -> Iterator[InboundMessage]:
        yield from changed_since(client, REQUESTS, since)

Each page is a message. The cursor is the partner's own latest time, and goes with the last page only: a pull
that breaks off begins again where the last one ended.
"""

from __future__ import annotations

import json
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from hashlib import sha256
from typing import Any

from connectors.contract import InboundMessage, Since
from connectors.errors import PartnerRefusedError, PartnerUnavailableError, UnreadableMessageError
from connectors.strict_json import loads
from connectors.transports.http import HttpClient, Reply, get
from connectors.transports.http.paging import by_cursor, pages


@dataclass(frozen=True)
class Listing:
    """How the partner calls things: members of a page and of a record, parameters of the question."""

    path: str
    records: str
    # In a record: when it last changed, in ISO 8601.
    changed: str
    # The rule that is broken where fewer records come than they say.
    short: str
    total: str = "total"
    next: str = "next"
    since: str = "since"
    after: str = "after"
    # How much further back than the cursor we ask: clocks are off, and some records arrive late.
    overlap: timedelta = timedelta(days=1)


def changed_since(client: HttpClient, listing: Listing, since: Since) -> Iterator[InboundMessage]:
    """Every page, then the end with the cursor; a count that does not add up in place of the end."""
    back = datetime.fromisoformat(since.cursor) - listing.overlap if since.cursor else None
    latest, read, total = since.cursor, 0, 0
    first = get(listing.path, query={listing.since: back.isoformat()} if back else {})
    for reply in pages(
        client, first, by_cursor(lambda reply: _page(reply).get(listing.next), parameter=listing.after)
    ):
        records, total = _records(client, listing, reply)
        read += len(records)
        latest = max([latest, *_times(records, listing.changed)], key=_instant)
        yield InboundMessage(sha256(reply.body).hexdigest(), [reply.body])
    if back and not read:
        # What we saw last lies within the overlap, so it must come again.
        raise PartnerUnavailableError(
            f"{client.site.partner}: the listing {listing.path} is empty, and last time it was not.",
            fix="ask the partner what became of it, or of our rights; the next run tries again.",
        )
    yield _end(listing, latest) if read >= total else _too_few(listing, read, total)


def _page(reply: Reply) -> dict[str, Any]:
    page = loads(reply.body)
    return page if isinstance(page, dict) else {}


def _records(client: HttpClient, listing: Listing, reply: Reply) -> tuple[list[Any], int]:
    page = _page(reply)
    total, records = page.get(listing.total), page.get(listing.records)
    if type(total) is not int or not isinstance(records, list):
        raise PartnerRefusedError(
            f"{client.site.partner}: a page of {listing.path} has no list named {listing.records}, "
            f"or does not say in {listing.total} how many there are.",
            fix="ask the partner whether the layout has changed.",
        )
    return records, total


def _times(records: Sequence[Any], changed: str) -> Iterator[str]:
    said = (one.get(changed) for one in records if isinstance(one, dict))
    return (time for time in said if isinstance(time, str) and _instant(time) > NEVER)


NEVER = datetime.min.replace(tzinfo=UTC)


def _instant(written: str | None) -> datetime:
    """A time that cannot be read, or has no zone, moves nothing: its record is held by the table."""
    try:
        read = datetime.fromisoformat(written or "")
    except ValueError:
        return NEVER
    return read if read.tzinfo else NEVER


def _end(listing: Listing, latest: str | None) -> InboundMessage:
    empty = json.dumps({listing.records: []}).encode()
    return InboundMessage(f"end {latest}", [empty], cursor=latest)


def _too_few(listing: Listing, read: int, total: int) -> InboundMessage:
    problem = UnreadableMessageError(
        f"{read} records came, and the partner says that there are {total}.",
        fix="ask the partner for the missing ones; the next run asks again from the same place.",
        code=listing.short,
    )
    return InboundMessage(f"{read} of {total}", problem=problem)
