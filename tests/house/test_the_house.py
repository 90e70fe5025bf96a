"""The house rules that a linter does not know."""

from __future__ import annotations

import ast
import re
import tomllib
from collections.abc import Iterator
from itertools import chain
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]
ROOMS = ("dags", "hub", "connectors", "quality", "schemas", "simulators", "bench")
LONGEST_FILE, LONGEST_FUNCTION = 300, 40
# A migration is as long as the tables are many.
AS_LONG_AS_THEIR_SUBJECT = ("hub/store/migrations/versions",)


def sources() -> Iterator[Path]:
    for room in ROOMS:
        for file in sorted((ROOT / room).rglob("*.py")):
            if not str(file.relative_to(ROOT)).startswith(AS_LONG_AS_THEIR_SUBJECT):
                yield file


def test_no_file_is_longer_than_a_reader_can_hold() -> None:
    lengths = {str(file.relative_to(ROOT)): len(file.read_text().splitlines()) for file in sources()}
    assert {name: length for name, length in lengths.items() if length > LONGEST_FILE} == {}


def test_no_function_is_longer_than_a_screen() -> None:
    long = {
        f"{file.relative_to(ROOT)}:{node.lineno} {node.name}": node.end_lineno - node.lineno + 1
        for file in sources()
        for node in ast.walk(ast.parse(file.read_text()))
        if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef)
        and node.end_lineno is not None
        and node.end_lineno - node.lineno + 1 > LONGEST_FUNCTION
    }
    assert long == {}


@pytest.mark.parametrize("name", ["utils.py", "helpers.py", "common.py", "misc.py"])
def test_no_room_is_named_after_nothing(name: str) -> None:
    assert [file for file in sources() if file.name == name] == []


def test_the_lock_names_no_registry() -> None:
    assert re.findall(r"https?://|--index-url", (ROOT / "requirements.lock").read_text()) == []


def test_the_pinned_list_holds_every_dependency() -> None:
    project = tomllib.loads((ROOT / "pyproject.toml").read_text())["project"]
    asked = [*project["dependencies"], *chain(*project["optional-dependencies"].values())]
    pinned = re.findall(r"^([a-z0-9-]+)==", (ROOT / "requirements.lock").read_text(), re.MULTILINE)
    packages = {re.match(r"[A-Za-z0-9-]+", one)[0].lower() for one in asked}
    assert packages - set(pinned) == set()


# Where the store is opened for writing without an audit, and why.
UNAUDITED_DOORS = {
    "hub/hub.py",  # the audited doors themselves
    "hub/exchange/runs.py",  # leases: about runs, not children
    "hub/exchange/line.py",  # breakers: what came of a call, about partners
}
# What may open a seal: the audited reading, and landing's own frames.
OPENERS = {"hub/hub.py", "hub/landing/sealed_file.py"}


def _files_with(call: str) -> set[str]:
    return {str(file.relative_to(ROOT)) for file in sources() if call in file.read_text()}


def test_nothing_is_written_past_the_audit() -> None:
    inside = {name for name in _files_with("store.transaction(") if name.startswith("hub/store/")}
    assert _files_with("store.transaction(") - inside == UNAUDITED_DOORS


def test_nothing_sealed_is_opened_past_the_audit() -> None:
    assert _files_with("keyring.open(") == OPENERS
