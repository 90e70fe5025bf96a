"""Informant register requests: a day of court in one place, by name and without ids.

Every record is read, and every session in it: the old feed read the first. To whom a record is addressed,
and by which template, decides nothing here.
"""

from __future__ import annotations

from collections.abc import Iterator

from connectors.courts.shapes.offences import verdict
from connectors.courts.shapes.payload import Part
from connectors.courts.shapes.people import address
from connectors.courts.shapes.record import Defendant, Offence, Result, Row, Sitting, court_day


def defendants(message: Part) -> list[Defendant]:
    return [
        defendant
        for number, request in enumerate(message.required_parts("informantRegisterDocumentRequests"), start=1)
        for defendant in _in_request(request, number)
    ]


def _in_request(request: Part, number: int) -> Iterator[Defendant]:
    venue = request.part("hearingVenue")
    hearing_id = request.text("hearingId")
    day = court_day(request.text("hearingDate"))
    sat = Sitting({"hearing_id": hearing_id, "court_name": venue.text("courtHouse")}, (day,) if day else ())
    # The registered day is the one its name and its addressees go by, so it is not moved to court time.
    registered = (request.text("registerDate") or "-")[:10]
    for session_number, session in enumerate(venue.required_parts("courtSessions"), start=1):
        for place, defendant in enumerate(session.required_parts("defendants"), start=1):
            stood = f"{registered}/{hearing_id or f'record-{number}'}/{session_number}.{place}"
            yield _Entry(defendant, sat, stood).defendant()


class _Entry:
    """One defendant of one session. Without ids, a row is known by its case, day, session and place alone:
    nothing of the person may be guessed from a reference.
    """

    def __init__(self, part: Part, sat: Sitting, stood: str) -> None:
        self._part, self._sat, self._stood = part, sat, stood

    def defendant(self) -> Defendant:
        charges = [
            charge
            for case in self._part.parts("prosecutionCasesOrApplications")
            for charge in self._in_case(case)
        ]
        return Defendant(
            columns=_person(self._part) | {"reference": self._reference(None, "-", "-")},
            sitting=self._sat,
            offences=tuple(charges),
            results=tuple(self._results(self._part.parts("results"), None, "-")),
        )

    def _in_case(self, case: Part) -> Iterator[Offence]:
        number = case.text("caseOrApplicationReference")
        columns = {"case_urn": number, "asn": case.text("arrestSummonsNumber")}
        for place, part in enumerate(case.parts("offences"), start=1):
            charge = f"{part.text('offenceCode') or '-'}.{part.text('orderIndex') or place}"
            yield Offence(
                columns | _offence(part) | {"reference": self._reference(number, charge, "-")},
                tuple(self._results(part.parts("offenceResults"), number, charge)),
            )
        results = tuple(self._results(case.parts("results"), number, "-"))
        if results or not case.parts("offences"):
            yield Offence(columns | {"reference": self._reference(number, "-", "-")}, results)

    def _results(self, given: list[Part], case: str | None, charge: str) -> Iterator[Result]:
        for place, part in enumerate(given, start=1):
            columns = {
                "result_code": part.text("cjsResultCode"),
                "result_text": part.text("resultText"),
                "reference": self._reference(case, charge, str(place)),
            }
            yield Result(columns, self._sat)

    def _reference(self, case: str | None, charge: str, result: str) -> str:
        return f"{case or '-'}/{self._stood}/{charge}/{result}"


def _person(part: Part) -> Row:
    """The undivided name is an alias where it is the only one: where to cut it would be a guess."""
    first_name, last_name = part.text("firstName"), part.text("lastName")
    born = part.text("dateOfBirth")
    return {
        "person_or_company": "person" if first_name or last_name or born else None,
        "title": part.text("title"),
        "first_name": first_name,
        "last_name": last_name,
        "birth_date": born,
        "nationality": part.text("nationality"),
        "aliases": None if first_name or last_name else part.text("name"),
        **address(part),
    }


def _offence(part: Part) -> Row:
    said = {
        "offence_code": part.text("offenceCode"),
        "offence_title": part.text("offenceTitle"),
        "plea": part.text("pleaValue"),
        "verdict": verdict(part.part("verdict")) or part.text("verdictCode"),
    }
    urn = part.text("originatingCaseUrn")
    return said | ({"case_urn": urn} if urn else {})
