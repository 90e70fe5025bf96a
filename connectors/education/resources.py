"""What the service lists, and what each member of a record is called as a column of the files.

A record comes as nested JSON over HTTP and as a row of a file; in both it has the same columns here.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

RECORD = {"id": "RecordID", "updated_at": "UpdatedAt"}
# In the files a column; over HTTP a list of its own, or a member of a referral.
DELETED = "Deleted"
PUPIL = {
    "student.id": "PupilID",
    "student.legal_surname": "LegalSurname",
    "student.legal_forenames": "LegalForenames",
    "student.preferred_name": "PreferredName",
    "student.date_of_birth": "DOB",
    "student.sex": "Sex",
    "student.education_details.upn": "UPN",
    "student.education_details.uln": "ULN",
}
PLACE = {"school.name": "SchoolName"}
SPAN = {"start_date": "StartDate", "end_date": "EndDate"}


@dataclass(frozen=True)
class Resource:
    """`kind` begins the names of its files, and is what the list of deletions is asked for."""

    path: str
    kind: str
    members: Mapping[str, str]
    # Listed school by school, by a system that says in a list of its own what was deleted.
    is_of_schools: bool = True

    @property
    def columns(self) -> tuple[str, ...]:
        return (*self.members.values(), DELETED)


ENROLMENTS = Resource(
    "enrolments",
    "enrolment",
    RECORD
    | PUPIL
    | PLACE
    | {
        "provision": "Provision",
        "weekly_hours_offered": "WeeklyHoursOffered",
        "weekly_hours_attended": "WeeklyHoursAttended",
    }
    | SPAN,
)
ATTENDANCE = Resource(
    "attendance-summaries", "attendance", RECORD | PUPIL | PLACE | {"marks": "Marks"} | SPAN
)
SUSPENSIONS = Resource(
    "exclusions", "exclusion", RECORD | PUPIL | PLACE | {"kind": "Kind", "reason": "Reason"} | SPAN
)
NEEDS = Resource(
    "special-needs", "need", RECORD | PUPIL | PLACE | {"provision": "SENProvision", "type": "SENType"} | SPAN
)
PREVENTION = Resource(
    "service-referrals",
    "referral",
    RECORD
    | PUPIL
    | PLACE
    | {
        "student.address": "Address",
        "student.postcode": "Postcode",
        "deleted": DELETED,
        "need": "Need",
        "urgency": "Urgency",
        "referred_on": "ReferredOn",
        "consent": "ConsentGivenBy",
        "consent_on": "ConsentOn",
        "parents_told": "ParentsTold",
        "safeguarding": "Safeguarding",
        "referrer": "Referrer",
        "safe_contact": "SafeContact",
    },
    is_of_schools=False,
)
UPDATES = Resource(
    "referral-updates",
    "update",
    RECORD
    | {name: column for name, column in PUPIL.items() if column not in ("PreferredName", "Sex", "ULN")}
    | {
        "deleted": DELETED,
        "referral_id": "ReferralID",
        "state": "State",
        "state_on": "StateOn",
        "reason": "Reason",
        "offered_on": "OfferedOn",
        "started_on": "StartedOn",
        "ended_on": "EndedOn",
    },
    is_of_schools=False,
)
