"""The force's SFTP server in a thread, so that a rehearsal can change its mood while it serves."""

import asyncio
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from functools import partial
from pathlib import Path
from typing import Any

import asyncssh

from simulators.police_server import PasswordDoor, public_line


@dataclass
class Door:
    """What the server does at the moment, and how often somebody has signed in, or tried to."""

    root: Path
    mood: str = ""
    asked: int = 0


class MoodyDoor(PasswordDoor):
    def __init__(self, door: Door, password: str) -> None:
        super().__init__(password)
        self._door = door

    def connection_made(self, conn: Any) -> None:
        self._door.asked += 1
        if self._door.mood == "down":
            conn.abort()

    def validate_password(self, username: str, password: str) -> bool:
        return self._door.mood != "unauthorised" and super().validate_password(username, password)


class MoodyFiles(asyncssh.SFTPServer):  # type: ignore[misc]  # asyncssh is not typed for strict mode
    def __init__(self, door: Door, channel: Any) -> None:
        super().__init__(channel, chroot=str(door.root))
        self._door = door

    def write(self, file_obj: object, offset: int, content: bytes) -> int:
        if self._door.mood == "busy":
            raise asyncssh.SFTPFailure("no space left on device")
        return int(super().write(file_obj, offset, content))

    def rename(self, oldpath: bytes, newpath: bytes) -> None:
        super().rename(oldpath, newpath)
        if self._door.mood == "lost_reply" and newpath.endswith(b".manifest.json"):
            # It is there, and nobody hears so.
            self.channel.get_connection().abort()


@contextmanager
def serving(door: Door, username: str, password: str) -> Iterator[dict[str, str]]:
    """The settings by which it is found, without their prefix."""
    loop = asyncio.new_event_loop()
    key = asyncssh.generate_private_key("ssh-ed25519")
    thread = threading.Thread(target=loop.run_forever, daemon=True)
    thread.start()
    server = asyncio.run_coroutine_threadsafe(_listening(door, password, key), loop).result(30)
    try:
        yield {
            "HOST": "127.0.0.1",
            "PORT": str(server.get_port()),
            "USERNAME": username,
            "PASSWORD": password,
            "HOST_KEY": public_line(key),
        }
    finally:
        loop.call_soon_threadsafe(server.close)
        time.sleep(0.05)
        loop.call_soon_threadsafe(loop.stop)
        thread.join(5)


async def _listening(door: Door, password: str, key: asyncssh.SSHKey) -> Any:
    return await asyncssh.listen(
        "127.0.0.1",
        0,
        server_factory=lambda: MoodyDoor(door, password),
        server_host_keys=[key],
        sftp_factory=partial(MoodyFiles, door),
    )
