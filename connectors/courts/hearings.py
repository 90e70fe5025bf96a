"""A court message, opened into rows of text: one for each defendant, offence and result.

An offence without results is a row too, and so is a defendant without offences: a remand has no result.
Nothing is judged here. Who is a child, which code means what and whose record it is are asked later.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

from connectors.courts.shapes import case, hearing, notification, police, register
from connectors.courts.shapes.copies import one_of_each
from connectors.courts.shapes.payload import Part, UnknownShapeError
from connectors.courts.shapes.record import COLUMNS, Defendant, Row

__all__ = ["COLUMNS", "UnknownShapeError", "rows"]


@dataclass(frozen=True, slots=True)
class Shape:
    """Known by any of its marks. The names are those of the events in the drop."""

    name: str
    marks: tuple[str, ...]
    defendants: Callable[[Part], list[Defendant]]


SHAPES = (
    Shape("hearing-resulted", ("hearing",), hearing.defendants),
    Shape("case", ("prosecutionCase", "hearingsAtAGlance", "caseAtAGlance"), case.defendants),
    Shape("police-result", ("defendant",), police.defendants),
    Shape("police-notification", ("caseDefendants", "caseResultDetails"), notification.defendants),
    Shape("register", ("informantRegisterDocumentRequests",), register.defendants),
)

# What else has been seen beside results, by a key of its own.
NO_RESULTS = {
    "messageType": "the attributes of a message, without the message",
    "oucode": "reference data about a court",
}

BLANK: Row = dict.fromkeys(COLUMNS)


def rows(document: object) -> list[Row]:
    if not isinstance(document, dict):
        raise UnknownShapeError("The message is not a JSON object.", fix="ask the court what it is.")
    message = Part(document)
    shape = _shape(message)
    common = BLANK | {
        "message_shape": shape.name,
        "shared_time": message.text("sharedTime"),
        "is_reshare": message.flag("isReshare"),
    }
    told = (common | row for defendant in shape.defendants(message) for row in defendant.rows())
    return one_of_each(row | {"reference": row["reference"] or _reference(row)} for row in told)


def _shape(message: Part) -> Shape:
    fitting = [shape for shape in SHAPES if any(mark in message for mark in shape.marks)]
    if len(fitting) == 1:
        return fitting[0]
    if fitting:
        names = " and ".join(shape.name for shape in fitting)
        raise UnknownShapeError(
            f"The message has the marks of several shapes: {names}.",
            fix="ask the court whether the layout has changed, and send us a specimen.",
        )
    stranger = next((words for key, words in NO_RESULTS.items() if key in message), "of no shape we know")
    raise UnknownShapeError(
        f"The message holds no court results: it is {stranger}.",
        fix="look whether the court put another kind of file in the drop, and ask for the results.",
    )


def _reference(row: Row) -> str:
    """The same for a result however often it is shared, so that the newest supersedes what came before."""
    ids = (row["defendant_id"], row["offence_id"], row["result_id"])
    if row["defendant_id"] is None and row["result_id"] is None:
        # Without ids: the case, the day and the offence, and nothing of the person.
        ids = (
            row["case_urn"] or row["case_id"],
            row["hearing_id"] or row["hearing_day"],
            row["offence_code"],
        )
    return "/".join(part or "-" for part in ids)
