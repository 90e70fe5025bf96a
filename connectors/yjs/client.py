"""Handing over: rows in the case system's worklist, keyed so that the same message twice is harmless."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from contextlib import AbstractContextManager, contextmanager
from dataclasses import dataclass
from datetime import UTC, datetime
from itertools import islice

from connectors.contract import Answer, OutboundMessage, Receipt
from connectors.moments import said_at
from connectors.transports.sql import SqlDatabase, sql_database
from connectors.yjs.settings import YjsSettings

MESSAGES_AT_ONCE = 200
ANSWER_COLUMNS = ("message_key", "answer", "answer_reason", "answered_at", "case_reference")


@dataclass(frozen=True)
class CaseSystem:
    database: SqlDatabase
    worklist: str
    # What each reporting view is called there, by feed; and the list of deleted children.
    views: Mapping[str, str]


@contextmanager
def _connected(settings: YjsSettings) -> Iterator[CaseSystem]:
    with sql_database("yjs", settings.database_url.get_secret_value()) as database:
        names = ("progress", "referrals", "assessments", "orders", "deleted_children")
        yield CaseSystem(database, settings.worklist, {name: getattr(settings, name) for name in names})


def connect(settings: YjsSettings) -> AbstractContextManager[CaseSystem]:
    return _connected(settings)


def check(system: CaseSystem) -> str:
    columns = system.database.table(system.worklist).columns
    with system.database.snapshot() as snapshot:
        views = sum(1 for name in system.views.values() if not snapshot.lacks(name, ("ypid",)))
    return f"the worklist is there, with {len(columns)} columns, and {views} views"


def push(system: CaseSystem, messages: Iterable[OutboundMessage]) -> Iterator[Receipt]:
    """The receipt is given when the rows are committed there; the case workers' answer comes later."""
    waiting = iter(messages)
    while some := list(islice(waiting, MESSAGES_AT_ONCE)):
        sent_at = datetime.now(UTC)
        rows = [one.body | {"message_key": one.key, "sent_at": sent_at.isoformat()} for one in some]
        system.database.add_unless_there(system.worklist, rows, key="message_key")
        yield from (Receipt(one.key, Answer.RECEIVED, sent_at) for one in some)


def answers(system: CaseSystem, keys: Iterable[str]) -> Iterator[Receipt]:
    """What the case workers said, of those they have answered."""
    for row in system.database.select(system.worklist, ANSWER_COLUMNS, key="message_key", among=keys):
        if row["answer"] is None:
            continue
        known = row["answer"] in (Answer.ACCEPTED, Answer.REFUSED)
        yield Receipt(
            key=row["message_key"],
            answer=Answer(row["answer"]) if known else Answer.UNKNOWN,
            at=said_at(row["answered_at"], now=datetime.now(UTC)),
            reason=row["answer_reason"] if known else "the worklist holds an answer that is not agreed",
            their_reference=row["case_reference"],
        )
