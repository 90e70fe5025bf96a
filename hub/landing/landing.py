"""Landing: what came, sealed. Raw messages by keyed hash; between hops, a batch's frames by hop.

    landing/<partner>/<batch>/raw/<keyed hash>    as received
    landing/<partner>/<batch>/<hop>/<n>           frames between tasks

A folder for each partner, so that who holds its lease knows whose all in it is. No file name says anything
about a partner's file or a child.
"""

from __future__ import annotations

import io
import secrets
import shutil
from collections.abc import Container, Iterable, Iterator
from dataclasses import dataclass
from hashlib import sha256
from pathlib import Path
from typing import BinaryIO

import polars as pl

from hub.landing import sealed_file
from hub.landing.keyring import Keyring

STREAM_BUFFER = 1 << 20
RAW = "raw"
ARRIVING = "arriving-"
# Stands between a hop and the attempt that laid its frames.
ATTEMPT = "~"


@dataclass(frozen=True)
class Arrival:
    """A message once it is sealed: its address, and the digest that a manifest is compared with."""

    address: str
    sha256: str
    size: int


class Landing:
    def __init__(self, folder: Path, keyring: Keyring) -> None:
        self._folder = folder
        self._keyring = keyring
        self._hasher = keyring.hasher("landing")

    def of(self, partner: str) -> Landing:
        return Landing(self._folder / partner, self._keyring)

    def seal_message(self, batch: str, pieces: Iterable[bytes]) -> Arrival:
        """The raw bytes, sealed and on disk, by keyed hash: a bare hash of a small record can be guessed."""
        keyed, plain, size = self._hasher.running(), sha256(), 0

        def measured() -> Iterator[bytes]:
            nonlocal size
            for piece in pieces:
                keyed.update(piece)
                plain.update(piece)
                size += len(piece)
                yield piece

        draft = self._raw(batch, f"{ARRIVING}{secrets.token_hex(8)}")
        sealed_file.write(draft, measured(), self._keyring)
        address = keyed.hexdigest()
        draft.replace(self._raw(batch, address))
        return Arrival(address, plain.hexdigest(), size)

    def open_message(self, batch: str, address: str) -> BinaryIO:
        stream = sealed_file.SealedStream(self._raw(batch, address), self._keyring)
        return io.BufferedReader(stream, STREAM_BUFFER)

    def destroy_message(self, batch: str, address: str) -> None:
        self._raw(batch, address).unlink(missing_ok=True)

    def holds_message(self, batch: str, address: str) -> bool:
        return self._raw(batch, address).exists()

    def write_frame(self, batch: str, hop: str, number: int, frame: pl.DataFrame) -> None:
        sealed_file.write(self._frame(batch, hop, number), [_as_bytes(frame)], self._keyring)

    def write_frame_once(self, batch: str, hop: str, number: int, frame: pl.DataFrame) -> None:
        """For frames that are no attempt's own: the first that is written stays."""
        sealed_file.write_once(self._frame(batch, hop, number), [_as_bytes(frame)], self._keyring)

    def read_frame(self, batch: str, hop: str, number: int) -> pl.DataFrame:
        return pl.read_ipc_stream(b"".join(sealed_file.read(self._frame(batch, hop, number), self._keyring)))

    def frame_numbers(self, batch: str, hop: str) -> list[int]:
        folder = self._frame(batch, hop, 0).parent
        names = (path.name for path in folder.glob("*")) if folder.exists() else ()
        return sorted(int(name) for name in names if name.isdigit())

    def read_frames(self, batch: str, hop: str) -> Iterator[pl.DataFrame]:
        for number in self.frame_numbers(batch, hop):
            yield self.read_frame(batch, hop, number)

    def destroy_frame(self, batch: str, hop: str, number: int) -> None:
        self._frame(batch, hop, number).unlink(missing_ok=True)

    def destroy_frames(self, batch: str, hop: str) -> None:
        shutil.rmtree(self._frame(batch, hop, 0).parent, ignore_errors=True)

    def batches(self) -> list[str]:
        """All that anything is kept of: batches, and deliveries on their way out."""
        return sorted(path.name for path in self._folder.glob("*"))

    def left_in(self, batch: str, hops: Container[str]) -> list[Path]:
        """The batch's frames of every other hop, and the drafts that nobody finished."""
        folders = list((self._folder / batch).glob("*"))
        drafts = (path for folder in folders for path in folder.glob("*") if _is_draft(path))
        return [*(folder for folder in folders if folder.name not in hops), *drafts]

    def keep_only(self, batch: str, hops: Container[str]) -> None:
        for path in self.left_in(batch, hops):
            if path.is_dir():
                shutil.rmtree(path, ignore_errors=True)
            else:
                path.unlink(missing_ok=True)

    def destroy_batch(self, batch: str) -> None:
        shutil.rmtree(self._folder / batch, ignore_errors=True)

    def destroy_attempt(self, attempt: str) -> None:
        """Destroy the frames of an attempt that came too late, in every batch."""
        for folder in self._folder.glob(f"*/*{ATTEMPT}{attempt}*"):
            if folder.name.partition(ATTEMPT)[2].removesuffix("-tally").removesuffix("-keys") == attempt:
                shutil.rmtree(folder, ignore_errors=True)

    def _raw(self, batch: str, address: str) -> Path:
        return self._folder / batch / RAW / address

    def _frame(self, batch: str, hop: str, number: int) -> Path:
        return self._folder / batch / hop / f"{number:06d}"


def _as_bytes(frame: pl.DataFrame) -> bytes:
    held = io.BytesIO()
    # Polars' own form of text keeps what was filtered out in its buffers: an adult's name, say.
    frame.write_ipc_stream(held, compression="lz4", compat_level=pl.CompatLevel.oldest())
    return held.getvalue()


def _is_draft(path: Path) -> bool:
    return path.name.endswith(sealed_file.DRAFT) or path.name.startswith(ARRIVING)
