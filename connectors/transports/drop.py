"""A folder on this machine in which a partner's gateway leaves files, renamed into place when whole."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from connectors.errors import PartnerRefusedError, PartnerUnavailableError
from connectors.transports.limits import Limit

PIECE_BYTES = 1 << 20
UNFINISHED = (".part", ".tmp")

LIMITS = (Limit("PIECE_BYTES", PIECE_BYTES, "bytes of a file in memory at a time"),)


@dataclass(frozen=True)
class DroppedFile:
    path: Path
    # Tells two arrivals apart without opening them: an overwritten file is a new arrival.
    fingerprint: str

    def read(self) -> Iterator[bytes]:
        try:
            with self.path.open("rb") as stream:
                while piece := stream.read(PIECE_BYTES):
                    yield piece
        except OSError as error:
            raise PartnerUnavailableError(
                "A file in the drop folder went away or cannot be read.",
                fix="look at the gateway that fills the folder; the next run tries again.",
            ) from error


def files(folder: Path, *, suffix: str) -> tuple[DroppedFile, ...]:
    """Whole files, by name; the unfinished and the hidden are left for the next run."""
    if not folder.is_dir():
        raise PartnerRefusedError(
            f"The drop folder {folder} is not there.",
            fix="check the setting folder and whether the share is mounted.",
        )
    found = (path for path in folder.iterdir() if path.is_file() and not path.name.startswith("."))
    whole = (path for path in found if path.suffix not in UNFINISHED and path.suffix == suffix)
    return tuple(_dropped(path) for path in sorted(whole))


def _dropped(path: Path) -> DroppedFile:
    seen = path.stat()
    return DroppedFile(path, f"{path.name} {seen.st_size} {seen.st_mtime_ns}")
