"""Mentors' connectors that pull badly: each is the good one with one thing changed."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from itertools import takewhile
from typing import Any, BinaryIO

import polars as pl

from connectors.contract import InboundMessage, PullFeed, Since
from connectors.errors import PartnerUnavailableError
from connectors.readings import Reading, always
from connectors.strict_json import loads
from connectors.translation import Translation
from connectors.transports.http import NOTHING, Ask, HttpClient, get
from tests.conformance.zoo import pulling

DAY = timedelta(days=1)
Messages = Iterator[InboundMessage]


def first_page_only(client: HttpClient, since: Since) -> Messages:
    first, *_, last = pulling.referrals(client, since)
    yield replace(first, cursor=last.cursor)


def _asking(ahead: timedelta) -> Callable[[HttpClient, Since], Messages]:
    """From so much later than the good one does, which goes back by a day."""

    def pull(client: HttpClient, since: Since) -> Messages:
        cursor = since.cursor and (datetime.fromisoformat(since.cursor) + ahead).isoformat()
        yield from pulling.referrals(client, replace(since, cursor=cursor))

    return pull


def by_our_clock(client: HttpClient, since: Since) -> Messages:
    for message in pulling.referrals(client, since):
        yield replace(message, cursor=message.cursor and (datetime.now(UTC) + DAY).isoformat())


def past_a_failed_page(client: HttpClient, since: Since) -> Messages:
    try:
        yield from pulling.referrals(client, since)
    except PartnerUnavailableError:
        yield InboundMessage("end", [b'{"referrals": []}'], cursor=(datetime.now(UTC) + 2 * DAY).isoformat())


def takes_them_away_first(client: HttpClient, since: Since) -> Messages:
    yield from [replace(one, cursor=None) for one in pulling.referrals(client, since)]
    client.ask(Ask("DELETE", "referrals", expects={204}, takes=NOTHING))


def by_offset(client: HttpClient, since: Since) -> Messages:
    offset = 0
    while page := loads(client.ask(get("referrals", query={"offset": str(offset)})).body)["referrals"]:
        offset += len(page)
        yield _message(page)


def _message(page: list[Any]) -> InboundMessage:
    body = json.dumps({"referrals": page}).encode()
    return InboundMessage(str(hash(body)), [body])


def stops_at_what_it_knows(client: HttpClient, since: Since) -> Messages:
    seen: set[str] = set()

    def is_new(message: InboundMessage) -> bool:
        ids = {one["id"] for one in loads(b"".join(message.body))["referrals"] if isinstance(one, dict)}
        known = bool(seen & ids)
        seen.update(ids)
        return not known

    yield from takewhile(is_new, pulling.referrals(client, since))


def keeps_the_first(client: HttpClient, since: Since) -> Messages:
    """Of two versions in one listing, and goes on behind both."""
    seen: set[str] = set()
    for message in _asking(DAY + timedelta(seconds=1))(client, since):
        rows = loads(b"".join(message.body))["referrals"]
        fresh = [row for row in rows if row["id"] not in seen]
        seen.update(row["id"] for row in rows)
        yield replace(_message(fresh), cursor=message.cursor)


def blind_to_the_count(client: HttpClient, since: Since) -> Messages:
    yield from (one for one in pulling.referrals(client, since) if one.problem is None)


def quiet_when_empty(client: HttpClient, since: Since) -> Messages:
    try:
        yield from pulling.referrals(client, since)
    except PartnerUnavailableError:
        return


def drops_the_unreadable(stream: BinaryIO) -> Iterator[pl.DataFrame]:
    yield from (frame.filter(pl.col("problem").is_null()) for frame in pulling.opened(stream))


def stops_at_the_unreadable(stream: BinaryIO) -> Iterator[pl.DataFrame]:
    for frame in pulling.opened(stream):
        yield frame.filter(pl.col("problem").is_not_null().cum_sum() == 0)


def only_known_columns(stream: BinaryIO) -> Iterator[pl.DataFrame]:
    for frame in pulling.opened(stream):
        yield frame.select(*pulling.COLUMNS, "row", "part", "problem")


def named_by_place(stream: BinaryIO) -> Iterator[pl.DataFrame]:
    for frame in pulling.opened(stream):
        yield frame.with_columns(id=pl.format("{}/{}", "id", "row"))


SEEN: set[str] = set()


def remembers(stream: BinaryIO) -> Iterator[pl.DataFrame]:
    for frame in pulling.opened(stream):
        fresh = frame.filter(~pl.col("id").is_in(list(SEEN)))
        SEEN.update(fresh["id"])
        yield fresh


def _default_help() -> Reading:
    good = pulling.record.readings["need"]
    return replace(good, make=lambda on: good.make(on).fill_null("mentoring"))


def _record(**instead: Reading) -> Translation:
    return Translation(pulling.record.kind, ignores=None, **{**pulling.record.readings, **instead})


def _pulls(pull: Any) -> PullFeed:
    return replace(pulling.feed, pull=pull)


def _opens(open_: Any) -> PullFeed:
    return replace(pulling.feed, open=open_)


DEFAULTING = replace(pulling.feed, record=_record(need=_default_help()))
NEVER = always(value=False, because="nobody looks")

# What is changed, and the promise that must catch it.
BAD_PULLS: dict[str, tuple[PullFeed, str]] = {
    "ignores the second page": (_pulls(first_page_only), "PULL-01"),
    "asks for what is later than the cursor": (_pulls(_asking(DAY + timedelta(seconds=1))), "PULL-02"),
    "asks from the cursor, and not from further back": (_pulls(_asking(DAY)), "PULL-03"),
    "makes the cursor by our clock": (_pulls(by_our_clock), "PULL-04"),
    "counts pages by offset": (_pulls(by_offset), "PULL-05"),
    "stops at a page with a record that it knows": (_pulls(stops_at_what_it_knows), "PULL-06"),
    "names a record by its place": (_opens(named_by_place), "PULL-07"),
    "keeps the first of two versions": (_pulls(keeps_the_first), "PULL-08"),
    "is blind to the partner's count": (_pulls(blind_to_the_count), "PULL-09"),
    "moves the cursor past a page that failed": (_pulls(past_a_failed_page), "PULL-10"),
    "is quiet when nothing comes": (_pulls(quiet_when_empty), "PULL-11"),
    "reads known columns only": (_opens(only_known_columns), "PULL-12"),
    "has a default for an unknown code": (
        replace(pulling.feed, record=_record(need=_default_help())),
        "PULL-13",
    ),
    "never deletes": (replace(pulling.feed, record=_record(is_deleted=NEVER)), "PULL-14"),
    "remembers what it has opened": (_opens(remembers), "PULL-15"),
    "drops rows that it cannot read": (_opens(drops_the_unreadable), "PULL-16"),
    "stops at the first bad row": (_opens(stops_at_the_unreadable), "PULL-16"),
    "moves on at the partner before the hub has it": (_pulls(takes_them_away_first), "PULL-17"),
}
