"""What came back by every route. The cursor says for each server where it was left off."""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping
from dataclasses import replace

from connectors.contract import InboundMessage, Since
from connectors.errors import ConnectorError, CredentialsRefusedError, UnreadableMessageError
from connectors.health import fhir_route
from connectors.health.lines import Lines


def progress(lines: Lines, since: Since) -> Iterator[InboundMessage]:
    cursors = dict(_read(since.cursor))
    turns = _turns(lines, cursors)
    for server, turn in turns:
        for message in _kept(turn, alone=len(turns) == 1):
            if message.cursor and server:
                cursors[server] = message.cursor
            yield replace(message, cursor=json.dumps(cursors, sort_keys=True) if message.cursor else None)


def _turns(lines: Lines, cursors: Mapping[str, str]) -> list[tuple[str, Iterator[InboundMessage]]]:
    return [(url, fhir_route.pull(lines, url, cursors.get(url))) for url in fhir_route.servers(lines)]


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
