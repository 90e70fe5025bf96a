"""What every simulated partner looks like from outside: start it, read its settings, stop it."""

import json
import os
import select
import subprocess
import sys
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from pathlib import Path
from types import TracebackType
from typing import Self

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
    """A partner that can be started. State stays below `home/<name>/` and survives a restart."""

    name: str
    start: Callable[[Path, int], Running]


def start_child(
    module: str, home: Path, night: int, *, environment: Mapping[str, str] | None = None
) -> Running:
    """Run a partner's module as a process of its own and wait until it has said its settings."""
    home.mkdir(parents=True, exist_ok=True)
    process = subprocess.Popen(  # noqa: S603  our own module, by our own interpreter
        [sys.executable, "-m", module, str(home), str(night)],
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
