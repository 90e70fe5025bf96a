"""A file of sealed frames. AES-GCM stops at 2 GiB and would have to hold it all: frames keep memory flat.

Layout: one line of plain header (format, key id, file id), then frames of length (4 bytes) + sealed bytes.
Each frame is bound to the file id, its number and whether it is the last, so that none can be left out,
repeated, reordered or cut off.
"""

from __future__ import annotations

import io
import os
import secrets
from collections.abc import Iterable, Iterator
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import BinaryIO

from hub.landing.keyring import Keyring, SealBrokenError

FORMAT = b"hub1"
FRAME_BYTES = 4 << 20
LENGTH_BYTES = 4
DRAFT = ".part"


def write(path: Path, pieces: Iterable[bytes], keyring: Keyring) -> None:
    """Whole or not at all: written beside, synced, then renamed into place."""
    with _drafted(path, pieces, keyring) as draft:
        draft.replace(path)
        _sync_folder(path.parent)


def write_once(path: Path, pieces: Iterable[bytes], keyring: Keyring) -> None:
    """As `write`, but what is there already stays as it is: a worker that comes too late changes nothing."""
    with _drafted(path, pieces, keyring) as draft:
        with suppress(FileExistsError):
            path.hardlink_to(draft)
        _sync_folder(path.parent)


@contextmanager
def _drafted(path: Path, pieces: Iterable[bytes], keyring: Keyring) -> Iterator[Path]:
    path.parent.mkdir(parents=True, exist_ok=True)
    draft = path.with_name(f"{path.name}.{secrets.token_hex(6)}{DRAFT}")
    try:
        with draft.open("wb") as file:
            _write_frames(file, pieces, keyring)
            file.flush()
            os.fsync(file.fileno())
        yield draft
    finally:
        draft.unlink(missing_ok=True)


def _write_frames(file: BinaryIO, pieces: Iterable[bytes], keyring: Keyring) -> None:
    file_id = secrets.token_hex(8)
    file.write(b" ".join((FORMAT, keyring.current.encode(), file_id.encode())) + b"\n")
    number, waiting = 0, b""
    for frame in _even(pieces):
        if number:
            _write_frame(file, waiting, keyring, _place(file_id, number, last=False))
        number, waiting = number + 1, frame
    _write_frame(file, waiting, keyring, _place(file_id, max(number, 1), last=True))


def _write_frame(file: BinaryIO, frame: bytes, keyring: Keyring, place: bytes) -> None:
    sealed = keyring.seal(frame, place=place)
    file.write(len(sealed).to_bytes(LENGTH_BYTES, "big") + sealed)


def _even(pieces: Iterable[bytes]) -> Iterator[bytes]:
    """The pieces cut and joined to frames of one size."""
    held = bytearray()
    for piece in pieces:
        held += piece
        while len(held) >= FRAME_BYTES:
            yield bytes(held[:FRAME_BYTES])
            del held[:FRAME_BYTES]
    if held:
        yield bytes(held)


def read(path: Path, keyring: Keyring) -> Iterator[bytes]:
    with path.open("rb") as file:
        header = file.readline().split()
        if len(header) != 3 or header[0] != FORMAT:
            raise SealBrokenError("a file in landing is not one of ours")
        key_id, file_id = header[1].decode(), header[2].decode()
        number, sealed = 1, _next_frame(file)
        while sealed is not None:
            following = _next_frame(file)
            place = _place(file_id, number, last=following is None)
            yield keyring.open(sealed, key_id=key_id, place=place)
            number, sealed = number + 1, following


def _next_frame(file: BinaryIO) -> bytes | None:
    length = file.read(LENGTH_BYTES)
    return file.read(int.from_bytes(length, "big")) if length else None


def _place(file_id: str, number: int, *, last: bool) -> bytes:
    return f"landing {file_id} {number} {'last' if last else 'more'}".encode()


def _sync_folder(folder: Path) -> None:
    # A rename is on disk only when its folder is.
    descriptor = os.open(folder, os.O_RDONLY)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)


class SealedStream(io.RawIOBase):
    """A sealed file as a readable stream; holds one frame at a time."""

    def __init__(self, path: Path, keyring: Keyring) -> None:
        self._frames = read(path, keyring)
        self._held = memoryview(b"")

    def readable(self) -> bool:
        return True

    def readinto(self, buffer: object) -> int:
        view = memoryview(buffer).cast("B")  # type: ignore[arg-type]
        while not self._held:
            frame = next(self._frames, None)
            if frame is None:
                return 0
            self._held = memoryview(frame)
        size = min(len(view), len(self._held))
        view[:size] = self._held[:size]
        self._held = self._held[size:]
        return size
