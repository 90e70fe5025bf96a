"""Landing: what came, sealed. Raw messages by keyed hash; between hops, a batch's frames by hop.

    landing/raw/<keyed hash>                as received
    landing/batches/<batch>/<hop>/<n>       frames between tasks

No file name says anything about a partner's file or a child.
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

    def seal_message(self, pieces: Iterable[bytes]) -> Arrival:
        """The raw bytes, sealed and on disk, by keyed hash: a bare hash of a small record can be guessed."""
        keyed, plain, size = self._hasher.running(), sha256(), 0

        def measured() -> Iterator[bytes]:
            nonlocal size
            for piece in pieces:
                keyed.update(piece)
                plain.update(piece)
                size += len(piece)
                yield piece

        draft = self._folder / "raw" / f"arriving-{secrets.token_hex(8)}"
        sealed_file.write(draft, measured(), self._keyring)
        address = keyed.hexdigest()
        draft.replace(self._raw(address))
        return Arrival(address, plain.hexdigest(), size)

    def open_message(self, address: str) -> BinaryIO:
        stream = sealed_file.SealedStream(self._raw(address), self._keyring)
        return io.BufferedReader(stream, STREAM_BUFFER)

    def destroy_message(self, address: str) -> None:
        self._raw(address).unlink(missing_ok=True)

    def holds_message(self, address: str) -> bool:
        return self._raw(address).exists()

    def write_frame(self, batch: str, hop: str, number: int, frame: pl.DataFrame) -> None:
        held = io.BytesIO()
        frame.write_ipc_stream(held, compression="lz4")
        sealed_file.write(self._frame(batch, hop, number), [held.getvalue()], self._keyring)

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

    def keep_only(self, batch: str, hops: Container[str]) -> None:
        """Destroy the batch's frames of every other hop."""
        for folder in (self._folder / "batches" / batch).glob("*"):
            if folder.name not in hops:
                shutil.rmtree(folder, ignore_errors=True)

    def destroy_attempt(self, attempt: str) -> None:
        """Destroy the frames of an attempt that came too late, in every batch."""
        for folder in (self._folder / "batches").glob(f"*/*{ATTEMPT}{attempt}*"):
            if folder.name.partition(ATTEMPT)[2].partition("-")[0] == attempt:
                shutil.rmtree(folder, ignore_errors=True)

    def _raw(self, address: str) -> Path:
        return self._folder / "raw" / address

    def _frame(self, batch: str, hop: str, number: int) -> Path:
        return self._folder / "batches" / batch / hop / f"{number:06d}"
