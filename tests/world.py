"""A small world: three partners that say what a test makes them say, and a hub among them."""

from __future__ import annotations

import json
import os
from collections.abc import Iterable, Iterator, Mapping
from contextlib import AbstractContextManager, contextmanager
from dataclasses import dataclass, field
from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from typing import Any
from unittest.mock import patch

import sqlalchemy as sa

from hub import report
from hub.exchange import runs, steps
from hub.hub import Hub, open_hub
from hub.settings import HubSettings
from hub.store import batches, books, held, leases
from quality.reports.night import NightFacts
from schemas.clocks import HELD_OPEN, HeldState
from simulators import police_clerk, police_files, yjs_views, yjs_worklist
from simulators.police_files import Drop

PARTNERS = ("courts", "police", "yjs")
FIRST_MORNING = datetime(2026, 11, 23, 4, 30, tzinfo=UTC)

# One referral as the force sends it; a test says only what matters to it.
REFERRAL = {
    "ReferralRef": "NMP-R-0000001",
    "LastUpdated": "2026-11-22T10:00:00Z",
    "NominalID": "N0000001",
    "Surname": "Quillborne",
    "Forenames": "Ottoline",
    "Aliases": "",
    "DOB": "14/03/2011",
    "Sex": "F",
    "EthnicitySelfDefined": "W1",
    "EthnicityObserved": "1",
    "AddressLine1": "4 Cobbler's Row",
    "AddressLine2": "",
    "Town": "Northmoor",
    "Postcode": "NX1 2AB",
    "PNCID": "",
    "CrimeRef": "NMP/10001/26",
    "OffenceCode": "TH68010",
    "OffenceDate": "02/11/2026",
    "Gravity": "2",
    "Admission": "Y",
    "DecisionDeadline": "07/12/2026",
    "Reason": "OOCD",
    "RiskMarkers": "",
    "Officer": "PC 4471",
}


