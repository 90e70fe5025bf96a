"""Fetching: files whose manifest is there. A file without one is still being written."""

from __future__ import annotations

import re
from collections.abc import Iterator
from contextlib import AbstractContextManager, contextmanager
from dataclasses import dataclass

from connectors.contract import InboundMessage, Since
from connectors.police.settings import PoliceSettings
from connectors.transports.announced import MANIFEST, Announcing, announced
from connectors.transports.sftp import SftpAccount, SftpFolder, SftpLimits, sftp_server

AGREED_NAME = re.compile(r"^(referral|update)_[A-Z]+_[A-Z]+_\d{8}T\d{6}Z_\d{3}(_[a-z0-9]+)?\.csv$")
ANNOUNCING = Announcing(AGREED_NAME, unusable="POL-R01", missing="POL-R02", sender="the force")
# What the manifests of updates begin with. All others are looked at as referrals', so that none is missed.
UPDATE = "update_"


@dataclass(frozen=True)
class Force:
    """Their server: where they leave files for us, and where they take ours."""

    outbound: SftpFolder
    inbound: SftpFolder
    # As in the names of our files.
    parties: str


@contextmanager
def _connected(settings: PoliceSettings) -> Iterator[Force]:
    account = SftpAccount(
        partner="police",
        host=settings.host,
        port=settings.port,
        username=settings.username,
        password=settings.password.get_secret_value(),
        host_key=settings.host_key,
        limits=SftpLimits(settings.connect_seconds, settings.answer_seconds, settings.call_seconds),
    )
    with sftp_server(account) as server:
        yield Force(server.folder(settings.folder), server.folder(settings.inbound), settings.parties)


def connect(settings: PoliceSettings) -> AbstractContextManager[Force]:
    return _connected(settings)


def check(force: Force) -> str:
    ready = sum(file.name.endswith(MANIFEST) for file in force.outbound.files())
    force.inbound.files()
    return f"signed in; {ready} files with a manifest are there, and the folder for ours is open"


def referral_files(force: Force, since: Since) -> Iterator[InboundMessage]:
    """Not yet landed, by name: the force's names rise with time."""
    yield from announced(force.outbound, since, ANNOUNCING, is_ours=lambda name: not name.startswith(UPDATE))


def update_files(force: Force, since: Since) -> Iterator[InboundMessage]:
    yield from announced(force.outbound, since, ANNOUNCING, is_ours=lambda name: name.startswith(UPDATE))
