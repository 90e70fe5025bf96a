"""A front before a partner who speaks HTTP on loopback, which answers in their place by name.

Nothing of it knows the partner: a new one who says where they are reached is given these moods.
"""

from __future__ import annotations

import threading
import zlib
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from functools import cache
from http.client import HTTPConnection
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from time import monotonic
from typing import cast

from simulators.answering import answering
from simulators.line import HOST
from simulators.spoiled import LOGIN_PAGE

BOMB_BYTES, BLOCK_BYTES = 1 << 30, 1 << 20
RETRY_AFTER_SECONDS = 1
ANSWERS_WITHIN_SECONDS = 30.0
OF_ONE_LINE_ONLY = ("connection", "transfer-encoding", "keep-alive")


class _Server(ThreadingHTTPServer):
    daemon_threads = True

    def __init__(self, port: int, answer: Callable[[Front], None]) -> None:
        super().__init__((HOST, 0), Front)
        self.partner, self.answer = port, answer
        self.turn, self.next_at = threading.Lock(), monotonic() + RETRY_AFTER_SECONDS

    def is_too_soon(self) -> bool:
        """One request a second may pass; the first must wait, too."""
        with self.turn:
            if monotonic() < self.next_at:
                return True
            self.next_at = monotonic() + RETRY_AFTER_SECONDS
            return False


class Front(BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"

    @property
    def front(self) -> _Server:
        return cast(_Server, self.server)

    def say(self, status: int, body: bytes, **headers: str) -> None:
        self.send_response(status)
        for name, value in ({"Content-Length": str(len(body))} | headers).items():
            self.send_header(name.replace("_", "-"), value)
        self.end_headers()
        if self.command != "HEAD":
            self.wfile.write(body)

    def asked(self) -> bytes:
        return self.rfile.read(int(self.headers.get("Content-Length", 0)))

    def answer(self) -> None:
        self.front.answer(self)

    # As the standard library asks for them.
    do_GET = do_HEAD = do_POST = do_PUT = do_PATCH = do_DELETE = answer  # noqa: N815

    def log_message(self, *about: object) -> None:
        """Nothing: a path may name a child."""


def _bomb(front: Front) -> None:
    front.asked()
    front.say(200, bomb(), Content_Type="application/json", Content_Encoding="gzip")


def _page(front: Front) -> None:
    front.asked()
    front.say(200, LOGIN_PAGE, Content_Type="text/html; charset=utf-8")


def _failed(front: Front) -> None:
    front.asked()
    front.say(500, b"Internal Server Error", Content_Type="text/plain")


def _in_turn(front: Front) -> None:
    asked = front.asked()
    if front.front.is_too_soon():
        front.say(429, b"Too Many Requests", Retry_After=str(RETRY_AFTER_SECONDS), Content_Type="text/plain")
        return
    partner = HTTPConnection(HOST, front.front.partner, timeout=ANSWERS_WITHIN_SECONDS)
    try:
        partner.request(front.command, front.path, asked or None, dict(front.headers))
        answer = partner.getresponse()
        body = answer.read()
        told = {name: value for name, value in answer.getheaders() if name.lower() not in OF_ONE_LINE_ONLY}
        front.say(answer.status, body, **(told | {"Content-Length": str(len(body))}))
    finally:
        partner.close()


ANSWERS: Mapping[str, Callable[[Front], None]] = {
    "gzip_bomb": _bomb,
    "rate_limiting": _in_turn,
    "html_in_200": _page,
    "error_500": _failed,
}


@contextmanager
def moody_front(port: int, mood: str) -> Iterator[int]:
    """The port at which the HTTP server behind `port` is found in this mood."""
    server = _Server(port, ANSWERS[mood])
    with answering(server):
        yield server.server_port


@cache
def bomb() -> bytes:
    """A sound gzip of a thousand megabytes of noughts, put together from one megabyte packed once."""
    block, packing = bytes(BLOCK_BYTES), zlib.compressobj(9, wbits=-zlib.MAX_WBITS)
    packed = packing.compress(block) + packing.flush(zlib.Z_FULL_FLUSH)
    sum_, times = 0, BOMB_BYTES // BLOCK_BYTES
    for _ in range(times):
        sum_ = zlib.crc32(block, sum_)
    trailer = sum_.to_bytes(4, "little") + (BOMB_BYTES % (1 << 32)).to_bytes(4, "little")
    return b"\x1f\x8b\x08\0\0\0\0\0\0\xff" + packed * times + packing.flush() + trailer
