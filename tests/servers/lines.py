"""A port on which nobody listens, and a server that counts who knocks."""

from __future__ import annotations

import socket
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass

import paramiko
from paramiko.common import AUTH_FAILED

HOST = "127.0.0.1"


def closed_port() -> int:
    """A port on which nobody listens."""
    with socket.socket() as one:
        one.bind((HOST, 0))
        return int(one.getsockname()[1])


@dataclass
class CountingServer(paramiko.ServerInterface):
    """Lets nobody in, however they ask, and counts how often they did."""

    tries: int = 0

    def get_allowed_auths(self, username: str) -> str:
        return "publickey,password,keyboard-interactive"

    def check_auth_password(self, username: str, password: str) -> int:
        self.tries += 1
        return AUTH_FAILED

    def check_auth_publickey(self, username: str, key: paramiko.PKey) -> int:
        self.tries += 1
        return AUTH_FAILED

    def check_auth_interactive(self, username: str, submethods: str) -> int:
        self.tries += 1
        return AUTH_FAILED


@contextmanager
def counting_server(key: paramiko.PKey) -> Iterator[tuple[int, CountingServer]]:
    """The port of an SSH server under this host key, and its count."""
    counting = CountingServer()
    with socket.create_server((HOST, 0)) as door:
        threading.Thread(target=_let_knock, args=(door, key, counting), daemon=True).start()
        yield int(door.getsockname()[1]), counting


def _let_knock(door: socket.socket, key: paramiko.PKey, counting: CountingServer) -> None:
    try:
        end, _ = door.accept()
        transport = paramiko.Transport(end)
        transport.add_server_key(key)
        transport.start_server(server=counting)
        transport.join()
    except (OSError, EOFError, paramiko.SSHException):
        return
