"""What the courts send the police: the results of one defendant."""

from __future__ import annotations

from connectors.courts.shapes.offences import offence, result
from connectors.courts.shapes.payload import Part
from connectors.courts.shapes.people import person
from connectors.courts.shapes.record import Calendar, Defendant, Row, Sitting
from connectors.courts.shapes.sittings import court, days

# What the courts write for a case that has no reference (the first for police prosecutions).
NO_REFERENCE = ("00PP0000008", "00NP0000008")


def defendants(message: Part) -> list[Defendant]:
    centre = message.part("courtCentreWithLJA").part("courtCentre")
    columns = {"hearing_id": message.text("id"), **court(centre)}
    sat = Sitting(columns, days(message.parts("sessionDays")))
    return [defendant(message.part("defendant"), case_columns(message), Calendar(sat))]


def case_columns(message: Part) -> Row:
    urn = message.text("urn")
    return {"case_id": message.text("caseId"), "case_urn": None if urn in NO_REFERENCE else urn}


def defendant(part: Part, case: Row, calendar: Calendar) -> Defendant:
    return Defendant(
        columns={**case, "defendant_id": part.text("defendantId"), **person(part)},
        sitting=calendar.usual,
        offences=tuple(offence(charge, calendar) for charge in part.parts("offences")),
        results=tuple(result(given, calendar) for given in part.parts("judicialResults")),
    )
