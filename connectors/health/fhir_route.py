"""FHIR R4 over REST: a referral is a transaction of three resources; its Task says what becomes of it."""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator, Mapping, Sequence
from datetime import UTC, datetime, timedelta
from hashlib import sha256
from itertools import islice

import orjson

from connectors.contract import Answer, InboundMessage, OutboundMessage, Receipt
from connectors.errors import PartnerUnavailableError
from connectors.health.lines import Lines, base_url
from connectors.health.message import CHANGED, WITHDRAWN
from connectors.health.names import by_reference
from connectors.health.resources import Asked, entries, said_of_it
from connectors.health.settings import RouteName, ServiceRow
from connectors.health.states import ANSWERS, STATES
from connectors.health.tasks import is_ours, referral_of, status_of
from connectors.transports.fhir import Conflict, FhirClient, Ids, RefusedMessageError, Resource
from connectors.transports.fhir.resources import as_list, reference_of, version_of

# As many as an address has room for.
ASKED_AT_ONCE = 20
TASKS_IN_A_MESSAGE = 100
# Before any referral of ours.
THE_BEGINNING = datetime(2020, 1, 1, tzinfo=UTC)
# Clocks are off, and some records arrive late: what comes twice is harmless.
OVERLAP = timedelta(days=1)
STILL_OPEN = frozenset({"draft", "active", "on-hold", "unknown"})
ENDED = frozenset({"revoked", "completed", "entered-in-error"})


def push(lines: Lines, row: ServiceRow, messages: Iterable[OutboundMessage]) -> Iterator[Receipt]:
    client = lines.fhir(base_url(lines.settings, row))
    for message in messages:
        asked = Asked(message.body, message.key, row, lines.names, lines.settings.our_ods)
        yield handed_over(client, asked)


def handed_over(client: FhirClient, asked: Asked) -> Receipt:
    if not (asked.reference and lines_up(asked)):
        return _receipt(
            asked, Answer.REFUSED, "not sent: the referral's own reference has signs that FHIR cannot find"
        )
    try:
        if asked.says("Change") == WITHDRAWN:
            return _withdrawn(client, asked)
        if asked.says("Change") == CHANGED:
            return _changed(client, asked)
        return _sent(client, asked)
    except RefusedMessageError as refusal:
        return _receipt(asked, Answer.REFUSED, refusal.what)


def lines_up(asked: Asked) -> bool:
    """Whether a repeat of it can be found again."""
    return asked.names.referral(asked.reference).is_sound


def _sent(client: FhirClient, asked: Asked) -> Receipt:
    _, request, _ = client.transact(entries(asked), ids=_ids(asked)).stored
    return _receipt(asked, Answer.RECEIVED, theirs=request.reference)


def _changed(client: FhirClient, asked: Asked) -> Receipt:
    held = found(client, asked)
    if held is None:
        return _sent(client, asked)
    if held.get("status") in ENDED:
        return _receipt(asked, Answer.REFUSED, f"not changed: with them it is {held['status']}")
    return _written(client, asked, held, said_of_it(asked) | {"identifier": _with_key(asked, held)})


def _withdrawn(client: FhirClient, asked: Asked) -> Receipt:
    """Read first: only what is open can be taken back."""
    held = found(client, asked)
    if held is None or held.get("status") in ("revoked", "entered-in-error"):
        return _receipt(asked, Answer.ACCEPTED)
    if held.get("status") not in STILL_OPEN:
        return _receipt(asked, Answer.REFUSED, "not withdrawn: with them it is completed; ring the service")
    return _written(client, asked, held, {"status": "revoked", "identifier": _with_key(asked, held)})


def _written(client: FhirClient, asked: Asked, held: Resource, ours: Resource) -> Receipt:
    """Over what we saw and nothing else; where they changed it meanwhile, once more over that."""
    for _ in range(2):
        version = version_of(held)
        if version is None:
            break
        answer = client.update({**held, **ours}, version=version, ids=_ids(asked))
        if not isinstance(answer, Conflict):
            return _receipt(asked, Answer.RECEIVED, theirs=answer.reference)
        if answer.theirs is None or answer.theirs.get("status") not in STILL_OPEN:
            break
        held = answer.theirs
    return _receipt(
        asked, Answer.UNKNOWN, "they changed it while we did; it is looked at again the next night"
    )


