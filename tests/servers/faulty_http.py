"""An HTTP server on loopback that misbehaves as the path tells it: `/cut-chunk` and so on, and keeps what it
was asked."""

from __future__ import annotations

import gzip
import re
import socket
import ssl
import struct
import threading
import time
import zlib
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from email.utils import format_datetime
from functools import cache, partial
from typing import BinaryIO

from tests.servers.lines import HOST

GOOD = b'{"records": [1, 2, 3]}'
MANY = b'{"records": [' + b"1, " * 2000 + b"3]}"
PACKED = gzip.compress(MANY)
PAGE = b"<!doctype html><title>Sign in</title>"
CHECK_OF_GIBIBYTE = 0x5B64C2B0
RESET = b"\1\0\0\0\0\0\0\0"
# The number of the request on this path, from 1, and the socket it came by.
Scenario = Callable[[socket.socket, int], None]


def answer(body: bytes = GOOD, *, status: str = "200 OK", **headers: str) -> bytes:
    """Sound, unless the headers say otherwise; one that is empty is left out."""
    lines = {"Content-Type": "application/json", "Content-Length": str(len(body))}
    lines |= {name.replace("_", "-"): value for name, value in headers.items()}
    head = "".join(f"{name}: {value}\r\n" for name, value in lines.items() if value)
    return f"HTTP/1.1 {status}\r\n{head}\r\n".encode() + body


def chunks(*pieces: bytes, **headers: str) -> bytes:
    head = answer(b"", Content_Length="", Transfer_Encoding="chunked", **headers)
    return head + b"".join(b"%x\r\n%s\r\n" % (len(piece), piece) for piece in pieces)


@cache
def bomb(times: int) -> bytes:
    """A gibibyte of zeros, packed once or twice: one packed mebibyte again and again, to be quick."""
    pack, zeros = zlib.compressobj(9, zlib.DEFLATED, -15), b"\0" * (1 << 20)
    block = pack.compress(zeros) + pack.flush(zlib.Z_FULL_FLUSH)
    end = pack.flush() + struct.pack("<II", CHECK_OF_GIBIBYTE, 1 << 30)
    packed = b"\x1f\x8b\x08" + bytes(7) + block * 1024 + end
    return packed if times == 1 else gzip.compress(packed)


def says(*answers: bytes) -> Scenario:
    """One after the other, the last for ever; the line stays open, unless the answer is cut."""
    return lambda end, number: end.sendall(answers[min(number, len(answers)) - 1])


def cut(text: bytes, *, hard: bool = False) -> Scenario:
    def scenario(end: socket.socket, number: int) -> None:
        end.sendall(text)
        if hard:
            end.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, RESET)
        else:
            end.shutdown(socket.SHUT_WR)
        raise EOFError

    return scenario


def dribbles(text: bytes, end: socket.socket, number: int) -> None:
    for place in range(len(text)):
        end.sendall(text[place : place + 1])
        time.sleep(0.05)


def slowly(text: bytes, end: socket.socket, number: int) -> None:
    time.sleep(0.3)
    end.sendall(text)


def floods(end: socket.socket, number: int) -> None:
    end.sendall(chunks())
    while True:
        end.sendall(b"10000\r\n" + b"1" * 65_536 + b"\r\n")


def later(seconds: int, *, told_by: timedelta = timedelta()) -> bytes:
    """Busy until a time of day, by a clock of theirs that may be wrong."""
    now = datetime.now(UTC) + told_by
    dates = [format_datetime(one, usegmt=True) for one in (now, now + timedelta(seconds=seconds))]
    return answer(b"", status="429 Too Many Requests", Date=dates[0], Retry_After=dates[1])


def busy(status: str = "503 Service Unavailable", **headers: str) -> bytes:
    return answer(PAGE, status=status, Content_Type="text/html", **headers)


