"""The words of the code stand on the pages that explain them: states, errors, tasks, dependencies."""

from __future__ import annotations

import re
import tomllib
from itertools import chain

import pytest

from hub.ledger.balance import EQUATIONS
from hub.store import batches, deliveries, outbox
from quality.rules import MessageConsequence
from schemas.clocks import HeldState
from schemas.codes import Standing
from schemas.hops import Consequence, Hop
from schemas.kinds import KINDS, SAFETY_FLAGS
from tests.docs.pages import REFERENCE, ROOT

WORDS_OF_THE_CODE = {
    *Hop,
    *Consequence,
    *MessageConsequence,
    *Standing,
    *KINDS,
    *SAFETY_FLAGS,
    *(bucket for equation in EQUATIONS.values() for bucket in (*equation.ins, *equation.outs)),
    *(batches.LANDED, batches.TRANSLATED, batches.MATCHED, batches.RECORDED),
    *(deliveries.CLAIMED, deliveries.SENT, deliveries.ACKNOWLEDGED),
    *HeldState,
    *(outbox.HELD, outbox.OVERTAKEN),
}
ERROR_CLASS = re.compile(r"^class ([A-Z]\w*Error)\(", re.MULTILINE)
TASK = re.compile(r'(?:step\(|task_id=)"(\w+)"')


def page(name: str) -> str:
    return (REFERENCE / name).read_text(encoding="utf-8")


def source(*rooms: str) -> str:
    return "\n".join(file.read_text() for room in rooms for file in sorted((ROOT / room).rglob("*.py")))


def asked_for() -> list[str]:
    project = tomllib.loads((ROOT / "pyproject.toml").read_text())
    extras = project["project"]["optional-dependencies"].values()
    every = [*project["build-system"]["requires"], *project["project"]["dependencies"], *chain(*extras)]
    return sorted({re.match(r"[\w.-]+", one)[0] for one in every} | {"uv"})


@pytest.mark.parametrize("word", sorted(map(str, WORDS_OF_THE_CODE)))
def test_a_word_of_the_code_is_in_the_glossary(word: str) -> None:
    glossary = page("glossary.md")
    assert re.search(rf"(`|\| ){re.escape(word)}(`| \||, )", glossary) or f"`{word}`" in glossary


@pytest.mark.parametrize(
    "error", sorted(set(ERROR_CLASS.findall(source("hub", "connectors", "quality", "schemas"))))
)
def test_every_error_has_its_cause_and_cure(error: str) -> None:
    assert f"`{error}`" in page("errors.md")


def test_no_error_is_explained_that_is_not_there() -> None:
    named = set(re.findall(r"`([A-Z]\w*Error)`", page("errors.md")))
    assert named <= set(ERROR_CLASS.findall(source("hub", "connectors", "quality", "schemas")))


@pytest.mark.parametrize("task", sorted(set(TASK.findall(source("dags")))))
def test_every_task_of_a_dag_is_explained(task: str) -> None:
    assert f"`{task}`" in page("airflow.md")


@pytest.mark.parametrize("dependency", asked_for())
def test_every_dependency_has_its_reason_and_its_licence(dependency: str) -> None:
    (row,) = [line for line in page("dependencies.md").splitlines() if line.startswith(f"| {dependency} |")]
    assert all(cell.strip() for cell in row.strip("|").split("|"))


def test_no_dependency_is_listed_that_is_not_asked_for() -> None:
    rows = re.findall(r"^\| ([\w.-]+) \| [^|]+ \| [^|]+ \|$", page("dependencies.md"), re.MULTILINE)
    assert set(rows) - {"Part", "---"} <= set(asked_for())
