"""Where a Task of a partner stands."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import datetime

from connectors.transports.fhir.listings import Change
from connectors.transports.fhir.resources import Identifier, Resource, as_list, reference_of


@dataclass(frozen=True)
class Coding:
    system: str | None
    code: str


@dataclass(frozen=True)
class TaskState:
    # Such as "Task/123".
    reference: str
    # Of this version of it, such as "Task/123/_history/4".
    key: str
    at: datetime | None
    # As they wrote it; None where there is none, which is a question for a person.
    status: str | None
    # No list of codes is laid down for it: each partner has their own.
    business_status: tuple[Coding, ...]
    identifiers: tuple[Identifier, ...] = field(repr=False)
    # What it is about, such as "ServiceRequest/123".
    focus: str | None


def newer_states(changes: Iterable[Change], known: Mapping[str, TaskState]) -> list[TaskState]:
    """The newest of each Task, where it is newer than the one known by its reference.

    Versions are names, not numbers, so their own clock decides; within one moment, the later in the listing.
    """
    newest = dict(known)
    for state in (_state(change) for change in changes if change.resource["resourceType"] == "Task"):
        before = newest.get(state.reference)
        if before is None or (state.key != before.key and not _is_earlier(state, before)):
            newest[state.reference] = state
    return [state for reference, state in newest.items() if state is not known.get(reference)]


def _is_earlier(one: TaskState, other: TaskState) -> bool:
    return one.at is not None and other.at is not None and one.at < other.at


def _state(change: Change) -> TaskState:
    task = change.resource
    focus = task.get("focus")
    return TaskState(
        reference_of(task),
        change.key,
        change.at,
        status=_text(task.get("status")),
        business_status=tuple(_codings(task.get("businessStatus"))),
        identifiers=tuple(_identifiers(task)),
        focus=_text(focus.get("reference")) if isinstance(focus, dict) else None,
    )


def _codings(concept: object) -> Iterable[Coding]:
    for one in as_list(concept.get("coding")) if isinstance(concept, dict) else []:
        code = _text(one.get("code")) if isinstance(one, dict) else None
        if code is not None:
            yield Coding(_text(one.get("system")), code)


def _identifiers(task: Resource) -> Iterable[Identifier]:
    for one in as_list(task.get("identifier")):
        told = one if isinstance(one, dict) else {}
        system, value = _text(told.get("system")), _text(told.get("value"))
        if system and value:
            yield Identifier(system, value)


def _text(told: object) -> str | None:
    return told if isinstance(told, str) and told else None
