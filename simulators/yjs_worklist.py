"""The case system's worklist: its staging table, and the case workers who answer it."""

from collections import Counter
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import datetime
from hashlib import sha256
from typing import Any

from sqlalchemy import (
    CheckConstraint,
    Column,
    Date,
    Engine,
    Integer,
    MetaData,
    Table,
    Text,
    bindparam,
    create_engine,
    event,
    select,
    update,
)

from simulators.nights import iso

IDENTITY = (
    "family_name", "given_names", "aliases", "sex", "ethnicity_self_defined", "ethnicity_observed", "address",
    "postcode", "nhs_number", "upn", "pnc", "cro",
)  # fmt: skip
REQUEST = (
    "reason", "need", "urgency", "safety_flags", "child_view", "parents_view", "diversity_needs",
    "safe_contact", "lawful_basis", "consent", "referrer",
)  # fmt: skip
OFFENCE = ("crime_reference", "offence_code", "admission")
DECISION = ("referral_reference", "state", "decision")
PROGRESS = ("state_on", "offered_on", "attended_start_on", "attended_end_on")
FACT = (
    "intervention_type", "fact", "provider", "provision", "suspension_reason", "sen_provision", "sen_type",
    "legal_status", "concern", "their_worker",
)  # fmt: skip
AMOUNTS = (
    "weekly_minutes_offered", "weekly_minutes_attended", "sessions_possible", "sessions_attended",
    "sessions_detained", "sessions_part_time",
)  # fmt: skip
KINDS = "kind IN ('referral', 'outcome', 'status_update', 'circumstance')"
COURT = ("court_name", "stage", "disposal_code", "disposal", "plea", "bail_status")


def _texts(names: tuple[str, ...]) -> list[Column[str]]:
    return [Column(name, Text) for name in names]


worklist = Table(
    "hub_worklist",
    MetaData(),
    Column("message_key", Text, primary_key=True),
    Column("record_key", Text, nullable=False),
    Column("version_no", Integer, nullable=False),
    Column("kind", Text, CheckConstraint(KINDS), nullable=False),
    Column("change", Text, CheckConstraint("change IN ('new', 'changed', 'deleted')"), nullable=False),
    Column("hub_child_id", Text, nullable=False),
    Column("from_partner", Text, nullable=False),
    Column("source_reference", Text, nullable=False),
    *_texts(IDENTITY),
    Column("born_on", Date),
    *_texts(REQUEST),
    Column("referred_on", Date),
    Column("decision_due_on", Date),
    *_texts(OFFENCE),
    Column("offence_on", Date),
    Column("gravity", Integer, CheckConstraint("gravity BETWEEN 1 AND 5")),
    Column("hearing_on", Date),
    *_texts(COURT),
    *_texts(DECISION),
    Column("decided_on", Date),
    *(Column(name, Date) for name in (*PROGRESS, "holds_from", "holds_until")),
    *_texts(FACT),
    *(Column(name, Integer) for name in AMOUNTS),
    Column("sent_at", Text),
    Column("answer", Text, CheckConstraint("answer IN ('accepted', 'refused')")),
    Column("answer_reason", Text),
    Column("answered_at", Text),
    Column("case_reference", Text),
)

REFUSALS = (
    "already open under another case",
    "lives outside Northmoor",
    "reason for the referral is not complete",
)

# Of a hundred messages: the first two are refused, the next three wait on a desk, the rest are taken on.
REFUSED_BELOW, LEFT_BELOW = 2, 5


@dataclass(frozen=True)
class Answers:
    accepted: int
    refused: int
    left: int


@contextmanager
def case_database(url: str) -> Iterator[Engine]:
    engine = create_engine(url)
    if engine.dialect.name == "sqlite":
        event.listen(engine, "connect", _share_the_file)
    try:
        yield engine
    finally:
        engine.dispose()


def create_worklist(url: str) -> None:
    """Make the table where it is not there yet."""
    with case_database(url) as engine:
        worklist.metadata.create_all(engine)


def answer_worklist(url: str, now: datetime) -> Answers:
    """Answer, once, every row that will ever be answered. The same key always gets the same answer."""
    with case_database(url) as engine:
        return answer_once(engine, now)


def answer_once(engine: Engine, now: datetime) -> Answers:
    columns = worklist.c
    with engine.connect() as reading:
        waiting = reading.execute(
            select(columns.message_key, columns.record_key).where(columns.answer.is_(None))
        ).all()
    decided = [_decision(key, record, now) for key, record in waiting]
    given = [each for each in decided if each["given"]]
    if given:
        still_open = (columns.message_key == bindparam("key")) & columns.answer.is_(None)
        with engine.begin() as writing:
            writing.execute(update(worklist).where(still_open).values(_answer_columns()), given)
    told = Counter(each["given"] for each in decided)
    return Answers(accepted=told["accepted"], refused=told["refused"], left=told[None])


def desk_of(message_key: str) -> int:
    """Which of the hundred desks a message lands on: from its key alone."""
    return int(sha256(message_key.encode()).hexdigest(), 16) % 100


def _answer_columns() -> dict[str, Any]:
    return {
        "answer": bindparam("given"),
        "answer_reason": bindparam("why"),
        "answered_at": bindparam("at"),
        "case_reference": bindparam("case"),
    }


def _decision(message_key: str, record_key: str, now: datetime) -> dict[str, str | None]:
    desk = desk_of(message_key)
    decided: dict[str, str | None] = {
        "key": message_key,
        "given": None,
        "why": None,
        "at": iso(now),
        "case": None,
    }
    if desk < REFUSED_BELOW:
        return {**decided, "given": "refused", "why": REFUSALS[len(message_key) % len(REFUSALS)]}
    if desk < LEFT_BELOW:
        return decided
    return {**decided, "given": "accepted", "case": f"NMYJS-{sha256(record_key.encode()).hexdigest()[:10]}"}


def _share_the_file(connection: Any, _record: Any) -> None:
    """The hub writes this SQLite file at the same time: wait for it rather than fail."""
    connection.execute("PRAGMA busy_timeout = 30000")
    connection.execute("PRAGMA journal_mode = WAL")
