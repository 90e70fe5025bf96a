"""FHIR in the hub's words: what changed as messages and rows, what is handed over and its fate as receipts.

REQUESTS = "ServiceRequest"
opened = rows(record.takes | child.takes)

def requests(client: FhirClient, since: Since) -> Iterator[InboundMessage]:
    yield from changed_since(client, REQUESTS, since)
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime
from hashlib import sha256
from itertools import islice
from typing import Any, BinaryIO
from urllib.parse import quote

import orjson
import polars as pl

from connectors.contract import Answer, InboundMessage, Receipt, Since
from connectors.errors import PartnerUnavailableError
from connectors.json_rows import rows_in
from connectors.transports.fhir.bundles import Entry
from connectors.transports.fhir.client import FhirClient
from connectors.transports.fhir.judge import RefusedMessageError
from connectors.transports.fhir.listings import Change
from connectors.transports.fhir.resources import Identifier, Ids, Resource
from connectors.transports.fhir.tasks import TaskState, newer_states
from connectors.transports.http.site import Query

IN_ONE_MESSAGE = 100
RESOURCES = "resources"
FIRST = datetime(1901, 1, 1, tzinfo=UTC)
# What the status of a Task says of the message that it is about; where it says neither, there is no news.
STATUSES: Mapping[str | None, Answer] = {
    "accepted": Answer.ACCEPTED,
    "in-progress": Answer.ACCEPTED,
    "completed": Answer.ACCEPTED,
    "rejected": Answer.REFUSED,
    "cancelled": Answer.REFUSED,
    "failed": Answer.REFUSED,
    "entered-in-error": Answer.UNKNOWN,
}


def changed_since(
    client: FhirClient, kind: str, since: Since, *, query: Query | None = None
) -> Iterator[InboundMessage]:
    """What changed, in lots, then the end with the cursor: a pull that breaks off begins again where the last
    one ended.
    """
    back = datetime.fromisoformat(since.cursor) if since.cursor else FIRST
    changes, read = client.since(kind, back, query=query), 0
    waiting = iter(changes)
    while lot := list(islice(waiting, IN_ONE_MESSAGE)):
        read += len(lot)
        yield InboundMessage(_fingerprint(lot), [_body([one.resource for one in lot])])
    if since.cursor and not read:
        # What we saw last lies within the overlap, so it must come again.
        raise PartnerUnavailableError(
            f"{client.site.http.partner}: a search for {kind} finds nothing, and last time it did.",
            fix="ask the partner what became of it, or of our rights; the next run tries again.",
        )
    if read and changes.moment:
        cursor = changes.moment.isoformat()
        yield InboundMessage(f"end {cursor}", [_body([])], cursor=cursor)


def _fingerprint(lot: Sequence[Change]) -> str:
    return sha256("\n".join(one.key for one in lot).encode()).hexdigest()


def _body(resources: Sequence[Resource]) -> bytes:
    return orjson.dumps({RESOURCES: resources})


def rows(columns: Iterable[str]) -> Callable[[BinaryIO], Iterator[pl.DataFrame]]:
    """`open` for such a feed: a column for each place in a resource where something stands."""
    return rows_in(RESOURCES, columns, cells=lambda resource: dict(_cells(resource, "")))


def _cells(node: object, place: str) -> Iterator[tuple[str, object]]:
    """By place, such as "contained.name.family"; of several, the second is "contained.name.given.2"."""
    if isinstance(node, dict):
        for name, inside in node.items():
            yield from _cells(inside, f"{place}.{name}" if place else name)
    elif isinstance(node, list):
        for number, inside in enumerate(node, 1):
            yield from _cells(inside, place if number == 1 else f"{place}.{number}")
    else:
        yield place, node


@dataclass(frozen=True)
class Outgoing:
    key: str
    # The same for all messages that belong together, such as the referral's own reference.
    conversation: str = field(repr=False)
    entries: tuple[Entry, ...] = field(repr=False)


def named(system: str, key: str) -> Identifier:
    """By which they know a repeat. FHIR divides by some signs that a key may hold."""
    return Identifier(system, quote(key, safe=":"))


def hand_over(client: FhirClient, messages: Iterable[Outgoing]) -> Iterator[Receipt]:
    """One transaction and one receipt for each. A message that they decline holds up no other."""
    for one in messages:
        try:
            answer = client.transact(one.entries, ids=Ids.of(one.key, conversation=one.conversation))
        except RefusedMessageError as no:
            if no.is_not_there:
                raise
            what = Answer.UNKNOWN if no.is_conflict else Answer.REFUSED
            yield Receipt(one.key, what, datetime.now(UTC), f"their answer is {no.words}")
        else:
            there = answer.stored[-1].reference
            yield Receipt(one.key, Answer.RECEIVED, datetime.now(UTC), their_reference=there)


def answers(client: FhirClient, system: str, keys: Iterable[str], *, since: datetime) -> Iterator[Receipt]:
    """What their Tasks say that bear the identifier of a message of ours (`named`)."""
    asked = {named(system, key).value: key for key in keys}
    changes = client.since("Task", since, query={"identifier": f"{system}|"})
    for state in newer_states(changes, {}):
        for one in state.identifiers:
            answer = STATUSES.get(state.status)
            if one.system == system and one.value in asked and answer:
                yield Receipt(asked[one.value], answer, datetime.now(UTC), _why(state), state.focus)


def _why(state: TaskState) -> str | None:
    return ", ".join(coding.code for coding in state.business_status) or None


def without_blanks(parts: Mapping[str, Any]) -> Resource:
    """FHIR knows no empty value: a place without one is not written."""
    kept = {name: _kept(inside) for name, inside in parts.items()}
    return {name: inside for name, inside in kept.items() if inside not in (None, "", {}, [])}


def _kept(node: Any) -> Any:
    if isinstance(node, dict):
        return without_blanks(node)
    if isinstance(node, list):
        return [one for one in map(_kept, node) if one not in (None, "", {}, [])]
    return node
