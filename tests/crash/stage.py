"""A world that can be set back to one moment in a few milliseconds, as often as there are points to try."""

from __future__ import annotations

import shutil
from collections.abc import Iterator, Mapping
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field, replace
from hashlib import blake2b
from pathlib import Path
from typing import Any

import psycopg
import sqlalchemy as sa

from quality.rules import Suite
from tests.crash import plain_sftp
from tests.databases import new_hub_file
from tests.world import World

# Nothing of the force's sign-in is used: the line to it is there already.
FORCE = {f"HUB_POLICE_{name}": "1" for name in ("HOST", "PORT", "USERNAME", "PASSWORD", "HOST_KEY")}
KEPT = ("w", "force")
DATABASES = ("hub.db", "cases.db")
Dump = dict[str, list[str]]
State = bytes
OF_THE_AUDIT = {
    "audit_event": "(SELECT subject FROM audit_event WHERE event = 'disclosure')",
    "audit_head": "(SELECT 0)",
}


@dataclass
class Stage:
    world: World
    root: Path
    # Only for PostgreSQL; hub and case system share a database.
    server: psycopg.Connection[Any] | None = None
    _tables: list[str] = field(default_factory=list)

    def save(self) -> None:
        """The moment to which `reset` goes back."""
        self.world.hub.store.close()
        if self.server is not None:
            self._copy_tables()
        shutil.rmtree(self._saved, ignore_errors=True)
        self._saved.mkdir()
        for name in self._files():
            _copy(self.root / name, self._saved / name)
        self._now = self.world.now[0]

    def reset(self) -> None:
        self.world.hub.store.close()
        for name in (*KEPT, *(f"{one}{end}" for one in DATABASES for end in ("", "-wal", "-shm"))):
            _remove(self.root / name)
        for name in self._files(self._saved):
            _copy(self._saved / name, self.root / name)
        if self.server is not None:
            self.server.execute(self._back)
        self.world.now[0] = self._now

    def dump(self) -> Dump:
        """Every row of the hub and of the case system, and every file."""
        return self._rows({}) | {"files": sorted(self._file_lines())}

    def state(self, place: str) -> State:
        """All that decides how it goes on from `place`: equal ones go on alike, byte for byte.

        Of the audit, which is only ever added to, it is what was handed over; its chain is looked at apart.
        """
        dumped = self._rows(OF_THE_AUDIT) | {"files": list(self._file_lines())}
        what = repr((place, self.world.now, sorted((name, sorted(rows)) for name, rows in dumped.items())))
        return blake2b(what.encode(), digest_size=16).digest()

    @property
    def _saved(self) -> Path:
        return self.root / "saved"

    def _files(self, of: Path | None = None) -> list[str]:
        return [name for name in (*KEPT, *DATABASES) if ((of or self.root) / name).exists()]

    def _copy_tables(self) -> None:
        assert self.server is not None
        found = self.server.execute("SELECT tablename FROM pg_tables WHERE schemaname = 'public'")
        self._tables = sorted(str(name) for (name,) in found)
        self.server.execute("DROP SCHEMA IF EXISTS saved CASCADE; CREATE SCHEMA saved")
        for name in self._tables:
            self.server.execute(f"CREATE TABLE saved.{name} AS TABLE public.{name}")
        back = [
            f"DELETE FROM {name}; INSERT INTO {name} SELECT * FROM saved.{name}"  # noqa: S608 - our own tables
            for name in self._tables
        ]
        counters = self.server.execute("SELECT sequencename, last_value FROM pg_sequences").fetchall()
        back += [f"SELECT setval('{name}', {last or 1}, {last is not None})" for name, last in counters]
        self._back = "; ".join(back)

    def _rows(self, instead: Mapping[str, str]) -> Dump:
        """`instead` of a whole table, what is asked of it."""
        if self.server is not None:
            one = "SELECT '{0}', to_jsonb(t)::text FROM {1} t"
            asked = (one.format(name, instead.get(name, name)) for name in self._tables)
            dumped: Dump = {}
            for name, row in self.server.execute(" UNION ALL ".join(asked)):
                dumped.setdefault(str(name), []).append(str(row))
            return dumped
        return {
            f"{file} {name}": rows
            for file in DATABASES
            for name, rows in _sqlite_rows(self.root / file, instead)
        }

    def _file_lines(self) -> Iterator[str]:
        for kept in KEPT:
            found = [path for path in (self.root / kept).rglob("*") if path.is_file()]
            # The force takes files in the order in which they were written.
            if kept == "force":
                found.sort(key=lambda path: path.stat().st_mtime_ns)
            for place, path in enumerate(found):
                order = place if kept == "force" else ""
                yield f"{order} {path.relative_to(self.root)} {blake2b(path.read_bytes()).hexdigest()}"


def _sqlite_rows(path: Path, instead: Mapping[str, str]) -> Iterator[tuple[str, list[str]]]:
    import sqlite3

    with suppress(FileNotFoundError):
        connection = sqlite3.connect(path)
        try:
            tables = connection.execute("SELECT name FROM sqlite_master WHERE type = 'table'").fetchall()
            for (name,) in tables:
                rows = connection.execute(f"SELECT * FROM {instead.get(name, name)}").fetchall()  # noqa: S608
                yield name, [repr(row) for row in rows]
        finally:
            connection.close()


def _copy(found: Path, to: Path) -> None:
    if found.is_dir():
        shutil.copytree(found, to)
    else:
        shutil.copy2(found, to)


def _remove(path: Path) -> None:
    if path.is_dir():
        shutil.rmtree(path)
    else:
        path.unlink(missing_ok=True)


@contextmanager
def stage(root: Path, postgres_url: str | None = None) -> Iterator[Stage]:
    """An empty world below `root`, its partners outliving whoever is killed."""
    (root / "force").mkdir(parents=True)
    hub, cases = (root / name for name in DATABASES)
    with plain_sftp.serving(root) as door:
        settings = {**FORCE, plain_sftp.SOCKET: str(door)}
        urls = (postgres_url, postgres_url) if postgres_url else (new_hub_file(hub), f"sqlite:///{cases}")
        with World.begin(root / "w", *urls, settings, root / "force") as world:
            parts = {"connector": plain_sftp.connector, "agreement": plain_sftp.agreement}
            world.hub = replace(world.hub, suite=Suite, matching=(), **parts)
            with _connected(postgres_url) as server:
                yield Stage(world, root, server)


@contextmanager
def _connected(url: str | None) -> Iterator[psycopg.Connection[Any] | None]:
    if url is None:
        yield None
        return
    address = sa.make_url(url)
    with psycopg.connect(
        host=address.host, port=address.port, user=address.username, dbname=address.database, autocommit=True
    ) as connection:
        yield connection
