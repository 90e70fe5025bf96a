"""The same lists as files for an SFTP folder: one CSV for each list, and the manifest that makes it ready."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from typing import Any

from simulators.education_records import Record
from simulators.nights import stamp
from simulators.police_files import Drop, as_csv

PUPIL = {
    "PupilID": ("student", "id"),
    "LegalSurname": ("student", "legal_surname"),
    "LegalForenames": ("student", "legal_forenames"),
    "PreferredName": ("student", "preferred_name"),
    "DOB": ("student", "date_of_birth"),
    "Sex": ("student", "sex"),
    "UPN": ("student", "education_details", "upn"),
    "ULN": ("student", "education_details", "uln"),
}
RECORD = {"RecordID": ("id",), "UpdatedAt": ("updated_at",)}
PLACE = {"SchoolName": ("school", "name")}
SPAN = {"StartDate": ("start_date",), "EndDate": ("end_date",)}
SUPPORT = {
    "ReferralID": ("referral_id",), "State": ("state",), "StateOn": ("state_on",), "Reason": ("reason",),
    "OfferedOn": ("offered_on",), "StartedOn": ("started_on",), "EndedOn": ("ended_on",),
}  # fmt: skip
ASKED = {
    "Address": ("student", "address"), "Postcode": ("student", "postcode"), "Need": ("need",),
    "Urgency": ("urgency",), "ReferredOn": ("referred_on",), "ConsentGivenBy": ("consent",),
    "ConsentOn": ("consent_on",), "ParentsTold": ("parents_told",), "Safeguarding": ("safeguarding",),
    "Referrer": ("referrer",), "SafeContact": ("safe_contact",),
}  # fmt: skip
HOURS = {
    "Provision": ("provision",), "WeeklyHoursOffered": ("weekly_hours_offered",),
    "WeeklyHoursAttended": ("weekly_hours_attended",),
}  # fmt: skip
Columns = Mapping[str, tuple[str, ...]]
# By list: how the files are called, and their columns; where each is found in a record.
FILES: Mapping[str, tuple[str, Columns]] = {
    "enrolments": ("enrolment", {**RECORD, **PUPIL, **PLACE, **HOURS, **SPAN}),
    "attendance-summaries": ("attendance", {**RECORD, **PUPIL, **PLACE, "Marks": ("marks",), **SPAN}),
    "exclusions": (
        "exclusion",
        {**RECORD, **PUPIL, **PLACE, "Kind": ("kind",), "Reason": ("reason",), **SPAN},
    ),
    "special-needs": (
        "need",
        {**RECORD, **PUPIL, **PLACE, "SENProvision": ("provision",), "SENType": ("type",), **SPAN},
    ),
    "service-referrals": ("referral", {**RECORD, **PUPIL, **PLACE, **ASKED}),
    "referral-updates": (
        "update",
        {**RECORD, **{name: at for name, at in PUPIL.items() if name not in ("PreferredName", "Sex", "ULN")}}
        | SUPPORT,
    ),
}


def files(
    lists: Mapping[tuple[str, str], list[Record]],
    deletions: Mapping[tuple[str, str], list[Record]],
    at: datetime,
) -> dict[str, bytes]:
    """By name, in the order they are written: each manifest after its file."""
    written: dict[str, bytes] = {}
    for path, (kind, columns) in FILES.items():
        rows = [_row(one, columns) for (of, _), records in lists.items() if of == path for one in records]
        rows += [_deletion(one) for (of, _), records in deletions.items() if of == kind for one in records]
        name = f"{kind}_NMLA_NMYJS_{stamp(at)}_001.csv"
        written |= Drop(name, as_csv(rows, (*columns, "Deleted")), len(rows), at).files()
    return written


def _row(record: Record, columns: Columns) -> dict[str, str]:
    row = {name: _text(_found(record, at)) for name, at in columns.items()}
    return row | {"Deleted": "Y" if record.get("deleted") else "N"}


def _deletion(record: Record) -> dict[str, str]:
    said = {"RecordID": record["id"], "UpdatedAt": record["deleted_at"], "Deleted": "Y"}
    return said | ({"Kind": record["kind"]} if "kind" in record else {})


def _found(record: Record, at: tuple[str, ...]) -> Any:
    found: Any = record
    for name in at:
        found = found.get(name) if isinstance(found, Mapping) else None
        if isinstance(found, Mapping) and "data" in found:
            found = found["data"]
    return found


def _text(value: Any) -> str:
    if isinstance(value, bool):
        return "Y" if value else "N"
    if isinstance(value, Mapping):
        return ";".join(f"{mark}={count}" for mark, count in value.items())
    return "" if value is None else str(value)
