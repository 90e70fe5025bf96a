"""One partner's night, as a page needs it: counted, in order, and free of anything about a child."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date, datetime
from enum import StrEnum

FIRST_TO_DO = 3
# The hops of what we send.
OUTWARD = ("outgoing", "acknowledged")


class Flag(StrEnum):
    """What is known of a record's safety flags."""

    SET = "set"
    # The row or its markers could not be read: nobody may take that for "none".
    UNKNOWN = "unknown"
    NONE = "none"


@dataclass(frozen=True)
class Waiting:
    """One record that did not go on. `reference` is a partner's own; `place` finds it without one.

    `key` is the data desk's; none where it would tell of another partner's record.
    """

    partner: str
    reference: str | None
    place: str
    why: str
    fix: str
    owner: str
    since: datetime
    key: str | None
    flag: Flag = Flag.NONE
    state: str = "waiting"
    with_whom: str | None = None

    @property
    def called(self) -> str:
        return self.reference or self.place


@dataclass(frozen=True)
class WaitingReason:
    """Why records wait, and all that wait for it. Of a great many only the first are `shown`."""

    why: str
    fix: str
    owner: str
    records: int
    at_risk: int
    older: int
    shown: tuple[Waiting, ...] = ()


@dataclass(frozen=True)
class Parked:
    """A message that could not be opened. `name` is the partner's, where it may be shown."""

    name: str | None
    why: str
    fix: str
    times: int

    @property
    def messages(self) -> int:
        """Tried again at each run of the night: by its name it is one message."""
        return 1 if self.name else self.times


@dataclass(frozen=True)
class Noticed:
    """What a check found without holding the record; `effect` is what became of it."""

    what: str
    effect: str
    fix: str
    records: int


@dataclass(frozen=True)
class LedgerLine:
    """One hop of one feed, its runs of the night added up. Faults are counted run by run, so that one
    run's loss cannot hide behind another's surplus.
    """

    feed: str
    hop: str
    ins: Mapping[str, int]
    outs: Mapping[str, int]
    runs: int
    lost: int = 0
    doubled: int = 0
    # Against what the hop before handed on.
    lost_between: int = 0
    doubled_between: int = 0

    @property
    def balances(self) -> bool:
        return not (self.lost or self.doubled or self.lost_between or self.doubled_between)


@dataclass(frozen=True)
class Gap:
    """Records that the ledger names: lost, doubled or out of nowhere at a hop."""

    feed: str
    hop: str
    fault: str
    records: int
    shown: tuple[str, ...]


@dataclass(frozen=True)
class Stopped:
    """A run that did not reach its end; `after` is the last hop that closed its books."""

    feed: str
    after: str
    since: datetime


@dataclass(frozen=True)
class Unwritten:
    """A hop that is marked as done and left no ledger line."""

    feed: str
    hop: str


@dataclass(frozen=True)
class LeftAlone:
    """Nobody calls the partner in this direction. Without an `until` only a person ends it.

    Once the wait is `over` the next run tries.
    """

    direction: str
    why: str
    until: datetime | None
    night: date
    over: bool = False


@dataclass(frozen=True)
class Came:
    """All that came tonight. Messages are what the partner left; every other number is of records."""

    at: tuple[datetime, ...] = ()
    messages: int = 0
    parked: int = 0
    repeated: int = 0
    received: int = 0
    released: int = 0
    recorded: int = 0
    held: int = 0
    for_review: int = 0
    duplicate: int = 0
    older: int = 0
    discarded: int = 0
    out_of_scope: int = 0
    on_the_way: int = 0
    lost: int = 0
    doubled: int = 0

    @property
    def ours(self) -> int:
        """Records about children the service works with, as far as anybody can tell."""
        return self.received + self.released - self.out_of_scope


@dataclass(frozen=True)
class Sent:
    """All that was due tonight, by where each message stands now, and what is open from earlier nights."""

    at: tuple[datetime, ...] = ()
    due: int = 0
    accepted: int = 0
    unanswered: int = 0
    refused: int = 0
    unsure: int = 0
    waiting: int = 0
    held: int = 0
    not_shared: int = 0
    replaced: int = 0
    lost: int = 0
    doubled: int = 0
    earlier_unanswered: int = 0
    earlier_refused: int = 0
    earlier_held: int = 0
    earlier_not_shared: int = 0

    @property
    def handed_over(self) -> int:
        return self.accepted + self.unanswered + self.refused + self.unsure


@dataclass(frozen=True)
class PastNight:
    """What came and what was sent in one night, as its books were closed; all nought where nothing ran."""

    night: date
    ran: bool = False
    received: int = 0
    recorded: int = 0
    held: int = 0
    # Duplicate, older, discarded, out of scope, or for a person to match.
    other: int = 0
    sent: int = 0
    accepted: int = 0
    unanswered: int = 0
    refused: int = 0
    unsure: int = 0


@dataclass(frozen=True)
class PartnerNight:
    """All that stands on a partner's page, and nothing of another partner."""

    name: str
    title: str
    came: Came | None = None
    sent: Sent | None = None
    # The feeds that are connected and did not run tonight.
    missing: tuple[str, ...] = ()
    stopped: tuple[Stopped, ...] = ()
    unwritten: tuple[Unwritten, ...] = ()
    left_alone: tuple[LeftAlone, ...] = ()
    gaps: tuple[Gap, ...] = ()
    ledger: tuple[LedgerLine, ...] = ()
    held: tuple[WaitingReason, ...] = ()
    parked: tuple[Parked, ...] = ()
    noticed: tuple[Noticed, ...] = ()
    # Messages they refused, or that a check or the sharing agreement held before they were handed over.
    stuck: tuple[WaitingReason, ...] = ()
    stuck_count: int = 0
    # How many records wait for whom: of all that wait, not only of those that are shown.
    waits_for: Mapping[str, int] = field(default_factory=dict)
    # Those with a safety flag first, then those of which nobody can tell.
    at_risk: tuple[Waiting, ...] = ()
    flagged: int = 0
    doubtful: int = 0
    past: tuple[PastNight, ...] = ()

    @property
    def held_count(self) -> int:
        return sum(reason.records for reason in self.held)

    @property
    def held_older(self) -> int:
        return sum(reason.older for reason in self.held)

    @property
    def waiting_count(self) -> int:
        return self.held_count + self.stuck_count

    @property
    def theirs_to_do(self) -> int:
        """Records that wait for this partner, and not for somebody else."""
        return self.waits_for.get(self.title, 0)

    @property
    def balances(self) -> bool:
        sums = [(one.lost, one.doubled) for one in (self.came, self.sent) if one]
        return not self.gaps and all(line.balances for line in self.ledger) and not any(map(any, sums))

    @property
    def problems(self) -> tuple[WaitingReason, ...]:
        """Why records wait, those that hold back most of them first."""
        return tuple(sorted((*self.held, *self.stuck), key=lambda reason: -reason.records))

    @property
    def first_to_do(self) -> tuple[WaitingReason, ...]:
        """What the partner itself can put right."""
        theirs = [reason for reason in self.problems if reason.owner == self.title]
        return tuple(theirs[:FIRST_TO_DO])
