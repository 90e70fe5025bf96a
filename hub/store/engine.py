"""The one way to the hub's database: SQLite on one machine, PostgreSQL in production."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import timedelta
from typing import Any

import sqlalchemy as sa
from sqlalchemy import event

Connection = sa.Connection
WAIT_SECONDS = 30
CACHE_KIB = 512 * 1024
FROZEN_AFTER = timedelta(minutes=10)


class Store:
    """Hands out transactions. Nothing else in the hub holds an engine."""

    def __init__(self, url: str, *, frozen_after: timedelta = FROZEN_AFTER) -> None:
        """A transaction that stands still for `frozen_after` is cut off by PostgreSQL."""
        self.engine = _engine(url, frozen_after)

    @contextmanager
    def transaction(self) -> Iterator[sa.Connection]:
        with self.engine.begin() as connection:
            yield connection

    @contextmanager
    def reading(self) -> Iterator[sa.Connection]:
        """For long reads: keeps no writer waiting."""
        with self.engine.connect().execution_options(hub_reads_only=True) as connection, connection.begin():
            yield connection

    def close(self) -> None:
        self.engine.dispose()

    @property
    def is_sqlite(self) -> bool:
        return self.engine.dialect.name == "sqlite"


def _engine(url: str, frozen_after: timedelta) -> sa.Engine:
    # hide_parameters: a driver's error must not carry a row into a log.
    if not url.startswith("sqlite"):
        # Or a stopped process would keep its locks, its lease among them, for ever.
        limit = f"-c idle_in_transaction_session_timeout={int(frozen_after.total_seconds() * 1000)}"
        return sa.create_engine(
            url, hide_parameters=True, pool_pre_ping=True, connect_args={"options": limit}
        )
    engine = sa.create_engine(url, hide_parameters=True, connect_args={"timeout": WAIT_SECONDS})
    event.listen(engine, "connect", _prepare_sqlite)
    event.listen(engine, "begin", _begin_immediate)
    return engine


def _prepare_sqlite(connection: Any, _record: Any) -> None:
    # The driver's own BEGIN is deferred, and two deferred writers lose updates without an error.
    connection.isolation_level = None
    for pragma in (
        "journal_mode=wal",
        "synchronous=full",
        "foreign_keys=on",
        "secure_delete=on",
        # Staging tables hold nothing plain, and zeroing them would double their cost.
        "temp.secure_delete=off",
        f"cache_size=-{CACHE_KIB}",
        f"temp.cache_size=-{CACHE_KIB}",
        "temp_store=file",
    ):
        connection.execute(f"PRAGMA {pragma}")


def _begin_immediate(connection: sa.Connection) -> None:
    reads_only = connection.get_execution_options().get("hub_reads_only", False)
    connection.exec_driver_sql("BEGIN" if reads_only else "BEGIN IMMEDIATE")


def lock(connection: sa.Connection, name: str) -> None:
    """One at a time until the transaction ends. SQLite has one writer anyway."""
    if connection.dialect.name == "postgresql":
        connection.execute(
            sa.text("SELECT pg_advisory_xact_lock(hashtextextended(:name, 0))"), {"name": f"hub {name}"}
        )


def by_name(result: sa.Result[Any]) -> dict[str, Any]:
    """A result of two columns, a name and what belongs to it."""
    return {str(name): value for name, value in (tuple(row) for row in result)}
