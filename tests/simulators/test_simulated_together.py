"""All partners at once, and what happens when one will not start."""

import os
import re
from pathlib import Path

import pytest

from simulators import courts, police, yjs
from simulators.partner import Running, Simulator, SimulatorDidNotStartError, start_child
from simulators.together import start_all

ALL = {each.name: each for each in (courts.simulator, police.simulator, yjs.simulator)}


def test_all_partners_start_and_hand_over_what_the_hub_must_know(tmp_path):
    with start_all(tmp_path, 1, ALL) as partners:
        assert set(partners.settings) == {
            "HUB_COURTS_FOLDER",
            "HUB_POLICE_FOLDER",
            "HUB_POLICE_INBOUND",
            "HUB_POLICE_HOST",
            "HUB_POLICE_HOST_KEY",
            "HUB_POLICE_PASSWORD",
            "HUB_POLICE_PORT",
            "HUB_POLICE_USERNAME",
            "HUB_YJS_DATABASE_URL",
        }
    assert {path.name for path in tmp_path.iterdir()} == {"courts", "police", "yjs"}


def test_no_process_is_left_when_they_are_stopped(tmp_path):
    with start_all(tmp_path, 1, ALL):
        assert len(_processes_about(tmp_path)) == 2
    assert _processes_about(tmp_path) == []


def test_when_one_will_not_start_those_that_did_are_stopped(tmp_path):
    stopped: list[str] = []
    good = Simulator("good", lambda _home, _night, _mood: Running({}, lambda: stopped.append("good")))
    broken = Simulator(
        "broken", lambda home, night, mood: start_child("simulators.nobody", home, night, mood)
    )
    with pytest.raises(SimulatorDidNotStartError, match=re.escape("simulators.nobody")):
        start_all(tmp_path, 1, {"good": good, "broken": broken})
    assert stopped == ["good"]


def test_two_partners_may_not_set_the_same_variable(tmp_path):
    one = Simulator("one", lambda _home, _night, _mood: Running({"HUB_SAME": "1"}, lambda: None))
    with pytest.raises(ValueError, match="HUB_SAME"):
        start_all(tmp_path, 1, {"one": one, "two": one})


def _processes_about(home: Path) -> list[str]:
    """Ids of running processes that were started with a folder below this home."""
    found = []
    for process in Path("/proc").glob("[0-9]*"):
        try:
            command = (process / "cmdline").read_bytes()
        except OSError:  # it has ended since we listed it
            continue
        if os.fsencode(home) in command:
            found.append(process.name)
    return found
