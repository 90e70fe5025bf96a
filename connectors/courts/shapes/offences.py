"""Offences and judicial results, written alike in every shape but the register."""

from __future__ import annotations

from connectors.courts.shapes.payload import Part
from connectors.courts.shapes.record import Calendar, Offence, Result, Row, court_day

# `wording` and `statementOfFacts` are left behind: they name victims and witnesses.


def offence(part: Part, calendar: Calendar) -> Offence:
    results = tuple(result(given, calendar) for given in part.parts("judicialResults"))
    return Offence(offence_columns(part), results)


def offence_columns(part: Part) -> Row:
    return {
        "offence_id": part.text("id"),
        "offence_code": part.text("offenceCode"),
        "offence_title": part.text("offenceTitle"),
        "offence_date": part.text("startDate"),
        "arrest_date": part.text("arrestDate"),
        "plea": _latest(part, "pleas", "plea").text("pleaValue") or part.text("pleaValue"),
        "verdict": verdict(_latest(part, "verdicts", "verdict")),
    }


def verdict(part: Part) -> str | None:
    """Its type, which live messages always carry; the code and the court's prose they often do not."""
    return part.coded("verdictType", "categoryType", "verdictCode", "category") or part.text("verdictCode")


def result(given: Part, calendar: Calendar) -> Result:
    """Three dates, kept apart: when it was ordered, when it was last shared, and the day in court."""
    return Result(
        {
            "result_id": given.text("judicialResultId"),
            "result_code": given.text("cjsCode"),
            "result_label": given.text("label"),
            "result_category": given.text("category"),
            "result_ordered_on": given.text("orderedDate"),
            "result_shared_on": court_day(given.text("lastSharedDateTime")),
            "result_text": given.text("resultText"),
            "result_is_deleted": given.flag("isDeleted"),
            "result_is_amendment": given.flag("isNewAmendment"),
            "amendment_reason": given.text("amendmentReason"),
            "custody_after_hearing": given.text("postHearingCustodyStatus"),
        },
        calendar.of(given.text("orderedHearingId")),
        given.text("offenceId"),
    )


def _latest(part: Part, listed: str, single: str) -> Part:
    """A case at a glance lists every plea; a hearing has the one that stands."""
    several = part.parts(listed)
    return several[-1] if several else part.part(single)
