"""A door before the MESH sandbox: it hands on what is asked, and fails where a test says so."""

from __future__ import annotations

import http.client
import ssl
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any

from tests.servers.lines import HOST
from tests.servers.mesh_sandbox import MeshSandbox

Answer = tuple[int, dict[str, str], bytes]


@dataclass
class Mood:
    """What the door does with a call whose line begins so, and how often; then it is itself again."""

    begins: str
    # In place of the sandbox's answer.
    says: Answer | None = None
    # The sandbox does what was asked, and its answer is lost.
    loses_the_answer: bool = False
    # Seconds between the bytes of the answer's head.
    drips: float = 0
    # So many bytes of the body come, and then the line breaks.
    breaks_after: int | None = None
    times: int = 1


@dataclass
class Door:
    port: int = 0
    moods: list[Mood] = field(default_factory=list)
    asked: list[str] = field(default_factory=list)
    tokens: list[str] = field(default_factory=list)

    @property
    def url(self) -> str:
        return f"https://{HOST}:{self.port}"

    def feels(self, begins: str, **how: Any) -> None:
        self.moods.append(Mood(begins, **how))

    def mood_for(self, line: str) -> Mood | None:
        mood = next((one for one in self.moods if one.times > 0 and line.startswith(one.begins)), None)
        if mood is not None:
            mood.times -= 1
        return mood


@contextmanager
def moody_door(sandbox: MeshSandbox) -> Iterator[Door]:
    door = Door()
    server = _Server((HOST, 0), _Handler)
    server.door, server.sandbox = door, sandbox
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain(sandbox.server.file, sandbox.server.key)
    context.load_verify_locations(sandbox.authority.file)
    context.verify_mode = ssl.CERT_REQUIRED
    # With 1.3 a client learns that its certificate is refused only later, and on loopback not always.
    context.maximum_version = ssl.TLSVersion.TLSv1_2
    server.socket = context.wrap_socket(server.socket, server_side=True)
    door.port = int(server.server_address[1])
    thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.05}, daemon=True)
    thread.start()
    try:
        yield door
    finally:
        server.shutdown()
        server.server_close()
        thread.join(10)


class _Server(ThreadingHTTPServer):
    daemon_threads = True
    door: Door
    sandbox: MeshSandbox


class _Handler(BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"
    server: _Server

    def _take(self) -> None:
        line, door = f"{self.command} {self.path}", self.server.door
        door.asked.append(line)
        door.tokens.append(self.headers.get("Authorization", ""))
        content = self.rfile.read(int(self.headers.get("Content-Length") or 0))
        mood = door.mood_for(line) or Mood(line)
        said = mood.says or _asked_on(self.server.sandbox, self, content)
        with suppress(OSError):
            self.close_connection = _answer(self, mood, *said)

    do_GET = do_HEAD = do_PUT = do_POST = _take  # noqa: N815 - so the standard library calls them

    def log_message(self, *_: Any) -> None:
        """A test's output is its own."""


def _answer(to: _Handler, mood: Mood, status: int, headers: dict[str, str], content: bytes) -> bool:
    """Whether the line ends with it."""
    if mood.loses_the_answer:
        return True
    length = {} if "Connection" in headers else {"Content-Length": str(len(content))}
    lines = [f"HTTP/1.1 {status} Said", *(f"{name}: {value}" for name, value in (length | headers).items())]
    head = "\r\n".join([*lines, "", ""]).encode("latin-1")
    if mood.drips:
        for number in range(len(head)):
            to.wfile.write(head[number : number + 1])
            time.sleep(mood.drips)
    else:
        to.wfile.write(head)
    to.wfile.write(content[: mood.breaks_after])
    return mood.breaks_after is not None or "Connection" in headers


def _asked_on(sandbox: MeshSandbox, asked: BaseHTTPRequestHandler, content: bytes) -> Answer:
    context = ssl.create_default_context(cafile=sandbox.authority.file)
    context.load_cert_chain(sandbox.client.file, sandbox.client.key)
    onward = http.client.HTTPSConnection(HOST, sandbox.port, timeout=30, context=context)
    try:
        headers = {name: value for name, value in asked.headers.items() if name.lower() != "host"}
        onward.request(asked.command, asked.path, body=content or None, headers=headers)
        answer = onward.getresponse()
        told = {n: v for n, v in answer.getheaders() if n.lower() not in ("content-length", "connection")}
        return answer.status, told, answer.read()
    finally:
        onward.close()
