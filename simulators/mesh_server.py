"""MESH's door: HTTPS for whoever shows the hub's certificate and signs each call."""

import json
import ssl
import time
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Any, cast
from urllib.parse import parse_qs, unquote, urlsplit

from simulators.answering import answering
from simulators.certificates import own_certificate
from simulators.line import HOST
from simulators.mesh_exchange import OURS, THEIRS, Exchange, Message
from simulators.spoiled import LOGIN_PAGE

REFUSALS = {"unauthorised": 403, "busy": 429, "down": 503}
Answer = tuple[int, Mapping[str, str], bytes]


def _json(status: int, said: Any) -> Answer:
    return status, {"Content-Type": "application/json"}, json.dumps(said).encode()


NOTHING = _json(404, {"detail": [{"code": "20"}]})


class Handler(BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"
    disable_nagle_algorithm = True

    @property
    def exchange(self) -> Exchange:
        return cast(_Server, self.server).exchange

    def answer(self) -> None:
        content, exchange = self.rfile.read(int(self.headers.get("Content-Length") or 0)), self.exchange
        exchange.asked += 1
        _, _, mailbox, *place = urlsplit(self.path).path.split("/")
        is_let_in = exchange.lets_in(mailbox, self.headers.get("Authorization", ""))
        if exchange.mood in REFUSALS or not is_let_in:
            self._say(_json(REFUSALS.get(exchange.mood, 403), {}))
        elif exchange.mood == "html_in_200":
            self._say((200, {"Content-Type": "text/html"}, LOGIN_PAGE))
        else:
            with exchange.turn:
                said = self._truly(tuple(map(unquote, place)), content)
            self._in_the_mood(said)

    # As the standard library asks for them.
    do_GET = do_HEAD = do_POST = do_PUT = answer  # noqa: N815

    def _truly(self, place: tuple[str, ...], content: bytes) -> Answer:
        said = NOTHING
        match (self.command, *place):
            case ("POST",):
                said = _json(200, {"mailboxId": OURS})
            case ("GET", "inbox"):
                said = self._listed()
            case ("POST", "outbox"):
                said = self._taken(content)
            case ("GET", "outbox", "tracking", local_id):
                said = self._tracked(self.exchange.sent_as(local_id))
            case ("GET", "outbox", "tracking"):
                known = self.exchange.messages.get(self._query("messageID"))
                said = self._tracked([known] if known else [])
            case (("HEAD" | "GET" | "PUT"), "inbox", message_id, *_):
                said = self._of_one(self.exchange.messages.get(message_id))
        return said

    def _query(self, name: str) -> str:
        return parse_qs(urlsplit(self.path).query).get(name, [""])[0]

    def _listed(self) -> Answer:
        ids = [one.message_id for one in self.exchange.waiting(OURS, self._query("workflow_filter"))]
        begin = self._query("continue_from")
        ids = ids[ids.index(begin) + 1 :] if begin in ids else ids
        most = int(self._query("max_results") or 500)
        links = (
            {"next": f"{self.path.partition('?')[0]}?continue_from={ids[most - 1]}"}
            if len(ids) > most
            else {}
        )
        return _json(200, {"messages": ids[:most], "links": links})

    def _of_one(self, message: Message | None) -> Answer:
        if message is None or message.to != OURS:
            return NOTHING
        if self.command == "PUT":
            self.exchange.acknowledge(message)
            return _json(200, {})
        if self.command == "GET":
            self.exchange.read += 1
            if self.exchange.mood == "page_fails" and self.exchange.read > 1:
                return _json(500, {})
        return 200, message.headers(), message.content

    def _taken(self, content: bytes) -> Answer:
        if self.exchange.mood == "too_early":
            return _json(425, {})
        if self.exchange.mood == "error_in_200":
            return _json(200, {"errorDescription": "we take nothing today"})
        if self.headers["Mex-To"] != THEIRS:
            return _json(417, {"detail": [{"code": "12"}]})
        sent = Message(THEIRS, self.headers["Mex-WorkflowID"], content, self.headers["Mex-LocalID"])
        return _json(202, {"message_id": self.exchange.put(sent).message_id})

    def _tracked(self, known: list[Message]) -> Answer:
        if len(known) != 1:
            return _json(300, {}) if known else NOTHING
        (one,) = known
        return _json(200, {"messageId": one.message_id, "local_id": one.local_id, "status": one.status})

    def _in_the_mood(self, said: Answer) -> None:
        if self.exchange.mood == "lost_reply" and self.command == "POST":
            self.close_connection = True
            return
        if self.exchange.mood == "slow":
            time.sleep(self.exchange.slow_seconds)
        self._say(said)

    def _say(self, said: Answer) -> None:
        status, headers, body = said
        self.send_response(status)
        for name, value in ({"Content-Length": str(len(body))} | dict(headers)).items():
            self.send_header(name, value)
        self.end_headers()
        if self.command != "HEAD":
            self.wfile.write(body)

    def log_message(self, *_: Any) -> None:
        """Quiet."""


class _Server(ThreadingHTTPServer):
    daemon_threads = True

    def __init__(self, exchange: Exchange, home: Path) -> None:
        super().__init__((HOST, 0), Handler)
        self.exchange = exchange
        self.own, self.hub = own_certificate(home, "mesh"), own_certificate(home, "hub")
        tls = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
        tls.load_cert_chain(self.own.file, self.own.key)
        tls.load_verify_locations(self.hub.file)
        tls.verify_mode = ssl.CERT_REQUIRED
        self.socket = tls.wrap_socket(self.socket, server_side=True, do_handshake_on_connect=False)

    def handle_error(self, *_: Any) -> None:
        """Whoever is answered too late has gone."""


@contextmanager
def serving(exchange: Exchange, home: Path) -> Iterator[dict[str, str]]:
    """The settings by which a hub finds it, without their prefix."""
    server = _Server(exchange, home)
    with answering(server):
        yield {
            "URL": f"https://{HOST}:{server.server_port}",
            "MAILBOX": OURS,
            "PASSWORD": exchange.password,
            "SHARED_KEY": exchange.shared_key,
            "CERTIFICATE": str(server.hub.file),
            "CERTIFICATE_KEY": str(server.hub.key),
            "CA": str(server.own.file),
            "THEIR_MAILBOX": THEIRS,
        }
