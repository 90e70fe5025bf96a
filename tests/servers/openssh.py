"""A real OpenSSH server on loopback, with an account of its own.

Without PAM its passwords come from /etc/shadow. The account stands in a copy of it that only the server
sees (in a mount namespace), so the machine's accounts are as they were. That takes root.
"""

from __future__ import annotations

import os
import secrets
import shutil
import socket
import subprocess
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

from tests.servers.lines import HOST, closed_port

SSHD = Path("/usr/sbin/sshd")
USERNAME = "northmoor-yjs"
# Of nobody on the machine.
UID = 64_321
STARTS_WITHIN_SECONDS = 10.0
IN_A_NAMESPACE = """
mount --bind {home}/passwd /etc/passwd
mount --bind {home}/shadow /etc/shadow
mount -t tmpfs none /run
mkdir /run/sshd
exec {sshd} -D -e -f {home}/config
"""
CONFIG = """
Port {port}
ListenAddress {host}
HostKey {home}/host_key
PidFile none
UsePAM no
PasswordAuthentication yes
KbdInteractiveAuthentication yes
AllowUsers {username}
Subsystem sftp internal-sftp
ForceCommand internal-sftp
LogLevel VERBOSE
"""


@dataclass(frozen=True)
class OpenSsh:
    port: int
    password: str
    host_key: str
    # Readable by the account, as all folders above it are.
    folder: Path
    # The account's own, to write in.
    inbound: Path
    log: Path

    @property
    def settings(self) -> dict[str, str]:
        return {
            "HUB_POLICE_HOST": HOST,
            "HUB_POLICE_PORT": str(self.port),
            "HUB_POLICE_USERNAME": USERNAME,
            "HUB_POLICE_PASSWORD": self.password,
            "HUB_POLICE_HOST_KEY": self.host_key,
            "HUB_POLICE_FOLDER": str(self.folder),
            "HUB_POLICE_INBOUND": str(self.inbound),
        }

    @staticmethod
    def can_run() -> bool:
        """Is it installed, and may we give it an account of its own?"""
        if not SSHD.exists() or os.geteuid() != 0 or shutil.which("unshare") is None:
            return False
        return (
            subprocess.run(["unshare", "--mount", "true"], check=False, capture_output=True).returncode == 0
        )


@contextmanager
def running_openssh() -> Iterator[OpenSsh]:
    with tempfile.TemporaryDirectory(prefix="openssh-") as made:
        home = Path(made)
        home.chmod(0o755)
        server = _prepared(home)
        script = IN_A_NAMESPACE.format(home=home, sshd=SSHD)
        with server.log.open("wb") as log:
            process = subprocess.Popen(["unshare", "--mount", "sh", "-e", "-c", script], stderr=log)
            try:
                _wait_until_it_answers(server, process)
                yield server
            finally:
                process.terminate()
                process.wait()


def _prepared(home: Path) -> OpenSsh:
    password, port = secrets.token_urlsafe(12), closed_port()
    folder, inbound = home / "outbound", home / "inbound"
    for made in (folder, inbound):
        made.mkdir()
    os.chown(inbound, UID, UID)
    subprocess.run(["ssh-keygen", "-q", "-t", "ed25519", "-N", "", "-f", str(home / "host_key")], check=True)
    sealed = subprocess.run(
        ["openssl", "passwd", "-6", "-stdin"], input=password, text=True, check=True, capture_output=True
    )
    account = {
        "passwd": f"{USERNAME}:x:{UID}:{UID}::{home}:/bin/sh\n",
        "shadow": f"{USERNAME}:{sealed.stdout.strip()}:20000:0:99999:7:::\n",
    }
    for name, line in account.items():
        (home / name).write_text(Path("/etc", name).read_text() + line)
    (home / "shadow").chmod(0o600)
    (home / "config").write_text(CONFIG.format(port=port, host=HOST, home=home, username=USERNAME))
    kind, key = (home / "host_key.pub").read_text().split()[:2]
    return OpenSsh(port, password, f"{kind} {key}", folder, inbound, home / "log")


def _wait_until_it_answers(server: OpenSsh, process: subprocess.Popen[bytes]) -> None:
    until = time.monotonic() + STARTS_WITHIN_SECONDS
    while time.monotonic() < until and process.poll() is None:
        with socket.socket() as one:
            if one.connect_ex((HOST, server.port)) == 0:
                return
        time.sleep(0.02)
    raise AssertionError(f"sshd did not start: {server.log.read_text()}")
