"""The front door's service: takes each referral form once, says what became of it, and lists all outcomes."""

import random
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import date, datetime
from hashlib import sha256
from typing import Any

from simulators.json_service import Answer, Call, JsonService
from simulators.json_service import serving as serving_json

PAGE = 10
# What a contact comes to, and how many of a hundred do.
DECISIONS = (
    ("No Further Action", 20),
    ("Information and Advice", 20),
    ("EH Referral", 30),
    ("CIN Referral", 30),
)
Row = dict[str, Any]
TAKES_NOTHING: dict[str, tuple[int, Row]] = {
    "error_in_200": (200, {"error": "we take nothing today"}),
    "too_early": (425, {}),
    "conflict_version": (409, {"problem": "version"}),
}


@dataclass
class FrontDoor(JsonService):
    """What they know."""

    taken: dict[str, Row] = field(default_factory=dict)
    outcomes: dict[str, Row] = field(default_factory=dict)
    # Each time a form came about: once for each key, unless somebody makes new keys.
    effects: list[tuple[str, Row]] = field(default_factory=list)
    refused: str = ""
    silent: str = ""
    night: int = 1

    def answered(self, call: Call) -> Answer:
        if call.method == "POST":
            return self.take(call.body, call.headers.get("Idempotency-Key", ""))
        if call.path == "/outcomes":
            return self.listing(call.query)
        if call.path.startswith("/referrals/"):
            return self.decision(call.path.rpartition("/")[2])
        return 200, {"status": "open"}

    def take(self, asked: Row, identity: str) -> Answer:
        key, form = asked["key"], asked["form"]
        if self.mood in TAKES_NOTHING:
            status, said = TAKES_NOTHING[self.mood]
            return status, said | {"key": key} if status != 200 else said
        self.refused, self.silent = self.refused or key, self.silent or key
        if self.mood == "refuses_one" and key == self.refused:
            return 422, {"key": key, "problem": "other_authority"}
        if any(value in (None, "") for value in form.values()):
            return 422, {"key": key, "problem": "incomplete"}
        if identity in self.taken:
            return (409, {"key": key, "problem": "duplicate"}) if self.mood else (200, {"key": key})
        self.taken[identity] = {
            "key": key,
            "form": form,
            "night": self.night,
            "outcome": None,
            "contact_id": None,
        }
        self.effects.append((key, form))
        return 202, {} if self.mood == "fewer_receipts" and key == self.silent else {"key": key}

    def decide(self, at: datetime, *, before: int | None = None) -> None:
        """Every form that waits, of the nights before this one, comes to something; always to the same."""
        for identity, one in self.taken.items():
            if one["outcome"] is None and (before is None or one["night"] < before):
                one["outcome"] = decision_on(one["key"])
                one["contact_id"] = f"CT-{identity[:8]}"
                self.outcomes[identity] = _outcome(identity, one, at)

    def decision(self, identity: str) -> Answer:
        if identity not in self.taken:
            return 404, {}
        return 200, {name: self.taken[identity][name] for name in ("key", "outcome", "contact_id")}

    def listing(self, query: Mapping[str, str]) -> Answer:
        if self.mood == "page_fails" and "after" in query:
            return 500, {}
        rows = [] if self.mood == "empty" else self._since(query.get("since", ""))
        start = next((n for n, row in enumerate(rows) if _order(row) > query.get("after", "")), len(rows))
        page, more = rows[start : start + PAGE], len(rows) > start + PAGE
        if self.mood == "repeats":
            page = [*rows[max(0, start - 1) : start], *page]
        if self.mood == "reorders":
            page = random.sample(page, len(page))
        said = {
            "outcomes": [row.get("spoiled", row) for row in page],
            "next": _order(rows[start + PAGE - 1]) if more else None,
            "total": len(rows) + (self.mood == "counts_too_many"),
        }
        self.meanwhile()
        return 200, said

    def _since(self, since: str) -> list[Row]:
        back = datetime.fromisoformat(since) if since else None
        there = self.outcomes.values()
        return sorted(
            (row for row in there if back is None or datetime.fromisoformat(row["changed_at"]) >= back),
            key=_order,
        )

    def meanwhile(self) -> None:
        """What happens once the first page has been read."""


def decision_on(key: str) -> str:
    place = int(sha256(key.encode()).hexdigest(), 16) % 100
    for decision, share in DECISIONS:
        if place < share:
            return decision
        place -= share
    raise AssertionError("the shares make a hundred")


def _outcome(identity: str, taken: Row, at: datetime) -> Row:
    form = taken["form"]
    return {
        "outcome_id": f"OC-{identity[:12]}",
        "changed_at": at.isoformat(),
        "withdrawn": "no",
        "our_reference": form["Reference"],
        "outcome": taken["outcome"],
        "outcome_on": at.date().isoformat(),
        "reason": "below_threshold" if taken["outcome"] == "No Further Action" else None,
        "person_id": None,
        "nhs_number": form["NhsNumber"] if form.get("NhsNumber", "").isdigit() else None,
        "born": _born(form.get("BirthDate", "")),
    }


def _born(written: str) -> str | None:
    day, month, year = written.split("/") if written.count("/") == 2 else ("", "", "")
    return date(int(year), int(month), int(day)).isoformat() if year else None


def _order(row: Row) -> str:
    return f"{row['changed_at']} {row['outcome_id']}"


@contextmanager
def serving(door: FrontDoor, keep: Callable[[], None] = lambda: None) -> Iterator[dict[str, str]]:
    """The settings by which the hub finds them."""
    with serving_json(door, keep) as found:
        yield {f"HUB_SOCIAL_CARE_{name}": value for name, value in found.items()}
