"""Fetching: files whose manifest is there. A file without one is still being written."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager, contextmanager
from dataclasses import dataclass

from connectors.contract import InboundMessage, Since
from connectors.errors import PartnerRefusedError, UnreadableMessageError
from connectors.police.settings import PoliceSettings
from connectors.strict_json import StrictJsonError, loads
from connectors.transports.sftp import SftpAccount, SftpFolder, SftpLimits, sftp_server

MANIFEST = ".manifest.json"
AGREED_NAME = re.compile(r"^(referral|update)_[A-Z]+_[A-Z]+_\d{8}T\d{6}Z_\d{3}(_[a-z0-9]+)?\.csv$")
# What the manifests of updates begin with. All others are looked at as referrals', so that none is missed.
UPDATE = "update_"
LONGEST_MANIFEST = 100_000
# More than any file has, and less than a database's largest number.
MOST_ROWS = 10**12


@dataclass(frozen=True)
class Force:
    """Their server: where they leave files for us, and where they take ours."""

    outbound: SftpFolder
    inbound: SftpFolder
    # As in the names of our files.
    parties: str


@dataclass(frozen=True)
class Entry:
    """What the force says of one file."""

    name: str
    size: int
    sha256: str
    rows: int


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
    yield from _announced(force.outbound, since, lambda name: not name.startswith(UPDATE))


def update_files(force: Force, since: Since) -> Iterator[InboundMessage]:
    yield from _announced(force.outbound, since, lambda name: name.startswith(UPDATE))


def _announced(folder: SftpFolder, since: Since, is_ours: Callable[[str], bool]) -> Iterator[InboundMessage]:
    """Every file announced and not yet landed, by name: the force's names rise with time."""
    there = {file.name: file.size for file in folder.files()}
    for manifest in sorted(name for name in there if name.endswith(MANIFEST) and is_ours(name)):
        if there[manifest] > LONGEST_MANIFEST:
            yield _unusable(manifest, "is far too long")
            continue
        try:
            entries = _entries(b"".join(folder.read(manifest)))
        except (StrictJsonError, PartnerRefusedError, KeyError, TypeError, ValueError):
            yield _unusable(manifest, "cannot be read")
            continue
        yield from (
            _message(folder, entry, there) for entry in entries if _fingerprint(entry) not in since.landed
        )


def _entries(manifest: bytes) -> tuple[Entry, ...]:
    announced = loads(manifest)
    if not isinstance(announced, dict):
        raise TypeError(type(announced).__name__)
    return tuple(
        Entry(
            name=str(file["name"]),
            size=int(file["bytes"]),
            sha256=str(file["sha256"]).lower(),
            rows=_count(file["rows"]),
        )
        for file in announced["files"]
    )


def _count(rows: object) -> int:
    counted = int(str(rows))
    if not 0 <= counted <= MOST_ROWS:
        raise ValueError(counted)
    return counted


def _fingerprint(entry: Entry) -> str:
    # The digest is part of it: a file written again under the same name is a new arrival.
    return f"{entry.name} {entry.sha256}"


def _message(folder: SftpFolder, entry: Entry, there: dict[str, int]) -> InboundMessage:
    name = entry.name if AGREED_NAME.match(entry.name) else None
    if entry.name not in there:
        return InboundMessage(fingerprint=_fingerprint(entry), name=name, problem=_missing())
    return InboundMessage(
        fingerprint=_fingerprint(entry),
        body=_body(folder, entry.name),
        name=name,
        declared_rows=entry.rows,
        declared_sha256=entry.sha256,
    )


def _body(folder: SftpFolder, name: str) -> Iterator[bytes]:
    try:
        yield from folder.read(name)
    except PartnerRefusedError:
        # One file that went away, or is closed to us, is no reason to leave the others.
        raise _missing() from None


def _missing() -> UnreadableMessageError:
    return UnreadableMessageError(
        "The manifest names a file that is not in the folder, or is closed to us.",
        fix="ask the force to send the file; it is fetched as soon as it is there.",
        code="POL-R02",
    )


def _unusable(manifest: str, why: str) -> InboundMessage:
    return InboundMessage(
        fingerprint=f"{manifest} unusable",
        problem=UnreadableMessageError(
            f"A manifest {why}.", fix="ask the force to write the manifest again.", code="POL-R01"
        ),
    )
