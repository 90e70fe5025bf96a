"""The force's SFTP server and its clerk: `python -m simulators.police_server HOME NIGHT MOOD`.

The clerk looks at what the YJS wrote twice a second. It stops when its standard input ends, so it never
outlives the one who started it.
"""

import asyncio
import secrets
import sys
from functools import partial
from hmac import compare_digest
from pathlib import Path

import asyncssh

from simulators.drop import write_once
from simulators.partner import say_ready
from simulators.police import FOLDER, INBOUND, USERNAME, write_nights
from simulators.police_clerk import look

LOOK_EVERY_SECONDS = 0.5


class PasswordDoor(asyncssh.SSHServer):  # type: ignore[misc]  # asyncssh is not typed for strict mode
    def __init__(self, password: str) -> None:
        self._password = password

    def begin_auth(self, username: str) -> bool:
        return True

    def password_auth_supported(self) -> bool:
        return True

    def validate_password(self, username: str, password: str) -> bool:
        known = compare_digest(username.encode(), USERNAME.encode())
        return compare_digest(password.encode(), self._password.encode()) and known


async def serve(home: Path) -> None:
    key, password = host_key(home / "host_key"), own_password(home / "password")
    server = await asyncssh.listen(
        "127.0.0.1",
        0,
        server_factory=lambda: PasswordDoor(password),
        server_host_keys=[key],
        sftp_factory=partial(asyncssh.SFTPServer, chroot=str(home / "files")),
    )
    async with server:
        say_ready(
            {
                "HUB_POLICE_HOST": "127.0.0.1",
                "HUB_POLICE_PORT": str(server.get_port()),
                "HUB_POLICE_USERNAME": USERNAME,
                "HUB_POLICE_PASSWORD": password,
                "HUB_POLICE_HOST_KEY": public_line(key),
                "HUB_POLICE_FOLDER": FOLDER,
                "HUB_POLICE_INBOUND": INBOUND,
            }
        )
        clerk = asyncio.create_task(work(home / "files"))
        await asyncio.to_thread(sys.stdin.buffer.read)
        clerk.cancel()


async def work(files: Path) -> None:
    while True:
        look(files / INBOUND, files / FOLDER)
        await asyncio.sleep(LOOK_EVERY_SECONDS)


def host_key(path: Path) -> asyncssh.SSHKey:
    """Made once and kept: a server whose key changes is a server nobody should talk to."""
    if not path.exists():
        write_once(path, asyncssh.generate_private_key("ssh-ed25519").export_private_key())
        path.chmod(0o600)
    return asyncssh.read_private_key(path)


def public_line(key: asyncssh.SSHKey) -> str:
    kind, public = key.export_public_key().decode().split()[:2]
    return f"{kind} {public}"


def own_password(path: Path) -> str:
    if not path.exists():
        write_once(path, secrets.token_urlsafe(24).encode())
        path.chmod(0o600)
    return path.read_text()


def main(home: Path, night: int, mood: str) -> None:
    write_nights(home / "files" / FOLDER, night, mood)
    (home / "files" / INBOUND).mkdir(parents=True, exist_ok=True)
    asyncio.run(serve(home))


if __name__ == "__main__":
    main(Path(sys.argv[1]), int(sys.argv[2]), sys.argv[3])
