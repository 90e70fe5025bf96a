"""Court applications: an appeal, a breach, a variation. The person is whom the application is about."""

from __future__ import annotations

from collections.abc import Iterator

from connectors.courts.shapes.offences import offence, result
from connectors.courts.shapes.payload import Part
from connectors.courts.shapes.people import person
from connectors.courts.shapes.record import Calendar, Defendant, Offence, Row


def defendants(application: Part, calendar: Calendar) -> list[Defendant]:
    people = _people(application)
    charges = list(_charges(application, people, calendar))
    results = tuple(result(part, calendar) for part in application.parts("judicialResults"))
    nobodys = [charge for owners, charge in charges if not owners]
    alone = len(people) == 1 and not nobodys
    found = [
        Defendant(
            columns=_case(application)
            | person(master)
            | {"defendant_id": _defendant_id(master, application)},
            sitting=calendar.usual,
            offences=tuple(charge for owners, charge in charges if place in owners),
            results=results if alone else (),
        )
        for place, master in enumerate(people)
    ]
    # Where nothing says whose they are: better nobody's than the wrong one's.
    if people and not alone and (nobodys or results):
        found.append(Defendant(_case(application), calendar.usual, tuple(nobodys), results))
    return found


def _people(application: Part) -> list[Part]:
    """The subject; without one, applicant and respondents. A prosecutor is no person; nobody comes twice."""
    if subject := _subject(application):
        return [subject]
    parties = [application.part("applicant"), *application.parts("respondents")]
    masters = [party.part("masterDefendant") for party in parties]
    return list({_who(master): master for master in masters if master}.values())


def _subject(application: Part) -> Part:
    return application.part("subject").part("masterDefendant")


def _who(master: Part) -> tuple[str | None, ...]:
    known = person(master)
    if known["master_defendant_id"]:
        return (known["master_defendant_id"],)
    return (known["first_name"], known["last_name"], known["birth_date"])


def _charges(application: Part, people: list[Part], calendar: Calendar) -> Iterator[tuple[set[int], Offence]]:
    """Each offence, with the places of those it belongs to."""
    for case in application.parts("courtApplicationCases"):
        owners = _owners(application, people, "caseId", case.text("prosecutionCaseId"))
        yield from ((owners, _in_case(offence(part, calendar), case)) for part in case.parts("offences"))
    under_order = application.part("courtOrder").text("masterDefendantId")
    owners = _owners(application, people, "masterDefendantId", under_order)
    for part in _orders(application):
        yield owners, _in_case(offence(part.part("offence"), calendar), part)


def _owners(application: Part, people: list[Part], key: str, named: str | None) -> set[int]:
    """All of a subject's. Else whom the case or the order names, or the only party if none is named."""
    if _subject(application):
        return set(range(len(people)))
    ids = [_ids(master, key) for master in people]
    if len(people) == 1 and (named is None or not ids[0]):
        return {0}
    return {place for place, known in enumerate(ids) if named in known}


def _ids(master: Part, key: str) -> set[str]:
    known = {master.text(key), *(case.text(key) for case in master.parts("defendantCase"))}
    return {text for text in known if text}


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
