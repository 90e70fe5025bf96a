"""NHS England's own MESH sandbox, in an environment of its own: its web framework is not the one Airflow has.

Mutual TLS under an authority of ours, and a mailbox for whoever asks. The environment is made once, from a
list with hashes, and kept in `.venv-peers/`.
"""

from __future__ import annotations

import fcntl
import hashlib
import os
import shutil
import socket
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import requests

from tests.servers.certificates import Authority, Certificate
from tests.servers.lines import HOST, closed_port

PEERS = Path(__file__).parents[2] / ".venv-peers"
LOCK = Path(__file__).with_suffix(".lock")
SHARED_KEY, PASSWORD = "TestKey", "password"  # pragma: allowlist secret
STARTS_WITHIN_SECONDS = 30.0
PAIRS = 100


class NoSandboxError(Exception):
    """Its packages cannot be had."""


@dataclass
class MeshSandbox:
    port: int
    authority: Authority
    server: Certificate
    client: Certificate
    _pairs: Iterator[int] = field(default_factory=lambda: iter(range(PAIRS)))

    @property
    def url(self) -> str:
        return f"https://{HOST}:{self.port}"

    def two_mailboxes(self) -> tuple[str, str]:
        """Empty, and nobody else's."""
        number = next(self._pairs)
        return _mailboxes(number)

    # What only the sandbox's own door can do, and in real MESH only time.

    def report(self, mailbox: str, **said: str | None) -> str:
        """A report in this mailbox that a message was not collected, or what is said here."""
        told = {"mailbox_id": mailbox, "code": "14", "description": "Not collected", "workflow_id": "YJS_REF"}
        return str(self._admin("report", told | said).json()["message_id"])

    def event(self, message_id: str, status: str) -> None:
        self._admin(f"message/{message_id}/event", {"status": status})

    def _admin(self, door: str, said: Mapping[str, Any]) -> requests.Response:
        with requests.Session() as session:
            session.trust_env = False
            session.cert = (str(self.client.file), str(self.client.key))
            answer = session.post(
                f"{self.url}/messageexchange/admin/{door}",
                json=dict(said),
                timeout=10,
                verify=str(self.authority.file),
            )
        answer.raise_for_status()
        return answer


def _mailboxes(number: int) -> tuple[str, str]:
    return f"YJSHUB{number:03d}", f"CAMHS{number:03d}"


@contextmanager
def running_mesh_sandbox() -> Iterator[MeshSandbox]:
    """Raises NoSandboxError where its packages cannot be had."""
    python = _environment()
    with tempfile.TemporaryDirectory(prefix="mesh-sandbox-") as made:
        home = Path(made)
        for mailbox in (name for number in range(PAIRS) for name in _mailboxes(number)):
            (home / "mailboxes" / mailbox / "in").mkdir(parents=True)
        authority = Authority(home)
        sandbox = MeshSandbox(closed_port(), authority, authority.issue("mesh"), authority.issue("hub"))
        with (home / "log").open("wb") as log:
            process = subprocess.Popen(
                _command(python, sandbox), stdout=log, stderr=log, cwd=home, env=_settings(home)
            )
            try:
                _wait_until_it_answers(sandbox, process, home / "log")
                yield sandbox
            finally:
                process.terminate()
                process.wait()


def _command(python: Path, sandbox: MeshSandbox) -> list[str]:
    server = ("-m", "uvicorn", "mesh_sandbox.api:app", "--host", HOST, "--port", str(sandbox.port))
    tls = ("--ssl-keyfile", sandbox.server.key, "--ssl-certfile", sandbox.server.file)
    # 2: nobody without a certificate of the authority is let in.
    mutual = ("--ssl-ca-certs", sandbox.authority.file, "--ssl-cert-reqs", "2")
    return [str(word) for word in (python, *server, *tls, *mutual, "--log-level", "warning")]


def _settings(home: Path) -> dict[str, str]:
    return {
        "ENV": "local",
        "AUTH_MODE": "full",
        "SHARED_KEY": SHARED_KEY,
        "STORE_MODE": "file",
        "MAILBOXES_DATA_DIR": str(home / "mailboxes"),
    }


def _wait_until_it_answers(sandbox: MeshSandbox, process: subprocess.Popen[bytes], log: Path) -> None:
    until = time.monotonic() + STARTS_WITHIN_SECONDS
    while time.monotonic() < until and process.poll() is None:
        with socket.socket() as one:
            if one.connect_ex((HOST, sandbox.port)) == 0:
                return
        time.sleep(0.05)
    raise AssertionError(f"the MESH sandbox did not start: {log.read_text()}")


def _environment() -> Path:
    """The interpreter of the sandbox's environment, made if it is not there; by one at a time."""
    version = f"{sys.version_info.major}.{sys.version_info.minor}"
    digest = hashlib.sha256(LOCK.read_bytes()).hexdigest()[:12]
    folder = PEERS / f"mesh-sandbox-{version}-{digest}"
    PEERS.mkdir(exist_ok=True)
    with (PEERS / "making").open("w") as making:
        fcntl.flock(making, fcntl.LOCK_EX)
        if not (folder / "ready").exists():
            _make(folder)
    return folder / "bin" / "python"


def _make(folder: Path) -> None:
    shutil.rmtree(folder, ignore_errors=True)
    uv = Path(sys.executable).with_name("uv")
    python = folder / "bin" / "python"
    steps: tuple[tuple[str | Path, ...], ...] = (
        ("venv", "--python", sys.executable, folder),
        ("pip", "install", "--require-hashes", "--python", python, "-r", LOCK),
    )
    try:
        for words in steps:
            environment = os.environ | {"UV_PYTHON_DOWNLOADS": "never"}
            subprocess.run([uv, *words], check=True, capture_output=True, env=environment)
    except (OSError, subprocess.CalledProcessError) as error:
        raise NoSandboxError(getattr(error, "stderr", error)) from error
    (folder / "ready").touch()
