"""The inclusion desk: what it decides of the YJS's referrals, and how each goes on, night by night."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from datetime import timedelta
from hashlib import sha256
from typing import Any

from simulators.education_records import Record, student
from simulators.nights import iso, morning
from simulators.people import YoungPerson

# Of a hundred referrals: these are refused, the next few wait on a desk, the rest are taken on.
REFUSED_BELOW, LEFT_BELOW = 4, 8
# By nights since the referral came.
STEPS = ("ACCEPTED", "OFFERED", "STARTED", "STARTED", "COMPLETED")


def decided(key: str, taken: Mapping[str, Any], night: int) -> dict[str, Any] | None:
    """None while it waits."""
    desk = _desk_of(key)
    told = {"key": key, "id": f"SUP-{key[-12:]}", "at": iso(morning(taken["night"]))}
    if desk < REFUSED_BELOW:
        return {**told, "answer": "refused", "problem": "no-such-pupil"}
    return None if desk < LEFT_BELOW else {**told, "answer": "accepted"}


def updates(
    taken: Mapping[str, Mapping[str, Any]], people: Sequence[YoungPerson], night: int
) -> Iterator[Record]:
    """Of each referral that was taken on, how far it has come; the newest message of each counts."""
    newest = {one["referral"]["referral_id"]: (key, one) for key, one in taken.items()}
    pupils = {person.identifiers.upn: person for person in people}
    for key, one in newest.values():
        if _desk_of(key) >= LEFT_BELOW and one["referral"]["change"] != "deleted":
            yield _update(one["referral"], pupils.get(one["referral"]["upn"]), night - one["night"], night)


def _update(referral: Mapping[str, Any], pupil: YoungPerson | None, passed: int, night: int) -> Record:
    step = min(passed, len(STEPS) - 1)
    at = morning(night) - timedelta(hours=1)
    days = [(at - timedelta(days=back)).date().isoformat() for back in (2, 1, 0)]
    return {
        "id": f"U-{referral['referral_id']}",
        "updated_at": iso(at),
        "deleted": False,
        "student": {"data": _who(referral, pupil)},
        "referral_id": referral["referral_id"],
        "state": STEPS[step],
        "state_on": days[2],
        "reason": None,
        "offered_on": days[0] if step >= 1 else None,
        "started_on": days[1] if step >= 2 else None,
        "ended_on": days[2] if step >= len(STEPS) - 1 else None,
    }


def _who(referral: Mapping[str, Any], pupil: YoungPerson | None) -> Record:
    said = student(pupil)["data"] if pupil else {}
    return {
        "id": said.get("id"),
        "legal_surname": referral["family_name"],
        "legal_forenames": referral["given_names"],
        "date_of_birth": referral["date_of_birth"],
        "education_details": {"data": {"upn": referral["upn"]}},
    }


def _desk_of(key: str) -> int:
    return int(sha256(key.encode()).hexdigest(), 16) % 100
