"""The police force: referrals in an SFTP folder, with a host key of its own and a password."""

from collections.abc import Mapping, Sequence
from pathlib import Path

from simulators.cast import bystanders, cast
from simulators.drop import write_once
from simulators.moods import CALM, Door
from simulators.nights import morning
from simulators.partner import Running, Simulator, start_child
from simulators.people import YoungPerson
from simulators.police_files import Drop, drop
from simulators.police_moods import FILES
from simulators.police_referrals import night_rows

USERNAME = "northmoor-yjs"
FOLDER, INBOUND = "outbound", "inbound"


def referral_drop(night: int, people: Sequence[YoungPerson]) -> Drop:
    return drop(night_rows(night, people, bystanders()), morning(night))


def referral_files(night: int, people: Sequence[YoungPerson]) -> dict[str, bytes]:
    """One night's file and manifest, by name, in the order they are written."""
    return referral_drop(night, people).files()


def write_nights(folder: Path, night: int, mood: str = CALM) -> None:
    """Every night up to this one: the force leaves what it sent in the folder for 30 days."""
    people, files = cast(), FILES.get(mood, Drop.files)
    for each in range(1, night + 1):
        for name, content in files(referral_drop(each, people)).items():
            write_once(folder / name, content)


def known_hosts_line(settings: Mapping[str, str]) -> str:
    """The server's key as a known_hosts file holds it."""
    address, port, key = (settings[f"HUB_POLICE_{name}"] for name in ("HOST", "PORT", "HOST_KEY"))
    return f"[{address}]:{port} {key}"


def begin(home: Path, night: int, mood: str) -> Running:
    return start_child("simulators.police_server", home / "police", night, mood)


simulator = Simulator("police", begin, content_moods=FILES.keys(), door=Door("HUB_POLICE_PORT"))
