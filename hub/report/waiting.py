"""Records that wait, each with its reason and its way forward; a child at risk before all others."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping
from dataclasses import replace
from datetime import datetime
from functools import cache
from typing import Any
from zoneinfo import ZoneInfo

from connectors.errors import ConnectorError
from hub.hub import Hub
from hub.report import showable
from hub.report.advice import Advice
from hub.report.read import SHOWN_AT_RISK, NightRead, gap_place
from hub.store.outbox import HELD, QUEUED, UNSURE
from hub.store.reporting import NOT_SHARED, REFUSED, STUCK
from quality.reports import wording
from quality.reports.partner_night import Flag, Gap, Waiting, WaitingReason
from quality.suites.matching import DATA_DESK
from schemas.hops import Hop, RecordKey

Row = Mapping[str, Any]
STUCK_BECAUSE = ("to_partner", "state", "answer_reason", "not_shared_because")
REASON = ("partner", "feed", "hop", "rules", "words", "owner")

# Of a message that is not with the partner: why, and what to do.
UNDELIVERED = {
    QUEUED: (
        "It has not been handed over yet.",
        "Tell them by telephone if it cannot wait for the next run, then run `hub night`.",
    ),
    UNSURE: (
        "It was handed over and the answer could not be read, so nobody knows whether they have it.",
        "Look for it in their system; the next run sends it again under the same key.",
    ),
    REFUSED: (
        "They refused it.",
        "Settle with them today who takes it; what we sent shows with `hub deliveries show`.",
    ),
    HELD: (
        "A check held it before it was handed over.",
        "Look at what the check found, on their page, and correct it at its source.",
    ),
    NOT_SHARED: (
        "The sharing agreement does not let it go.",
        "Renew or correct the agreement; a child at risk need not wait for it: `hub deliveries share`.",
    ),
}
# The same on the page of the one who should have it.
UNDELIVERED_TO_YOU = {
    QUEUED: ("It has not been handed over to you yet.", "Nothing to do: the next run brings it."),
    UNSURE: (
        "We handed it over and could not read your answer.",
        "Look whether you have it; the next run brings it again under the same key.",
    ),
    REFUSED: (
        "You refused it.",
        "Put right what stands in its way, then ask the data desk to send it again, or say who should.",
    ),
    HELD: (
        "Our own check held it before it was handed over.",
        "Nothing for you to do: the data desk corrects it at its source.",
    ),
    NOT_SHARED: (
        "Not shared",
        "The data desk settles it with you; it goes with the next run after that.",
    ),
}
UNTOLD = {
    Hop.TRANSLATED: (
        "Its safety markers could not be read, so nobody can tell whether a flag is set.",
        "Ask the sender what the markers mean, and look at the record by hand today.",
    ),
    Hop.MATCHED: (
        "It waits for a person to say which child it is about; its safety flags are not known here.",
        "Compare the children in the case system today, and tell the sender which identifier is wrong.",
    ),
}


class WaitingList:
    def __init__(self, hub: Hub, read: NightRead, titles: Mapping[str, str], zone: ZoneInfo) -> None:
        self._read, self._titles, self.zone = read, titles, zone
        self.advice = cache(lambda partner: Advice.of(hub, partner))
        self._keeper = cache(lambda partner: _keeper(hub, partner))

    def title(self, partner: str) -> str:
        return self._titles.get(partner, partner[:1].upper() + partner[1:])

    def flagged(self, partner: str) -> int:
        return self._read.held_count(partner, "flagged") + self._read.undelivered_counts.get(partner, 0)

    def doubtful(self, partner: str) -> int:
        return self._read.held_count(partner, "unreadable") + self._read.doubtful_counts.get(partner, 0)

    def at_risk(self) -> tuple[Waiting, ...]:
        """A flag that is set before one that nobody can tell; within each, the longest waiting."""
        return _worst_first(
            *(self._held(row) for row in self._read.held_at_risk),
            *(self._message(row) for row in self._read.undelivered),
            *(self._untold(row) for row in self._read.doubtful),
        )

    def at_risk_of(self, partner: str) -> tuple[Waiting, ...]:
        """The same for one partner's own page."""
        return _worst_first(
            *(self._held(row) for row in self._read.held_at_risk if row["partner"] == partner),
            *(self._message_to_you(row) for row in self._read.undelivered if row["to_partner"] == partner),
            *(self._untold(row) for row in self._read.doubtful if row["partner"] == partner),
        )

    def waits_for(self, partner: str) -> dict[str, int]:
        """How many records wait for whom, the most first."""
        counts: Counter[str] = Counter()
        for row in self._read.held_reasons:
            if row["partner"] == partner:
                counts[self._owner(row["owner"])] += row["records"]
        for state in STUCK:
            counts[self._who_acts(partner, state)] += self._read.outbox.get((partner, state), 0)
        return {who: count for who, count in counts.most_common() if count}

    def held(self, partner: str) -> tuple[WaitingReason, ...]:
        reasons = [row for row in self._read.held_reasons if row["partner"] == partner]
        return tuple(self._reason(row) for row in reasons)

    def _reason(self, reason: Row) -> WaitingReason:
        about = [reason[name] for name in REASON]
        shown = (row for row in self._read.held_records if [row[name] for name in REASON] == about)
        return WaitingReason(
            why=self._why(reason),
            fix=self._fix(reason),
            owner=self._owner(reason["owner"]),
            records=reason["records"],
            at_risk=reason["flagged"] + reason["unreadable"],
            older=reason["older"],
            shown=tuple(self._held(row) for row in shown),
        )

    def _fix(self, row: Row) -> str:
        return self.advice(row["partner"]).fix(row["rules"].split())

    def _why(self, row: Row) -> str:
        return self.advice(row["partner"]).why(row["words"])

    def _owner(self, name: str) -> str:
        return self._titles.get(name, name)

    def _held(self, row: Row) -> Waiting:
        doubtful = Flag.UNKNOWN if row["unreadable"] else Flag.NONE
        return Waiting(
            partner=self.title(row["partner"]),
            reference=showable.reference(row["reference"]),
            place=self._place(row["batch_id"], row["message"], row["row"], row["part"]),
            why=self._why(row),
            fix=self._fix(row),
            owner=self._owner(row["owner"]),
            since=self._local(row["held_at"]),
            key=str(RecordKey(row["batch_id"], row["message"], row["row"], row["part"])),
            flag=Flag.SET if row["safety"] else doubtful,
            state=row["state"],
            with_whom=row["with_whom"],
        )

    def stuck(self, partner: str) -> tuple[WaitingReason, ...]:
        """Messages that did not reach this partner, in words for its own page."""
        reasons = [row for row in self._read.stuck_reasons if row["to_partner"] == partner]
        return tuple(self._stuck(row) for row in reasons)

    def _stuck(self, reason: Row) -> WaitingReason:
        about = [reason[name] for name in STUCK_BECAUSE]
        shown = (row for row in self._read.stuck_records if [row[name] for name in STUCK_BECAUSE] == about)
        return WaitingReason(
            why=_because(reason, UNDELIVERED_TO_YOU),
            fix=UNDELIVERED_TO_YOU[reason["state"]][1],
            owner=self._who_acts(reason["to_partner"], reason["state"]),
            records=reason["records"],
            at_risk=reason["at_risk"],
            older=reason["older"],
            shown=tuple(self._message_to_you(row) for row in shown),
        )

    def _message(self, row: Row) -> Waiting:
        return Waiting(
            partner=self.title(row["to_partner"]),
            reference=showable.reference(row["reference"]),
            place=f"a record from {self.title(row['from_partner'])}",
            why=_because(row, UNDELIVERED),
            fix=UNDELIVERED[row["state"]][1],
            owner=self._who_acts(row["to_partner"], row["state"]),
            since=self._local(row["answered_at"] or row["queued_at"]),
            key=showable.message_key(row["message_key"]),
            flag=Flag.SET if row["safety"] else Flag.NONE,
            state=row["state"],
        )

    def _message_to_you(self, row: Row) -> Waiting:
        """For the page of the one it is for: without the sender, its reference, or the key made of both."""
        return replace(
            self._message(row),
            reference=showable.reference(row["their_reference"]),
            place=f"our message of {wording.long_moment(self._local(row['queued_at']))}",
            why=_because(row, UNDELIVERED_TO_YOU),
            fix=UNDELIVERED_TO_YOU[row["state"]][1],
            key=None,
        )

    def _who_acts(self, to_partner: str, state: str) -> str:
        if state == NOT_SHARED:
            return self._keeper(to_partner)
        return self.title(to_partner) if state == REFUSED else DATA_DESK

    def _untold(self, row: Row) -> Waiting:
        why, fix = UNTOLD.get(Hop(row["hop"]), UNTOLD[Hop.TRANSLATED])
        return Waiting(
            partner=self.title(row["partner"]),
            reference=None,
            place=self._place(row["run_id"], row["message"], row["row"], row["part"]),
            why=why,
            fix=fix,
            owner=DATA_DESK,
            since=self._local(row["landed_at"]),
            key=str(RecordKey(row["run_id"], row["message"], row["row"], row["part"])),
            flag=Flag.UNKNOWN,
        )

    def gaps(self, partner: str) -> tuple[Gap, ...]:
        """What the ledger names, by hop and fault; the first records of each by their place."""
        first = [row for row in self._read.gaps if row["partner"] == partner and row["place"] == 1]
        return tuple(
            Gap(
                feed=row["feed"],
                hop=row["hop"],
                fault=row["fault"],
                records=row["records"],
                shown=tuple(self._named(one) for one in self._same_gap(row)),
            )
            for row in first
        )

    def _same_gap(self, row: Row) -> Iterable[str]:
        about = ("partner", "feed", "hop", "fault")
        return (one["record"] for one in self._read.gaps if all(one[name] == row[name] for name in about))

    def _named(self, record: str) -> str:
        place = gap_place(record)
        return f"{record} ({self._place(*place)})" if place else showable.message_key(record)

    def _place(self, batch_id: str, message: int, row: int, part: int) -> str:
        """Where the partner finds the record: the row, and the part of it, in a message of theirs."""
        name = self._read.names.get((batch_id, message))
        within = f"row {row:,}" + (f", part {part}" if part else "")
        return f"{within} of {name}" if name else f"{within} of message {message + 1} that night"

    def _local(self, when: datetime) -> datetime:
        return when.astimezone(self.zone)


def _worst_first(*every: Waiting) -> tuple[Waiting, ...]:
    in_order = sorted(every, key=lambda one: (one.flag is not Flag.SET, one.since, one.key or "", one.called))
    return tuple(in_order[:SHOWN_AT_RISK])


def _keeper(hub: Hub, partner: str) -> str:
    """Who keeps the partner's agreement; the data desk where there is none that can be read."""
    try:
        return str(hub.agreement(partner).contact)
    except ConnectorError:
        return DATA_DESK


def _because(message: Row, words: Mapping[str, tuple[str, str]]) -> str:
    """Why a message is not with the partner, with their own reason or the agreement's where there is one."""
    why = words[message["state"]][0]
    if message["state"] == NOT_SHARED:
        return wording.sentence(f"Not shared because {message['not_shared_because']}")
    said = showable.reason(message["answer_reason"]) if message["state"] == REFUSED else None
    if not said:
        return why
    return f"{why} {'You' if words is UNDELIVERED_TO_YOU else 'They'} said: “{said}”."
