"""An SFTP server on loopback that does what it is told, until its disk is full or it has had enough."""

from __future__ import annotations

import asyncio
import secrets
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from functools import partial
from pathlib import Path
from typing import Any

import asyncssh

from tests.servers.lines import HOST

USERNAME = "northmoor-yjs"


@dataclass
class Moods:
    """What the server refuses: bytes beyond its room, renames, or the request of this number."""

    settings: dict[str, str]
    room: int = 1 << 40
    refuses_renames: bool = False
    fails_at: int = 0
    requests: int = 0

    def count(self) -> None:
        self.requests += 1
        if self.requests == self.fails_at:
            raise asyncssh.SFTPFailure("not now")

    def better(self) -> None:
        self.room, self.refuses_renames, self.fails_at, self.requests = 1 << 40, False, 0, 0


class _Server(asyncssh.SSHServer):  # type: ignore[misc]  # asyncssh is not typed for strict mode
    def __init__(self, password: str) -> None:
        self._password = password

    def begin_auth(self, username: str) -> bool:
        return True

    def password_auth_supported(self) -> bool:
        return True

    def validate_password(self, username: str, password: str) -> bool:
        return (username, password) == (USERNAME, self._password)


class _Files(asyncssh.SFTPServer):  # type: ignore[misc]
    def __init__(self, moods: Moods, root: Path, channel: Any) -> None:
        super().__init__(channel, chroot=str(root))
        self._moods = moods

    def open(self, path: bytes, pflags: int, attrs: Any) -> object:
        self._moods.count()
        return super().open(path, pflags, attrs)

    def write(self, file_obj: object, offset: int, content: bytes) -> int:
        self._moods.count()
        self._moods.room -= len(content)
        if self._moods.room < 0:
            # What a full disk leaves: the beginning.
            super().write(file_obj, offset, content[: max(0, len(content) + self._moods.room)])
            raise asyncssh.SFTPFailure("no space left on device")
        return int(super().write(file_obj, offset, content))

    def rename(self, oldpath: bytes, newpath: bytes) -> None:
        self._moods.count()
        if self._moods.refuses_renames:
            raise asyncssh.SFTPFailure("rename is not allowed here")
        super().rename(oldpath, newpath)

    def remove(self, path: bytes) -> None:
        self._moods.count()
        super().remove(path)


@contextmanager
def moody_sftp(root: Path) -> Iterator[Moods]:
    """Serves this folder's `inbound` and `outbound`."""
    for name in ("inbound", "outbound"):
        (root / name).mkdir(parents=True, exist_ok=True)
    key, password = asyncssh.generate_private_key("ssh-ed25519"), secrets.token_urlsafe(12)
    kind, public = key.export_public_key().decode().split()[:2]
    moods = Moods(
        {
            "HUB_POLICE_HOST": HOST,
            "HUB_POLICE_USERNAME": USERNAME,
            "HUB_POLICE_PASSWORD": password,
            "HUB_POLICE_HOST_KEY": f"{kind} {public}",
            "HUB_POLICE_FOLDER": "outbound",
            "HUB_POLICE_INBOUND": "inbound",
        }
    )
    loop = asyncio.new_event_loop()
    thread = threading.Thread(target=loop.run_forever, daemon=True)
    thread.start()

    async def listen() -> Any:
        return await asyncssh.listen(
            HOST,
            0,
            server_factory=lambda: _Server(password),
            server_host_keys=[key],
            sftp_factory=partial(_Files, moods, root),
        )

    server = asyncio.run_coroutine_threadsafe(listen(), loop).result(10)
    moods.settings["HUB_POLICE_PORT"] = str(server.get_port())
    try:
        yield moods
    finally:
        server.close()
        loop.call_soon_threadsafe(loop.stop)
        thread.join(10)
