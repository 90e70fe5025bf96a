"""A case as the case query answers it: its defendants, and every hearing of it at a glance.

A result may stand in both halves: `copies.one_of_each` keeps one.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace

from connectors.courts.shapes.hearing import case_columns, hand_out, of_case
from connectors.courts.shapes.offences import offence, result
from connectors.courts.shapes.payload import Part, UnknownShapeError
from connectors.courts.shapes.people import address
from connectors.courts.shapes.record import Calendar, Defendant, Offence, Row, Sitting
from connectors.courts.shapes.sittings import sitting


def defendants(message: Part) -> list[Defendant]:
    case, glance = message.part("prosecutionCase"), message.part("hearingsAtAGlance", "caseAtAGlance")
    hearings = glance.parts("hearings")
    calendar = Calendar(Sitting({}), {hearing.text("id") or "": sitting(hearing) for hearing in hearings})
    people = list(of_case(case, calendar)) if case else []
    known = {somebody.columns["defendant_id"]: somebody for somebody in people}
    for hearing in hearings:
        here = replace(calendar, usual=sitting(hearing))
        people += [
            _glimpsed(part, known, case_columns(case or glance), here) for part in hearing.parts("defendants")
        ]
        people = hand_out(hearing.parts("defendantJudicialResults"), people, here)
    if not people:
        raise UnknownShapeError(
            "The case has no defendants, neither its own nor in a hearing.",
            fix="ask the court for the case again, whole.",
        )
    return [replace(somebody, sitting=_usual(somebody, hearings)) for somebody in people]


def _glimpsed(part: Part, known: Mapping[str | None, Defendant], case: Row, here: Calendar) -> Defendant:
    """The case's own words for a person and an offence are fuller than the glance's, so they stand."""
    defendant_id = part.text("id")
    same = known.get(defendant_id) if defendant_id else None
    columns = _said_over(
        {**case, "defendant_id": defendant_id, **_person(part)}, same.columns if same else {}
    )
    charges = tuple(_fuller(offence(charge, here), same) for charge in part.parts("offences"))
    results = tuple(result(given, here) for given in part.parts("judicialResults"))
    return Defendant(columns, here.usual, charges, results)


def _said_over(glance: Row, own: Row) -> Row:
    return glance | {name: value for name, value in own.items() if value is not None}


def _person(defendant: Part) -> Row:
    # The name comes undivided here. Where to cut it would be a guess, so it stays whole, as an alias.
    return {
        "master_defendant_id": defendant.text("masterDefendantId"),
        "is_youth": defendant.flag("isYouth"),
        "birth_date": defendant.text("dateOfBirth"),
        "aliases": defendant.text("name"),
        **address(defendant.part("address")),
    }


def _fuller(charge: Offence, same: Defendant | None) -> Offence:
    offence_id = charge.columns["offence_id"]
    charged = same.offences if same else ()
    own = next((mine.columns for mine in charged if offence_id == mine.columns["offence_id"]), {})
    return replace(charge, columns=_said_over(charge.columns, own))


def _usual(somebody: Defendant, hearings: list[Part]) -> Sitting:
    """For what names no hearing: the last that was resulted. A listing is no hearing yet, so without one it
    is the first listed, the likeliest to have been held.
    """
    defendant_id = somebody.columns["defendant_id"]
    own = [
        part for part in hearings if any(each.text("id") == defendant_id for each in part.parts("defendants"))
    ]
    listed = own or hearings
    resulted = [part for part in listed if part.text("hearingListingStatus") == "HEARING_RESULTED"]
    in_order = sorted(
        (sitting(part) for part in resulted or listed), key=lambda sat: min(sat.days, default="")
    )
    if not in_order:
        return Sitting({})
    return in_order[-1] if resulted else in_order[0]