SCENARIOS: Mapping[str, Scenario] = {
    "good": says(answer()),
    "packed": says(answer(PACKED, Content_Encoding="gzip")),
    "deflated": says(answer(zlib.compress(MANY), Content_Encoding="deflate")),
    "good-chunks": says(chunks(GOOD[:5], GOOD[5:], b"")),
    "no-content": says(answer(b"", status="204 No Content", Content_Type="", Content_Length="")),
    "slow-head": partial(slowly, answer()),
    "dribbling-head": partial(dribbles, answer(X_Long="x" * 5000)),
    "dribbling-body": partial(dribbles, answer(GOOD + b" " * 5000)),
    "dribbling-trailer": partial(dribbles, chunks(GOOD) + b"0\r\n" + b"x: y\r\n" * 5000),
    "silent": lambda end, number: time.sleep(30),
    "reset": cut(answer(MANY)[:300], hard=True),
    "half-closed": cut(b""),
    "short-body": cut(answer(MANY)[:-100]),
    "no-length": cut(answer(MANY, Content_Length="")[:-100]),
    "cut-chunk": cut(chunks(MANY)[:-100]),
    "no-last-chunk": cut(chunks(MANY)),
    "no-http": cut(b"SSH-2.0-OpenSSH_9.2\r\n"),
    "cut-gzip": says(answer(PACKED[:-20], Content_Encoding="gzip")),
    "cut-gzip-end": says(answer(PACKED[:-4], Content_Encoding="gzip")),
    "spoiled-gzip": says(answer(PACKED[:-8] + b"\0" * 8, Content_Encoding="gzip")),
    "gzip-and-more": says(answer(PACKED + b"more", Content_Encoding="gzip")),
    "bomb": lambda end, number: end.sendall(answer(bomb(1), Content_Encoding="gzip")),
    "twice-packed-bomb": lambda end, number: end.sendall(answer(bomb(2), Content_Encoding="gzip")),
    "twice-named-bomb": lambda end, number: end.sendall(answer(bomb(2), Content_Encoding="gzip, gzip")),
    "bomb-in-an-error": lambda end, number: end.sendall(
        answer(bomb(1), status="302 Found", Location="/good", Content_Encoding="gzip")
    ),
    "brotli": says(answer(GOOD, Content_Encoding="br")),
    "300-headers": says(answer(**{f"X-{number}": "x" for number in range(300)})),
    "70-kB-header": says(answer(X_Long="x" * 70_000)),
    "90-kB-of-headers": says(answer(**{f"X-{number}": "x" * 1000 for number in range(90)})),
    "moved-to-a-file": says(answer(b"", status="302 Found", Location="file:///etc/hostname")),
    "moved-nearby": says(answer(b"", status="301 Moved Permanently", Location="/good")),
    "web-page": says(answer(PAGE, Content_Type="text/html; charset=utf-8")),
    "empty": says(answer(b"")),
    "empty-packed": says(answer(b"", Content_Encoding="gzip")),
    "plain-text": says(answer(Content_Type="text/plain")),
    "no-type": says(answer(Content_Type="")),
    "unauthorised": says(answer(status="401 Unauthorized")),
    "forbidden": says(answer(status="403 Forbidden")),
    "not-found": says(answer(status="404 Not Found")),
    "conflict": says(answer(status="409 Conflict")),
    "too-early": says(answer(status="425 Too Early")),
    "busy-for-1-s": says(busy("429 Too Many Requests", Retry_After="1"), answer()),
    "busy-for-an-hour": says(busy("429 Too Many Requests", Retry_After="3600")),
    "busy-until": lambda end, number: end.sendall(later(7) if number == 1 else answer()),
    "busy-by-a-wrong-clock": lambda end, number: end.sendall(
        later(7, told_by=timedelta(hours=1)) if number == 1 else answer()
    ),
    "busy-until-rubbish": says(busy(Retry_After="soon"), answer()),
    "500": says(busy("500 Internal Server Error")),
    "501": says(busy("501 Not Implemented")),
    "503": says(busy()),
    "500-then-good": says(busy("500 Internal Server Error"), answer()),
    "length-too-long": cut(answer(Content_Length="5000")),
    "length-too-short": says(answer(Content_Length="10")),
    "two-lengths": says(answer(Content_Length="10, 22")),
    "length-of-a-gibibyte": cut(answer(Content_Length=str(1 << 30))),
    "endless": floods,
    "a-key-twice": says(answer(b'{"id": 1, "id": 2}')),
    "cookie": says(answer(Set_Cookie="session=1; Path=/")),
}


@dataclass
class FaultyHttp:
    url: str
    moved_to: str = ""
    heads: list[str] = field(default_factory=list)
    bodies: list[bytes] = field(default_factory=list)
    lines: int = 0
    counts: dict[str, int] = field(default_factory=dict)

    def serve(self, end: socket.socket) -> None:
        self.lines += 1
        with end, suppress(OSError, EOFError, ValueError), end.makefile("rb") as stream:
            while head := self._head(stream):
                name = head.split()[1].partition("?")[0].strip("/")
                self.counts[name] = number = self.counts.get(name, 0) + 1
                if name == "moved":
                    says(answer(b"", status="307 Temporary Redirect", Location=self.moved_to))(end, number)
                else:
                    SCENARIOS[name](end, number)

    def _head(self, stream: BinaryIO) -> str:
        head = ""
        while (line := stream.readline().decode()) not in ("", "\r\n"):
            head += line
        if head:
            length = re.search(r"^content-length: (\d+)", head, re.IGNORECASE | re.MULTILINE)
            self.heads.append(head)
            self.bodies.append(stream.read(int(length[1]) if length else 0))
        return head


@contextmanager
def faulty_http(*, moved_to: str = "", tls: ssl.SSLContext | None = None) -> Iterator[FaultyHttp]:
    with socket.create_server((HOST, 0)) as door:
        port = door.getsockname()[1]
        server = FaultyHttp(f"http{'s' if tls else ''}://{HOST}:{port}", moved_to)
        threading.Thread(target=_let_in, args=(door, server, tls), daemon=True).start()
        try:
            yield server
        finally:
            # Closed alone it stays up for as long as somebody waits at it.
            door.shutdown(socket.SHUT_RDWR)


def _let_in(door: socket.socket, server: FaultyHttp, tls: ssl.SSLContext | None) -> None:
    while True:
        try:
            end, _ = door.accept()
        except OSError:
            return
        threading.Thread(target=_served, args=(end, server, tls), daemon=True).start()


def _served(end: socket.socket, server: FaultyHttp, tls: ssl.SSLContext | None) -> None:
    if tls:
        end = tls.wrap_socket(end, server_side=True, do_handshake_on_connect=False)
        try:
            end.do_handshake()
        except OSError:
            # Hung up at once, the caller would not hear why.
            time.sleep(0.2)
            end.close()
            return
    server.serve(end)
