"""`hub simulate`: partners in their moods, for whoever is at the shell."""

from __future__ import annotations

import json
import sys
from pathlib import Path

import pytest
from typer.testing import CliRunner, Result

from hub.cli import app
from simulators.moods import MOODS
from simulators.together import installed


@pytest.fixture(autouse=True)
def home(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.setenv("HUB_HOME", str(tmp_path))
    return tmp_path


def simulate(*words: str) -> Result:
    return CliRunner().invoke(app, ["simulate", *words])


def test_the_moods_are_listed_with_who_plays_them() -> None:
    rows = {row["mood"]: row for row in json.loads(simulate("--moods", "--json").stdout)}
    assert list(rows) == list(MOODS)
    assert "police" in rows["dribbling"]["played_by"]
    assert {"courts", "police", "yjs"} <= {*rows["duplicating"]["played_by"].split(", ")}
    assert "dribbling" in simulate("--moods").stdout


def test_a_command_runs_among_partners_in_their_moods(home: Path) -> None:
    command = ("--mood", "courts=cut_short", "--mood", "police=down", "--", sys.executable, "-c")
    port = "int(os.environ['HUB_POLICE_PORT'])"
    asks = f"import os, socket, sys; sys.exit(socket.socket().connect_ex(('127.0.0.1', {port})))"
    assert simulate(*command, asks).exit_code != 0
    messages = list((home / "partners" / "courts" / "results").glob("*.json"))
    cut = [path for path in messages if not path.read_bytes().endswith(b"}")]
    assert len(cut) == len(messages) // 4
    calm = simulate("--", sys.executable, "-c", asks)
    assert calm.exit_code == 0
    assert [path for path in messages if not path.read_bytes().endswith(b"}")] == []


@pytest.mark.parametrize(
    ("words", "said"),
    [
        (("police",), "say whose mood it is, as police=dribbling, not police"),
        (
            ("housing=slow",),
            f"There is no simulated partner housing. What to do: choose one of {', '.join(installed())}.",
        ),
        (
            ("police=gzip_bomb",),
            "police cannot play gzip_bomb. What to do: choose one that it can: calm, slow,",
        ),
        (("courts=sulking",), "There is no mood sulking. What to do: choose one that courts can play: calm,"),
        (("police=slow", "police=down"), "a partner has one mood at a time; police was given more"),
    ],
)
def test_a_mood_that_cannot_be_had_is_refused_with_what_there_is(words: tuple[str, ...], said: str) -> None:
    result = simulate(*(word for one in words for word in ("--mood", one)), "--", "true")
    assert result.exit_code == 2
    assert said in " ".join(result.output.replace("│", " ").split())
