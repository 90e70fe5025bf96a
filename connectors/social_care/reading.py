"""Reading the dataset: every table whole, all at one moment, each as one message of CSV.

The cursor is how many rows each table had: nothing where there was something is not believed.
"""

from __future__ import annotations

import csv
import io
import json
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from itertools import islice

from connectors.contract import InboundMessage, Since
from connectors.errors import PartnerRefusedError, UnreadableMessageError
from connectors.social_care import dataset
from connectors.social_care.client import Department
from connectors.social_care.dataset import CONFIDENTIAL, ITEMS, NOT_CONFIDENTIAL, READ_AT, TABLE
from connectors.social_care.settings import Placements
from connectors.transports.sql import Beside, Snapshot

ROWS_IN_A_PIECE = 2000
GONE, EMPTY = "SOC-R01", "SOC-R02"


@dataclass(frozen=True)
class View:
    name: str
    columns: tuple[str, ...]
    person: str
    restricted: tuple[str, ...] = ()

    @property
    def beside(self) -> Beside:
        return Beside(dataset.PERSON, dataset.PERSON_COLUMNS, key=dataset.PERSON_KEY, by=self.person)


CIRCUMSTANCES = (
    *(View(item.table, item.columns, item.person, item.restricted) for item in ITEMS),
    View(dataset.REMOVED, dataset.REMOVED_COLUMNS, dataset.REMOVED_PERSON),
)
REFERRED = (View(dataset.REFERRALS, dataset.REFERRAL_COLUMNS, "person_id", dataset.REFERRAL_RESTRICTED),)


def circumstances(department: Department, since: Since) -> Iterator[InboundMessage]:
    yield from _messages(department, since, CIRCUMSTANCES)


def referred(department: Department, since: Since) -> Iterator[InboundMessage]:
    yield from _messages(department, since, REFERRED)


def _messages(department: Department, since: Since, views: Iterable[View]) -> Iterator[InboundMessage]:
    # Part of the content: facts that stand as they stood may be about a child whom we know only since today.
    read_at = datetime.now(UTC).isoformat()
    counts: dict[str, int] = json.loads(since.cursor or "{}")
    with department.database.snapshot() as snapshot:
        for view in views:
            if view.name in department.without:
                continue
            reading = _Reading(snapshot, view, read_at, hides=department.placements is Placements.WITHHELD)
            yield reading.message(counts)


@dataclass(frozen=True)
class _Reading:
    snapshot: Snapshot
    view: View
    read_at: str
    hides: bool

    def message(self, counts: dict[str, int]) -> InboundMessage:
        name, fingerprint = self.view.name, f"{self.view.name} {self.read_at}"
        try:
            rows = self._count()
            if not rows and counts.get(name) and name != dataset.REMOVED:
                raise _empty(name)
        except UnreadableMessageError as problem:
            return InboundMessage(fingerprint, name=name, problem=problem)
        counts[name] = rows
        return InboundMessage(
            fingerprint, self._body(), name, declared_rows=rows, cursor=json.dumps(counts, sort_keys=True)
        )

    def _count(self) -> int:
        """With a look at the columns: a table that changed is left for the night, and the others are read."""
        needed = {self.view.name: self.view.columns}
        needed[dataset.PERSON] = (dataset.PERSON_KEY, *dataset.PERSON_COLUMNS)
        for name, columns in needed.items():
            try:
                lacking = self.snapshot.lacks(name, columns)
            except PartnerRefusedError:
                raise _gone(f"{name} is not there, or closed to us.") from None
            if lacking:
                raise _gone(f"{name} has no column {', '.join(lacking)}.")
        try:
            return self.snapshot.count(self.view.name)
        except PartnerRefusedError:
            raise _gone(f"{self.view.name} cannot be counted.") from None

    def _body(self) -> Iterator[bytes]:
        header = (TABLE, *self.view.columns, *dataset.PERSON_COLUMNS, f"{READ_AT}{self.read_at}")
        yield _lines([header])
        rows = self._rows()
        try:
            while some := list(islice(rows, ROWS_IN_A_PIECE)):
                yield _lines((self.view.name, *row, None) for row in some)
        except PartnerRefusedError:
            raise _gone(f"{self.view.name} breaks while it is read.") from None

    def _rows(self) -> Iterator[Sequence[str | None]]:
        """Where a child lives whose placement is confidential goes no further than this function."""
        rows = self.snapshot.rows(self.view.name, self.view.columns, beside=self.view.beside)
        if not (self.hides and self.view.restricted):
            yield from rows
            return
        says = self.view.columns.index(CONFIDENTIAL)
        hidden = {self.view.columns.index(name) for name in self.view.restricted}
        for row in rows:
            if row[says] in NOT_CONFIDENTIAL:
                yield row
            else:
                yield tuple(None if place in hidden else cell for place, cell in enumerate(row))


def _lines(rows: Iterable[Iterable[str | None]]) -> bytes:
    text = io.StringIO()
    csv.writer(text, lineterminator="\n").writerows(rows)
    return text.getvalue().encode("utf-8", "surrogateescape")


def _gone(what: str) -> UnreadableMessageError:
    return UnreadableMessageError(
        what,
        fix="ask for the agreed table or view back; it is read as soon as it is there. Where it is not to "
        "be had, name it in HUB_SOCIAL_CARE_WITHOUT.",
        code=GONE,
    )


def _empty(name: str) -> UnreadableMessageError:
    return UnreadableMessageError(
        f"{name} is empty, and last time it was not.",
        fix="ask them what became of it, or of our rights; it is read again with the next run.",
        code=EMPTY,
    )
