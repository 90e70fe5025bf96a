"""A line in each mood, whatever is spoken over it; and the front before those who speak HTTP."""

import socket
import threading
import time
import zlib
from collections.abc import Iterator
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

import pytest
import requests

from simulators.answering import answering
from simulators.http_front import ANSWERS, BOMB_BYTES, RETRY_AFTER_SECONDS, bomb, moody_front
from simulators.line import DOWN, HOST, MANNERS, End, Manner, line_to, moody_line
from simulators.moods import MOODS, Kind

SAID = bytes(range(256)) * 200


@contextmanager
def speaker() -> Iterator[int]:
    """Says the same to whoever has said a word, and hangs up."""
    with socket.create_server((HOST, 0)) as door:

        def serve() -> None:
            while True:
                try:
                    end, _ = door.accept()
                except OSError:
                    return
                with end:
                    end.recv(16)
                    end.sendall(SAID)

        serving = threading.Thread(target=serve, daemon=True)
        serving.start()
        yield int(door.getsockname()[1])
        door.shutdown(socket.SHUT_RDWR)
        serving.join()


def heard(port: int, patience: float = 0.5) -> tuple[bytes, str]:
    """What comes, and how it ends."""
    came = b""
    with socket.create_connection((HOST, port), patience) as end:
        end.sendall(b"well?")
        try:
            while piece := end.recv(65_536):
                came += piece
        except TimeoutError:
            return came, "silence"
        except ConnectionResetError:
            return came, "reset"
    return came, "closed"


def test_every_mood_of_the_line_and_of_http_is_there_to_be_played():
    by_kind = {kind: {mood.name for mood in MOODS.values() if mood.kind is kind} for kind in Kind}
    assert by_kind[Kind.LINE] == {*MANNERS, DOWN}
    assert by_kind[Kind.HTTP] == set(ANSWERS)


@pytest.mark.parametrize(
    ("manner", "said", "end"),
    [
        (Manner(), SAID, "closed"),
        (Manner(wait=0.01), SAID, "closed"),
        (Manner(well=1_000, end=End.HANG_UP), SAID[:1_000], "closed"),
        (Manner(well=1_000, end=End.SILENCE), SAID[:1_000], "silence"),
        (Manner(well=50_000, end=End.HANG_UP), SAID[:50_000], "closed"),
        (Manner(end=End.HANG_UP), b"", "closed"),
    ],
)
def test_what_comes_over_the_line_and_how_it_ends(manner, said, end):
    with speaker() as port, line_to(port, manner) as spoiled:
        assert heard(spoiled) == (said, end)
        # The next caller is treated alike.
        assert heard(spoiled) == (said, end)


def test_a_line_that_is_torn_down_says_so():
    """What was on its way may be lost with it."""
    with speaker() as port, line_to(port, Manner(well=1_000, end=End.RESET)) as spoiled:
        came, end = heard(spoiled)
    assert end == "reset"
    assert SAID[:1_000].startswith(came)


def test_a_dribbling_line_never_stops_and_is_never_done():
    dribbling = Manner(well=1_000, piece=1, wait=0.05)
    with (
        speaker() as port,
        line_to(port, dribbling) as spoiled,
        socket.create_connection((HOST, spoiled), 0.5) as end,
    ):
        end.sendall(b"well?")
        came, until = b"", time.monotonic() + 1
        while time.monotonic() < until:
            # No wait of half a second is ever in vain.
            came += end.recv(65_536)
    assert 1_000 < len(came) < 1_050
    assert SAID.startswith(came)


def test_nobody_answers_where_a_partner_is_down():
    with speaker() as port, moody_line(port, "down") as spoiled, pytest.raises(ConnectionRefusedError):
        heard(spoiled)


def test_nothing_is_left_of_a_line_that_is_taken_away():
    before = threading.active_count()
    with speaker() as port, moody_line(port, "dribbling") as spoiled:
        end = socket.create_connection((HOST, spoiled), 2)
        end.sendall(b"well?")
        end.recv(10)
    with end:
        while end.recv(65_536):
            pass
    until = time.monotonic() + 5
    while threading.active_count() > before and time.monotonic() < until:
        time.sleep(0.01)
    assert threading.active_count() == before


# HTTP.


class Partner(BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"

    def do_POST(self) -> None:
        body = self.rfile.read(int(self.headers["Content-Length"]))
        self.send_response(201)
        self.send_header("Content-Length", str(len(body)))
        self.send_header("X-Asked", self.path)
        self.end_headers()
        self.wfile.write(body)

    def log_message(self, *about: object) -> None:
        pass


@pytest.fixture
def partner() -> Iterator[int]:
    server = ThreadingHTTPServer((HOST, 0), Partner)
    with answering(server):
        yield server.server_port


def ask(port: int) -> requests.Response:
    return requests.post(f"http://{HOST}:{port}/referrals?page=2", data=b"one", stream=True, timeout=5)


def test_one_request_a_second_reaches_the_partner_and_the_others_are_told_to_wait(partner):
    with moody_front(partner, "rate_limiting") as port:
        first = ask(port)
        assert (first.status_code, first.headers["Retry-After"]) == (429, str(RETRY_AFTER_SECONDS))
        time.sleep(float(first.headers["Retry-After"]))
        second = ask(port)
        assert (second.status_code, second.content) == (201, b"one")
        assert second.headers["X-Asked"] == "/referrals?page=2"
        assert ask(port).status_code == 429


@pytest.mark.parametrize(
    ("mood", "status", "sign"), [("html_in_200", 200, b"<form>"), ("error_500", 500, b"Server Error")]
)
def test_another_answers_in_the_partners_place(partner, mood, status, sign):
    with moody_front(partner, mood) as port:
        answer = ask(port)
    assert answer.status_code == status
    assert sign in answer.content
    assert answer.headers["Content-Type"].startswith("text/")


def test_a_small_answer_unpacks_to_a_very_large_one(partner):
    with moody_front(partner, "gzip_bomb") as port:
        answer = ask(port)
        assert answer.headers["Content-Encoding"] == "gzip"
        assert answer.raw.read(decode_content=False) == bomb()
    unpacking, size = zlib.decompressobj(wbits=31), 0
    for start in range(0, len(bomb()), 1024):
        size += len(unpacking.decompress(bomb()[start : start + 1024]))
    # Sound to its end, its checksum and length included.
    assert (size, unpacking.eof) == (BOMB_BYTES, True)
    assert len(bomb()) < 2_000_000
