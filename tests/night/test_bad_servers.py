"""The force's server in every state it can be in: its error, nothing half taken, all of it the next run."""

from __future__ import annotations

import os
import re
from collections.abc import Iterator, Mapping

import paramiko
import pytest

from connectors.errors import (
    ConnectorError,
    CredentialsRefusedError,
    MisconfiguredError,
    PartnerRefusedError,
    PartnerUnavailableError,
)
from simulators.line import End, Manner, line_to
from tests.conftest import needs
from tests.servers.lines import counting_server
from tests.servers.openssh import OpenSsh, running_openssh
from tests.world import World, references, referral

ED25519 = "ssh-ed25519 AAAAC3NzaC1lZDI1NTE5AAAAIHVwCMZpFhmVDnIyE5vO4oy5SHV4oG8mZfeGl7zSa8Ql"
ANOTHER_KIND = paramiko.ECDSAKey.generate()
ECDSA = f"{ANOTHER_KIND.get_name()} {ANOTHER_KIND.get_base64()}"
WRONG = "open sesame"

FAULTS: Mapping[str, tuple[Mapping[str, str | None], type[ConnectorError], str]] = {
    "nobody listens": ({"PORT": "1"}, PartnerUnavailableError, "does not answer"),
    "the name is not known": ({"HOST": "nowhere.invalid"}, PartnerUnavailableError, "does not answer"),
    "another host key": ({"HOST_KEY": ED25519}, PartnerRefusedError, "another host key than the agreed one"),
    "another kind of key": ({"HOST_KEY": ECDSA}, PartnerRefusedError, "another host key than the agreed one"),
    "a key that is none": ({"HOST_KEY": "ssh-ed25519 AAAB"}, MisconfiguredError, "key in our settings"),
    "a wrong password": ({"PASSWORD": WRONG}, CredentialsRefusedError, "refuses our sign-in"),
    "a wrong name": ({"USERNAME": "somebody"}, CredentialsRefusedError, "refuses our sign-in"),
    "no such folder": ({"FOLDER": "elsewhere"}, PartnerRefusedError, "folder or file that was agreed"),
    "no password set": ({"PASSWORD": None}, MisconfiguredError, "HUB_POLICE_PASSWORD"),
    "nothing set": (
        dict.fromkeys(("HOST", "USERNAME", "PASSWORD", "HOST_KEY")),
        MisconfiguredError,
        "HUB_POLICE_HOST, HUB_POLICE_USERNAME, HUB_POLICE_PASSWORD, HUB_POLICE_HOST_KEY",
    ),
    "a port in words": ({"PORT": "twenty-two"}, MisconfiguredError, "HUB_POLICE_PORT"),
}


def set_to(patch: pytest.MonkeyPatch, settings: Mapping[str, str | None]) -> None:
    for name, value in settings.items():
        if value is None:
            patch.delenv(f"HUB_POLICE_{name}")
        else:
            patch.setenv(f"HUB_POLICE_{name}", value)


def nothing_is_registered(world: World) -> bool:
    left = ("batch", "message", "ledger_line", "cursor")
    return not any(world.rows(f"SELECT * FROM {table}") for table in left)  # noqa: S608 - our own tables


@pytest.mark.parametrize(("settings", "kind", "said"), FAULTS.values(), ids=FAULTS)
def test_each_state_of_the_server_has_its_error_and_costs_nothing(
    quiet_world: World,
    monkeypatch: pytest.MonkeyPatch,
    settings: Mapping[str, str | None],
    kind: type[ConnectorError],
    said: str,
) -> None:
    quiet_world.police_send(referral(1))
    with monkeypatch.context() as patch:
        set_to(patch, settings)
        with pytest.raises(kind, match=re.escape(said)) as told:
            quiet_world.pull()
    assert str(told.value).startswith("police: ")
    assert re.search(r"\. What to do: .+\.$", str(told.value))
    secrets = [os.environ["HUB_POLICE_PASSWORD"], *(value for value in settings.values() if value)]
    assert [secret for secret in secrets if secret in str(told.value)] == []
    assert nothing_is_registered(quiet_world)

    quiet_world.pull()
    assert quiet_world.ledger()["recorded"] == {"matched": 1, "new": 1}


@pytest.mark.parametrize(("host_key", "tries"), [(ECDSA, 1), (ED25519, 0)])
def test_a_password_is_offered_once_and_to_nobody_under_a_strange_key(
    quiet_world: World, monkeypatch: pytest.MonkeyPatch, host_key: str, tries: int
) -> None:
    """Tried again, the account locks; shown to a stranger, it is lost."""
    with counting_server(ANOTHER_KIND) as (port, server):
        set_to(monkeypatch, {"PORT": str(port), "HOST_KEY": host_key})
        with pytest.raises(PartnerRefusedError):
            quiet_world.pull()
    assert server.tries == tries


