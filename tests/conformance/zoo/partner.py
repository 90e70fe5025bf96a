"""Open Door Mentors, invented: a REST service on loopback that lists its referrals and takes messages."""

from __future__ import annotations

import json
import random
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import datetime
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any
from urllib.parse import parse_qs, urlsplit

from simulators.answering import answering

PAGE = 10
REFUSALS = {"unauthorised": 401, "down": 503}
Answer = tuple[int, Any]


@dataclass
class Mentors:
    mood: str = ""
    referrals: dict[int, dict[str, Any]] = field(default_factory=dict)
    taken: dict[str, dict[str, Any]] = field(default_factory=dict)
    # Each time a message came about: once for each key, unless somebody makes new keys.
    effects: list[tuple[str, dict[str, Any]]] = field(default_factory=list)
    # The first message that ever came, in the moods that refuse one.
    refused: str = ""
    asked: int = 0
    slow_seconds: float = 2.0

    # What they list.

    def listing(self, query: dict[str, str]) -> Answer:
        if self.mood == "page_fails" and "after" in query:
            return 500, {}
        rows = [] if self.mood == "empty" else self._since(query)
        start = next((n for n, row in enumerate(rows) if self._key(row) > query.get("after", "")), len(rows))
        start = int(query.get("offset", start))
        page, more = rows[start : start + PAGE], len(rows) > start + PAGE
        said = {
            "referrals": self._as_the_mood_is(page, rows[start - 1 : start]),
            "next": self._key(page[-1]) if more else None,
            "total": len(rows) + (self.mood == "counts_too_many"),
        }
        self._meanwhile()
        return 200, said

    def _since(self, query: dict[str, str]) -> list[dict[str, Any]]:
        there = [row for row in self.referrals.values() if row["changed_at"] >= query.get("since", "")]
        return sorted(there, key=self._key)

    def _key(self, row: dict[str, Any]) -> str:
        return f"{row['changed_at']} {row['id']}"

    def _as_the_mood_is(self, page: list[dict[str, Any]], before: list[dict[str, Any]]) -> list[Any]:
        if self.mood == "repeats":
            page = [*before, *page]
        if self.mood == "reorders":
            page = random.sample(page, len(page))
        return [row.get("spoiled", row) for row in page]

    def _meanwhile(self) -> None:
        """What happens once the first page has been read."""
        if self.mood == "page_shifts":
            self.referrals.pop(1, None)
        if self.mood == "page_changes" and 1 in self.referrals:
            newer = datetime.fromisoformat(self.referrals[1]["changed_at"]).replace(microsecond=5)
            # A new row: the old one is still to be written into the page.
            self.referrals[1] = self.referrals[1] | {
                "wish": "wish 1 version 2",
                "changed_at": newer.isoformat(),
            }

    # What they take.

    def take(self, messages: list[dict[str, Any]]) -> Answer:
        if self.mood in ("error_in_200", "busy"):
            return (200 if self.mood == "error_in_200" else 429), {"error": "we take nothing today"}
        self.refused = self.refused or messages[0]["key"]
        receipts = [self._receipt(one) for one in messages]
        if self.mood == "fewer_receipts":
            receipts.pop()
        if self.mood == "shuffled_receipts":
            receipts.reverse()
        return 200, {"receipts": receipts}

    def _receipt(self, message: dict[str, Any]) -> dict[str, Any]:
        key = message["key"]
        said: dict[str, Any] = {"key": key, "status": 201}
        if self.mood == "too_early":
            return said | {"status": 425}
        if self.mood == "conflict_version":
            return said | {"status": 409, "problem": "version"}
        if self.mood in ("refuses_one", "shuffled_receipts") and key == self.refused:
            return said | {"status": 422, "problem": "no mentor covers this postcode"}
        if key in self.taken:
            return said | ({"status": 409, "problem": "duplicate"} if self.mood else {"status": 200})
        self.taken[key] = {"key": key, "answer": None}
        self.effects.append((key, {name: value for name, value in message.items() if name != "key"}))
        return said


class Handler(BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"
    disable_nagle_algorithm = True
    server: Server

    def do_GET(self) -> None:
        asked = urlsplit(self.path)
        query = {name: values[0] for name, values in parse_qs(asked.query).items()}
        mentors = self.server.mentors
        if asked.path == "/answers":
            self._answer(lambda: (200, {"answers": list(mentors.taken.values())}))
        else:
            self._answer(lambda: mentors.listing(query))

    def do_POST(self) -> None:
        body = json.loads(self.rfile.read(int(self.headers["Content-Length"])))
        self._answer(lambda: self.server.mentors.take(body["messages"]))

    def do_DELETE(self) -> None:
        self.server.mentors.referrals.clear()
        self.send_response(204)
        self.end_headers()

    def _answer(self, made: Callable[[], Answer]) -> None:
        mentors = self.server.mentors
        mentors.asked += 1
        if mentors.mood in REFUSALS:
            self._say(REFUSALS[mentors.mood], b"{}")
        elif mentors.mood == "html_in_200":
            self._say(200, b"<html>Please sign in</html>", "text/html")
        else:
            self._truly(*made())

    def _truly(self, status: int, said: Any) -> None:
        if self.server.mentors.mood == "lost_reply":
            self.close_connection = True
            return
        if self.server.mentors.mood == "slow":
            time.sleep(self.server.mentors.slow_seconds)
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

    def __init__(self, mentors: Mentors) -> None:
        super().__init__(("127.0.0.1", 0), Handler)
        self.mentors = mentors

    def handle_error(self, *_: Any) -> None:
        """Whoever is answered too late has gone."""


@contextmanager
def serving(mentors: Mentors) -> Iterator[str]:
    """Its address."""
    server = Server(mentors)
    with answering(server):
        yield f"http://127.0.0.1:{server.server_port}"
