"""The force's folder over SFTP without the SSH around it, so that a night costs no key exchange.

OpenSSH's own server answers, a process for each connection, so the partner outlives whoever is killed.
"""

from __future__ import annotations

import contextlib
import os
import socket
import subprocess
import threading
from collections.abc import Iterator
from dataclasses import replace
from functools import cache
from pathlib import Path
from typing import Any

import paramiko

from connectors import police, yjs
from connectors.contract import Connector
from connectors.police.client import Force
from connectors.transports.sftp import SftpFolder, SftpLimits, SftpLine
from hub.sharing.agreement import Agreement, read

SERVER = Path("/usr/lib/openssh/sftp-server")
SOCKET = "HUB_CRASH_SFTP"


@contextlib.contextmanager
def serving(folder: Path) -> Iterator[Path]:
    """A socket on which SFTP is spoken, with `folder` as the place where it starts."""
    door = folder / "sftp.socket"
    with socket.socket(socket.AF_UNIX) as listening:
        listening.bind(str(door))
        listening.listen()
        threading.Thread(target=_answer, args=(listening, folder), daemon=True).start()
        try:
            yield door
        finally:
            # Whoever waits for a caller is woken, and ends.
            listening.shutdown(socket.SHUT_RDWR)


def _answer(listening: socket.socket, folder: Path) -> None:
    while True:
        try:
            line, _ = listening.accept()
        except OSError:
            return
        with line:
            serving = subprocess.Popen([SERVER, "-d", folder / "force"], stdin=line, stdout=line)
        threading.Thread(target=serving.wait, daemon=True).start()


class _Plain(paramiko.SFTPClient):
    def _log(self, *_: Any) -> None:
        """A plain socket has no name to log."""


@contextlib.contextmanager
def _connected(settings: Any) -> Iterator[Force]:
    with socket.socket(socket.AF_UNIX) as line:
        line.connect(os.environ[SOCKET])
        with _Plain(line) as client:  # type: ignore[arg-type]  # a socket will do
            folders = (settings.inbound, settings.folder)
            plain = SftpLine("police", client, SftpLimits(), client.close)
            inbound, outbound = (SftpFolder(plain, one) for one in folders)
            yield Force(outbound, inbound, settings.parties)


# One pull feed each is enough to try every hop.
CONNECTORS = {
    "police": replace(police.connector, connect=_connected, pulls=police.connector.pulls[:1]),
    "yjs": replace(yjs.connector, pulls=yjs.connector.pulls[:1]),
}


def connector(name: str) -> Connector:
    return CONNECTORS[name]


@cache
def agreement(name: str) -> Agreement:
    return read(CONNECTORS[name].agreement)