# Enough rows for the line to break among them; sign-in and listing take a few thousand bytes.
ROWS, BREAKS_AFTER = 400, 60_000


@pytest.mark.parametrize("end", End)
def test_a_line_that_breaks_within_a_file_leaves_it_for_the_next_run(
    quiet_world: World, monkeypatch: pytest.MonkeyPatch, end: End
) -> None:
    world = quiet_world
    set_to(monkeypatch, {"ANSWER_SECONDS": "0.3"})
    world.police_send(referral(9000))
    made = world.police_send(*(referral(number) for number in range(1, ROWS + 1)))
    assert len(made.content) > BREAKS_AFTER
    port = int(os.environ["HUB_POLICE_PORT"])
    with line_to(port, Manner(well=BREAKS_AFTER, end=end)) as cut, monkeypatch.context() as patch:
        set_to(patch, {"PORT": str(cut)})
        with pytest.raises(PartnerUnavailableError, match="or the line broke"):
            world.pull()
    assert nothing_is_registered(world)

    world.pull()
    assert world.ledger()["received"] == {"received": 2, "opened": 2}
    assert world.ledger()["recorded"] == {"matched": ROWS + 1, "new": ROWS + 1}


# A real server.


@pytest.fixture(scope="module")
def openssh() -> Iterator[OpenSsh]:
    needs("OpenSSH (as root, for an account of its own)", found=OpenSsh.can_run())
    with running_openssh() as server:
        yield server


@pytest.fixture
def openssh_world(quiet_world: World, openssh: OpenSsh, monkeypatch: pytest.MonkeyPatch) -> World:
    folder = openssh.folder / quiet_world.home.name
    folder.mkdir()
    for name, value in (openssh.settings | {"HUB_POLICE_FOLDER": str(folder)}).items():
        monkeypatch.setenv(name, value)
    quiet_world.police_folder = folder
    return quiet_world


@pytest.mark.server
def test_files_come_from_a_real_openssh(openssh_world: World) -> None:
    world = openssh_world
    world.police_send(*(referral(number) for number in range(1, ROWS + 1)))
    world.pull()
    assert world.ledger()["recorded"] == {"matched": ROWS, "new": ROWS}


@pytest.mark.server
@pytest.mark.parametrize(
    ("settings", "kind", "said", "tries"),
    [
        ({"PASSWORD": WRONG}, CredentialsRefusedError, "refuses our sign-in", 1),
        ({"HOST_KEY": ED25519}, PartnerRefusedError, "another host key", 0),
        ({"FOLDER": "/nowhere"}, PartnerRefusedError, "folder or file that was agreed is missing", 0),
        # The partner changed our rights: of the hub's account, not of root.
        ({"FOLDER": "/root"}, PartnerRefusedError, "missing or closed to us", 0),
        ({"PORT": "1"}, PartnerUnavailableError, "does not answer", 0),
    ],
    ids=["password", "host key", "folder", "rights", "port"],
)
def test_a_real_openssh_in_every_state_has_its_error(
    openssh_world: World,
    openssh: OpenSsh,
    monkeypatch: pytest.MonkeyPatch,
    settings: Mapping[str, str],
    kind: type[ConnectorError],
    said: str,
    tries: int,
) -> None:
    before = failed_sign_ins(openssh)
    set_to(monkeypatch, settings)
    with pytest.raises(kind, match=said):
        openssh_world.pull()
    assert failed_sign_ins(openssh) - before == tries
    assert nothing_is_registered(openssh_world)


def failed_sign_ins(openssh: OpenSsh) -> int:
    return len(re.findall(r"^Failed \S+ for", openssh.log.read_text(), re.MULTILINE))


@pytest.mark.server
def test_one_file_that_is_closed_to_us_keeps_no_other_waiting(openssh_world: World) -> None:
    world = openssh_world
    file, manifest = world.police_send(referral(1)), world.police_send(referral(2))
    closed = [world.police_folder / name for name in (file.name, manifest.manifest_name)]
    for path in closed:
        path.chmod(0o000)
    world.police_send(referral(3))
    world.pull()
    world.push()
    told = [(message["name"], message["reason"]) for message in world.messages() if message["reason"]]
    assert told == [(file.name, "POL-R02"), (None, "POL-R01")]
    assert references(world.worklist()) == ["NMP-R-0000003"]

    for path in closed:
        path.chmod(0o644)
    world.later(days=1)
    world.pull()
    assert world.ledger()["recorded"] == {"matched": 2, "new": 2}
