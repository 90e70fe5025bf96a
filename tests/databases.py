"""Databases for tests: empty ones, and those of a hub that has nothing in it yet."""

from __future__ import annotations

import tempfile
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Protocol

from hub.store.engine import Store
from hub.store.migrate import upgrade


class Databases(Protocol):
    def new_database(self) -> str: ...

    def new_hub(self) -> str:
        """Its tables are there: the migrations ran once, and every hub of a test is a copy."""
        ...


@dataclass
class DatabaseFiles:
    """SQLite's, in a folder."""

    folder: Path
    _made: int = 0

    def new_database(self) -> str:
        self._made += 1
        return f"sqlite:///{self.folder / f'database{self._made}.db'}"

    def new_hub(self) -> str:
        return new_hub_file(self.folder / "hub.db")


def new_hub_file(path: Path) -> str:
    path.write_bytes(_migrated())
    return f"sqlite:///{path}"


def migrated(url: str) -> None:
    store = Store(url)
    try:
        upgrade(store)
    finally:
        store.close()


@cache
def _migrated() -> bytes:
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "hub.db"
        migrated(f"sqlite:///{path}")
        return path.read_bytes()
