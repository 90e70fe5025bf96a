"""Where and when the court sat."""

from __future__ import annotations

from connectors.courts.shapes.payload import Part
from connectors.courts.shapes.record import Row, Sitting, court_day


def sitting(hearing: Part, *, sent_for: str | None = None) -> Sitting:
    columns = {
        "hearing_id": hearing.text("id"),
        "hearing_type": hearing.part("type").text("description"),
        "jurisdiction": hearing.text("jurisdictionType"),
        **court(hearing.part("courtCentre")),
    }
    return Sitting(columns, days(hearing.parts("hearingDays")), sent_for)


def court(centre: Part) -> Row:
    return {"court_code": centre.text("code"), "court_name": centre.text("name")}


def days(listed: list[Part]) -> tuple[str, ...]:
    """Days a hearing sat. A cancelled day is none."""
    held = (court_day(day.text("sittingDay")) for day in listed if day.flag("isCancelled") != "true")
    return tuple(day for day in held if day)
