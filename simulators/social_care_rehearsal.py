"""Children's services with a book in hand: what is said of which child is the caller's to say."""

import random
from collections.abc import Iterable, Iterator, Mapping
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass, field
from datetime import date, datetime
from pathlib import Path
from typing import Any

from sqlalchemy import Connection, create_engine

from simulators.social_care_dataset import create_dataset, midnight, show
from simulators.social_care_front import FrontDoor, serving

# Enough to tell slow from never, and short enough to wait for.
PATIENCE = "3"
BYPASSED = {
    "PULL-12": "the dataset is read by the names of its columns, so no other leaves their database; the "
    "listing of outcomes gives every column that came, and a test of the connector shows it",
    "PUSH-06": "one form goes in each call, and its receipt is the answer to that call",
}
CIRCUMSTANCES = "ssd_legal_status"
BORN = date(2011, 3, 14)
Row = dict[str, Any]


def _person(number: int) -> Row:
    return {
        "pers_person_id": f"SC-{number}",
        "pers_forename": "Ottoline",
        "pers_surname": f"Quillborne{number}",
        "pers_sex": "F",
        "pers_dob": midnight(BORN),
    }


def _referred(number: int, version: int, at: datetime) -> Row:
    return {
        "referral_id": f"SCR-{number}",
        "updated_at": at.isoformat(),
        "withdrawn": "N",
        "person_id": f"SC-{number}",
        "from_service": "early help",
        "reason": "PREVENTION",
        "urgency": "ROUTINE",
        "referred_on": date(2026, 11, 2),
        "consent_given_by": "PARENT",
        "parents_told": "YES",
        "safeguarding": "N",
        "child_view": "GIVEN",
        "parents_view": "GIVEN",
        "safe_contact": f"telephone {version}",
        "confidential": "N",
    }


def _status(number: int, version: int) -> Row:
    return {
        "lega_legal_status_id": f"LS-{number}",
        "lega_person_id": f"SC-{number}",
        "lega_legal_status": "C2",
        "lega_legal_status_start_date": midnight(date(2026, 9, version)),
    }


def _outcome(number: int, version: int, at: datetime) -> Row:
    return {
        "outcome_id": f"OC-{number}",
        "changed_at": at.isoformat(),
        "withdrawn": "no",
        "our_reference": f"YJS-R-{number}",
        "outcome": "CIN Referral",
        "outcome_on": f"2026-11-{version:02d}",
        "reason": None,
        "person_id": f"SC-{number}",
        "nhs_number": None,
        "born": BORN.isoformat(),
    }


# By feed: what makes its record odd.
UNKNOWN: Mapping[str, Row] = {
    "referred": {"reason": "ZZ"},
    "outcomes": {"outcome": "ZZ"},
    "circumstances": {"lega_legal_status": "ZZ"},
}
POISON: Mapping[str, Row] = {
    "referred": {"referral_id": None},
    "outcomes": {"spoiled": "no outcome at all"},
    "circumstances": {"lega_legal_status_id": None},
}


