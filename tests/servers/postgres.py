"""A PostgreSQL server of our own, from Debian's binaries, on loopback."""

from __future__ import annotations

import os
import pwd
import secrets
import shutil
import socket
import subprocess
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

import psycopg

from tests.databases import migrated
from tests.memory import in_memory

MIGRATED = "hub_migrated"


@dataclass(frozen=True)
class Postgres:
    port: int
    # The folder of its socket.
    sockets: Path

    @staticmethod
    def binaries() -> Path | None:
        found = sorted(Path("/usr/lib/postgresql").glob("*/bin/initdb"))
        if found:
            return found[-1].parent
        on_path = shutil.which("initdb")
        return Path(on_path).parent if on_path else None

    def new_database(self) -> str:
        return self._made(f"test_{secrets.token_hex(6)}")

    def new_hub(self) -> str:
        """Its tables are there: the migrations ran once, and every hub of a test is a copy."""
        try:
            return self._made(f"test_{secrets.token_hex(6)}", like=MIGRATED)
        except psycopg.errors.InvalidCatalogName:
            migrated(self._made(MIGRATED))
            return self.new_hub()

    def _made(self, name: str, *, like: str = "template1") -> str:
        address = f"host=127.0.0.1 port={self.port} user=hub dbname=postgres"
        with psycopg.connect(address, autocommit=True) as connection:
            connection.execute(f"CREATE DATABASE {name} TEMPLATE {like}")
        return f"postgresql+psycopg://hub@127.0.0.1:{self.port}/{name}"


@contextmanager
def running_postgres(owner: str = "hub", *, from_hosts: str = "trust") -> Iterator[Postgres]:
    """`owner` may do everything; who comes by address signs in as `from_hosts` says."""
    folder = Path(tempfile.mkdtemp(prefix="hub-postgres-", dir=in_memory()))
    account = _account(folder)
    binaries = Postgres.binaries()
    assert binaries is not None
    port = _free_port()
    data = folder / "data"
    subprocess.run(
        [
            *(binaries / "initdb", "-D", data, "-U", owner, "-E", "UTF8", "--no-sync"),
            *("--auth-local=trust", f"--auth-host={from_hosts}"),
        ],
        check=True,
        capture_output=True,
        user=account,
        cwd=folder,
    )
    options = f"-p {port} -k {folder} -c listen_addresses=127.0.0.1 -c fsync=off -c max_connections=50"
    control = [binaries / "pg_ctl", "-D", data, "-w", "-l", folder / "log", "-o", options]
    subprocess.run([*control, "start"], check=True, capture_output=True, user=account, cwd=folder)
    try:
        yield Postgres(port, folder)
    finally:
        stop = [binaries / "pg_ctl", "-D", data, "-w", "-m", "immediate", "stop"]
        subprocess.run(stop, check=True, capture_output=True, user=account, cwd=folder)
        shutil.rmtree(folder, ignore_errors=True)


def _account(folder: Path) -> str | None:
    """PostgreSQL refuses to run as root; Debian's package brings an account for it."""
    if os.geteuid() != 0:
        return None
    account = pwd.getpwnam("postgres")
    os.chown(folder, account.pw_uid, account.pw_gid)
    return "postgres"


def _free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])
