"""What a pull promises of the partner's listing: its pages, its clock, its ends."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import timedelta

from hub.conformance.promise import Check, Promise
from hub.conformance.seen import differing, lacking, not_told, skipped
from hub.conformance.theatre import Theatre

# More than two pages.
MANY = range(1, 26)
ASKING = "the feed's pull function, where it asks for the next page"
CURSOR = "the feed's pull function, where it makes the cursor, and where it asks from the cursor on"


def every_page(theatre: Theatre) -> Iterator[str]:
    with theatre.stage(suite=theatre.subject.suite) as stage:
        stage.say(MANY)
        stage.pull()
        yield from lacking(stage, len(MANY))


def same_instant(theatre: Theatre) -> Iterator[str]:
    with theatre.stage() as stage:
        at = stage.now[0] - timedelta(hours=1)
        stage.say(range(1, 6), at=at)
        stage.pull()
        stage.later(days=1)
        stage.say([6], at=at)
        stage.pull()
        yield from lacking(stage, 6)


def late_arrival(theatre: Theatre) -> Iterator[str]:
    with theatre.stage() as stage:
        at = stage.now[0] - timedelta(hours=1)
        stage.say(range(1, 6), at=at)
        stage.pull()
        stage.later(days=1)
        stage.say([6], at=at - timedelta(hours=1))
        stage.pull()
        yield from lacking(stage, 6)


def wrong_clock(theatre: Theatre) -> Iterator[str]:
    """Ten minutes fast on the first night, ten minutes slow on the second."""
    with theatre.stage() as stage:
        stage.say(range(1, 6), at=stage.now[0] + timedelta(minutes=10))
        stage.pull()
        stage.later(minutes=15)
        stage.say([6], at=stage.now[0] - timedelta(minutes=10))
        stage.pull()
        yield from lacking(stage, 6)


def pages_shift(theatre: Theatre) -> Iterator[str]:
    others = theatre.said((MANY[1:], 1))
    with theatre.stage() as stage:
        stage.say(MANY)
        stage.partner.be("page_shifts")
        stage.pull()
        yield from skipped(stage, others)
        stage.partner.be("")
        stage.later(days=1)
        stage.pull()
        yield from skipped(stage, others)


def _the_same_whatever(mood: str, after: str) -> Check:
    def check(theatre: Theatre) -> Iterator[str]:
        changed = (((1,), 2),) if mood == "page_changes" else ()
        expected = theatre.said((MANY, 1), *changed)
        with theatre.stage() as stage:
            stage.say(MANY)
            stage.partner.be(mood)
            stage.pull()
            yield from skipped(stage, expected)
            stage.partner.be("")
            stage.later(days=1)
            stage.pull()
            yield from differing(stage, expected, after=after)

    return check


def _told_and_made_good(mood: str, what: str) -> Check:
    def check(theatre: Theatre) -> Iterator[str]:
        with theatre.stage(suite=theatre.subject.suite) as stage:
            stage.say(MANY)
            stage.partner.be(mood)
            stage.pull()
            yield from not_told(stage, what)
            stage.partner.be("")
            stage.later(days=1)
            stage.pull()
            yield from lacking(stage, len(MANY))

    return check


def empty(theatre: Theatre) -> Iterator[str]:
    with theatre.stage(suite=theatre.subject.suite) as stage:
        stage.say(MANY)
        stage.pull()
        stage.later(days=1)
        stage.partner.be("empty")
        stage.pull()
        yield from not_told(stage, f"nothing came where {len(MANY)} records came the night before")
        stage.partner.be("")
        stage.later(days=1)
        stage.pull()
        yield from lacking(stage, len(MANY))


PAGES = (
    Promise(
        "PULL-01",
        "Every page is read.",
        "Whoever stands on the second page is a child too.",
        ASKING,
        every_page,
    ),
    Promise(
        "PULL-02",
        "A record of the very instant at which the last pull stopped is read.",
        "Two records are often written in one second; the second of them would never come.",
        CURSOR + ": at or after, not after",
        same_instant,
    ),
    Promise(
        "PULL-03",
        "A record that arrives late, with a time before the last pull's end, is read.",
        "A long transaction, or a clerk who types up yesterday, writes times that have passed.",
        CURSOR + ": ask from further back; what comes twice is harmless",
        late_arrival,
    ),
    Promise(
        "PULL-04",
        "A partner's clock that is ten minutes off costs no record.",
        "A clock that ran fast and was put right leaves a gap of minutes behind a cursor.",
        CURSOR + ": by the partner's times, and with an overlap",
        wrong_clock,
    ),
    Promise(
        "PULL-05",
        "Pages that shift while they are read cost no record.",
        "Where a record goes away, those behind it move up by one, and an offset steps over a child.",
        "connectors/transports/http/paging.py: by_cursor, or pages_by_offset with its overlap",
        pages_shift,
        ("page_shifts",),
    ),
    Promise(
        "PULL-06",
        "What comes twice in one listing counts once.",
        "A child with two referrals where there is one would be seen twice, or not believed.",
        ASKING,
        _the_same_whatever("repeats", "after records had come twice"),
        ("repeats",),
    ),
    Promise(
        "PULL-07",
        "The order in which records come changes nothing.",
        "Most partners promise no order, and change theirs with an update.",
        "the feed's record table: version_at says which version is newer, not the order",
        _the_same_whatever("reorders", "after records had come in another order"),
        ("reorders",),
    ),
    Promise(
        "PULL-08",
        "A record that changes between two pages ends up as its newest version.",
        "The night is when partners' own jobs run: a listing is seldom still while it is read.",
        CURSOR,
        _the_same_whatever("page_changes", "after one had changed between two pages"),
        ("page_changes",),
    ),
    Promise(
        "PULL-09",
        "Fewer records than the partner said is told, and made good the next night.",
        "Nobody can miss a child of whom nobody knows; the partner's own count is the only witness.",
        "InboundMessage.declared_rows, or a message with a problem where the count is of a whole listing",
        _told_and_made_good("counts_too_many", "one record fewer came than the partner said"),
        ("counts_too_many",),
    ),
    Promise(
        "PULL-10",
        "A page that could not be read is read the next night.",
        "A cursor that moved past it would never come back.",
        CURSOR + ": the cursor moves only with what was read",
        _told_and_made_good("page_fails", "the second page could not be read"),
        ("page_fails",),
    ),
    Promise(
        "PULL-11",
        "Nothing where much was is an error or a finding, not a quiet night.",
        "An export that lost its rights, or a filter, looks just like a night without referrals.",
        "the feed's pull function: what it asks for again must come again",
        empty,
        ("empty",),
    ),
)
