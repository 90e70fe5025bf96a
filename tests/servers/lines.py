"""A port on which nobody listens, and a server that counts who knocks."""

from __future__ import annotations

import socket
import threading
from collections.abc import Iterator
from contextlib import contextmanager, suppress
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


def _let_knock(door: socket.socket, key: paramiko.PKey, server: paramiko.ServerInterface) -> None:
    try:
        end, _ = door.accept()
        transport = paramiko.Transport(end)
        transport.add_server_key(key)
        transport.start_server(server=server)
        transport.join()
    except (OSError, EOFError, paramiko.SSHException):
        return


class SilentServer(paramiko.ServerInterface):
    """Takes a password and says nothing of it."""

    def __init__(self) -> None:
        self.end = threading.Event()

    def get_allowed_auths(self, username: str) -> str:
        return "password"

    def check_auth_password(self, username: str, password: str) -> int:
        self.end.wait(30)
        return AUTH_FAILED


@contextmanager
def silent_at_sign_in() -> Iterator[tuple[int, str]]:
    """The port of such a server, and its host key."""
    key, silent = paramiko.ECDSAKey.generate(), SilentServer()
    with socket.create_server((HOST, 0)) as door:
        threading.Thread(target=_let_knock, args=(door, key, silent), daemon=True).start()
        yield int(door.getsockname()[1]), f"{key.get_name()} {key.get_base64()}"
        silent.end.set()


@dataclass
class CountedLine:
    """A line to a server that can be down: then it takes a call and hangs up. It counts who calls."""

    door: socket.socket
    to: int
    calls: int = 0
    is_down: bool = False

    @property
    def port(self) -> int:
        return int(self.door.getsockname()[1])

    def serve(self) -> None:
        with suppress(OSError):
            while True:
                ours, _ = self.door.accept()
                self.calls += 1
                if self.is_down:
                    ours.close()
                else:
                    self._put_through(ours)

    def _put_through(self, ours: socket.socket) -> None:
        theirs = socket.create_connection((HOST, self.to))
        for giver, taker in ((ours, theirs), (theirs, ours)):
            threading.Thread(target=_carry_all, args=(giver, taker), daemon=True).start()


def _carry_all(giver: socket.socket, taker: socket.socket) -> None:
    with suppress(OSError):
        while piece := giver.recv(16_384):
            taker.sendall(piece)
    with suppress(OSError):
        taker.shutdown(socket.SHUT_WR)


@contextmanager
def counted_line(to: int) -> Iterator[CountedLine]:
    with socket.create_server((HOST, 0)) as door:
        line = CountedLine(door, to)
        threading.Thread(target=line.serve, daemon=True).start()
        yield line
