"""A mail server that knows no TLS, and notes all that is said to it."""

from __future__ import annotations

import socket
import threading
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field

from tests.servers.lines import HOST


@dataclass
class Heard:
    port: int
    lines: list[str] = field(default_factory=list)


@contextmanager
def plain_mail(kind: str) -> Iterator[Heard]:
    """`kind` is smtp or imap. Serves one connection."""
    with socket.create_server((HOST, 0)) as door:
        heard = Heard(int(door.getsockname()[1]))
        thread = threading.Thread(target=_serve, args=(door, kind, heard), daemon=True)
        thread.start()
        yield heard
        thread.join(timeout=5)


def _serve(door: socket.socket, kind: str, heard: Heard) -> None:
    with suppress(OSError):
        end, _ = door.accept()
        with end, end.makefile("rb") as said:
            end.sendall(b"220 here\r\n" if kind == "smtp" else b"* OK here\r\n")
            for line in said:
                heard.lines.append(line.decode().strip())
                end.sendall(_smtp(line) if kind == "smtp" else _imap(line))


def _smtp(line: bytes) -> bytes:
    return b"250-here\r\n250 AUTH PLAIN LOGIN\r\n" if line.startswith(b"ehlo") else b"250 yes\r\n"


def _imap(line: bytes) -> bytes:
    tag = line.split()[0]
    told = b"* CAPABILITY IMAP4rev1 AUTH=PLAIN\r\n" if b"CAPABILITY" in line else b""
    return told + tag + b" OK yes\r\n"
