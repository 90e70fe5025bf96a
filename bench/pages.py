"""`make bench`, third line: the months of 20 partners, and the page of one with 10,000 held rows.

A month of each partner is written straight into the books: what the pages cost is the question, not how the
books came about. The limits are 60 s for all, and 300 ms for the page.
"""

from __future__ import annotations

import importlib
import json
import tempfile
import time
from collections.abc import Iterator
from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from typing import Any

import sqlalchemy as sa

from connectors.police import connector
from hub.hub import Hub, open_hub
from hub.report import months
from hub.report.month import collect
from hub.settings import HubSettings
from hub.store.audit import NoChild
from hub.store.tables import batch, finding, held_row, ledger_line
from quality.reports.pages import render_month
from quality.rules import Suite

PARTNERS = tuple(f"partner_{number:02d}" for number in range(20))
MONTH, NIGHTS, RECORDS_A_NIGHT, HELD = date(2026, 10, 1), 31, 500, 10_000
LIMIT_EXPORT, LIMIT_PAGE = 60.0, 0.3
AT = datetime(2026, 11, 2, 6, 0, tzinfo=UTC)
RULES = ("POL-T01", "POL-T05", "POL-T08", "HUB-R10")


def main() -> None:
    # What a process costs once is no page's.
    importlib.import_module("scipy.optimize")
    with tempfile.TemporaryDirectory(prefix="hub-bench-") as name:
        settings = HubSettings(home=Path(name) / "hub")
        parts: dict[str, Any] = {"connector": _named, "suite": Suite, "clock": lambda: AT}
        with open_hub(settings, **parts) as hub:
            _fill(hub)
            first = _seconds(lambda: _page(hub))
            again = min(_seconds(lambda: _page(hub)) for _ in range(3))
            export = _seconds(lambda: months.build(hub, MONTH, Path(name) / "out", PARTNERS))
    said = {
        "held_rows": HELD,
        "page_first_seconds": round(first, 3),
        "page_seconds": round(again, 3),
        "page_ratio_to_limit": round(again / LIMIT_PAGE, 3),
        "partners": len(PARTNERS),
        "export_seconds": round(export, 2),
        "export_ratio_to_limit": round(export / LIMIT_EXPORT, 3),
    }
    print(json.dumps(said))


def _named(name: str) -> Any:
    return replace(connector, name=name, title=name.replace("_", " ").capitalize())


def _page(hub: Hub) -> str:
    (month,) = collect(hub, MONTH, PARTNERS[:1])
    return render_month(month)


def _seconds(work: Any) -> float:
    begun = time.perf_counter()
    work()
    return time.perf_counter() - begun


def _fill(hub: Hub) -> None:
    with hub.deciding(NoChild("an invented month, for a benchmark")) as connection:
        for partner in PARTNERS:
            for night in range(NIGHTS):
                _night(connection, partner, MONTH + timedelta(days=night))
        connection.execute(held_row.insert(), list(_held(PARTNERS[0])))


def _night(connection: sa.Connection, partner: str, night: date) -> None:
    run = f"{partner}-{night}"
    about = {"partner": partner, "feed": "referrals", "night": night}
    when = datetime.combine(night, datetime.min.time(), UTC)
    pulled = {"batch_id": run, "source": "pull", "state": "recorded", "landed_at": when}
    connection.execute(batch.insert(), [about | pulled])
    buckets = {"opened_records": RECORDS_A_NIGHT, "translated": RECORDS_A_NIGHT - 20, "held": 20}
    lines = [
        about | {"run_id": run, "hop": "translated", "bucket": bucket, "records": records}
        for bucket, records in buckets.items()
    ]
    connection.execute(ledger_line.insert(), lines)
    connection.execute(finding.insert(), [about | one for one in _findings(run)])


def _findings(run: str) -> Iterator[dict[str, Any]]:
    for row in range(60):
        yield {
            "run_id": run,
            "hop": "translated",
            "rule": RULES[row % len(RULES)],
            "consequence": "hold_row" if row < 20 else "warn",
            "field": "reference",
            "words": "invented",
            "message": 0,
            "row": row,
            "part": 0,
        }


def _held(partner: str) -> Iterator[dict[str, Any]]:
    for row in range(HELD):
        yield {
            "batch_id": f"{partner}-held",
            "message": 0,
            "row": row,
            "part": 0,
            "partner": partner,
            "feed": "referrals",
            "night": MONTH,
            "hop": "translated",
            "rules": RULES[row % len(RULES)],
            "words": f"invented words of problem {row % 12}",
            "owner": "sender's data lead",
            "reference": f"P-R-{row:07d}",
            "safety": row % 50 == 0,
            "state": "new",
            "held_at": AT - timedelta(days=row % 30),
        }


if __name__ == "__main__":
    main()