@dataclass
class Rehearsed(FrontDoor):
    file: Path = Path()
    settings: Mapping[str, str] = field(default_factory=dict)
    plays: tuple[str, ...] = (
        "page_shifts", "page_changes", "page_fails", "repeats", "reorders", "counts_too_many", "empty",
        "lost_reply", "error_in_200", "html_in_200", "fewer_receipts", "refuses_one", "conflict_duplicate",
        "conflict_version", "too_early", "busy", "unauthorised", "down", "slow",
        "unknown_code", "poison",
    )  # fmt: skip
    # How many records of ours one of theirs makes, by feed, where it is not one.
    parts: Mapping[str, int] = field(default_factory=dict)
    said: dict[tuple[str, int], Row] = field(default_factory=dict)
    removed: list[Row] = field(default_factory=list)
    _spoiled: ExitStack = field(default_factory=ExitStack)

    def begin(self) -> None:
        self.refused = self.silent = ""
        for of_an_earlier_stage in (self.said, self.removed, self.taken, self.outcomes, self.effects):
            of_an_earlier_stage.clear()
        self.be("")

    def be(self, mood: str) -> None:
        self._spoiled.close()
        self.mood = mood
        self._show()
        if mood == "page_fails":
            self._spoiled.enter_context(self._without_the_tables())

    def say(self, feed: str, numbers: Iterable[int], *, version: int, at: datetime, oddity: str = "") -> None:
        for place, number in enumerate(numbers):
            row = self._row(feed, number, version, at)
            if oddity == "unknown_code" and place == 0:
                row |= UNKNOWN[feed]
            if oddity == "poison" and place == 0:
                row |= POISON[feed]
            if feed == "outcomes":
                self.outcomes[str(number)] = row
            else:
                self.said[feed, number] = row
        self._show()

    def _row(self, feed: str, number: int, version: int, at: datetime) -> Row:
        if feed == "outcomes":
            return _outcome(number, version, at)
        return _referred(number, version, at) if feed == "referred" else _status(number, version)

    def unsay(self, feed: str, number: int, *, at: datetime) -> None:
        if feed == "outcomes":
            self.outcomes[str(number)] |= {"withdrawn": "yes", "changed_at": at.isoformat()}
        elif feed == "referred":
            self.said[feed, number] |= {"withdrawn": "Y", "updated_at": at.isoformat()}
        else:
            gone = self.said.pop((feed, number))
            self.removed.append(
                {
                    "removed_from": CIRCUMSTANCES,
                    "removed_id": gone["lega_legal_status_id"],
                    "removed_person_id": gone["lega_person_id"],
                }
            )
        self._show()

    def work(self) -> None:
        for identity, one in self.taken.items():
            one |= {"outcome": "CIN Referral", "contact_id": f"CT-{identity[:8]}"}

    def heard(self) -> Iterable[tuple[str, Mapping[str, Any]]]:
        return tuple(self.effects)

    def meanwhile(self) -> None:
        if self.mood == "page_shifts":
            self.outcomes.pop("1", None)
        if self.mood == "page_changes" and "1" in self.outcomes:
            newer = datetime.fromisoformat(self.outcomes["1"]["changed_at"]).replace(microsecond=5)
            self.outcomes["1"] |= _outcome(1, 2, newer)
            for feed in ("referred", "circumstances"):
                self.said[feed, 1] = self._row(feed, 1, 2, newer)
            self._show()

    def _show(self) -> None:
        """What was said, as the tables show it in this mood."""
        rows: dict[str, list[Row]] = {
            "ssd_person": [_person(number) for number in sorted({number for _, number in self.said})],
            "hub_referrals": [row for (feed, _), row in self.said.items() if feed == "referred"],
            CIRCUMSTANCES: [row for (feed, _), row in self.said.items() if feed == "circumstances"],
            "hub_removed": self.removed,
        }
        for name in ("hub_referrals", CIRCUMSTANCES):
            if self.mood == "empty":
                rows[name] = []
            if self.mood == "reorders":
                random.shuffle(rows[name])
            if self.mood == "repeats":
                rows[name] *= 2
        with self._writing() as connection:
            show(connection, rows)

    @contextmanager
    def _writing(self) -> Iterator[Connection]:
        engine = create_engine(f"sqlite:///{self.file}")
        with engine.begin() as connection:
            yield connection
        engine.dispose()

    @contextmanager
    def _without_the_tables(self) -> Iterator[None]:
        names = ("hub_referrals", CIRCUMSTANCES)
        self._do(*(f"ALTER TABLE {name} RENAME TO {name}_away" for name in names))
        yield
        self._do(*(f"ALTER TABLE {name}_away RENAME TO {name}" for name in names))

    def _do(self, *statements: str) -> None:
        with self._writing() as connection:
            for statement in statements:
                connection.exec_driver_sql(statement)


class Rehearsal:
    bypassed: Mapping[str, str] = BYPASSED

    @contextmanager
    def __call__(self, home: Path) -> Iterator[Rehearsed]:
        home.mkdir(parents=True)
        file = home / "dataset.sqlite3"
        url = f"sqlite:///{file}"
        engine = create_engine(url)
        create_dataset(engine)
        engine.dispose()
        rehearsed = Rehearsed(file=file)
        with serving(rehearsed) as found:
            own = {"HUB_SOCIAL_CARE_DATABASE_URL": url, "HUB_SOCIAL_CARE_PATIENCE": PATIENCE}
            rehearsed.settings = {**found, **own}
            yield rehearsed
            rehearsed.be("")


rehearsal = Rehearsal()
