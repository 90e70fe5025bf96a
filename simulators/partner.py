"""What every simulated partner looks like from outside: start it in a mood, read its settings, stop it."""

import json
import os
import re
import select
import subprocess
import sys
from collections.abc import Callable, Collection, Mapping
from contextlib import ExitStack
from dataclasses import dataclass
from pathlib import Path
from types import TracebackType
from typing import Self

from simulators.http_front import moody_front
from simulators.line import moody_line
from simulators.moods import CALM, MOODS, Door, Kind, check_plays, playable

# A port by itself, or the one in an address.
PORT = re.compile(r"(?<=:)\d+(?=/|$)|^\d+$")
STARTS_WITHIN_SECONDS = 30.0
STOPS_WITHIN_SECONDS = 10.0


class SimulatorDidNotStartError(Exception):
    """The partner's process ended, or said nothing, before it was ready."""


@dataclass(frozen=True)
class Running:
    """A partner at work. `settings` are the environment variables by which the hub finds it."""

    settings: Mapping[str, str]
    stop: Callable[[], None]

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.stop()


@dataclass(frozen=True)
class Simulator:
    """A partner that can be started. State stays below `home/<name>/` and survives a restart.

    `begin` is given its home, the night, and a mood of the content, of those named here, or `calm`.
    """

    name: str
    begin: Callable[[Path, int, str], Running]
    content_moods: Collection[str] = ()
    door: Door | None = None

    @property
    def plays(self) -> tuple[str, ...]:
        return playable(self.content_moods, self.door)

    def start(self, home: Path, night: int, mood: str = CALM) -> Running:
        check_plays(self.name, self.plays, mood)
        if self.door is None or mood == CALM or MOODS[mood].kind is Kind.CONTENT:
            return self.begin(home, night, mood)
        return _behind(self.begin(home, night, CALM), self.door, mood)


def _behind(partner: Running, door: Door, mood: str) -> Running:
    """The partner as they are found at a spoiled line."""
    stand_before = moody_line if MOODS[mood].kind is Kind.LINE else moody_front
    with ExitStack() as started:
        started.enter_context(partner)
        address = partner.settings[door.setting]
        found = PORT.search(address)
        if found is None:
            raise ValueError(f"{door.setting} holds no port, so no line can be put before it")
        port = started.enter_context(stand_before(int(found[0]), mood))
        moved = address[: found.start()] + str(port) + address[found.end() :]
        return Running({**partner.settings, door.setting: moved}, started.pop_all().close)


def start_child(
    module: str, home: Path, night: int, mood: str = CALM, *, environment: Mapping[str, str] | None = None
) -> Running:
    """Run a partner's module as a process of its own and wait until it has said its settings."""
    home.mkdir(parents=True, exist_ok=True)
    process = subprocess.Popen(  # noqa: S603  our own module, by our own interpreter
        [sys.executable, "-m", module, str(home), str(night), mood],
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        env={**os.environ, "PYTHONPATH": _search_path(), **(environment or {})},
    )
    try:
        settings = _first_words(process, module)
    except BaseException:
        _stop(process)
        raise
    return Running(settings, lambda: _stop(process))


def say_ready(settings: Mapping[str, str]) -> None:
    """Called by the child: one line, then silence, so that nothing waits on a full pipe."""
    print(json.dumps(dict(settings)), flush=True)


def _search_path() -> str:
    here = str(Path(__file__).resolve().parents[1])
    return os.pathsep.join(filter(None, [here, os.environ.get("PYTHONPATH", "")]))


def _first_words(process: subprocess.Popen[bytes], module: str) -> dict[str, str]:
    assert process.stdout is not None  # noqa: S101  we asked for the pipe
    heard, _, _ = select.select([process.stdout], [], [], STARTS_WITHIN_SECONDS)
    line = process.stdout.readline() if heard else b""
    if not line:
        raise SimulatorDidNotStartError(
            f"{module} was not ready; run `python -m {module}` by hand to see why"
        )
    settings: dict[str, str] = json.loads(line)
    return settings


def _stop(process: subprocess.Popen[bytes]) -> None:
    """End the process by its own handle: first ask (its input ends), then insist."""
    for pipe in (process.stdin, process.stdout):
        if pipe is not None:
            pipe.close()
    try:
        process.wait(STOPS_WITHIN_SECONDS)
    except subprocess.TimeoutExpired:
        process.kill()
        process.wait()
