"""A resulted hearing: defendants of its cases, and whom its applications are about."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace

from connectors.courts.shapes import applications
from connectors.courts.shapes.offences import offence, result
from connectors.courts.shapes.payload import Part, UnknownShapeError
from connectors.courts.shapes.people import person
from connectors.courts.shapes.record import Calendar, Defendant, Row, court_day
from connectors.courts.shapes.sittings import sitting


def defendants(message: Part) -> list[Defendant]:
    hearing = message.part("hearing")
    if not hearing.parts("prosecutionCases") and not hearing.parts("courtApplications"):
        raise UnknownShapeError(
            "The hearing has neither a case nor an application, so nobody can be read from it.",
            fix="ask the court to share the hearing again, whole.",
        )
    calendar = Calendar(sitting(hearing, sent_for=court_day(message.text("hearingDay"))))
    people = [found for case in hearing.parts("prosecutionCases") for found in of_case(case, calendar)]
    for application in hearing.parts("courtApplications"):
        people += applications.defendants(application, calendar)
    return hand_out(hearing.parts("defendantJudicialResults"), people, calendar)


def of_case(case: Part, calendar: Calendar) -> Iterator[Defendant]:
    for defendant in case.required_parts("defendants"):
        given = defendant.parts("defendantCaseJudicialResults") + defendant.parts("judicialResults")
        yield Defendant(
            columns={**case_columns(case), "defendant_id": defendant.text("id"), **person(defendant)},
            sitting=calendar.usual,
            offences=tuple(offence(part, calendar) for part in defendant.parts("offences")),
            results=tuple(result(part, calendar) for part in given),
        )


def case_columns(case: Part) -> Row:
    identifier = case.part("prosecutionCaseIdentifier")
    return {
        "case_id": case.text("id", "prosecutionCaseId"),
        "case_urn": identifier.text("caseURN", "prosecutionAuthorityReference"),
    }


def hand_out(given: list[Part], people: list[Defendant], calendar: Calendar) -> list[Defendant]:
    """Each result to the person it names. One that names nobody here stays alone, with nobody."""
    people = list(people)
    for part in given:
        judged = result(part.part("judicialResult") or part, calendar)
        place = _owner(people, part, judged.offence_id)
        if place is None:
            ids = {
                "master_defendant_id": part.text("masterDefendantId"),
                "defendant_id": part.text("defendantId"),
            }
            people.append(Defendant(columns=ids, sitting=judged.sitting, results=(judged,)))
        else:
            people[place] = replace(people[place], results=(*people[place].results, judged))
    return people


def _owner(people: list[Defendant], part: Part, offence_id: str | None) -> int | None:
    """Who is named: by id, among one person's several cases the one with the offence. Ids come first."""
    person_id = part.text("defendantId", "masterDefendantId")
    charged = [
        place for place, somebody in enumerate(people) if offence_id and _charged(somebody, offence_id)
    ]
    if person_id is None:
        return charged[0] if len(charged) == 1 else None
    named = [place for place, somebody in enumerate(people) if _is(somebody, person_id)]
    return next((place for place in named if place in charged), next(iter(named), None))


def _is(somebody: Defendant, person_id: str) -> bool:
    return person_id in (somebody.columns.get("defendant_id"), somebody.columns.get("master_defendant_id"))


def _charged(somebody: Defendant, offence_id: str) -> bool:
    return any(charge.columns["offence_id"] == offence_id for charge in somebody.offences)
