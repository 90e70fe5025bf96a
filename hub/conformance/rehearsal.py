"""What a partner's simulator lets the kit do: the partner, played with a book in hand.

Structural, because simulators import nothing of ours: whatever has these names is a rehearsal. It is found
through the entry-point group `referral_hub.rehearsals`, so a partner's own package can bring one.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping
from contextlib import AbstractContextManager
from datetime import datetime
from pathlib import Path
from typing import Any, Protocol

# What a partner can be made to do, by name. A mood lasts until the next is set; "" is the good one.
MOODS: Mapping[str, str] = {
    "page_shifts": "a record goes away while the listing is read, and those behind it move up",
    "page_changes": "record 1 gets its version 2 while the listing is read",
    "page_fails": "the first page comes, the second does not",
    "repeats": "the last record of a page comes again on the next; a file comes twice",
    "reorders": "records stand in another order each time",
    "counts_too_many": "says that there is one record more than comes",
    "empty": "answers as always, with nothing in it",
    "lost_reply": "takes what we send, and its reply never arrives",
    "error_in_200": "takes nothing, and says so in the body of an answer that looks good",
    "html_in_200": "takes nothing, and a web page comes instead of an answer",
    "fewer_receipts": "takes everything, and leaves out the receipt of the last message",
    "shuffled_receipts": "refuses one message, and gives the receipts in another order",
    "refuses_one": "refuses one message with a reason, and takes the others",
    "conflict_duplicate": "says of a message that it has: conflict, a duplicate",
    "conflict_version": "takes nothing, and says: conflict with what I have",
    "too_early": "takes nothing, and says: too early",
    "busy": "takes nothing, and says: too many requests",
    "unauthorised": "refuses our sign-in",
    "down": "is not there",
    "slow": "takes what we send, and answers later than we wait",
}
# How a record may be odd.
ODDITIES: Mapping[str, str] = {
    "new_column": "the record has a column that nobody agreed",
    "unknown_code": "the record has a code that nobody agreed",
    "poison": "the record cannot be read",
}


class Rehearsed(Protocol):
    """The partner at work."""

    # The environment variables by which the hub finds it.
    settings: Mapping[str, str]
    # Of MOODS and ODDITIES, those that it can play.
    plays: Collection[str]
    # Feeds of which one saying makes several records, and how many.
    parts: Mapping[str, int]
    # How often we have knocked: requests or sign-ins.
    asked: int

    def begin(self) -> None:
        """As if nothing had ever been said or heard, in the good mood."""

    def be(self, mood: str) -> None: ...

    def say(self, feed: str, numbers: Iterable[int], *, version: int, at: datetime, oddity: str = "") -> None:
        """Leave a record about each of these children, or put the newer version in its place.

        `at` is when the partner's clock says that it was written. More than ten need more than one page.
        """

    def unsay(self, feed: str, number: int, *, at: datetime) -> None:
        """Delete the record as this partner deletes."""

    def work(self) -> None:
        """What they do by day: answer what has come."""

    def heard(self) -> Iterable[tuple[str, Mapping[str, Any]]]:
        """What came about at the partner: key and body, as often as it came about."""


class Rehearsal(Protocol):
    # Promises that this partner cannot break or cannot show: code, and the reason in words.
    bypassed: Mapping[str, str]

    def __call__(self, home: Path) -> AbstractContextManager[Rehearsed]: ...
