"""SQL on SQLAlchemy: a partner's own tables, the same statements on SQLite and PostgreSQL."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from typing import Any

import sqlalchemy as sa
from sqlalchemy.dialects import postgresql, sqlite
from sqlalchemy.exc import ArgumentError, DBAPIError, NoSuchTableError, OperationalError, SQLAlchemyError

from connectors.errors import (
    CredentialsRefusedError,
    MisconfiguredError,
    PartnerRefusedError,
    PartnerUnavailableError,
)
from connectors.transports.limits import Limit

WAIT_SECONDS = 30
KEYS_AT_ONCE = 500
ROWS_AT_ONCE = 1000
REFUSALS = (
    "authentication failed",
    "not permitted to log in",
    "no password supplied",
    "no pg_hba.conf entry",
)

LIMITS = (
    Limit("WAIT_SECONDS", WAIT_SECONDS, "seconds to connect, and for a lock"),
    Limit("KEYS_AT_ONCE", KEYS_AT_ONCE, "keys asked for in one statement"),
    Limit("ROWS_AT_ONCE", ROWS_AT_ONCE, "rows in memory at a time while a view is read"),
)


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

    @contextmanager
    def snapshot(self) -> Iterator[Snapshot]:
        """To read, all as it stood at one moment: what is changed meanwhile is seen by the next."""
        with _errors(self._partner), self._engine.connect() as connection:
            if self._engine.dialect.name == "postgresql":
                connection.execution_options(isolation_level="REPEATABLE READ", postgresql_readonly=True)
                connection.exec_driver_sql("SET LOCAL datestyle = 'ISO'")
            else:
                # The driver begins only where something is written, and each SELECT would see its own moment.
                connection.exec_driver_sql("BEGIN")
            yield Snapshot(self._partner, connection)

    def _with_columns(self, table: str, columns: Iterable[str]) -> sa.Table:
        """SQLAlchemy drops what it finds no column for, without a word."""
        there = self.table(table)
        if missing := sorted(set(columns) - set(there.columns.keys())):
            raise PartnerRefusedError(
                f"{self._partner}: the agreed table has no column {', '.join(missing)}.",
                fix="ask the partner whether it was renamed, and agree a change before it is made.",
            )
        return there


@dataclass(frozen=True)
class Beside:
    """Columns of another view, from its row whose `key` is what stands in `by`; empty where there is none."""

    view: str
    columns: tuple[str, ...]
    key: str
    by: str


class Snapshot:
    """One moment of a partner's views: read in a stream, as text, and never written."""

    def __init__(self, partner: str, connection: sa.Connection) -> None:
        self._partner = partner
        self._connection = connection

    def lacks(self, view: str, columns: Iterable[str]) -> list[str]:
        """Which of these columns the view has not."""
        with _errors(self._partner):
            there = sa.inspect(self._connection).get_columns(view)
        return sorted(set(columns) - {column["name"] for column in there})

    def count(self, view: str) -> int:
        with _errors(self._partner):
            query = sa.select(sa.func.count()).select_from(sa.table(view))
            return self._connection.execute(query).scalar_one()

    def rows(
        self,
        view: str,
        columns: Sequence[str],
        *,
        order_by: Sequence[str] = (),
        beside: Beside | None = None,
    ) -> Iterator[tuple[str | None, ...]]:
        """Cell by cell as the database writes it, so that no driver has to understand a value first."""
        there = sa.table(view, *(sa.column(name) for name in {*columns, *order_by}))
        query = sa.select(*_as_text(there, columns))
        if beside:
            other = sa.table(beside.view, *(sa.column(name) for name in {*beside.columns, beside.key}))
            same = there.outerjoin(other, there.c[beside.by] == other.c[beside.key])
            query = query.add_columns(*_as_text(other, beside.columns)).select_from(same)
        # Said outright: databases do not agree on where nothing stands.
        query = query.order_by(*(there.c[name].asc().nulls_first() for name in order_by))
        with _errors(self._partner):
            streamed = self._connection.execution_options(yield_per=ROWS_AT_ONCE).execute(query)
            for row in streamed:
                yield tuple(row)


def _as_text(table: sa.TableClause, columns: Sequence[str]) -> list[sa.Label[str]]:
    return [sa.cast(table.c[name], sa.Text).label(name) for name in columns]


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
    # A line that fell silent is asked whether it is there; nobody waits for it for hours.
    alive = {"keepalives_idle": WAIT_SECONDS, "keepalives_interval": 10, "keepalives_count": 3}
    return {"connect_timeout": WAIT_SECONDS, "options": f"-c lock_timeout={WAIT_SECONDS}s", **alive}


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
        if _is_gone(error):
            raise PartnerRefusedError(
                f"{partner}: the agreed table, or a column beneath it, is not there.",
                fix="ask the partner whether it was renamed or our rights changed.",
            ) from None
        if _refuses_us(error):
            # `from None`: the server's words name the account.
            raise CredentialsRefusedError(
                f"{partner}: the database refuses our sign-in.",
                fix="check account and password with the partner before the next try, or it may lock.",
            ) from None
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


def _refuses_us(error: OperationalError) -> bool:
    """Of a connection that PostgreSQL refuses the driver knows the words and no code."""
    said = str(error.orig)
    return any(words in said for words in REFUSALS)


def _is_gone(error: OperationalError) -> bool:
    """SQLite says by this error, too, that a table or column is missing; others have one of its own."""
    return str(error.orig).startswith(("no such table", "no such column"))
