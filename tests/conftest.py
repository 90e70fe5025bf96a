"""The world of a test: a hub of its own, on SQLite or PostgreSQL, among partners on loopback."""

from __future__ import annotations

import os
from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager, ExitStack
from pathlib import Path

import pytest

from simulators import police
from simulators.partner import Running
from tests.databases import DatabaseFiles, Databases
from tests.memory import in_memory
from tests.servers.mesh_sandbox import MeshSandbox, NoSandboxError, running_mesh_sandbox
from tests.servers.postgres import Postgres, running_postgres
from tests.world import World

# What a person has set for their own hub must not reach a test.
for name in [name for name in os.environ if name.startswith(("HUB_", "AIRFLOW"))]:
    del os.environ[name]

if memory := in_memory():
    os.environ.setdefault("PYTEST_DEBUG_TEMPROOT", str(memory))


# These take minutes, so they begin first: begun last, one of two workers would wait for the other. The
# scaffold stands between two with an Airflow, since both at once take longer than one after the other.
LONG = (
    "airflow/test_a_real_night.py",
    "scaffold/",
    "airflow/",
    "docs/test_the_first_connector.py",
    "outside/",
    "conformance/",
    "crash/",
    "night/test_moods.py",
    "night/test_one_bad_partner.py",
    "night/test_in_order.py",
    "night/test_the_police_are_told.py",
)


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    here = Path(__file__).parent

    def place(item: pytest.Item) -> int:
        file = item.path.relative_to(here).as_posix() if item.path.is_relative_to(here) else ""
        return next((place for place, start in enumerate(LONG) if file.startswith(start)), len(LONG))

    # A sort that leaves the rest in its order.
    items.sort(key=place)


def needs(server: str, *, found: bool) -> None:
    """A real server that is not installed skips the test on a laptop, and fails it in CI."""
    if not found:
        if os.environ.get("CI"):
            pytest.fail(f"{server} is not installed, and in CI no test of a real server may be skipped")
        pytest.skip(f"{server} is not installed")


@pytest.fixture(scope="session")
def postgres() -> Iterator[Postgres]:
    needs("PostgreSQL", found=Postgres.binaries() is not None)
    with running_postgres() as server:
        yield server


@pytest.fixture(scope="session")
def mesh_sandbox() -> Iterator[MeshSandbox]:
    """NHS England's own, with mailboxes for every test."""
    with ExitStack() as running:
        try:
            sandbox = running.enter_context(running_mesh_sandbox())
        except NoSandboxError:
            needs("the MESH sandbox", found=False)
        yield sandbox


@pytest.fixture(params=["sqlite", pytest.param("postgresql", marks=pytest.mark.server)])
def databases(request: pytest.FixtureRequest, tmp_path: Path) -> Databases:
    if request.param == "sqlite":
        return DatabaseFiles(tmp_path)
    server: Postgres = request.getfixturevalue("postgres")
    return server


@pytest.fixture
def database_url(databases: Databases) -> str:
    """An empty database."""
    return databases.new_database()


@pytest.fixture
def new_database(databases: Databases) -> Callable[[], str]:
    """Another empty database of the same kind."""
    return databases.new_database


@pytest.fixture(scope="session")
def police_server(tmp_path_factory: pytest.TempPathFactory) -> Iterator[tuple[Running, Path]]:
    """The force's SFTP server, empty; each test has a folder of its own on it."""
    home = tmp_path_factory.mktemp("force")
    with police.simulator.start(home, 0) as running:
        yield running, home / "police" / "files"


@pytest.fixture
def world(tmp_path: Path, databases: Databases, police_server: tuple[Running, Path]) -> Iterator[World]:
    """Three partners with nothing to say yet, and a hub that knows them."""
    with _world(tmp_path, databases, police_server) as begun:
        yield begun


@pytest.fixture
def sqlite_world(tmp_path: Path, police_server: tuple[Running, Path]) -> Iterator[World]:
    """The same on SQLite alone, where the database is not the point."""
    with _world(tmp_path, DatabaseFiles(tmp_path), police_server) as begun:
        yield begun


def _world(home: Path, databases: Databases, force: tuple[Running, Path]) -> AbstractContextManager[World]:
    running, files = force
    return World.begin(home, databases.new_hub(), databases.new_database(), running.settings, files)
