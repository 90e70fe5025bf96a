"""The sealing keys: AES-256-GCM with a key id, and keyed hashes, a key of its own for each purpose."""

from __future__ import annotations

import base64
import hashlib
import json
import os
import secrets
from collections.abc import Iterable
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path

import polars as pl
from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.kdf.hkdf import HKDF

KEY_BYTES = 32
NONCE_BYTES = 12
HASH_BYTES = 16


class SealBrokenError(Exception):
    """The sealed bytes were changed, moved to another place, or sealed with a key we do not hold."""


@dataclass(frozen=True)
class Keyring:
    current: str
    keys: dict[str, bytes]

    def __repr__(self) -> str:
        return f"Keyring(current={self.current!r}, {len(self.keys)} keys)"

    @classmethod
    def load(cls, path: Path) -> Keyring:
        """The keys of this hub. The first run makes them; losing the file loses every sealed record."""
        if not path.exists():
            _make(path)
        held = json.loads(path.read_text())
        return cls(held["current"], {name: base64.b64decode(key) for name, key in held["keys"].items()})

    def seal(self, plain: bytes, *, place: bytes) -> bytes:
        """`place` says where it will stand (table, column, row), so that it opens nowhere else."""
        nonce = os.urandom(NONCE_BYTES)
        return nonce + self._cipher.encrypt(nonce, plain, place)

    def seal_each(self, plains: Iterable[bytes], places: Iterable[bytes]) -> list[bytes]:
        """Each at its own place, with a nonce of its own; the same as one by one, and quicker."""
        encrypt, asked = self._cipher.encrypt, list(zip(plains, places, strict=True))
        random = os.urandom(NONCE_BYTES * len(asked))
        nonces = (random[at : at + NONCE_BYTES] for at in range(0, len(random), NONCE_BYTES))
        return [
            nonce + encrypt(nonce, plain, place) for nonce, (plain, place) in zip(nonces, asked, strict=True)
        ]

    def open(self, sealed: bytes, *, key_id: str, place: bytes) -> bytes:
        if key_id not in self.keys:
            raise SealBrokenError(f"key {key_id} is not in the key file; restore the file that held it")
        try:
            cipher = self._cipher if key_id == self.current else AESGCM(self._derived(key_id, b"seal"))
            return cipher.decrypt(sealed[:NONCE_BYTES], sealed[NONCE_BYTES:], place)
        except InvalidTag:
            raise SealBrokenError("the sealed bytes do not open here; restore them from the backup") from None

    def hasher(self, purpose: str) -> Hasher:
        # Hashes must be found again after the sealing key was rotated, so they hang on the oldest key.
        oldest = next(iter(self.keys))
        return Hasher(self._derived(oldest, f"hash {purpose}".encode()))

    @cached_property
    def _cipher(self) -> AESGCM:
        return AESGCM(self._derived(self.current, b"seal"))

    def _derived(self, key_id: str, purpose: bytes) -> bytes:
        return HKDF(SHA256(), KEY_BYTES, salt=None, info=b"referral-hub " + purpose).derive(self.keys[key_id])


@dataclass(frozen=True)
class Hasher:
    """Keyed hashes of one purpose: BLAKE2b, which takes the key itself (RFC 7693)."""

    key: bytes

    def __repr__(self) -> str:
        return "Hasher()"

    def one(self, text: str) -> bytes:
        return hashlib.blake2b(text.encode(), key=self.key, digest_size=HASH_BYTES).digest()

    def many(self, texts: pl.Series) -> pl.Series:
        """The same for a column of texts; nothing stays nothing."""
        # A copy has taken the key already, and costs half of what a hash made anew does.
        anew = self.running().copy
        hashes: list[bytes | None] = []
        for text in texts.cast(pl.Binary).to_list():
            if text is None:
                hashes.append(None)
                continue
            hashed = anew()
            hashed.update(text)
            hashes.append(hashed.digest())
        return pl.Series(hashes, dtype=pl.Binary)

    def running(self) -> hashlib.blake2b:
        return hashlib.blake2b(key=self.key, digest_size=HASH_BYTES)


def _make(path: Path) -> None:
    key_id = f"k{secrets.token_hex(4)}"
    key = base64.b64encode(secrets.token_bytes(KEY_BYTES)).decode()
    path.parent.mkdir(parents=True, exist_ok=True)
    draft = path.with_name(f"{path.name}.{secrets.token_hex(4)}")
    with os.fdopen(os.open(draft, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "w") as file:
        json.dump({"current": key_id, "keys": {key_id: key}}, file)
        file.flush()
        os.fsync(file.fileno())
    try:
        # Two first runs at once must end with one key: whoever links first wins.
        os.link(draft, path)
    except FileExistsError:
        pass
    finally:
        draft.unlink()
