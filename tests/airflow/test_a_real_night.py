"""The night as it is: simulated partners, Airflow's own scheduler, a page. Then the same night again.

One run serves all the tests of this file, because it takes half a minute.
"""

from __future__ import annotations

import json
import os
import sqlite3
import subprocess
import sys
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest

from hub import registry
from simulators.cast import bystanders, cast
from simulators.people import traces

HUB = Path(sys.executable).parent / "hub"
CONNECTORS = tuple(registry.connectors().values())
FEEDS = sum(len(one.pulls) for one in CONNECTORS)
pytestmark = [pytest.mark.server, pytest.mark.timeout(1300)]


@dataclass(frozen=True)
class Night:
    home: Path
    status: int
    said: dict[str, Any]
    words: str
    # How many rows it held when the night had ended.
    worklist: int


def run(home: Path, *command: str) -> Night:
    environment = os.environ | {"HUB_HOME": str(home)}
    environment.pop("PYTHONDONTWRITEBYTECODE", None)
    done = subprocess.run(
        [HUB, "simulate", "--", HUB, *command],
        env=environment,
        capture_output=True,
        text=True,
        timeout=600,
        check=False,
    )
    lines = done.stdout
    said = json.loads(lines) if lines.lstrip().startswith("{") else {}
    return Night(home, done.returncode, said, done.stdout + done.stderr, _worklist(home))


@pytest.fixture(scope="module")
def first(tmp_path_factory: pytest.TempPathFactory) -> Night:
    return run(tmp_path_factory.mktemp("night") / "hub", "night", "--json")


@pytest.fixture(scope="module")
def again(first: Night) -> Night:
    return run(first.home, "night", "--json")


def test_the_first_night_is_green(first: Night) -> None:
    assert first.status == 0, first.words[-3000:]
    assert first.said["green"]
    pulls = {f"pull_{one.name}" for one in CONNECTORS if one.pulls}
    pushes = {f"push_{one.name}" for one in CONNECTORS if one.pushes}
    assert {one["dag_id"] for one in first.said["runs"]} == {*pulls, *pushes, "morning_report"}


def test_its_page_is_there(first: Night) -> None:
    page = Path(first.said["page"]).read_text()
    assert "Nothing was lost" in page


def test_the_same_night_again_brings_only_what_answers_the_first(first: Night, again: Night) -> None:
    """Answers to what was sent since, and facts about children whom the first night brought."""
    before, after = first.worklist, again.worklist
    assert again.status == 0, again.words[-3000:]
    with sqlite3.connect(again.home / "hub.db") as store:
        assert store.execute("SELECT count(*) FROM batch").fetchone() == (2 * FEEDS,)
        brought = store.execute(
            "SELECT partner, feed, bucket, sum(records) FROM ledger_line WHERE hop = 'recorded' "
            "AND bucket IN ('new', 'changed', 'deleted') AND records > 0 "
            "AND run_id IN (SELECT batch_id FROM batch ORDER BY landed_at DESC LIMIT ?) GROUP BY 1, 2, 3",
            (FEEDS,),
        ).fetchall()
    assert {(partner, feed, bucket) for partner, feed, bucket, _ in brought} <= {
        ("education", "updates", "new"),
        ("health", "progress", "new"),
        ("social_care", "circumstances", "new"),
    }
    assert after == before + sum(records for *_, records in brought)


def test_runs_tasks_and_their_logs_can_be_seen_in_airflow(again: Night) -> None:
    airflow = again.home / "airflow"
    with sqlite3.connect(airflow / "airflow.db") as database:
        states = database.execute("SELECT dag_id, task_id, state FROM task_instance").fetchall()
    ours = [row for row in states if row[0] == "pull_police"]
    assert {row[1] for row in ours} == {"land", "translate", "match", "record"}
    assert {row[2] for row in ours} == {"success"}
    logs = list((airflow / "logs").glob("dag_id=pull_police/*/task_id=land/attempt=1.log"))
    assert len(logs) == 2
    assert "step_done" in logs[0].read_text()


def test_only_ids_cross_between_tasks(again: Night) -> None:
    with sqlite3.connect(again.home / "airflow" / "airflow.db") as database:
        values = [row[0] for row in database.execute("SELECT value FROM xcom WHERE key = 'return_value'")]
    assert values
    for value in values:
        crossed = json.loads(value)
        crossed = json.loads(crossed) if isinstance(crossed, str) and crossed[:1] == "{" else crossed
        if isinstance(crossed, str):
            assert len(crossed) == len("2026-11-23"), "something other than a night crossed"
            continue
        assert crossed.keys() == {"partner", "direction", "run", "ids"}
        assert all(len(one) == 22 for one in crossed["ids"]), "something other than an id crossed"


def test_no_child_is_named_in_any_file_the_night_leaves_behind(again: Night) -> None:
    """Logs, XCom, Airflow's tables, file names, errors, ledger, pages: the whole cast is looked for."""
    wanted = {trace for person in (*cast(), *bystanders()) for trace in traces(person)}
    found: dict[str, set[str]] = {}
    for file in again.home.rglob("*"):
        if again.home / "partners" in (file, *file.parents) or not file.is_file():
            continue
        content = file.read_bytes().decode("utf-8", "replace")
        named = {trace for trace in wanted if trace in content or trace in file.name}
        if named:
            found[str(file.relative_to(again.home))] = named
    assert {name: len(traces_) for name, traces_ in found.items()} == {}


def _worklist(home: Path) -> int:
    (database,) = (home / "partners" / "yjs").glob("case_system.sqlite3")
    with sqlite3.connect(database) as case_system:
        (rows,) = case_system.execute("SELECT count(*) FROM hub_worklist").fetchone()
    return int(rows)
