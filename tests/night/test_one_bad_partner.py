"""Five forces, one dribbling and one that hangs up on everybody: the other three finish as if alone."""

from __future__ import annotations

import os
import subprocess
import sys
import time
from collections.abc import Iterator, Mapping
from contextlib import ExitStack, contextmanager
from pathlib import Path

import pytest

from hub.hub import open_hub
from hub.settings import HubSettings
from simulators.police import simulator
from tests.night.one_force import TRY_AGAIN

GOOD = ("anders", "birch", "cope")
BAD = {"dribbling": "dribbling", "hangs_up": "resetting"}
WITHIN = 250.0
pytestmark = pytest.mark.timeout(600)


@pytest.fixture(scope="module")
def forces(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Mapping[str, Mapping[str, str]]]:
    """The settings of each."""
    with ExitStack() as started:
        yield {
            name: started.enter_context(simulator.start(tmp_path_factory.mktemp(name), 1, mood)).settings
            for name, mood in (dict.fromkeys(GOOD, "calm") | BAD).items()
        }


@contextmanager
def at_work(home: Path, settings: Mapping[str, str], name: str) -> Iterator[subprocess.Popen[bytes]]:
    # So patient that whoever waited for the dribbling force would never be done in time.
    patient = {"HUB_POLICE_ANSWER_SECONDS": "900", "HUB_POLICE_CALL_SECONDS": "900"}
    own = patient | {"HUB_HOME": str(home)}
    task = subprocess.Popen(
        [sys.executable, "-m", "tests.night.one_force", name],
        env=os.environ | settings | own,
    )
    try:
        yield task
    finally:
        task.kill()
        task.wait()


def a_night(home: Path, forces: Mapping[str, Mapping[str, str]], names: tuple[str, ...]) -> None:
    """All at once, each in a process of its own; it ends when the last of the good is done."""
    with open_hub(HubSettings(home=home)):
        """The database is made before anybody begins, as `hub migrate` does."""
    with ExitStack() as started:
        begun = time.monotonic()
        tasks = {name: started.enter_context(at_work(home, forces[name], name)) for name in names}
        assert [tasks[name].wait(WITHIN) for name in GOOD] == [0, 0, 0]
        took = time.monotonic() - begun
        if "dribbling" in tasks:
            assert tasks["dribbling"].poll() is None, "nobody was held up, so nothing was shown"
            assert tasks["hangs_up"].wait(WITHIN) == TRY_AGAIN
    print(f"{len(names)} forces: {took:.1f} s")  # noqa: T201 - for whoever measures: pytest -s


def test_the_others_finish_as_if_alone(tmp_path: Path, forces: Mapping[str, Mapping[str, str]]) -> None:
    a_night(tmp_path / "alone", forces, GOOD)
    a_night(tmp_path / "among", forces, (*BAD, *GOOD))
    homes = {name: tmp_path / name for name in ("alone", "among")}
    alone_, among_ = (recorded(home) for home in homes.values())
    assert among_ == alone_
    assert set(among_) == set(GOOD)


def recorded(home: Path) -> dict[str, int]:
    with open_hub(HubSettings(home=home)) as hub, hub.store.reading() as connection:
        rows = connection.exec_driver_sql("SELECT partner, count(*) FROM referral GROUP BY partner")
        return dict(map(tuple, rows))
