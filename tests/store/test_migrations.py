"""The migrations make exactly the tables that the code describes, forwards and back."""

from __future__ import annotations

from alembic import command
from alembic.autogenerate import compare_metadata
from alembic.runtime.migration import MigrationContext

from hub.store import control_tables, record_tables  # noqa: F401 - their tables join the metadata
from hub.store.engine import Store
from hub.store.migrate import config, upgrade
from hub.store.tables import metadata


def test_migrated_tables_are_those_of_the_code(database_url: str) -> None:
    store = Store(database_url)
    upgrade(store)
    with store.transaction() as connection:
        context = MigrationContext.configure(connection, opts={"compare_type": True})
        assert compare_metadata(context, metadata) == []
    store.close()


def test_twice_is_harmless_and_the_way_back_leaves_nothing(database_url: str) -> None:
    store = Store(database_url)
    upgrade(store)
    upgrade(store)
    with store.transaction() as connection:
        settings = config()
        settings.attributes["connection"] = connection
        command.downgrade(settings, "base")
    with store.transaction() as connection:
        assert set(connection.dialect.get_table_names(connection)) <= {"alembic_version"}
    store.close()
