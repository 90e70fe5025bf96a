"""The case system with a book in hand: what its views say of which child is the caller's to say."""

import random
from collections.abc import Iterable, Iterator, Mapping
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass, field
from datetime import UTC, date, datetime
from pathlib import Path
from typing import Any

from sqlalchemy import Connection, text

from simulators.nights import iso
from simulators.yjs_views import BENEATH, clear, create_views, delete_child, say, tables
from simulators.yjs_worklist import case_database, create_worklist, worklist

NO_ANSWER = "the worklist is a table: what is committed is there, and no answer comes in between"
NO_PAGES = "a view is read whole, in one transaction"
BYPASSED = {
    "PULL-05": NO_PAGES,
    "PULL-08": NO_PAGES,
    "PULL-09": f"{NO_PAGES}, and counted in the same one",
    "PULL-12": "the views are read by the names of their columns, so no other leaves the case system",
    "PUSH-05": f"{NO_ANSWER}; a row that is there already is left as it is",
    "PUSH-06": "a case worker's answer stands in the row of its message",
    "PUSH-09": f"{NO_ANSWER}; PUSH-02 ends the run between their commit and our mark",
    "PUSH-10": NO_ANSWER,
    "PUSH-11": NO_ANSWER,
    "PUSH-12": NO_ANSWER,
    "PUSH-13": NO_ANSWER,
    "PUSH-14": NO_ANSWER,
    "PUSH-16": "SQLite, on which it is rehearsed, knows no sign-in",
}
KEYS = {
    "progress": "caseID",
    "referrals": "referralID",
    "assessments": "assessmentID",
    "orders": "interventionProgrammeID",
}
CASE: Mapping[str, Any] = {
    "currentyotid": "NMYJS",
    "source_return_id": "R-2026-3",
    "return_start_date": date(2026, 10, 1),
    "return_end_date": date(2026, 12, 31),
    "deleted": False,
    "cmssystem": "Northmoor Case",
    "cmsextractversion": "7.2",
    "givenNames": "Ottoline",
    "dateOfBirth": date(2011, 3, 14),
    "sex": "2",
    "ethnicity": "W1",
    "addressLine1": "4 Cobbler's Row",
    "town": "Northmoor",
    "postcode": "NX1 2AB",
}
OWN_COLUMNS = ("sent_at", "answer", "answer_reason", "answered_at", "case_reference")


def _item(feed: str, number: int, version: int) -> dict[str, Any]:
    """Of the feed's view, with something in it that a version changes."""
    items: dict[str, dict[str, Any]] = {
        "progress": {
            "fromPartner": "police",
            "sourceReference": f"NMP-R-{number:07d}",
            "acceptedOn": date(2026, 11, version),
        },
        "referrals": {
            "need": "MENTAL_HEALTH",
            "service": "Northmoor CAMHS",
            "urgency": "SOON",
            "consentGivenBy": "PARENT",
            "worker": f"Case worker {version}",
            "kpi4MHDateScreened": date(2026, 10, 20),
            "kpi4MHDateReferred": date(2026, 10, 22),
        },
        "assessments": {
            "stage": "START",
            "date": date(2026, 10, 20 + version),
            "assessmentStatus": "COMPLETE",
            "roshjudgement": "LOW",
            "safetyWellbeingJudgement": "MEDIUM",
            "concernsMentalHealth": "YES",
            "concernsSubstanceMisuse": "NO",
        },
        "orders": {
            "disposalType": "YOUTH_CAUTION",
            "cmsdisposalType": f"YC{version}",
            "startDate": date(2026, 10, 12),
            "endDate": date(1900, 1, 1),
        },
    }
    return {**items[feed], KEYS[feed]: f"{feed}-{number}"}


def _row(feed: str, number: int, version: int) -> dict[str, Any]:
    who = {"ypid": f"YP-{number}", "familyName": f"Quillborne{number}"}
    return {**CASE, **who, **_item(feed, number, version)}


