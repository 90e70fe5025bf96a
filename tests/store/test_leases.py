"""One worker for each partner and direction: who may take a lease, and who has lost it."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime, timedelta

import pytest
from sqlalchemy.exc import OperationalError

from hub.store import leases
from hub.store.engine import Connection, Store
from hub.store.leases import PULL, PUSH, Lease, LeaseBusyError, LeaseLostError
from hub.store.migrate import upgrade
from tests.servers.postgres import Postgres

EARLY = datetime(2026, 11, 23, 4, 0, tzinfo=UTC)
LENGTH = timedelta(minutes=10)


@pytest.fixture
def connection(database_url: str) -> Iterator[Connection]:
    store = Store(database_url)
    upgrade(store)
    with store.transaction() as connection:
        yield connection
    store.close()


def take(connection: Connection, holder: str, *, after: float = 0, direction: str = PULL) -> Lease:
    now = EARLY + timedelta(minutes=after)
    return leases.take(connection, "police", direction, holder=holder, now=now, length=LENGTH)


def hold(connection: Connection, lease: Lease, *, after: float = 0) -> None:
    leases.hold(connection, lease, now=EARLY + timedelta(minutes=after), length=LENGTH)


def test_while_one_run_is_at_work_another_is_told_so(connection: Connection) -> None:
    take(connection, "a")
    with pytest.raises(LeaseBusyError, match=r"police: another pull run is at work until 04:10 UTC"):
        take(connection, "b", after=9)


def test_the_two_directions_keep_nobody_waiting(connection: Connection) -> None:
    take(connection, "a")
    assert take(connection, "b", direction=PUSH).number == 1


def test_whoever_stood_still_past_the_lease_has_lost_it_once_another_took_it(connection: Connection) -> None:
    first = take(connection, "a")
    second = take(connection, "b", after=11)
    assert second.number > first.number
    with pytest.raises(LeaseLostError, match="changed nothing"):
        hold(connection, first, after=12)
    hold(connection, second, after=12)


def test_a_lease_that_ran_out_and_that_nobody_took_is_still_held(connection: Connection) -> None:
    first = take(connection, "a")
    hold(connection, first, after=30)
    with pytest.raises(LeaseBusyError):
        take(connection, "b", after=31)


def test_every_commit_makes_it_last_longer(connection: Connection) -> None:
    first = take(connection, "a")
    hold(connection, first, after=9)
    with pytest.raises(LeaseBusyError):
        take(connection, "b", after=18)


def test_a_run_that_is_tried_again_stops_its_own_earlier_try(connection: Connection) -> None:
    first = take(connection, "a")
    again = take(connection, "a", after=1)
    with pytest.raises(LeaseLostError):
        hold(connection, first, after=1)
    hold(connection, again, after=1)


def test_of_two_tries_of_a_later_step_the_later_has_it(connection: Connection) -> None:
    number = take(connection, "a").number
    first, second = (
        leases.resume(connection, "police", PULL, number, now=EARLY, length=LENGTH) for _ in range(2)
    )
    with pytest.raises(LeaseLostError):
        hold(connection, first)
    hold(connection, second)


def test_a_step_of_a_run_that_was_overtaken_does_not_begin(connection: Connection) -> None:
    number = take(connection, "a").number
    take(connection, "b", after=11)
    with pytest.raises(LeaseLostError):
        leases.resume(connection, "police", PULL, number, now=EARLY, length=LENGTH)


def test_given_back_it_is_free_at_once(connection: Connection) -> None:
    first = take(connection, "a")
    leases.end(connection, first, now=EARLY)
    assert take(connection, "b").number == first.number + 1


def test_freed_by_hand_it_is_lost_to_its_run(connection: Connection) -> None:
    first = take(connection, "a")
    assert leases.end_by_hand(connection, "police", PULL, now=EARLY)
    with pytest.raises(LeaseLostError):
        leases.check(connection, first)
    take(connection, "b")
    assert not leases.end_by_hand(connection, "housing", PULL, now=EARLY)


def test_a_clock_that_went_back_an_hour_keeps_nobody_waiting_for_it(connection: Connection) -> None:
    first = take(connection, "a")
    second = take(connection, "b", after=-60)
    with pytest.raises(LeaseLostError):
        hold(connection, first, after=-60)
    hold(connection, second, after=-60)


@contextmanager
def standing_still(store: Store, lease: Lease) -> Iterator[None]:
    """A worker in the middle of a commit, and of a COPY, while others go on."""
    with store.engine.connect() as connection, connection.begin():
        hold(connection, lease, after=1)
        connection.exec_driver_sql("CREATE TEMP TABLE staged (word text)")
        cursor = connection.connection.driver_connection.cursor()
        with cursor.copy("COPY staged FROM STDIN") as copy:
            copy.write("a row\n")
            yield


@pytest.mark.server
def test_who_stands_still_within_a_commit_is_cut_off_once_the_lease_has_run_out(
    postgres: Postgres, monkeypatch: pytest.MonkeyPatch
) -> None:
    """PostgreSQL ends a transaction in which nothing is said, but waits for ever in the middle of a COPY."""
    monkeypatch.setattr(leases, "TAKE_WITHIN_SECONDS", 0.2)
    store = Store(postgres.new_database(), frozen_after=timedelta(seconds=1))
    upgrade(store)
    with store.transaction() as connection:
        first = take(connection, "a")

    def others_go_on() -> None:
        with standing_still(store, first):
            with store.transaction() as connection, pytest.raises(LeaseBusyError):
                take(connection, "b", after=9)
            with store.transaction() as connection:
                assert take(connection, "b", after=11).number == first.number + 1

    with pytest.raises(OperationalError, match="connection is lost"):
        others_go_on()
    store.close()
