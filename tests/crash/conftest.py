"""Zygotes and stages for the crash tests."""

from __future__ import annotations

import shutil
import tempfile
from collections.abc import Iterator
from functools import cache
from pathlib import Path

import pytest

from connectors.transports import sql
from hub.store import engine, leases
from tests.conftest import needs
from tests.crash import plain_sftp, runs
from tests.crash.runs import Zygote
from tests.crash.stage import Stage, stage
from tests.servers.postgres import Postgres

# What is to be shown often is shown a few times with every change.
OFTEN, A_FEW_TIMES = 50, 6
IN_MEMORY = Path("/dev/shm")  # noqa: S108 - a folder of our own below it


@pytest.fixture(scope="module")
def zygote() -> Iterator[Zygote]:
    with runs.zygote() as started:
        yield started


@pytest.fixture
def root() -> Iterator[Path]:
    """In memory where there is such a place: a kill is no power cut, and the disk is slow."""
    needs("OpenSSH's sftp-server", found=plain_sftp.SERVER.exists())
    made = Path(tempfile.mkdtemp(prefix="hub-crash-", dir=IN_MEMORY if IN_MEMORY.is_dir() else None))
    yield made
    shutil.rmtree(made, ignore_errors=True)


@pytest.fixture(autouse=True)
def warm_engines(monkeypatch: pytest.MonkeyPatch) -> None:
    """The statements to the case system are compiled once, not for each restart; it closes after each use."""
    monkeypatch.setattr(sql, "_engine", cache(sql._engine))


@pytest.fixture
def postgres_url(postgres: Postgres) -> str:
    return postgres.new_hub()


@pytest.fixture(params=["sqlite", pytest.param("postgresql", marks=pytest.mark.server)])
def staged(request: pytest.FixtureRequest, root: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Stage]:
    # Whoever stands still keeps SQLite's lock, and half a minute would be a long wait for each.
    monkeypatch.setattr(engine, "WAIT_SECONDS", 0.5)
    monkeypatch.setattr(leases, "TAKE_WITHIN_SECONDS", 0.5)
    url = None if request.param == "sqlite" else request.getfixturevalue("postgres_url")
    with stage(root, url) as made:
        yield made


@pytest.fixture(params=[A_FEW_TIMES, pytest.param(OFTEN, marks=pytest.mark.soak)])
def times(request: pytest.FixtureRequest) -> int:
    return int(request.param)