def found(client: FhirClient, asked: Asked) -> Resource | None:
    """The one that they hold; `RefusedMessageError` where there are several."""
    query = {"identifier": asked.names.referral(asked.reference).token}
    held = [one for page in client.search("ServiceRequest", query) for one in page.resources]
    if len(held) > 1:
        raise RefusedMessageError(
            "health: they hold several requests for one referral.",
            fix="look at them with the service; until one is left, nothing of it is changed.",
        )
    return held[0] if held else None


def answers(lines: Lines, keys: Sequence[str]) -> Iterator[Receipt]:
    for url in servers(lines):
        yield from _answers(lines.fhir(url), lines, by_reference(keys))


def _answers(client: FhirClient, lines: Lines, asked: Mapping[str, Sequence[str]]) -> Iterator[Receipt]:
    """By referral, of its Task: a referral that they know nothing of has no answer yet."""
    waiting = iter(one for one in asked if lines.names.referral(one).is_sound)
    while some := list(islice(waiting, ASKED_AT_ONCE)):
        tokens = ",".join(lines.names.referral(one).token for one in some)
        for page in client.search("Task", {"identifier": tokens}):
            for task in page.resources:
                yield from (
                    _answered(key, task) for key in asked.get(referral_of(task) or "", ()) if _answer(task)
                )


def _answer(task: Resource) -> Answer | None:
    state = STATES.get(status_of(task) or "")
    return ANSWERS.get(state) if state else None


def _answered(key: str, task: Resource) -> Receipt:
    answer = _answer(task) or Answer.UNKNOWN
    why = "the service does not take the child on" if answer is Answer.REFUSED else None
    return Receipt(key, answer, datetime.now(UTC), why, reference_of(task))


def pull(lines: Lines, url: str, cursor: str | None) -> Iterator[InboundMessage]:
    """The Tasks that changed, in messages of a hundred; the end last, with where to begin the next time."""
    client = lines.fhir(url)
    since = datetime.fromisoformat(cursor) if cursor else None
    begins = since - OVERLAP if since else THE_BEGINNING
    # Any value of ours: nobody else's Task is even asked for.
    query = {"identifier": lines.names.referral("").token}
    changes = client.since("Task", begins, query=query)
    latest, read = since, 0
    tasks = (change for change in changes if is_ours(change.resource))
    while some := list(islice(tasks, TASKS_IN_A_MESSAGE)):
        read += len(some)
        latest = (
            max(moment for moment in (latest, *(one.at for one in some)) if moment)
            if _timed(some)
            else latest
        )
        yield _message([one.resource for one in some])
    if since and not read:
        # What we saw last lies within the overlap, so it must come again.
        raise PartnerUnavailableError(
            "health: they show no Task of ours that changed, and last time they did.",
            fix="ask the service what became of them, or of our rights; the next run tries again.",
        )
    yield _end(url, min(latest, datetime.now(UTC)).isoformat() if latest else None)


def _timed(changes: Sequence[object]) -> bool:
    return any(getattr(one, "at", None) for one in changes)


def servers(lines: Lines) -> list[str]:
    return list(dict.fromkeys(base_url(lines.settings, row) for row in lines.rows(RouteName.FHIR)))


def _message(tasks: Sequence[Resource]) -> InboundMessage:
    bundle = {"resourceType": "Bundle", "type": "collection", "entry": [{"resource": one} for one in tasks]}
    body = orjson.dumps(bundle, option=orjson.OPT_SORT_KEYS)
    return InboundMessage(sha256(body).hexdigest(), [body])


def _end(url: str, moment: str | None) -> InboundMessage:
    body = json.dumps({"resourceType": "Bundle", "type": "collection", "entry": []}).encode()
    return InboundMessage(f"end {url} {moment}", [body], cursor=moment)


def _with_key(asked: Asked, held: Resource) -> list[Resource]:
    """Theirs, with the name of the message that changed it last."""
    ours = asked.names.message(asked.key)
    others = [one for one in as_list(held.get("identifier")) if one.get("system") != ours.system]
    return [*others, {"system": ours.system, "value": ours.value}]


def _ids(asked: Asked) -> Ids:
    return Ids.of(asked.key, conversation=asked.reference)


def _receipt(asked: Asked, answer: Answer, why: str | None = None, *, theirs: str | None = None) -> Receipt:
    return Receipt(asked.key, answer, datetime.now(UTC), why, theirs)
