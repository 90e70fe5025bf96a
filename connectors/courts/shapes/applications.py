"""Court applications: an appeal, a breach, a variation. The person is whom the application is about."""

from __future__ import annotations

from collections.abc import Iterator

from connectors.courts.shapes.offences import offence, result
from connectors.courts.shapes.payload import Part
from connectors.courts.shapes.people import person
from connectors.courts.shapes.record import Calendar, Defendant, Offence, Result, Row


def defendants(application: Part, calendar: Calendar) -> list[Defendant]:
    people = _people(application)
    charges = list(_charges(application, people, calendar))
    results = tuple(result(part, calendar) for part in application.parts("judicialResults"))
    found = [
        Defendant(
            columns=_case(application)
            | person(master)
            | {"defendant_id": _defendant_id(master, application)},
            sitting=calendar.usual,
            offences=tuple(charge for owners, charge in charges if place in owners),
            results=results if len(people) == 1 else (),
        )
        for place, master in enumerate(people)
    ]
    if len(people) > 1:
        found += _of_nobody(
            application, [charge for owners, charge in charges if not owners], results, calendar
        )
    return found


def _people(application: Part) -> list[Part]:
    """The subject; without one, applicant and respondents. A prosecutor is no person; nobody comes twice."""
    subject = application.part("subject").part("masterDefendant")
    if subject:
        return [subject]
    parties = [application.part("applicant"), *application.parts("respondents")]
    masters = [party.part("masterDefendant") for party in parties]
    return list({_who(master): master for master in masters if master}.values())


def _who(master: Part) -> tuple[str | None, ...]:
    known = person(master)
    if known["master_defendant_id"]:
        return (known["master_defendant_id"],)
    return (known["first_name"], known["last_name"], known["birth_date"])


def _charges(application: Part, people: list[Part], calendar: Calendar) -> Iterator[tuple[set[int], Offence]]:
    """Each offence, with the places of those it belongs to: the only one, or whom its case or order names."""
    for case in application.parts("courtApplicationCases"):
        owners = _owners(people, "caseId", case.text("prosecutionCaseId"))
        yield from ((owners, _in_case(offence(part, calendar), case)) for part in case.parts("offences"))
    owners = _owners(people, "masterDefendantId", application.part("courtOrder").text("masterDefendantId"))
    for part in _orders(application):
        yield owners, _in_case(offence(part.part("offence"), calendar), part)


def _owners(people: list[Part], key: str, named: str | None) -> set[int]:
    if len(people) == 1:
        return {0}
    return {place for place, master in enumerate(people) if named and named in _ids(master, key)}


def _ids(master: Part, key: str) -> set[str | None]:
    return {master.text(key)} | {case.text(key) for case in master.parts("defendantCase")}


def _of_nobody(
    application: Part, charges: list[Offence], results: tuple[Result, ...], calendar: Calendar
) -> list[Defendant]:
    """Of two people, nothing says whose these are: better nobody's than the wrong one's."""
    if not charges and not results:
        return []
    return [Defendant(_case(application), calendar.usual, tuple(charges), results)]


def _case(application: Part) -> Row:
    cases = _cases(application)
    only_case = cases[0] if len(cases) == 1 else Part({})
    return {
        "case_id": only_case.text("prosecutionCaseId"),
        "case_urn": _urn(only_case) or application.text("applicationReference"),
    }


def _defendant_id(master: Part, application: Part) -> str | None:
    """Of the case in hand, else of the person's first case, else the master's own, as the courts do it."""
    in_hand = {case.text("prosecutionCaseId") for case in _cases(application)}
    own = sorted(master.parts("defendantCase"), key=lambda case: case.text("caseId") not in in_hand)
    return own[0].text("defendantId") if own else master.text("masterDefendantId")


def _in_case(charge: Offence, case: Part) -> Offence:
    """An order may gather offences of several cases, so each says its own."""
    named = {"case_id": case.text("prosecutionCaseId"), "case_urn": _urn(case)}
    return Offence(charge.columns | {key: value for key, value in named.items() if value}, charge.results)


def _cases(application: Part) -> list[Part]:
    return [*application.parts("courtApplicationCases"), *_orders(application)]


def _orders(application: Part) -> list[Part]:
    return application.part("courtOrder").parts("courtOrderOffences")


def _urn(case: Part) -> str | None:
    return case.part("prosecutionCaseIdentifier").text("caseURN", "prosecutionAuthorityReference")
