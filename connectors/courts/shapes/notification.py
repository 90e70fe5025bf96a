"""Notice to the police that results were changed: the case as it now stands, and what was struck out.

A deleted result is gone from the defendants and named only among the changes, by its id. It becomes a row
all the same, or the record would keep it for ever.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace

from connectors.courts.shapes import police
from connectors.courts.shapes.payload import Part, UnknownShapeError
from connectors.courts.shapes.record import Calendar, Defendant, Offence, Result, Row, Sitting, court_day

# An unknown kind of amendment goes on in its own words, for a rule to hold.
AMENDED: Row = {"result_is_amendment": "true"}
MARKS: Mapping[str, Row] = {
    "NONE": {},
    "ADDED": AMENDED,
    "UPDATED": AMENDED,
    "DELETED": AMENDED | {"result_is_deleted": "true"},
}
MARKED = ("result_is_deleted", "result_is_amendment")


@dataclass(frozen=True, slots=True)
class Change:
    who: Row
    offence: Row
    result: Row


def defendants(message: Part) -> list[Defendant]:
    sat = Sitting({"court_name": message.coded("courtCentre", "name")}, _day(message))
    case = police.case_columns(message) | _reshare(message)
    people = [police.defendant(part, case, Calendar(sat)) for part in message.parts("caseDefendants")]
    changes = list(_changes(message.part("caseResultDetails")))
    if not people and not changes:
        raise UnknownShapeError(
            "The notification has neither defendants nor changed results.",
            fix="ask the court for the notification again, whole.",
        )
    people = [_marked(somebody, changes) for somebody in people]
    standing = {given.columns["result_id"] for somebody in people for given in _results(somebody)}
    for change in changes:
        if change.result["result_id"] is None or change.result["result_id"] not in standing:
            people = _told(people, change, Defendant(case | change.who, sat))
    return people


def _day(message: Part) -> tuple[str, ...]:
    day = court_day(message.text("dateOfHearing"))
    return (day,) if day else ()


def _reshare(message: Part) -> Row:
    """Here a re-share is told in words: "Amend & Reshare"."""
    words = message.flag("amendReshare")
    return {"is_reshare": "true" if words and "reshare" in words else words}


def _changes(details: Part) -> Iterator[Change]:
    for somebody in details.parts("defendantResultDetails"):
        who = {"defendant_id": somebody.text("id"), "aliases": somebody.text("defendantName")}
        yield from _on_offences(who, somebody.parts("offenceResultDetails"))
    for application in details.parts("applicationResultDetails"):
        subject = {
            "first_name": application.text("applicationSubjectFirstName"),
            "last_name": application.text("applicationSubjectLastName"),
        }
        yield from (Change(subject, {}, _result(part)) for part in application.parts("judicialResultDetails"))
        yield from _on_offences(subject, application.parts("applicationCasesResultDetails"))
        yield from _on_offences(subject, application.parts("offenceResultDetails"))


def _on_offences(who: Row, offences: list[Part]) -> Iterator[Change]:
    for part in offences:
        offence = {"offence_id": part.text("id"), "offence_title": part.text("offenceTitle")}
        yield from (Change(who, offence, _result(given)) for given in part.parts("judicialResultDetails"))


def _result(part: Part) -> Row:
    kind = (part.text("amendmentType") or "NONE").strip().upper()
    marks = MARKS.get(kind, {"result_is_amendment": kind.lower()})
    return {"result_id": part.text("id"), "result_label": part.text("resultTitle"), **marks}


def _marked(somebody: Defendant, changes: list[Change]) -> Defendant:
    """With what the changes say of results that still stand, and the offence titles that only they have."""
    marks = {change.result["result_id"]: change.result for change in changes}
    titles = {change.offence.get("offence_id"): change.offence.get("offence_title") for change in changes}

    def mark(given: Result) -> Result:
        said = marks.get(given.columns["result_id"], {})
        return replace(given, columns=given.columns | {key: said[key] for key in MARKED if key in said})

    def titled(charge: Offence) -> Row:
        columns = charge.columns
        return columns | {"offence_title": columns["offence_title"] or titles.get(columns["offence_id"])}

    offences = tuple(
        Offence(titled(charge), tuple(map(mark, charge.results))) for charge in somebody.offences
    )
    return replace(somebody, offences=offences, results=tuple(map(mark, somebody.results)))


def _results(somebody: Defendant) -> Iterator[Result]:
    for charge in somebody.offences:
        yield from charge.results
    yield from somebody.results


def _told(people: list[Defendant], change: Change, stranger: Defendant) -> list[Defendant]:
    """With the change put to the person it is about; a stranger is only what the change says of them."""
    place = _owner(people, change)
    if place is None:
        return [*people, _with(stranger, change)]
    return [
        _with(somebody, change) if number == place else somebody for number, somebody in enumerate(people)
    ]


def _owner(people: list[Defendant], change: Change) -> int | None:
    """By id. The subject of an application has none here: then by offence, then by name, if only one fits."""
    if "defendant_id" in change.who:
        fitting = [
            place for place, one in enumerate(people) if _agrees(one.columns, change.who, "defendant_id")
        ]
        return fitting[0] if fitting else None
    charged = [place for place, one in enumerate(people) if _offence(one, change) is not None]
    named = [
        place
        for place, one in enumerate(people)
        if _agrees(one.columns, change.who, "first_name", "last_name")
    ]
    only = charged if charged else named
    return only[0] if len(only) == 1 else None


def _agrees(one: Row, other: Row, *keys: str) -> bool:
    return all(one.get(key) is not None and one.get(key) == other.get(key) for key in keys)


def _offence(somebody: Defendant, change: Change) -> int | None:
    return next(
        (
            n
            for n, charge in enumerate(somebody.offences)
            if _agrees(charge.columns, change.offence, "offence_id")
        ),
        None,
    )


def _with(somebody: Defendant, change: Change) -> Defendant:
    given = Result(change.result, somebody.sitting)
    if not change.offence:
        return replace(somebody, results=(*somebody.results, given))
    place = _offence(somebody, change)
    charges = list(somebody.offences)
    if place is None:
        charges.append(Offence(change.offence, (given,)))
    else:
        charges[place] = replace(charges[place], results=(*charges[place].results, given))
    return replace(somebody, offences=tuple(charges))
