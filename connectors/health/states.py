"""What a service says of a referral, and the state that it is. A word not here is a question for a person.

Of BSeR, whose list is the only published one for referrals (TaskBusinessStatusCS 2.0-ballot); of FHIR R4,
where nothing else is said; of our answer sheet; of BaRS Core 1.5.0. Which state each is: ours, 2026-11-28.
"""

from __future__ import annotations

from collections.abc import Mapping

from connectors.contract import Answer
from schemas.clocks import BusinessState

_B = BusinessState

STATES: Mapping[str, BusinessState] = {
    "bser 2.0": _B.REFERRED,
    "bser 3.0": _B.ACCEPTED,
    "bser 4.0": _B.DECLINED,
    "bser 5.1.1": _B.OFFERED,
    "bser 5.1.2": _B.DID_NOT_ATTEND,
    # The appointment, not the referral.
    "bser 5.1.3": _B.WAITING,
    "bser 5.1.4": _B.STARTED,
    "bser 5.2": _B.WITHDRAWN,
    "bser 6.0": _B.WITHDRAWN,
    "bser 7.0": _B.COMPLETED,
    "task draft": _B.REFERRED,
    "task requested": _B.REFERRED,
    "task received": _B.REFERRED,
    "task accepted": _B.ACCEPTED,
    "task ready": _B.WAITING,
    "task on-hold": _B.WAITING,
    "task in-progress": _B.STARTED,
    "task completed": _B.COMPLETED,
    "task rejected": _B.DECLINED,
    "task cancelled": _B.WITHDRAWN,
    "task failed": _B.ENDED_EARLY,
    # Struck out: what it said does not count.
    "task entered-in-error": _B.WITHDRAWN,
    "sheet accepted": _B.ACCEPTED,
    "sheet waiting": _B.WAITING,
    "sheet started": _B.STARTED,
    "sheet completed": _B.COMPLETED,
    "sheet ended_early": _B.ENDED_EARLY,
    "sheet declined": _B.DECLINED,
    "bars interim": _B.ACCEPTED,
    "bars final": _B.COMPLETED,
    "bars rejected": _B.DECLINED,
}
# What a state means for a message of ours; a state that is not here is no answer yet.
ANSWERS: Mapping[BusinessState, Answer] = {
    _B.ACCEPTED: Answer.ACCEPTED,
    _B.WAITING: Answer.ACCEPTED,
    _B.OFFERED: Answer.ACCEPTED,
    _B.STARTED: Answer.ACCEPTED,
    _B.DID_NOT_ATTEND: Answer.ACCEPTED,
    _B.COMPLETED: Answer.ACCEPTED,
    _B.ENDED_EARLY: Answer.ACCEPTED,
    _B.WITHDRAWN: Answer.ACCEPTED,
    _B.DECLINED: Answer.REFUSED,
}
