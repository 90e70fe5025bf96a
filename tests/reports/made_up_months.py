"""Months as large and as odd as they come, for the pages alone."""

from __future__ import annotations

from datetime import date, datetime
from decimal import Decimal

from hub.report.month import before
from quality.reports.month import MonthNumbers, PartnerMonth, SentMonth
from quality.reports.partner_night import WaitingReason
from quality.reports.rating import Scale
from quality.rules import Dimension
from tests.reports.full_nights import LATE, REFUSED
from tests.reports.nights import AT_TWO_MINUTES_PAST_FIVE, waiting

OCTOBER = date(2026, 10, 1)
# Of each month of a year, records received and held; in one nothing came.
YEAR = (
    *((380, 60), (371, 58), (402, 49), (395, 45), (410, 40), (388, 44)),
    *((0, 0), (391, 30), (405, 26), (399, 24), (405, 34), (412, 12)),
)
FAILING = {
    Dimension.COMPLETENESS: 9,
    Dimension.VALIDITY: 7,
    Dimension.UNIQUENESS: 2,
    Dimension.CONSISTENCY: 4,
    Dimension.ACCURACY: 10,
}


def sender(**changes: object) -> PartnerMonth:
    """Sends us records, as most of its month."""
    past = tuple(
        MonthNumbers(
            before(OCTOBER, months=11 - place),
            received,
            held,
            warned=12,
            nights=31,
            nights_came=29 + place % 3,
            failing=FAILING,
            lowest_check=("A birth date is a date.", Decimal("93.4")),
        )
        for place, (received, held) in enumerate(YEAR)
    )
    parts: dict[str, object] = {
        "name": "police",
        "title": "Police",
        "made_at": datetime(2026, 11, 2, 6, 10, tzinfo=AT_TWO_MINUTES_PAST_FIVE.tzinfo),
        "numbers": past[-1],
        "past": past,
        "sent": SentMonth(38, answered=33, in_time=33, refused=2, unanswered=5, longest_wait=9),
        "held": (LATE, many("Date of birth is missing.", 2000), many("Reason for referral is blank.", 4)),
        "stuck": (),
        "scale": Scale(),
    }
    return PartnerMonth(**(parts | changes))  # type: ignore[arg-type]


def receiver() -> PartnerMonth:
    """Mostly takes our referrals, and sends too few records to be rated."""
    few = MonthNumbers(OCTOBER, 9, 1, warned=1, nights=31, nights_came=31, failing={Dimension.VALIDITY: 2})
    empty = (MonthNumbers(before(OCTOBER, months=ago)) for ago in range(11, 0, -1))
    reasons = {"the child lives outside our area": 3, "the form names nobody with parental responsibility": 2}
    return sender(
        name="health",
        title="Northmoor Child and Adolescent Mental Health Service, with Speech and Language (CAMHS, SaLT)",
        numbers=few,
        past=(*empty, few),
        sent=SentMonth(41, 30, in_time=24, refused=5, unanswered=11, longest_wait=17, reasons=reasons),
        held=(),
        stuck=(REFUSED,),
    )


def silent() -> PartnerMonth:
    """Nothing yet, either way."""
    empty = tuple(MonthNumbers(before(OCTOBER, months=ago)) for ago in range(11, -1, -1))
    return sender(numbers=empty[-1], past=empty, sent=SentMonth(), held=(), stuck=())


def many(why: str, records: int) -> WaitingReason:
    shown = tuple(
        waiting(reference=f"NMP-R-{number:07d}", key=f"01a2:0:{number}:0")
        for number in range(min(records, 50))
    )
    return WaitingReason(why, "Open the record, correct it and save.", "Police", records, 0, 3, shown)