@dataclass
class Rehearsed:
    file: Path
    settings: Mapping[str, str]
    plays: tuple[str, ...] = (
        "page_fails", "repeats", "reorders", "empty", "unknown_code", "poison", "refuses_one", "busy",
        "down", "slow",
    )  # fmt: skip
    # An assessment asks about six kinds of help.
    parts: Mapping[str, int] = field(default_factory=lambda: {"assessments": 6})
    asked: int = 0
    said: dict[tuple[str, int], dict[str, Any]] = field(default_factory=dict)
    mood: str = ""
    _held_up: ExitStack = field(default_factory=ExitStack)

    @property
    def _url(self) -> str:
        return f"sqlite:///{self.file}"

    def begin(self) -> None:
        self.be("")
        self.said.clear()
        with self._writing() as connection:
            for table in (*tables.sorted_tables, worklist):
                connection.execute(table.delete())

    def be(self, mood: str) -> None:
        self._held_up.close()
        self.mood = mood
        if mood == "down":
            self._held_up.enter_context(self._away())
            return
        self._show()
        if mood == "page_fails":
            self._held_up.enter_context(self._without_a_view())
        if mood in ("busy", "slow"):
            self._held_up.enter_context(self._writing())

    def say(self, feed: str, numbers: Iterable[int], *, version: int, at: datetime, oddity: str = "") -> None:
        for place, number in enumerate(numbers):
            row = _row(feed, number, version)
            if place == 0 and oddity == "unknown_code":
                row["ethnicity"] = "ZZ"
            if place == 0 and oddity == "poison":
                row[KEYS[feed]] = None
            self.said[feed, number] = row
        self._show(feed)

    def unsay(self, feed: str, number: int, *, at: datetime) -> None:
        if feed == "progress":
            with self._writing() as connection:
                delete_child(connection, f"YP-{number}")

    def work(self) -> None:
        """The case workers accept, and refuse one message where they are in the mood."""
        if self.mood in ("down", "busy", "slow"):
            return
        refused = "(SELECT min(message_key) FROM hub_worklist)" if self.mood == "refuses_one" else "''"
        with self._writing(immediate=False) as connection:
            connection.execute(
                text(
                    "UPDATE hub_worklist SET answered_at = :at, case_reference = 'NMYJS-1', answer = "  # noqa: S608 - our own words
                    f"CASE WHEN message_key = {refused} THEN 'refused' ELSE 'accepted' END, answer_reason = "
                    f"CASE WHEN message_key = {refused} THEN 'lives outside Northmoor' END "
                    "WHERE answer IS NULL"
                ),
                {"at": iso(datetime.now(UTC))},
            )

    def heard(self) -> Iterable[tuple[str, Mapping[str, Any]]]:
        with case_database(self._url) as engine, engine.connect() as connection:
            rows = [dict(row) for row in connection.execute(worklist.select()).mappings()]
        for row in rows:
            if row["answer"] != "refused":
                body = {name: value for name, value in row.items() if name not in OWN_COLUMNS}
                yield body.pop("message_key"), body

    def _show(self, *feeds: str) -> None:
        """What was said, as these views, or all, show it in this mood."""
        with self._writing() as connection:
            for feed in feeds or BENEATH:
                rows = [row for (of, _), row in self.said.items() if of == feed and self.mood != "empty"]
                if self.mood == "reorders":
                    random.shuffle(rows)
                clear(connection, feed)
                say(connection, feed, rows * (2 if self.mood == "repeats" else 1))

    @contextmanager
    def _writing(self, *, immediate: bool = True) -> Iterator[Connection]:
        with case_database(self._url) as engine, engine.begin() as connection:
            if immediate:
                # Nobody else writes until this ends.
                connection.exec_driver_sql("BEGIN IMMEDIATE")
            yield connection

    @contextmanager
    def _away(self) -> Iterator[None]:
        """A folder stands where the file should be."""
        away = self.file.with_suffix(".away")
        self.file.rename(away)
        self.file.mkdir()
        yield
        self.file.rmdir()
        away.rename(self.file)

    @contextmanager
    def _without_a_view(self) -> Iterator[None]:
        for feed in BENEATH:
            self._do(f"DROP VIEW hub_{feed}")
        yield
        with case_database(self._url) as engine:
            create_views(engine)

    def _do(self, statement: str) -> None:
        with self._writing() as connection:
            connection.exec_driver_sql(statement)


class Rehearsal:
    bypassed: Mapping[str, str] = BYPASSED

    @contextmanager
    def __call__(self, home: Path) -> Iterator[Rehearsed]:
        home.mkdir(parents=True)
        file = home / "case_system.sqlite3"
        url = f"sqlite:///{file}"
        create_worklist(url)
        with case_database(url) as engine:
            create_views(engine)
        rehearsed = Rehearsed(file, {"HUB_YJS_DATABASE_URL": f"{url}?timeout=1"})
        yield rehearsed
        rehearsed.be("")


rehearsal = Rehearsal()
