"""The hub's own disk full, its database full or locked: the run fails cleanly, and the next one has all."""

from __future__ import annotations

import resource
import subprocess
from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager, contextmanager
from dataclasses import replace
from pathlib import Path

import pytest
from sqlalchemy.exc import IntegrityError, OperationalError

from hub.exchange import tasks
from hub.exchange.land import land
from hub.faults import StepFailedError
from hub.landing.keyring import SealBrokenError
from hub.store import engine
from hub.store.engine import Store
from tests.traces import Traces
from tests.world import World, references, referral

ADULT = referral(999, DOB="14/03/1980", Surname="Grownwick")
# More than the room there is on the small disk.
MANY = [referral(number, AddressLine2="x" * 300) for number in range(1, 701)]


def complete(world: World, rows: int) -> None:
    """The next run takes all, and nothing is left of the one that failed."""
    world.pull()
    world.push()
    assert len(world.worklist()) == rows
    assert world.rows("SELECT * FROM ledger_gap") == []
    assert world.rows("SELECT DISTINCT state FROM batch") == [{"state": "recorded"}]
    assert Traces.of(world.hub).sealed("Grownwick") == set()


@contextmanager
def small_disk(folder: Path) -> Iterator[None]:
    """A disk of its own for landing, full after a quarter of a MiB; what is on it stays on it."""
    folder.mkdir(exist_ok=True)
    mounted = subprocess.run(
        ["mount", "-t", "tmpfs", "-o", "size=256k", "none", str(folder)], check=False, capture_output=True
    )
    if mounted.returncode:
        pytest.skip("only root may mount a disk")
    yield
    subprocess.run(["mount", "-o", "remount,size=64m", str(folder)], check=True)


@contextmanager
def small_files(_: Path) -> Iterator[None]:
    """No file may grow beyond a quarter of a MiB, as under a quota."""
    soft, hard = resource.getrlimit(resource.RLIMIT_FSIZE)
    resource.setrlimit(resource.RLIMIT_FSIZE, (256 << 10, hard))
    try:
        yield
    finally:
        resource.setrlimit(resource.RLIMIT_FSIZE, (soft, hard))


@pytest.mark.parametrize("limit", [small_disk, small_files])
def test_a_full_disk_under_landing_costs_nothing(
    quiet_world: World,
    monkeypatch: pytest.MonkeyPatch,
    request: pytest.FixtureRequest,
    limit: Callable[[Path], AbstractContextManager[None]],
) -> None:
    world = quiet_world
    landing = world.hub.settings.home / "landing"
    request.addfinalizer(lambda: subprocess.run(["umount", str(landing)], check=False, capture_output=True))
    world.police_send(ADULT)
    world.police_send(*MANY)
    # The lease is written before anything is fetched, and must find room.
    with world.hub.store.reading() as connection:
        connection.exec_driver_sql("PRAGMA wal_checkpoint(TRUNCATE)")
    monkeypatch.setenv("HUB_HOME", str(world.hub.settings.home))
    monkeypatch.setenv("HUB_DATABASE_URL", world.hub.settings.store_url)
    with limit(landing):
        with pytest.raises(OSError, match=r"No space left|too large"):
            world.pull()
        # As the schedule says it, without the words of the error.
        with pytest.raises(StepFailedError, match=r"^The disk is full: OSError at hub/landing/.+ make room"):
            tasks.land_partner("police", "tonight")
    assert world.rows("SELECT * FROM batch") == []
    assert [path for path in landing.rglob("*") if path.name.endswith(".part")] == []
    complete(world, len(MANY))


@pytest.mark.parametrize("pages", [0, 8])
def test_a_full_database_costs_nothing(quiet_world: World, pages: int) -> None:
    world = quiet_world
    world.police_send(ADULT, *MANY[:300])
    with world.hub.store.reading() as connection:
        used = connection.exec_driver_sql("PRAGMA page_count").scalar_one()
    _limit(world, used + pages)
    with pytest.raises(OperationalError, match="full") as fault:
        world.pull()
    assert str(StepFailedError(fault.value)).startswith("The disk is full: OperationalError at hub/")
    _limit(world, 1 << 30)
    complete(world, 300)


@pytest.mark.parametrize("table", ["batch", "ledger_line", "held_row", "outbox"])
def test_a_database_that_refuses_in_the_middle_of_a_hop_costs_nothing(quiet_world: World, table: str) -> None:
    world = quiet_world
    world.police_send(ADULT, referral(1), referral(2, ReferralRef=""))
    with world.hub.store.transaction() as connection:
        connection.exec_driver_sql(
            f"CREATE TRIGGER refuses BEFORE INSERT ON {table} BEGIN SELECT RAISE(ABORT, 'no'); END"
        )
    with pytest.raises(IntegrityError):
        world.pull()
    with world.hub.store.transaction() as connection:
        connection.exec_driver_sql("DROP TRIGGER refuses")
    complete(world, 1)
    assert [row["rules"] for row in world.held()] == ["HUB-T03"]


def _limit(world: World, pages: int) -> None:
    with world.hub.store.reading() as connection:
        connection.exec_driver_sql(f"PRAGMA max_page_count = {pages}")


def test_a_locked_database_is_waited_for_and_then_costs_nothing(
    quiet_world: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    world = quiet_world
    world.police_send(ADULT, referral(1))
    monkeypatch.setattr(engine, "WAIT_SECONDS", 0.2)
    patient = world.hub
    hasty = Store(world.hub.settings.store_url)
    world.hub = replace(patient, store=hasty)
    with patient.store.transaction(), pytest.raises(OperationalError, match="locked"):
        world.pull()
    hasty.close()
    world.hub = patient
    complete(world, 1)


def test_a_batch_that_cannot_go_on_keeps_no_later_one_waiting(quiet_world: World) -> None:
    world = quiet_world
    world.police_send(referral(1))
    with world.at_work() as hub:
        broken, _no_updates = land(hub, "police")
    (frame,) = (world.hub.settings.home / "landing" / "police" / broken / "received").glob("*")
    sound = frame.read_bytes()
    frame.write_bytes(sound[:-1] + bytes([sound[-1] ^ 1]))
    world.police_send(referral(2))
    with pytest.raises(SealBrokenError, match="restore them from the backup"):
        world.pull()
    world.push()
    assert references(world.worklist()) == ["NMP-R-0000002"]

    frame.write_bytes(sound)
    world.pull()
    world.push()
    assert references(world.worklist()) == ["NMP-R-0000001", "NMP-R-0000002"]


def test_a_commit_whose_answer_was_lost_keeps_what_it_committed(
    quiet_world: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    world = quiet_world
    world.police_send(ADULT, referral(1))

    def no_answer(name: str) -> None:
        if name == "land.after_commit":
            raise ConnectionResetError

    with monkeypatch.context() as patch:
        patch.setattr("hub.exchange.land.failpoint", no_answer)
        with pytest.raises(ConnectionResetError):
            world.pull()
    complete(world, 1)
