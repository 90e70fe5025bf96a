"""Files in an SFTP folder that a manifest announces: name, size, checksum and rows.

{"files": [{"name": "…", "bytes": 512, "sha256": "…", "rows": 3}]}
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass

from connectors.contract import InboundMessage, Since
from connectors.errors import PartnerRefusedError, UnreadableMessageError
from connectors.strict_json import StrictJsonError, loads
from connectors.transports.limits import Limit
from connectors.transports.sftp import SftpFolder

MANIFEST = ".manifest.json"
LONGEST_MANIFEST = 100_000
# More than any file has, and less than a database's largest number.
MOST_ROWS = 10**12

LIMITS = (Limit("LONGEST_MANIFEST", LONGEST_MANIFEST, "bytes of a manifest"),)


@dataclass(frozen=True)
class Announcing:
    """How one partner announces: which names may be shown, which rules are broken, whom we ask."""

    agreed_name: re.Pattern[str]
    unusable: str
    missing: str
    # As in "ask the force to …".
    sender: str


@dataclass(frozen=True)
class Entry:
    """What the partner says of one file."""

    name: str
    size: int
    sha256: str
    rows: int


def announced(
    folder: SftpFolder, since: Since, how: Announcing, *, is_ours: Callable[[str], bool]
) -> Iterator[InboundMessage]:
    """Every file announced and not yet landed, by name of its manifest. `is_ours` is asked of that name."""
    there = {file.name: file.size for file in folder.files()}
    for manifest in sorted(name for name in there if name.endswith(MANIFEST) and is_ours(name)):
        if there[manifest] > LONGEST_MANIFEST:
            yield _unusable(manifest, "is far too long", how)
            continue
        try:
            entries = _entries(b"".join(folder.read(manifest)))
        except (StrictJsonError, PartnerRefusedError, KeyError, TypeError, ValueError):
            yield _unusable(manifest, "cannot be read", how)
            continue
        yield from (
            _message(folder, entry, there, how)
            for entry in entries
            if _fingerprint(entry) not in since.landed
        )


def _entries(manifest: bytes) -> tuple[Entry, ...]:
    told = loads(manifest)
    if not isinstance(told, dict):
        raise TypeError(type(told).__name__)
    return tuple(
        Entry(
            name=str(file["name"]),
            size=int(file["bytes"]),
            sha256=str(file["sha256"]).lower(),
            rows=_count(file["rows"]),
        )
        for file in told["files"]
    )


def _count(rows: object) -> int:
    counted = int(str(rows))
    if not 0 <= counted <= MOST_ROWS:
        raise ValueError(counted)
    return counted


def _fingerprint(entry: Entry) -> str:
    # The digest is part of it: a file written again under the same name is a new arrival.
    return f"{entry.name} {entry.sha256}"


def _message(folder: SftpFolder, entry: Entry, there: dict[str, int], how: Announcing) -> InboundMessage:
    name = entry.name if how.agreed_name.match(entry.name) else None
    if entry.name not in there:
        return InboundMessage(fingerprint=_fingerprint(entry), name=name, problem=_missing(how))
    return InboundMessage(
        fingerprint=_fingerprint(entry),
        body=_body(folder, entry.name, how),
        name=name,
        declared_rows=entry.rows,
        declared_sha256=entry.sha256,
    )


def _body(folder: SftpFolder, name: str, how: Announcing) -> Iterator[bytes]:
    try:
        yield from folder.read(name)
    except PartnerRefusedError:
        # One file that went away, or is closed to us, is no reason to leave the others.
        raise _missing(how) from None


def _missing(how: Announcing) -> UnreadableMessageError:
    return UnreadableMessageError(
        "The manifest names a file that is not in the folder, or is closed to us.",
        fix=f"ask {how.sender} to send the file; it is fetched as soon as it is there.",
        code=how.missing,
    )


def _unusable(manifest: str, why: str, how: Announcing) -> InboundMessage:
    return InboundMessage(
        fingerprint=f"{manifest} unusable",
        problem=UnreadableMessageError(
            f"A manifest {why}.", fix=f"ask {how.sender} to write the manifest again.", code=how.unusable
        ),
    )
