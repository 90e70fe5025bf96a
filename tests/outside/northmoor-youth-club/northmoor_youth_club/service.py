"""Northmoor Youth Club' service: lists requests in pages, takes each message once.

Run as a process, it takes a folder and a night, and stops when its standard input ends.
"""

import json
import random
import sys
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import datetime
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Any
from urllib.parse import parse_qs, urlsplit

from northmoor_youth_club.simulator import requests
from simulators.drop import write_once
from simulators.partner import say_ready

PAGE = 10
KEY = "an-invented-key"
REFUSALS = {"unauthorised": 401, "down": 503, "busy": 429}
Answer = tuple[int, Any]


@dataclass
class Service:
    """What they know. A mood is how they behave; "" is the good one."""

    mood: str = ""
    requests: dict[int, dict[str, Any]] = field(default_factory=dict)
    taken: dict[str, dict[str, Any]] = field(default_factory=dict)
    # Each time a message came about: once for each key, unless somebody makes new keys.
    effects: list[tuple[str, dict[str, Any]]] = field(default_factory=list)
    refused: str = ""
    asked: int = 0
    slow_seconds: float = 2.0

    def listing(self, query: dict[str, str]) -> Answer:
        if self.mood == "page_fails" and "after" in query:
            return 500, {}
        rows = [] if self.mood == "empty" else self._since(query.get("since", ""))
        start = next((n for n, row in enumerate(rows) if _order(row) > query.get("after", "")), len(rows))
        page, more = rows[start : start + PAGE], len(rows) > start + PAGE
        said = {
            "requests": self._as_the_mood_is(page, rows[max(0, start - 1) : start]),
            "next": _order(page[-1]) if more else None,
            "total": len(rows) + (self.mood == "counts_too_many"),
        }
        self._meanwhile()
        return 200, said

    def _since(self, since: str) -> list[dict[str, Any]]:
        back = datetime.fromisoformat(since) if since else None
        there = self.requests.values()
        return sorted(
            (row for row in there if back is None or datetime.fromisoformat(row["changed_at"]) >= back),
            key=_order,
        )

    def _as_the_mood_is(self, page: list[dict[str, Any]], before: list[dict[str, Any]]) -> list[Any]:
        if self.mood == "repeats":
            page = [*before, *page]
        if self.mood == "reorders":
            page = random.sample(page, len(page))
        return [row.get("spoiled", row) for row in page]

    def _meanwhile(self) -> None:
        """What happens once the first page has been read."""
        if self.mood == "page_shifts":
            self.requests.pop(1, None)
        if self.mood == "page_changes" and 1 in self.requests:
            newer = datetime.fromisoformat(self.requests[1]["changed_at"]).replace(microsecond=5)
            change = {"wish": "wish 1 version 2", "changed_at": newer.isoformat()}
            self.requests[1] = self.requests[1] | change

    def take(self, messages: list[dict[str, Any]]) -> Answer:
        if self.mood == "error_in_200":
            return 200, {"error": "we take nothing today"}
        self.refused = self.refused or messages[0]["key"]
        receipts = [self._receipt(one) for one in messages]
        if self.mood == "fewer_receipts":
            receipts.pop()
        if self.mood == "shuffled_receipts":
            receipts.reverse()
        return 200, {"receipts": receipts}

    def _receipt(self, message: dict[str, Any]) -> dict[str, Any]:
        said: dict[str, Any] = {"key": (key := message["key"]), "status": 201}
        if self.mood == "too_early":
            return said | {"status": 425}
        if self.mood == "conflict_version":
            return said | {"status": 409, "problem": "version"}
        if self.mood in ("refuses_one", "shuffled_receipts") and key == self.refused:
            return said | {"status": 422, "problem": "nobody covers this place"}
        if key in self.taken:
            return said | ({"status": 409, "problem": "duplicate"} if self.mood else {"status": 200})
        self.taken[key] = {"key": key, "answer": None}
        self.effects.append((key, {name: value for name, value in message.items() if name != "key"}))
        return said


def _order(row: dict[str, Any]) -> str:
    return f"{row['changed_at']} {row['id']}"


class Handler(BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"
    disable_nagle_algorithm = True
    server: "Server"

    def do_GET(self) -> None:
        asked = urlsplit(self.path)
        query = {name: values[0] for name, values in parse_qs(asked.query).items()}
        service = self.server.service
        if asked.path == "/answers":
            self._answer(lambda: (200, {"answers": list(service.taken.values())}))
        else:
            self._answer(lambda: service.listing(query))

    def do_POST(self) -> None:
        body = json.loads(self.rfile.read(int(self.headers["Content-Length"])))
        self._answer(lambda: self.server.service.take(body["messages"]))
        self.server.keep()

    def _answer(self, made: Callable[[], Answer]) -> None:
        service = self.server.service
        service.asked += 1
        if service.mood in REFUSALS or self.headers.get("X-Api-Key") != KEY:
            self._say(REFUSALS.get(service.mood, 401), b"{}")
        elif service.mood == "html_in_200":
            self._say(200, b"<html>Please sign in</html>", "text/html")
        else:
            self._truly(*made())

    def _truly(self, status: int, said: Any) -> None:
        if self.server.service.mood == "lost_reply":
            self.close_connection = True
            return
        if self.server.service.mood == "slow":
            time.sleep(self.server.service.slow_seconds)
        self._say(status, json.dumps(said).encode())

    def _say(self, status: int, body: bytes, kind: str = "application/json") -> None:
        self.send_response(status)
        self.send_header("Content-Type", kind)
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)

    def log_message(self, *_: Any) -> None:
        """Quiet."""


class Server(ThreadingHTTPServer):
    daemon_threads = True

    def __init__(self, service: Service, keep: Callable[[], None]) -> None:
        super().__init__(("127.0.0.1", 0), Handler)
        self.service = service
        self.keep = keep

    def handle_error(self, *_: Any) -> None:
        """Whoever is answered too late has gone."""


@contextmanager
def serving(service: Service, keep: Callable[[], None] = lambda: None) -> Iterator[dict[str, str]]:
    """The settings by which the hub finds them."""
    with Server(service, keep) as server:
        threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.01}, daemon=True).start()
        address = f"http://127.0.0.1:{server.server_port}"
        try:
            yield {"HUB_NORTHMOOR_YOUTH_CLUB_BASE_URL": address, "HUB_NORTHMOOR_YOUTH_CLUB_KEY": KEY}
        finally:
            server.shutdown()


def main(home: Path, night: int) -> None:
    """What was taken is kept, and is there again after a restart."""
    kept = home / "taken.json"
    service = Service(requests=dict(requests(night)))
    service.taken = json.loads(kept.read_text()) if kept.exists() else {}
    with serving(service, lambda: write_once(kept, json.dumps(service.taken).encode())) as settings:
        say_ready(settings)
        sys.stdin.buffer.read()


if __name__ == "__main__":
    main(Path(sys.argv[1]), int(sys.argv[2]))
