"""What came back by every route. The cursor says for each server where it was left off."""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, replace

from connectors.contract import InboundMessage, Since
from connectors.errors import ConnectorError, CredentialsRefusedError, UnreadableMessageError
from connectors.health import fhir_route, form_route, mesh_route
from connectors.health.lines import Lines
from connectors.health.settings import RouteName


@dataclass(frozen=True)
class Turn:
    server: str | None
    messages: Iterator[InboundMessage]


def progress(lines: Lines, since: Since) -> Iterator[InboundMessage]:
    cursors = dict(_read(since.cursor))
    turns = _turns(lines, since, cursors)
    for turn in turns:
        for message in _kept(turn.messages, alone=len(turns) == 1):
            if message.cursor and turn.server:
                cursors[turn.server] = message.cursor
            yield replace(message, cursor=json.dumps(cursors, sort_keys=True) if message.cursor else None)


def taken(lines: Lines, messages: Iterable[InboundMessage]) -> None:
    """After the commit: by it they leave the mailboxes. Only what comes by MESH has a name."""
    if lines.rows(RouteName.MESH):
        mesh_route.taken(lines, messages)
    if lines.rows(RouteName.FORM):
        form_route.taken(lines)


def _turns(lines: Lines, since: Since, cursors: Mapping[str, str]) -> list[Turn]:
    """Each line by its name in the cursor; those that keep a mailbox have none."""
    turns = [Turn(url, fhir_route.pull(lines, url, cursors.get(url))) for url in fhir_route.servers(lines)]
    if lines.rows(RouteName.MESH):
        turns.append(Turn(None, mesh_route.pull(lines, since)))
    if lines.rows(RouteName.FORM):
        turns.append(Turn(None, form_route.pull(lines, since)))
    return turns


def _kept(turn: Iterator[InboundMessage], *, alone: bool) -> Iterator[InboundMessage]:
    """Of several lines, one that is down is told of in its place, and the others' answers stay."""
    try:
        yield from turn
    except CredentialsRefusedError:
        raise
    except ConnectorError as trouble:
        if alone:
            raise
        problem = UnreadableMessageError(trouble.what, fix=trouble.fix, code="HEA-R01")
        yield InboundMessage(f"trouble {type(trouble).__name__}", problem=problem)


def _read(cursor: str | None) -> Mapping[str, str]:
    told = json.loads(cursor) if cursor else {}
    return told if isinstance(told, dict) else {}
