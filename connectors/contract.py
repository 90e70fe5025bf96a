"""What a connector is: a value with functions in it.

A pull feed says how messages are fetched (`pull`, all input and output), how one is opened into rows of
text (`open`, pure), and what each row means (`record` and `child`, tables). A push feed says what a
record becomes in the partner's words (`message`, a table) and how messages are handed over (`push`).
The hub does the rest, and stamps partner, feed, batch and row itself.
"""

from __future__ import annotations

from collections.abc import Callable, Container, Iterable, Iterator, Set
from contextlib import AbstractContextManager
from dataclasses import dataclass, field, replace
from datetime import datetime
from enum import StrEnum
from pathlib import Path
from typing import Any, BinaryIO

import polars as pl
from pydantic_settings import BaseSettings

from connectors.errors import UnreadableMessageError
from connectors.outward import Outward
from connectors.translation import Translation


@dataclass(frozen=True)
class Since:
    """Where the last pull stopped: the partner's own cursor, and the arrivals we already hold."""

    cursor: str | None
    landed: Container[str]


@dataclass(frozen=True)
class InboundMessage:
    """One piece as the partner left it: a file, a page.

    `fingerprint` tells two arrivals apart without opening them. `name` may be shown to people, so it
    must follow the agreed pattern; anything else is `None`. A `problem` stands in for a body that never
    came (a manifest without its file).
    """

    fingerprint: str
    body: Iterable[bytes] = ()
    name: str | None = None
    declared_rows: int | None = None
    declared_sha256: str | None = None
    cursor: str | None = None
    problem: UnreadableMessageError | None = None


@dataclass(frozen=True)
class Scope:
    """Whom a feed is about. `ours` is true for a row about a child of ours, false for anybody else.

    A row of which it cannot be told (null) stays: a child must not be lost for want of a date.
    """

    words: str
    ours: Callable[[], pl.Expr]
    # The columns it looks at.
    takes: tuple[str, ...]


@dataclass(frozen=True)
class RejectedRow:
    """One rule that a row of theirs broke, told back to them: where and which, never a value.

    `key` is their own reference, where it looks like one; `severity` is what followed.
    """

    row: int
    key: str | None
    field: str | None
    rule: str
    severity: str
    words: str


@dataclass(frozen=True)
class MessageReport:
    """What became of one message of theirs. `accepted` counts the rows that were not held.

    Rows about anybody who is not a child of ours are counted in `rows` and never named. `reason` says why
    the whole message was refused.
    """

    name: str
    received_at: datetime
    rows: int
    accepted: int
    rejected: tuple[RejectedRow, ...] = ()
    reason: str | None = None


@dataclass(frozen=True)
class PullFeed:
    name: str
    words: str
    # What it is for, of the list `sharing_purpose`; the agreement must say the same.
    purpose: str
    pull: Callable[[Any, Since], Iterator[InboundMessage]]
    # Frames of text columns, with the whole numbers `row` and `part`, and `problem` (null where the row
    # is sound): the reason a row cannot be read, for a person.
    open: Callable[[BinaryIO], Iterator[pl.DataFrame]]
    record: Translation
    child: Translation
    scope: Scope
    # Tells the sender what became of a message, where that is agreed. Twice is harmless.
    report: Callable[[Any, MessageReport], None] | None = None
    # Called after the commit with what is now held for good, opened or not; what must be asked for again is
    # not among it. For partners who keep a message until it is acknowledged. Where a run died before it, the
    # next pull finds the message again, in `since.landed`, and must acknowledge it itself. Twice is harmless.
    taken: Callable[[Any, Iterable[InboundMessage]], None] | None = None
    # The partner knows many more children than the YJS does: a row about one whom nobody has brought to the
    # hub yet, by any identifier, is out of scope like a row about an adult.
    only_known: bool = False
    # Each message that is pulled is all that the partner holds that night. So what came last time must come
    # again, and nothing where there was something is refused; and a page that says again what it said last
    # night is read again: a child of whom it tells may be known since.
    is_whole: bool = False
    # Columns that the tables know and the agreement does not cover.
    unagreed: frozenset[str] = frozenset()

    @property
    def takes(self) -> frozenset[str]:
        """Every column of the partner's that is looked at; no other is kept."""
        return self.record.takes | self.child.takes | frozenset(self.scope.takes)

    @property
    def ignores(self) -> frozenset[str]:
        return frozenset(self.record.ignores) | frozenset(self.child.ignores)

    def narrowed(self, agreed: Set[str]) -> PullFeed:
        """The feed as if its tables had never known any other field."""
        narrow = replace(self, record=self.record.narrowed(agreed), child=self.child.narrowed(agreed))
        return replace(narrow, unagreed=self.takes - narrow.takes)


class Answer(StrEnum):
    ACCEPTED = "accepted"
    RECEIVED = "received"
    REFUSED = "refused"
    UNKNOWN = "unknown"


@dataclass(frozen=True)
class OutboundMessage:
    """What is handed over. The key comes from content, so a second attempt carries the same one."""

    key: str
    body: dict[str, Any]


@dataclass(frozen=True)
class Receipt:
    key: str
    answer: Answer
    at: datetime
    reason: str | None = None
    their_reference: str | None = None


@dataclass(frozen=True)
class Wanted:
    """Records that a partner is told of: all of this kind, but for what the partner itself sent; or only
    those from one sender, that ask for one of these needs, that name the partner in this field.
    """

    kind: str
    sent_by: str | None = None
    needs: tuple[str, ...] = ()
    addressed_by: str | None = None


@dataclass(frozen=True)
class PushFeed:
    name: str
    words: str
    purpose: str
    message: Outward
    # One receipt per message, always.
    push: Callable[[Any, Iterable[OutboundMessage]], Iterator[Receipt]]
    # What became of messages sent earlier, by key. An answer to something that was never sent is given
    # too, under the name it came by: the hub counts it and marks nothing.
    answers: Callable[[Any, Iterable[str]], Iterator[Receipt]]
    # Until something is wanted nothing is sent, whatever is agreed.
    wants: tuple[Wanted, ...] = ()


@dataclass(frozen=True)
class Connector:
    name: str
    title: str
    settings: type[BaseSettings]
    connect: Callable[[Any], AbstractContextManager[Any]]
    # Can we reach them, are our credentials good; moves no data. Answers in words.
    check: Callable[[Any], str]
    # The file in the partner's folder that says what may be shared with them. Read when it is asked for.
    agreement: Path
    pulls: tuple[PullFeed, ...] = field(default=())
    pushes: tuple[PushFeed, ...] = field(default=())

    def pull_feed(self, name: str) -> PullFeed:
        return next(feed for feed in self.pulls if feed.name == name)

    def push_feed(self, name: str) -> PushFeed:
        return next(feed for feed in self.pushes if feed.name == name)
