"""The engine's promises: nothing is lost between two writers, and a sync stands before the send."""

from __future__ import annotations

import threading

import pytest
import sqlalchemy as sa

from hub.faults import StepFailedError
from hub.store.engine import Store, lock


def test_two_writers_at_once_lose_no_update(database_url: str) -> None:
    """With the driver's own deferred BEGIN this counter ends far below 100 on SQLite, without an error."""
    store = Store(database_url)
    counter = sa.Table("counter", sa.MetaData(), sa.Column("n", sa.Integer))
    with store.transaction() as connection:
        counter.create(connection)
        connection.execute(counter.insert().values(n=0))

    def count() -> None:
        for _ in range(25):
            with store.transaction() as connection:
                lock(connection, "counter")
                seen = connection.execute(sa.select(counter.c.n)).scalar_one()
                connection.execute(counter.update().values(n=seen + 1))

    workers = [threading.Thread(target=count) for _ in range(4)]
    for worker in workers:
        worker.start()
    for worker in workers:
        worker.join()
    with store.reading() as connection:
        assert connection.execute(sa.select(counter.c.n)).scalar_one() == 100
    store.close()


def test_sqlite_syncs_in_full_and_wipes_what_is_deleted(tmp_path: object) -> None:
    store = Store(f"sqlite:///{tmp_path}/hub.db")
    asked = {"journal_mode": "wal", "synchronous": 2, "secure_delete": 1, "foreign_keys": 1}
    with store.reading() as connection:
        found = {name: connection.exec_driver_sql(f"PRAGMA {name}").scalar_one() for name in asked}
    assert found == asked
    store.close()


def test_what_a_driver_says_of_a_row_is_not_told_on(database_url: str) -> None:
    """PostgreSQL names the key that was there twice; a log must not."""
    store = Store(database_url)
    table = sa.Table("told", sa.MetaData(), sa.Column("key", sa.Text, primary_key=True))
    with store.transaction() as connection:
        table.create(connection)
        connection.execute(table.insert().values(key="Quillborne"))
    with pytest.raises(sa.exc.IntegrityError) as fault, store.transaction() as connection:
        connection.execute(table.insert().values(key="Quillborne"))
    told = str(StepFailedError(fault.value))
    assert told.startswith("IntegrityError at tests/store/test_transactions.py, line")
    assert "Quillborne" not in told
    store.close()
