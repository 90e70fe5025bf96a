"""The migrations make exactly the tables that the code describes, forwards and back."""

from __future__ import annotations

import pytest
import sqlalchemy as sa
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


STATES = {"waiting": "new", "gone on": "gone_on", "released": "released", "discarded": "discarded"}
BACK_AGAIN = {"new": "waiting", "came_back": "waiting", "gone_on": "gone on", "explained": "waiting"}


@pytest.mark.parametrize(
    ("first", "then", "states"), [("0001", "0002", STATES), ("0002", "0001", BACK_AGAIN)], ids=["on", "back"]
)
def test_rows_that_were_held_before_keep_their_place_in_the_table_of_moves(
    database_url: str, first: str, then: str, states: dict[str, str]
) -> None:
    store = Store(database_url)
    _migrate(store, first)
    about = (
        "'b', {}, 0, 0, 'police', 'referrals', '2026-11-23', 'translated', 'HUB-T03', 'w', 'police', false, "
        "'{}', '2026-11-23 04:30:00'"
    )
    names = (
        "batch_id, message, row, part, partner, feed, night, hop, rules, words, owner, safety, state, held_at"
    )
    with store.transaction() as connection:
        for place, state in enumerate(states):
            row = about.format(place, state)
            connection.exec_driver_sql(f"INSERT INTO held_row ({names}) VALUES ({row})")  # noqa: S608
    _migrate(store, then)
    with store.reading() as connection:
        found = connection.execute(sa.text("SELECT state FROM held_row ORDER BY message")).scalars().all()
    assert list(found) == list(states.values())
    store.close()


def _migrate(store: Store, to: str) -> None:
    with store.transaction() as connection:
        settings = config()
        settings.attributes["connection"] = connection
        here = MigrationContext.configure(connection).get_current_revision() or "base"
        (command.downgrade if here > to and here != "base" else command.upgrade)(settings, to)
