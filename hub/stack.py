"""Airflow on one machine, as processes of ours: the real scheduler, started for one night or kept running.

SQLite and LocalExecutor by default; everything lies below the hub's home. Nothing here imports Airflow:
it is run, not called.
"""

from __future__ import annotations

import os
import secrets
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from importlib.metadata import version
from pathlib import Path

from hub.rest import Rest
from hub.settings import HubSettings

ROOT = Path(__file__).resolve().parents[1]
PROCESSES = ("api-server", "dag-processor", "scheduler")
STARTS_WITHIN_SECONDS = 120
# After each asking; the scheduler is known to miss the first.
STOPS_WITHIN_SECONDS = 3
LOCAL_SETTINGS = """\
from hub.preload import preload

preload()
"""


class StackDidNotStartError(Exception):
    pass


@dataclass(frozen=True)
class Stack:
    """A running Airflow. `url` is where people and the driver reach it."""

    url: str
    rest: Rest
    logs: Path


@contextmanager
def running_stack(settings: HubSettings, *, port: int | None = None) -> Iterator[Stack]:
    home = settings.home.resolve() / "airflow"
    port = port or _free_port()
    environment = _environment(settings, home, port)
    _prepare(home, environment)
    processes: list[subprocess.Popen[bytes]] = []
    try:
        processes += [_start(name, home, environment) for name in PROCESSES]
        url = f"http://127.0.0.1:{port}"
        rest = Rest(url)
        _wait(rest, processes, home)
        yield Stack(url, rest, home / "logs")
    finally:
        _stop(processes)


def _environment(settings: HubSettings, home: Path, port: int) -> dict[str, str]:
    """Airflow's settings. What a person has set goes first."""
    url = f"http://127.0.0.1:{port}"
    ours = {
        "AIRFLOW_HOME": str(home),
        "AIRFLOW__CORE__DAGS_FOLDER": str(ROOT / "dags"),
        "AIRFLOW__CORE__LOAD_EXAMPLES": "False",
        "AIRFLOW__CORE__EXECUTOR": "LocalExecutor",
        # The default forks 32 workers at start.
        "AIRFLOW__CORE__PARALLELISM": "4",
        "AIRFLOW__CORE__EXECUTION_API_SERVER_URL": f"{url}/execution/",
        "AIRFLOW__CORE__SIMPLE_AUTH_MANAGER_ALL_ADMINS": "True",
        "AIRFLOW__DATABASE__SQL_ALCHEMY_CONN": f"sqlite:///{home / 'airflow.db'}",
        "AIRFLOW__API__HOST": "127.0.0.1",
        "AIRFLOW__API__PORT": str(port),
        "AIRFLOW__API__BASE_URL": url,
        "AIRFLOW__API__WORKERS": "1",
        "AIRFLOW__API_AUTH__JWT_SECRET": _secret(home / "jwt_secret"),
        "AIRFLOW__SCHEDULER__SCHEDULER_IDLE_SLEEP_TIME": "0.2",
        "AIRFLOW__SCHEDULER__TASK_INSTANCE_HEARTBEAT_TIMEOUT": "60",
        "AIRFLOW__DAG_PROCESSOR__MIN_FILE_PROCESS_INTERVAL": "30",
        "AIRFLOW__LOGGING__LOGGING_LEVEL": "INFO",
        "PATH": f"{Path(sys.executable).parent}{os.pathsep}{os.environ.get('PATH', '')}",
        "PYTHONWARNINGS": "ignore",
        "HUB_HOME": str(settings.home.resolve()),
    }
    inherited = {name: value for name, value in os.environ.items() if name != "PYTHONDONTWRITEBYTECODE"}
    kept = {name: value for name, value in inherited.items() if name.startswith("AIRFLOW__")}
    return inherited | ours | kept


def _secret(path: Path) -> str:
    """Kept between runs, so that a browser stays signed in; long enough for the signature."""
    path.parent.mkdir(parents=True, exist_ok=True)
    if not path.exists():
        with os.fdopen(os.open(path, os.O_WRONLY | os.O_CREAT, 0o600), "w") as file:
            file.write(secrets.token_hex(48))
    return path.read_text()


def _prepare(home: Path, environment: Mapping[str, str]) -> None:
    config = home / "config"
    config.mkdir(parents=True, exist_ok=True)
    (config / "airflow_local_settings.py").write_text(LOCAL_SETTINGS)
    (home / "logs").mkdir(exist_ok=True)
    migrated = home / "migrated"
    if migrated.exists() and migrated.read_text() == version("apache-airflow"):
        return
    with (home / "logs" / "db-migrate.log").open("wb") as log:
        subprocess.run(  # noqa: S603 - our own fixed arguments
            [_airflow(), "db", "migrate"], env=dict(environment), check=True, stdout=log, stderr=log
        )
    migrated.write_text(version("apache-airflow"))


def _airflow() -> str:
    return str(Path(sys.executable).parent / "airflow")


def _start(name: str, home: Path, environment: Mapping[str, str]) -> subprocess.Popen[bytes]:
    # The log server would listen on every interface; logs are read from the folder.
    extra = ["--skip-serve-logs"] if name == "scheduler" else []
    log = (home / "logs" / f"{name}.log").open("ab")
    return subprocess.Popen(  # noqa: S603 - our own fixed arguments
        [_airflow(), name, *extra],
        env=dict(environment),
        stdin=subprocess.DEVNULL,
        stdout=log,
        stderr=subprocess.STDOUT,
        start_new_session=True,
    )


def _wait(rest: Rest, processes: list[subprocess.Popen[bytes]], home: Path) -> None:
    until = time.monotonic() + STARTS_WITHIN_SECONDS
    while time.monotonic() < until:
        if any(process.poll() is not None for process in processes):
            break
        if rest.sign_in():
            return
        time.sleep(0.2)
    raise StackDidNotStartError(
        f"Airflow did not start within {STARTS_WITHIN_SECONDS} s. "
        f"What to do: read the last lines of the logs in {home / 'logs'}."
    )


def _stop(processes: list[subprocess.Popen[bytes]]) -> None:
    """Ask, ask again, then end the group."""
    for signal_number in (signal.SIGTERM, signal.SIGTERM, signal.SIGTERM, signal.SIGKILL):
        for process in processes:
            if process.poll() is None:
                os.killpg(process.pid, signal_number)
        until = time.monotonic() + STOPS_WITHIN_SECONDS
        while time.monotonic() < until and any(process.poll() is None for process in processes):
            time.sleep(0.05)
    for process in processes:
        process.wait()


def _free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])
