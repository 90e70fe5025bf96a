"""`make bench`, second line: the safeguarding dataset on SQLite, read to record. BENCH_DATASET_ROWS says how
many rows (100,000), five about each child.

The children were brought before, by referrals from children's services; all rows are about children of ours,
which is the most work there can be. The limit is 15 s for 100,000 rows.
"""

from __future__ import annotations

import importlib
import json
import os
import resource
import tempfile
import time
from collections.abc import Callable, Mapping
from dataclasses import replace
from datetime import date, timedelta
from pathlib import Path
from typing import Any
from unittest.mock import patch

from sqlalchemy import create_engine

from bench.one_batch import _timed
from connectors.social_care import connector
from hub.exchange.land import land
from hub.exchange.match import match
from hub.exchange.record import record
from hub.exchange.runs import run
from hub.exchange.translate import translate
from hub.hub import open_hub
from hub.settings import HubSettings
from hub.store import leases
from simulators.identifiers import nhs_numbers
from simulators.social_care_dataset import create_dataset, midnight, show

LIMIT_SECONDS, LIMIT_ROWS = 15, 100_000
# Of each child: one row in each of these.
TABLES = ("ssd_contacts", "ssd_cin_episodes", "ssd_legal_status", "ssd_missing", "ssd_involvements")
FIRST_BIRTH, DAYS = date(2010, 1, 1), 2000
Row = dict[str, Any]


def main() -> None:
    rows = int(os.environ.get("BENCH_DATASET_ROWS", LIMIT_ROWS))
    importlib.import_module("great_expectations.expectations")  # the process's cost, not the batch's
    with tempfile.TemporaryDirectory(prefix="hub-bench-") as name:
        seconds, busy, hops = _measured(Path(name), rows)
    for hop, took in hops.items():
        print(f"{hop:>12} {took:>9.1f}")
    said = {
        "dataset_rows": rows,
        "seconds": round(seconds, 2),
        # Beside others on the machine the clock says little.
        "processor_seconds": round(busy, 2),
        "peak_gib": round(resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / (1 << 20), 3),
        "ratio_to_limit": round(seconds / (LIMIT_SECONDS * rows / LIMIT_ROWS), 3),
        "load": round(os.getloadavg()[0], 2),
    }
    print(json.dumps(said))


def _measured(home: Path, rows: int) -> tuple[float, float, Mapping[str, float]]:
    url = f"sqlite:///{home / 'dataset.db'}"
    _fill(url, rows // len(TABLES))
    settings = {
        "HUB_SOCIAL_CARE_DATABASE_URL": url,
        "HUB_SOCIAL_CARE_BASE_URL": "http://127.0.0.1:9",
        "HUB_SOCIAL_CARE_KEY": "nobody is asked",
        "HUB_SOCIAL_CARE_WITHOUT": "hub_placements, hub_removed, ssd_cp_plans, ssd_early_help_episodes",
    }
    with patch.dict(os.environ, settings):
        _pulled(home, "referred")
        return _pulled(home, "circumstances")


def _pulled(home: Path, feed: str) -> tuple[float, float, Mapping[str, float]]:
    only = replace(connector, pulls=(connector.pull_feed(feed),))
    hops: dict[str, float] = {}
    with open_hub(HubSettings(home=home / "hub"), connector=lambda _: only) as hub:
        before, idle = time.monotonic(), time.process_time()
        with run(hub, "social_care", leases.PULL) as leased:
            with _timed(hops, "land"):
                (batch,) = land(leased, "social_care")
            for step in (translate, match, record):
                with _timed(hops, step.__name__):
                    step(leased, batch)
        return time.monotonic() - before, time.process_time() - idle, hops


def _fill(url: str, children: int) -> None:
    engine = create_engine(url)
    create_dataset(engine)
    numbers = nhs_numbers(2026)
    with engine.begin() as connection:
        people = [_person(child, next(numbers)) for child in range(children)]
        show(connection, {"ssd_person": people, "hub_referrals": map(_referral, range(children))})
        show(connection, {name: map(ROWS[name], range(children)) for name in TABLES})
    engine.dispose()


def _person(child: int, nhs_number: str) -> Row:
    return {
        "pers_person_id": f"SC-{child}",
        "pers_forename": "Ottoline",
        "pers_surname": "Quillborne",
        "pers_sex": "MFIU"[child % 4],
        "pers_dob": midnight(_born(child)),
        "pers_common_child_id": nhs_number,
    }


def _born(child: int) -> date:
    return FIRST_BIRTH + timedelta(days=child % DAYS)


def _referral(child: int) -> Row:
    return {
        "referral_id": f"SCR-{child}",
        "updated_at": "2026-11-22T10:00:00Z",
        "withdrawn": "N",
        "person_id": f"SC-{child}",
        "reason": "PREVENTION",
        "consent_given_by": "PARENT",
        "parents_told": "YES",
        "confidential": "N",
    }


def _of(prefix: str, key: str, person: str, began: str, **more: str) -> Callable[[int], Row]:
    def row(child: int) -> Row:
        return {
            key: f"{prefix}{child}",
            person: f"SC-{child}",
            began: midnight(date(2026, 3, 1) + timedelta(days=child % 200)),
            **more,
        }

    return row


ROWS: Mapping[str, Callable[[int], Row]] = {
    "ssd_contacts": _of(
        "CT", "cont_contact_id", "cont_person_id", "cont_contact_date", cont_contact_source_code="6"
    ),
    "ssd_cin_episodes": _of(
        "CE", "cine_referral_id", "cine_person_id", "cine_referral_date", cine_cin_primary_need_code="N1"
    ),
    "ssd_legal_status": _of(
        "LS",
        "lega_legal_status_id",
        "lega_person_id",
        "lega_legal_status_start_date",
        lega_legal_status="C2",
    ),
    "ssd_missing": _of(
        "MI",
        "miss_table_id",
        "miss_person_id",
        "miss_missing_episode_start_date",
        miss_missing_episode_type="M",
    ),
    "ssd_involvements": _of(
        "IN",
        "invo_involvements_id",
        "invo_person_id",
        "invo_involvement_start_date",
        invo_professional_id="W101",
    ),
}

if __name__ == "__main__":
    main()
