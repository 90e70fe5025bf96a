"""The education service with a book in hand: what is listed of which pupil is the caller's to say."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import datetime
from pathlib import Path
from typing import Any

from simulators.education_records import KINDS, OF_SCHOOLS, SCHOOLS
from simulators.education_service import Service, serving
from simulators.nights import iso

# Enough to tell slow from never, and short enough to wait for.
PATIENCE = "3"
# More than ten records need more than one page.
PAGE = 10
ONE_BY_ONE = "each referral is a call of its own, and its answer speaks of no other"
BYPASSED = {
    "PUSH-06": ONE_BY_ONE,
    "PUSH-12": ONE_BY_ONE,
}
PATHS = {
    "prevention": "service-referrals",
    "updates": "referral-updates",
    "enrolments": "enrolments",
    "attendance": "attendance-summaries",
    "suspensions": "exclusions",
    "needs": "special-needs",
}
SCHOOL = next(iter(SCHOOLS))
# By list: a member with a code, which an odd record fills with one that nobody agreed.
CODED: Mapping[str, Mapping[str, Any]] = {
    "service-referrals": {"need": "ZZ"},
    "referral-updates": {"state": "ZZ"},
    "enrolments": {"provision": "ZZ"},
    "attendance-summaries": {"marks": {"/": 60, "ZZ": 1}},
    "exclusions": {"reason": "ZZ"},
    "special-needs": {"type": "ZZ"},
}


PLACE = {"school": {"data": {"name": SCHOOLS[SCHOOL]}}}
SPAN = {**PLACE, "start_date": "2026-09-02", "end_date": None}
ASKED = {
    **PLACE,
    "deleted": False,
    "need": "BEHAVIOUR",
    "urgency": "SOON",
    "referred_on": "2026-11-20",
    "consent": "PARENT",
    "consent_on": "2026-11-18",
    "parents_told": "TOLD",
    "safeguarding": False,
    "safe_contact": None,
}
NEWS = {
    "deleted": False,
    "state": "ACCEPTED",
    "reason": None,
    "offered_on": None,
    "started_on": None,
    "ended_on": None,
}


def _said(path: str, number: int, version: int) -> dict[str, Any]:
    """Of each list, with something in it that a version changes."""
    place = {"provision": "SCHOOL_FT", "weekly_hours_offered": 25}
    items: dict[str, dict[str, Any]] = {
        "service-referrals": {**ASKED, "referrer": f"Head of year {version}"},
        "referral-updates": {**NEWS, "referral_id": f"REF-{number}", "state_on": f"2026-11-{version:02d}"},
        "enrolments": {**SPAN, **place, "weekly_hours_attended": 20 + version},
        "attendance-summaries": {**SPAN, "marks": {"/": 60 + version, "\\": 58, "Y5": 2, "C2": 4}},
        "exclusions": {**SPAN, "kind": "SUSPENSION", "reason": ("DB", "VA", "PP")[version - 1]},
        "special-needs": {**SPAN, "provision": "K", "type": ("SEMH", "SLCN", "MLD")[version - 1]},
    }
    return items[path]


def _student(path: str, number: int) -> dict[str, Any]:
    said: dict[str, Any] = {
        "id": f"P{number:06d}",
        "legal_surname": f"Quillborne{number}",
        "legal_forenames": "Ottoline",
        "date_of_birth": "2011-03-14",
        "education_details": {"data": {"upn": None}},
    }
    if path != "referral-updates":
        said |= {
            "preferred_name": None,
            "sex": "F",
            "education_details": {"data": {"upn": None, "uln": None}},
        }
    if path == "service-referrals":
        said |= {"address": "4 Cobbler's Row, Northmoor", "postcode": "NX1 2AB"}
    return said


def record(feed: str, number: int, *, version: int, at: datetime) -> dict[str, Any]:
    path = PATHS[feed]
    head = {"id": f"{feed}-{number:04d}", "updated_at": iso(at), "student": {"data": _student(path, number)}}
    return {**head, **_said(path, number, version)}


@dataclass
class Rehearsed(Service):
    settings: Mapping[str, str] = field(default_factory=dict)
    plays: tuple[str, ...] = (
        "page_shifts", "page_changes", "page_fails", "repeats", "reorders", "counts_too_many", "empty",
        "lost_reply", "error_in_200", "html_in_200", "refuses_one", "conflict_duplicate",
        "conflict_version", "too_early", "busy", "unauthorised", "down", "slow", "new_column",
        "unknown_code", "poison",
    )  # fmt: skip
    parts: Mapping[str, int] = field(default_factory=dict)

    def __post_init__(self) -> None:
        self.largest_page = PAGE
        self.schools = {SCHOOL: SCHOOLS[SCHOOL]}
        self.meanwhile = self._meanwhile

    def begin(self) -> None:
        self.mood = self.refused = ""
        for of_an_earlier_stage in (self.lists, self.deletions, self.taken, self.effects):
            of_an_earlier_stage.clear()

    def be(self, mood: str) -> None:
        self.mood = mood

    def say(self, feed: str, numbers: Iterable[int], *, version: int, at: datetime, oddity: str = "") -> None:
        listed = self.lists.setdefault(_place(feed), [])
        new = {}
        for place, number in enumerate(numbers):
            said = record(feed, number, version=version, at=at)
            new[said["id"]] = {**said, **(_odd(PATHS[feed], oddity) if place == 0 else {})}
        kept = [one for one in listed if one["id"] not in new]
        listed[:] = sorted([*kept, *new.values()], key=lambda one: str(one["id"]))

    def unsay(self, feed: str, number: int, *, at: datetime) -> None:
        """A school's system lists it as deleted; a referral says so itself."""
        path, name = PATHS[feed], f"{feed}-{number:04d}"
        listed = self.lists[_place(feed)]
        if path in OF_SCHOOLS:
            listed[:] = [one for one in listed if one["id"] != name]
            told = {"id": name, "type": KINDS[path], "deleted_at": iso(at)}
            told |= {"kind": "SUSPENSION"} if feed == "suspensions" else {}
            self.deletions.setdefault((KINDS[path], SCHOOL), []).append(told)
        else:
            gone = {"deleted": True, "updated_at": iso(at)}
            listed[:] = [one | gone if one["id"] == name else one for one in listed]

    def _meanwhile(self) -> None:
        """What happens while a list is read."""
        for path, listed in self.lists.items():
            if self.mood == "page_shifts" and listed[0]["id"].endswith("0001"):
                listed.pop(0)
            if self.mood == "page_changes" and listed[0]["id"].endswith("0001"):
                newer = datetime.fromisoformat(listed[0]["updated_at"]).replace(microsecond=5)
                listed[0] = listed[0] | _said(path[0], 1, 2) | {"updated_at": newer.isoformat()}

    def work(self) -> None:
        for key, one in self.taken.items():
            one["answer"] = {"key": key, "answer": "accepted", "id": "SUP-1"}

    def heard(self) -> Iterable[tuple[str, Mapping[str, Any]]]:
        return tuple(self.effects)


def _place(feed: str) -> tuple[str, str]:
    path = PATHS[feed]
    return path, SCHOOL if path in OF_SCHOOLS else ""


def _odd(path: str, oddity: str) -> Mapping[str, Any]:
    odd: Mapping[str, Mapping[str, Any]] = {
        "": {},
        "new_column": {"key_worker": "nobody agreed to this"},
        "unknown_code": CODED[path],
        "poison": {"spoiled": "no record at all"},
    }
    return odd[oddity]


class Rehearsal:
    bypassed: Mapping[str, str] = BYPASSED

    @contextmanager
    def __call__(self, home: Path) -> Iterator[Rehearsed]:
        rehearsed = Rehearsed()
        with serving(rehearsed) as found:
            rehearsed.settings = {**found, "HUB_EDUCATION_PATIENCE": PATIENCE}
            yield rehearsed


rehearsal = Rehearsal()
