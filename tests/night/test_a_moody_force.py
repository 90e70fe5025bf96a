"""The force's server fails at any point of our writing: no half file, nothing lost, nothing twice."""

from __future__ import annotations

import hashlib
import json
import os
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from connectors.errors import PartnerUnavailableError
from simulators import police_clerk
from simulators.line import End, Manner, line_to
from tests.conftest import needs
from tests.night.statuses import Statuses, status
from tests.servers.moody_sftp import Moods, moody_sftp
from tests.servers.openssh import UID, OpenSsh, running_openssh
from tests.world import World, referral

STATUSES = 40


def see_to(world: World, patch: pytest.MonkeyPatch, settings: dict[str, str], root: Path) -> None:
    world.police_folder, world.police_inbound = root / "outbound", root / "inbound"
    for name, value in settings.items():
        patch.setenv(name, value)


@pytest.fixture
def force(quiet_world: World, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Moods]:
    with moody_sftp(tmp_path / "force") as moods:
        see_to(quiet_world, monkeypatch, moods.settings, tmp_path / "force")
        yield moods


@pytest.fixture
def yjs(quiet_world: World) -> Statuses:
    return Statuses(quiet_world)


def check_inbound(inbound: Path) -> None:
    """Under an agreed name stand whole files alone; a manifest tells of a file that is there."""
    for path in inbound.glob("decision_*.csv"):
        assert path.stem.rsplit("_")[-1] == hashlib.sha256(path.read_bytes()).hexdigest()[:12]
    for manifest in inbound.glob("decision_*.manifest.json"):
        (told,) = json.loads(manifest.read_bytes())["files"]
        assert hashlib.sha256((inbound / told["name"]).read_bytes()).hexdigest() == told["sha256"]


def told(world: World) -> list[str]:
    return sorted(
        row["ReferralRef"] for file in police_clerk.taken(world.police_inbound) for row in file.rows
    )


def states(world: World) -> set[str]:
    return {row["state"] for row in world.rows("SELECT state FROM outbox WHERE to_partner = 'police'")}


def full(force: Moods) -> None:
    force.room = 3_000


def without_renames(force: Moods) -> None:
    force.refuses_renames = True


@pytest.mark.parametrize("mood", [full, without_renames])
def test_messages_stay_due_until_the_server_takes_them(
    yjs: Statuses, force: Moods, mood: Callable[[Moods], None]
) -> None:
    world = yjs.world
    yjs.say(*(status(number) for number in range(1, STATUSES + 1)))
    mood(force)
    with pytest.raises(PartnerUnavailableError, match="did not take a file of ours"):
        world.push("police")
    assert states(world) == {"queued"}
    assert [path.suffix for path in world.police_inbound.iterdir()] == [".part"]

    force.better()
    world.push("police")
    assert told(world) == [f"NMP-R-{number:07d}" for number in range(1, STATUSES + 1)]
    assert states(world) == {"received"}
    assert not list(world.police_inbound.glob("*.part"))


def test_whichever_request_fails_nothing_is_lost_or_twice(yjs: Statuses, force: Moods) -> None:
    """Each request of a push in turn: reading what is there, writing, renaming, clearing away."""
    world, failed = yjs.world, [False]
    while failed[-1] or not any(failed):
        number = len(failed)
        yjs.say(status(number))
        force.better()
        force.fails_at = number
        failed.append(not pushed(world))
        check_inbound(world.police_inbound)
        force.better()
        assert pushed(world)
        check_inbound(world.police_inbound)
        assert told(world) == [f"NMP-R-{number:07d}"]
        # The force puts away what it has seen.
        for path in world.police_inbound.iterdir():
            path.unlink()
    assert len(failed) > 6
    assert states(world) == {"received"}


def pushed(world: World) -> bool:
    try:
        world.push("police")
    except PartnerUnavailableError:
        return False
    return True


@pytest.mark.parametrize("after", range(4_200, 7_600, 400))
def test_a_line_that_drops_in_the_middle_leaves_no_half_file(
    yjs: Statuses, force: Moods, monkeypatch: pytest.MonkeyPatch, after: int
) -> None:
    world = yjs.world
    monkeypatch.setenv("HUB_POLICE_ANSWER_SECONDS", "1")
    yjs.say(*(status(number) for number in range(1, STATUSES + 1)))
    broken = Manner(well=after, end=End.HANG_UP)
    with line_to(int(os.environ["HUB_POLICE_PORT"]), broken) as cut, monkeypatch.context() as patch:
        patch.setenv("HUB_POLICE_PORT", str(cut))
        with pytest.raises(PartnerUnavailableError, match="or the line broke"):
            world.push("police")
    check_inbound(world.police_inbound)

    world.push("police")
    assert len(told(world)) == len(set(told(world))) == STATUSES
    assert states(world) == {"received"}


# A real server.


@pytest.fixture(scope="module")
def openssh() -> Iterator[OpenSsh]:
    needs("OpenSSH (as root, for an account of its own)", found=OpenSsh.can_run())
    with running_openssh() as server:
        yield server


@pytest.fixture
def real(quiet_world: World, openssh: OpenSsh, monkeypatch: pytest.MonkeyPatch) -> World:
    folder, inbound = (made / quiet_world.home.name for made in (openssh.folder, openssh.inbound))
    for made in (folder, inbound):
        made.mkdir()
    os.chown(inbound, UID, UID)
    settings = {"HUB_POLICE_FOLDER": str(folder), "HUB_POLICE_INBOUND": str(inbound)}
    for name, value in (openssh.settings | settings).items():
        monkeypatch.setenv(name, value)
    quiet_world.police_folder, quiet_world.police_inbound = folder, inbound
    return quiet_world


@pytest.mark.server
def test_a_real_openssh_takes_our_files_whole(real: World) -> None:
    yjs = Statuses(real)
    sent = real.police_send(referral(1))
    real.pull("police")
    yjs.say(*(status(number) for number in range(1, STATUSES + 1)))
    real.push("police")
    check_inbound(real.police_inbound)
    assert len(told(real)) == STATUSES
    assert (real.police_inbound / f"{sent.name}.ack.json").exists()
    real.police_clerk_looks()
    real.push("police")
    assert states(real) <= {"accepted", "refused"}


@pytest.mark.server
def test_a_real_openssh_with_a_full_disk_is_told_the_next_time(real: World) -> None:
    sent = real.police_send(referral(1))
    real.pull("police")
    full_disk = real.police_inbound / f"{sent.name}.rej.csv.part"
    full_disk.symlink_to("/dev/full")
    with pytest.raises(PartnerUnavailableError, match="did not take a file of ours"):
        real.push("police")
    assert real.rows("SELECT reported_at FROM message") == [{"reported_at": None}]

    full_disk.unlink()
    real.push("police")
    assert (real.police_inbound / f"{sent.name}.ack.json").exists()


@pytest.mark.server
def test_a_real_openssh_that_cannot_rename_keeps_the_messages_due(real: World) -> None:
    sent = real.police_send(referral(1))
    real.pull("police")
    in_the_way = real.police_inbound / f"{sent.name}.rej.csv"
    in_the_way.mkdir()
    with pytest.raises(PartnerUnavailableError, match="did not take a file of ours"):
        real.push("police")

    in_the_way.rmdir()
    real.push("police")
    assert (real.police_inbound / f"{sent.name}.ack.json").exists()
