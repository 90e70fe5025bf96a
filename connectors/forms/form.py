"""A form as data: what a service asks, in its words and order, and what of ours each answer is made of."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from datetime import date
from typing import Any

from connectors.contract import Answer
from connectors.outward import Outward, Writing
from connectors.transports.mail.outgoing import NAMED

# The longest that a cell of a spreadsheet holds; beyond it the rest is lost without a word.
LONGEST_ANSWER = 32_767


@dataclass(frozen=True)
class Line:
    """One question. `column` is ours, `label` is theirs."""

    column: str
    label: str
    writing: Writing
    section: str
    mandatory: bool = False
    # Said out loud: of a blank nobody knows whether it was forgotten.
    unknown: str = "Not known to the Youth Justice Service"


@dataclass(frozen=True)
class Decision:
    """What a service may answer. `answer` is what it means for our message."""

    code: str
    label: str
    answer: Answer
    with_reason: bool = False


@dataclass(frozen=True)
class Reason:
    code: str
    label: str


DECISIONS = (
    Decision("accepted", "Accepted", Answer.ACCEPTED),
    Decision("waiting", "Accepted, on the waiting list", Answer.ACCEPTED),
    Decision("started", "Started", Answer.ACCEPTED),
    Decision("completed", "Closed: completed", Answer.ACCEPTED),
    Decision("ended_early", "Closed: ended early", Answer.ACCEPTED, with_reason=True),
    Decision("declined", "Not accepted", Answer.REFUSED, with_reason=True),
)
REASONS = (
    Reason("criteria_not_met", "Does not meet our criteria"),
    Reason("other_service", "Another service is right for the child"),
    Reason("known_already", "Is with us already"),
    Reason("no_consent", "Consent was not given"),
    Reason("did_not_engage", "Did not engage"),
    Reason("moved_away", "Moved out of our area"),
    Reason("no_capacity", "We have no capacity"),
)


@dataclass(frozen=True)
class Form:
    service: str
    title: str
    version: str
    dated: date
    # Who gave it to us, and how.
    source: str
    # The name of the setting that holds the address it goes to; never the address itself.
    send_to: str
    lines: tuple[Line, ...]
    decisions: tuple[Decision, ...] = DECISIONS
    reasons: tuple[Reason, ...] = REASONS
    language: str = "en-GB"
    _by_label: dict[str, Line] = field(init=False, repr=False, compare=False)

    def __post_init__(self) -> None:
        object.__setattr__(self, "_by_label", {line.label: line for line in self.lines})
        columns = {line.column for line in self.lines}
        once = len(columns) == len(self._by_label) == len(self.lines)
        if not once or not NAMED.fullmatch(self.service):
            raise ValueError("a form asks something twice, or its service has an unusual name")

    @property
    def outward(self) -> Outward:
        """For the push feed: only what stands in the form can leave."""
        return Outward(**{line.column: line.writing for line in self.lines})

    def sections(self) -> Iterator[tuple[str, list[Line]]]:
        for name in dict.fromkeys(line.section for line in self.lines):
            yield name, [line for line in self.lines if line.section == name]


def complete(form: Form, body: Mapping[str, Any]) -> tuple[str, ...]:
    """The labels of what must be answered and is not. Empty where the form can go."""
    return tuple(line.label for line in form.lines if line.mandatory and not _written(body.get(line.column)))


def too_long(form: Form, body: Mapping[str, Any]) -> tuple[str, ...]:
    return tuple(line.label for line in form.lines if len(_written(body.get(line.column))) > LONGEST_ANSWER)


def written(line: Line, body: Mapping[str, Any]) -> str:
    return _written(body.get(line.column)) or line.unknown


def _written(value: object) -> str:
    match value:
        case None:
            return ""
        case bool():
            return "Yes" if value else "No"
        case date():
            return f"{value:%d/%m/%Y}"
        case list() | tuple():
            return "; ".join(_written(one) for one in value)
        case _:
            # Signs that no reader shows, and no spreadsheet stores.
            return "".join(sign for sign in str(value) if sign.isprintable() or sign in "\n\t").strip()
