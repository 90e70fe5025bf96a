"""SQL on SQLAlchemy: a partner's own tables, the same statements on SQLite and PostgreSQL."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from contextlib import contextmanager
from typing import Any

import sqlalchemy as sa
from sqlalchemy.dialects import postgresql, sqlite
from sqlalchemy.exc import ArgumentError, DBAPIError, NoSuchTableError, OperationalError, SQLAlchemyError

from connectors.errors import MisconfiguredError, PartnerRefusedError, PartnerUnavailableError

WAIT_SECONDS = 30
KEYS_AT_ONCE = 500


class SqlDatabase:
    def __init__(self, partner: str, engine: sa.Engine) -> None:
        self._partner = partner
        self._engine = engine
        self._tables: dict[str, sa.Table] = {}

    def table(self, name: str) -> sa.Table:
        """The table as it stands at the partner: what they changed shows before anything is written."""
        if name not in self._tables:
            with _errors(self._partner):
                self._tables[name] = sa.Table(name, sa.MetaData(), autoload_with=self._engine)
        return self._tables[name]

    def add_unless_there(self, table: str, rows: Sequence[dict[str, Any]], *, key: str) -> None:
        """Rows whose key is there already are left as they are, so twice is harmless. One transaction."""
        there = self._with_columns(table, {name for row in rows for name in row})
        dialect = postgresql if self._engine.dialect.name == "postgresql" else sqlite
        statement = dialect.insert(there).on_conflict_do_nothing(index_elements=[key])
        with _errors(self._partner), self._engine.begin() as connection:
            connection.execute(statement, list(rows))

    def select(
        self, table: str, columns: Sequence[str], *, key: str, among: Iterable[str]
    ) -> Iterator[dict[str, Any]]:
        there = self._with_columns(table, columns)
        wanted = list(among)
        for start in range(0, len(wanted), KEYS_AT_ONCE):
            some = wanted[start : start + KEYS_AT_ONCE]
            query = sa.select(*(there.c[name] for name in columns)).where(there.c[key].in_(some))
            with _errors(self._partner), self._engine.connect() as connection:
                yield from (dict(row) for row in connection.execute(query).mappings())

    def _with_columns(self, table: str, columns: Iterable[str]) -> sa.Table:
        """SQLAlchemy drops what it finds no column for, without a word."""
        there = self.table(table)
        if missing := sorted(set(columns) - set(there.columns.keys())):
            raise PartnerRefusedError(
                f"{self._partner}: the agreed table has no column {', '.join(missing)}.",
                fix="ask the partner whether it was renamed, and agree a change before it is made.",
            )
        return there


@contextmanager
def sql_database(partner: str, url: str) -> Iterator[SqlDatabase]:
    engine = _engine(partner, url)
    try:
        yield SqlDatabase(partner, engine)
    finally:
        engine.dispose()


def _engine(partner: str, url: str) -> sa.Engine:
    try:
        address = sa.make_url(url)
        waits = {name: limit for name, limit in _waits(address).items() if name not in address.query}
        # Values must not reach a log through an error of the driver.
        return sa.create_engine(address, connect_args=waits, hide_parameters=True)
    except (ArgumentError, ImportError):
        raise MisconfiguredError(
            f"{partner}: the database address in our settings is not one.",
            fix="put one such as 'postgresql+psycopg://user@host/cases' into database_url.",
        ) from None


def _waits(address: sa.URL) -> dict[str, Any]:
    """How long to wait for an answer and for a lock, unless the address itself says."""
    if address.get_backend_name() == "sqlite":
        return {"timeout": WAIT_SECONDS}
    return {"connect_timeout": WAIT_SECONDS, "options": f"-c lock_timeout={WAIT_SECONDS}s"}


@contextmanager
def _errors(partner: str) -> Iterator[None]:
    try:
        yield
    except NoSuchTableError as error:
        raise PartnerRefusedError(
            f"{partner}: the agreed table is not there.",
            fix="ask the partner whether it was renamed or our rights changed.",
        ) from error
    except OperationalError as error:
        raise PartnerUnavailableError(
            f"{partner}: the database does not answer or is locked.",
            fix="nothing tonight, the next run tries again; if it lasts, ring the partner.",
        ) from error
    except (DBAPIError, SQLAlchemyError) as error:
        # `from None`: the driver's words may hold a row.
        raise PartnerRefusedError(
            f"{partner}: the database refuses what we asked ({type(error).__name__}).",
            fix="compare the table's columns and our rights with the agreement.",
        ) from None
