"""The line of the health services' FHIR server: HTTP, and how it misbehaves where the mood is of the line."""

import json
import time
from collections.abc import Callable
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any, Protocol
from urllib.parse import parse_qs, urlsplit

BASE = "/fhir/R4"
REFUSALS = {"unauthorised": 401, "down": 503, "busy": 429}
Answer = tuple[int, Any]


class Behind(Protocol):
    mood: str
    asked: int
    slow_seconds: float

    def search(self, kind: str, query: dict[str, str], address: str) -> Answer: ...
    def get(self, kind: str, logical: str) -> Answer: ...
    def transact(self, bundle: dict[str, Any]) -> Answer: ...
    def put(self, kind: str, logical: str, resource: dict[str, Any], if_match: str) -> Answer: ...


class Handler(BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"
    disable_nagle_algorithm = True
    server: "Server"

    def do_GET(self) -> None:
        asked = urlsplit(self.path)
        query = {name: values[0] for name, values in parse_qs(asked.query).items()}
        kind, _, logical = asked.path.removeprefix(f"{BASE}/").partition("/")
        without = "&".join(part for part in asked.query.split("&") if not part.startswith("after="))
        address = f"http://{self.headers['Host']}{asked.path}?{without}"
        service = self.server.service
        self._answer(lambda: service.get(kind, logical) if logical else service.search(kind, query, address))

    def do_POST(self) -> None:
        body = self._body()
        self._answer(lambda: self.server.service.transact(body))
        self.server.keep()

    def do_PUT(self) -> None:
        body, path = self._body(), urlsplit(self.path).path.removeprefix(f"{BASE}/")
        kind, _, logical = path.partition("/")
        self._answer(lambda: self.server.service.put(kind, logical, body, self.headers.get("If-Match", "")))
        self.server.keep()

    def _body(self) -> Any:
        return json.loads(self.rfile.read(int(self.headers["Content-Length"])))

    def _answer(self, made: Callable[[], Answer]) -> None:
        service = self.server.service
        service.asked += 1
        if service.mood in REFUSALS:
            self._say(REFUSALS[service.mood], b"{}")
        elif service.mood == "html_in_200":
            self._say(200, b"<html>Please sign in</html>", "text/html")
        else:
            self._truly(*made())

    def _truly(self, status: int, said: Any) -> None:
        service = self.server.service
        if service.mood == "lost_reply":
            self.close_connection = True
            return
        if service.mood == "slow":
            time.sleep(service.slow_seconds)
        self._say(status, json.dumps(said).encode())

    def _say(self, status: int, body: bytes, kind: str = "application/fhir+json") -> None:
        self.send_response(status)
        self.send_header("Content-Type", kind)
        self.send_header("Content-Length", str(len(body)))
        for name in ("X-Request-ID", "X-Correlation-ID"):
            if name in self.headers:
                self.send_header(name, self.headers[name])
        self.end_headers()
        self.wfile.write(body)

    def log_message(self, *_: Any) -> None:
        """Quiet: an address may name a child."""


class Server(ThreadingHTTPServer):
    daemon_threads = True

    def __init__(self, service: Behind, keep: Callable[[], None]) -> None:
        super().__init__(("127.0.0.1", 0), Handler)
        self.service = service
        self.keep = keep

    def handle_error(self, *_: Any) -> None:
        """Whoever is answered too late has gone."""


def serving_on(service: Behind, keep: Callable[[], None]) -> Server:
    return Server(service, keep)