# A child as the case system's views tell of them, in the return of one quarter.
CASE = {
    "currentyotid": "NMYJS",
    "source_return_id": "R-2026-3",
    "return_start_date": date(2026, 10, 1),
    "return_end_date": date(2026, 12, 31),
    "signoff_date": None,
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
ITEMS: dict[str, dict[str, Any]] = {
    "progress": {"fromPartner": "police", "acceptedOn": date(2026, 11, 20)},
    "referrals": {
        "need": "MENTAL_HEALTH",
        "service": "Northmoor CAMHS",
        "urgency": "SOON",
        "consentGivenBy": "PARENT",
        "worker": "Case worker 7",
        "kpi4MHDateScreened": date(2026, 10, 20),
        "kpi4MHDateReferred": date(2026, 10, 22),
    },
    "assessments": {
        "stage": "START",
        "date": date(2026, 10, 20),
        "assessmentStatus": "COMPLETE",
        "roshjudgement": "LOW",
        "safetyWellbeingJudgement": "MEDIUM",
        "concernsMentalHealth": "YES",
        "concernsSubstanceMisuse": "NO",
    },
    "orders": {
        "disposalType": "YOUTH_CAUTION",
        "cmsdisposalType": "YC",
        "startDate": date(2026, 10, 12),
        "endDate": date(1900, 1, 1),
    },
}
KEYS = {
    "progress": lambda number: {"caseID": f"NMYJS-{number}", "sourceReference": f"NMP-R-{number:07d}"},
    "referrals": lambda number: {"referralID": f"REF-{number}"},
    "assessments": lambda number: {"assessmentID": f"AP-{number}"},
    "orders": lambda number: {"interventionProgrammeID": f"IP-{number}"},
}


def case_row(feed: str, number: int = 1, **changes: Any) -> dict[str, Any]:
    """A sound row of one of the case system's views, about a child of its own."""
    own = {"ypid": f"YP-{number}", "familyName": f"Quillborne{number}", **KEYS[feed](number)}
    return CASE | ITEMS[feed] | own | changes


def referral(number: int = 1, **changes: str) -> dict[str, str]:
    """A sound referral about a child of its own."""
    own = {
        "ReferralRef": f"NMP-R-{number:07d}",
        "NominalID": f"N{number:07d}",
        "Surname": f"Quillborne{number}",
        "CrimeRef": f"NMP/{10000 + number}/26",
    }
    return REFERRAL | own | changes


@dataclass
class World:
    hub: Hub
    home: Path
    police_folder: Path
    police_inbound: Path
    courts_folder: Path
    case_system: str
    now: list[datetime] = field(default_factory=lambda: [FIRST_MORNING])
    _sent: int = 0

    @classmethod
    @contextmanager
    def begin(
        cls, home: Path, database_url: str, case_system: str, police: Mapping[str, str], police_files: Path
    ) -> Iterator[World]:
        folder, inbound = police_files / home.name, police_files / f"{home.name}-inbound"
        courts = home / "courts"
        for made in (folder, inbound, courts):
            made.mkdir(parents=True)
        yjs_worklist.create_worklist(case_system)
        with yjs_worklist.case_database(case_system) as engine:
            yjs_views.create_views(engine)
        now = [FIRST_MORNING]
        environment = {
            **police,
            "HUB_POLICE_FOLDER": home.name,
            "HUB_POLICE_INBOUND": inbound.name,
            "HUB_COURTS_FOLDER": str(courts),
            "HUB_YJS_DATABASE_URL": case_system,
        }
        settings = HubSettings(home=home / "hub", database_url=database_url)
        with patch.dict(os.environ, environment), open_hub(settings, clock=lambda: now[0]) as hub:
            yield cls(hub, home, folder, inbound, courts, case_system, now)

    # What partners do.

    def police_send(self, *rows: Mapping[str, str]) -> Drop:
        """A referral file of these rows, with its manifest."""
        self._sent += 1
        made = police_files.drop(rows, self.now[0], self._sent)
        self.leave(self.police_folder, made.files())
        return made

    def leave(self, folder: Path, files: Mapping[str, bytes]) -> None:
        for name, content in files.items():
            (folder / name).write_bytes(content)

    def courts_send(self, *documents: Mapping[str, Any] | bytes) -> None:
        for document in documents:
            self._sent += 1
            body = document if isinstance(document, bytes) else json.dumps(document).encode()
            (self.courts_folder / f"hearing-resulted_20261122T170000Z_{self._sent}.json").write_bytes(body)

    def police_clerk_looks(self) -> int:
        return police_clerk.look(self.police_inbound, self.police_folder)

    def case_system_says(self, feed: str, *rows: Mapping[str, Any]) -> None:
        """Rows that one of the case system's views shows from now on, in place of what it showed before."""
        with yjs_worklist.case_database(self.case_system) as engine, engine.begin() as connection:
            yjs_views.clear(connection, feed)
            yjs_views.say(connection, feed, rows)

    def case_system_deletes(self, ypid: str) -> None:
        with yjs_worklist.case_database(self.case_system) as engine, engine.begin() as connection:
            yjs_views.delete_child(connection, ypid)

    def case_workers_answer(self) -> None:
        yjs_worklist.answer_worklist(self.case_system, self.now[0])

    # What the hub does.

    def pull(self, partner: str = "police") -> list[str]:
        return steps.pull(self.hub, partner)

    def push(self, partner: str = "yjs") -> list[str]:
        return steps.push(self.hub, partner)

    def at_work(self, partner: str = "police") -> AbstractContextManager[Hub]:
        """The hub within a pull, for a test that takes the steps one by one."""
        return runs.run(self.hub, partner, leases.PULL)

    def later(self, **ahead: float) -> None:
        self.now[0] += timedelta(**ahead)

    # What can be seen afterwards.

    def ledger(self, partner: str = "police") -> dict[str, dict[str, int]]:
        """The night's sums by hop, without the noughts."""
        sums: dict[str, dict[str, int]] = {}
        with self.hub.store.reading() as connection:
            lines = books.lines_of(connection, self.hub.night)
        for line in lines:
            if line["partner"] == partner and line["records"]:
                hop = sums.setdefault(line["hop"], {})
                hop[line["bucket"]] = hop.get(line["bucket"], 0) + line["records"]
        return sums

    def findings(self, partner: str = "police") -> set[tuple[str, str, str | None]]:
        with self.hub.store.reading() as connection:
            found = books.findings_of(connection, self.hub.night)
        return {(one["rule"], one["consequence"], one["field"]) for one in found if one["partner"] == partner}

    def held(self, *states: HeldState) -> list[dict[str, Any]]:
        """The rows that wait; or those in these states."""
        with self.hub.store.reading() as connection:
            return held.listing(connection, states=states or HELD_OPEN)

    def messages(self, partner: str = "police") -> list[dict[str, Any]]:
        with self.hub.store.reading() as connection:
            of_night = batches.of_night(connection, self.hub.night)
            return [
                message
                for batch in of_night
                if batch.partner == partner
                for message in batches.messages_of(connection, batch.batch_id)
            ]

    def worklist(self) -> list[dict[str, Any]]:
        """The case system's rows, in the order of their keys."""
        with yjs_worklist.case_database(self.case_system) as engine, engine.connect() as connection:
            query = sa.select(yjs_worklist.worklist).order_by(yjs_worklist.worklist.c.source_reference)
            return [dict(row) for row in connection.execute(query).mappings()]

    def rows(self, query: str) -> list[dict[str, Any]]:
        with self.hub.store.reading() as connection:
            return [dict(row) for row in connection.execute(sa.text(query)).mappings()]

    def facts(self) -> NightFacts:
        """Of the night, in which these three partners should have come."""
        return report.collect(self.hub, self.hub.night, PARTNERS)

    def children(self) -> int:
        return int(self.rows("SELECT count(*) AS n FROM child")[0]["n"])


def references(rows: Iterable[Mapping[str, Any]]) -> list[str]:
    return [str(row["source_reference"]) for row in rows]
