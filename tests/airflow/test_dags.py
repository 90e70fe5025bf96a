"""The DAG files: parsed as Airflow parses them, without a database."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from pathlib import Path

import pytest

from hub import registry

ROOT = Path(__file__).parents[2]

PARSE = """
import json, sys
from airflow.dag_processing.dagbag import DagBag
from airflow.serialization.serialized_objects import DagSerialization
bag = DagBag(sys.argv[1])
dags = {
    one.dag_id: {
        "tasks": [task.task_id for task in one.topological_sort()],
        "retries": [task.retries for task in one.tasks],
        "owner": one.owner,
        "doc": bool(one.doc_md),
        "catchup": one.catchup,
        "at": one.timetable.summary if one.schedule else "by hand",
        "serialized": len(json.dumps(DagSerialization.serialize_dag(one))),
    }
    for one in bag.dags.values()
}
heavy = [name for name in ("great_expectations", "pandas") if name in sys.modules]
print(json.dumps({"errors": bag.import_errors, "dags": dags, "heavy": heavy}))
"""


@pytest.fixture(scope="module")
def parsed(tmp_path_factory: pytest.TempPathFactory) -> dict[str, object]:
    home = tmp_path_factory.mktemp("airflow")
    environment = os.environ | {
        "AIRFLOW_HOME": str(home),
        "AIRFLOW__LOGGING__LOGGING_LEVEL": "ERROR",
        "PYTHONWARNINGS": "ignore",
        "HUB_PARTNER_HOURS": "pull_police=05:00,push_yjs=06:30",
        "AIRFLOW__CORE__LOAD_EXAMPLES": "False",
    }
    done = subprocess.run(
        [sys.executable, "-c", PARSE, str(ROOT / "dags")],
        env=environment,
        cwd=home,
        capture_output=True,
        text=True,
        check=True,
    )
    found: dict[str, object] = json.loads(done.stdout.splitlines()[-1])
    return found


def test_every_dag_file_parses(parsed: dict[str, object]) -> None:
    assert parsed["errors"] == {}


def test_each_direction_of_each_partner_has_a_dag_and_the_morning_its_report(
    parsed: dict[str, object],
) -> None:
    dags = parsed["dags"]
    assert isinstance(dags, dict)
    pulled = ["land", "translate", "match", "record"]
    pushed = ["outgoing", "deliver", "acknowledge"]
    assert {name: one["tasks"] for name, one in dags.items()} == {
        **{f"pull_{name}": pulled for name, one in registry.connectors().items() if one.pulls},
        **{f"push_{name}": pushed for name, one in registry.connectors().items() if one.pushes},
        "morning_report": ["write_page", "judge"],
        "held_rows": ["choose", "each_row.decide", "each_row.carry_out"],
    }


def test_each_runs_at_its_partner_s_hour(parsed: dict[str, object]) -> None:
    dags = parsed["dags"]
    assert isinstance(dags, dict)
    own = {"pull_police": "0 5 * * *", "push_yjs": "30 6 * * *"}
    usual = {f"pull_{name}": "0 4 * * *" for name, one in registry.connectors().items() if one.pulls} | {
        f"push_{name}": "0 6 * * *" for name, one in registry.connectors().items() if one.pushes
    }
    assert {name: one["at"] for name, one in dags.items()} == {
        **usual,
        **own,
        "morning_report": "0 7 * * *",
        "held_rows": "by hand",
    }


def test_every_dag_says_what_red_means_and_whose_it_is(parsed: dict[str, object]) -> None:
    dags = parsed["dags"]
    assert isinstance(dags, dict)
    for one in dags.values():
        assert one["doc"]
        assert one["owner"] == "data desk"
        assert one["catchup"] is False


def test_a_parse_never_imports_great_expectations(parsed: dict[str, object]) -> None:
    assert parsed["heavy"] == []
