"""A partner's service over HTTP on loopback: their key at the door, the moods of a whole service, and a call
for the partner to answer.
"""

import json
import time
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from email.message import Message
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any, ClassVar, cast
from urllib.parse import parse_qs, urlsplit

from simulators.answering import answering
from simulators.line import HOST
from simulators.spoiled import LOGIN_PAGE

KEY = "an-invented-key"
REFUSALS = {"unauthorised": 401, "down": 503, "busy": 429}
# A status, and what is said in JSON.
Answer = tuple[int, Any]


@dataclass(frozen=True)
class Call:
    method: str
    path: str
    query: Mapping[str, str]
    # Looked up in whatever case.
    headers: Message
    body: Any

    @property
    def address(self) -> str:
        """As a front before us is asked for: links lead there."""
        return f"http://{self.headers['Host']}{self.path}"


@dataclass
class JsonService:
    """What they answer. A mood is how they behave; "" is the good one."""

    kind: ClassVar[str] = "application/json"
    # Headers of a call that its answer bears, too.
    echoes: ClassVar[tuple[str, ...]] = ()
    mood: str = ""
    asked: int = 0
    slow_seconds: float = 2.0

    def answered(self, call: Call) -> Answer:
        raise NotImplementedError

    def lets_in(self, headers: Message) -> bool:
        return headers.get("X-Api-Key") == KEY


class Handler(BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"
    disable_nagle_algorithm = True

    def answer(self) -> None:
        server = cast(_Server, self.server)
        said = self.rfile.read(int(self.headers.get("Content-Length") or 0))
        asked = urlsplit(self.path)
        query = {name: values[0] for name, values in parse_qs(asked.query, keep_blank_values=True).items()}
        server.service.asked += 1
        if server.service.mood in REFUSALS or not server.service.lets_in(self.headers):
            self._say(REFUSALS.get(server.service.mood, 401), b"{}", server.service.kind)
        elif server.service.mood == "html_in_200":
            self._say(200, LOGIN_PAGE, "text/html")
        else:
            call = Call(self.command, asked.path, query, self.headers, json.loads(said) if said else None)
            answer = server.service.answered(call)
            if self.command != "GET":
                # Before it is told: what they said they took is there after a restart.
                server.keep()
            self._truly(server.service, *answer)

    # As the standard library asks for them.
    do_GET = do_POST = do_PUT = answer  # noqa: N815

    def _truly(self, service: JsonService, status: int, said: Any) -> None:
        if service.mood == "lost_reply":
            self.close_connection = True
            return
        if service.mood == "slow":
            time.sleep(service.slow_seconds)
        self._say(status, json.dumps(said).encode(), service.kind)

    def _say(self, status: int, body: bytes, kind: str) -> None:
        self.send_response(status)
        self.send_header("Content-Type", kind)
        self.send_header("Content-Length", str(len(body)))
        for name in cast(_Server, self.server).service.echoes:
            if name in self.headers:
                self.send_header(name, self.headers[name])
        self.end_headers()
        self.wfile.write(body)

    def log_message(self, *_: Any) -> None:
        """Quiet."""


class _Server(ThreadingHTTPServer):
    daemon_threads = True

    def __init__(self, service: JsonService, keep: Callable[[], None]) -> None:
        super().__init__((HOST, 0), Handler)
        self.service = service
        self.keep = keep

    def handle_error(self, *_: Any) -> None:
        """Whoever is answered too late has gone."""


@contextmanager
def serving(service: JsonService, keep: Callable[[], None] = lambda: None) -> Iterator[dict[str, str]]:
    """The settings by which a hub finds them, without their prefix. `keep` is called with whatever may change
    something, before it is answered.
    """
    server = _Server(service, keep)
    with answering(server):
        yield {"BASE_URL": f"http://{HOST}:{server.server_port}", "KEY": KEY}
