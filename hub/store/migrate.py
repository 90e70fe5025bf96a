"""The database brought up to date, by Alembic, under a lock: two first runs at once must not both do it."""

from __future__ import annotations

from pathlib import Path

from alembic import command
from alembic.config import Config
from alembic.runtime.migration import MigrationContext
from alembic.script import ScriptDirectory

from hub.store.engine import Store, lock

FOLDER = Path(__file__).parent / "migrations"


def config() -> Config:
    made = Config()
    made.set_main_option("script_location", str(FOLDER))
    return made


def upgrade(store: Store) -> None:
    with store.transaction() as connection:
        lock(connection, "migrate")
        now = MigrationContext.configure(connection).get_current_revision()
        if now != ScriptDirectory.from_config(config()).get_current_head():
            made = config()
            made.attributes["connection"] = connection
            command.upgrade(made, "head")
