"""The question a container's health check asks, and the answers that count."""

from __future__ import annotations

import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

import pytest

from hub.alive import is_alive
from simulators.answering import answering
from tests.containers.compose import ROOT, SERVICES
from tests.servers.lines import closed_port

HEALTHY = b'{"metadatabase": {"status": "healthy"}, "dag_processor": {"status": "unhealthy"}}'


@contextmanager
def server_that_says(status: int, said: bytes) -> Iterator[str]:
    class Answer(BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            self.send_response(status)
            self.end_headers()
            self.wfile.write(said)

        def log_message(self, *_: object) -> None:
            """Quiet."""

    server = ThreadingHTTPServer(("127.0.0.1", 0), Answer)
    with answering(server):
        yield f"http://127.0.0.1:{server.server_port}/health"


@pytest.mark.parametrize(
    ("status", "said", "part", "alive"),
    [
        (200, b"", None, True),
        (503, b"", None, False),
        (200, HEALTHY, "metadatabase", True),
        (200, HEALTHY, "dag_processor", False),
        (200, b'{"dag_processor": {"status": null}}', "dag_processor", False),
        (200, b"{}", "dag_processor", False),
        (200, b"<html>a proxy's page</html>", "metadatabase", False),
        (200, b"[]", "metadatabase", False),
    ],
)
def test_only_an_answer_that_says_healthy_is_one(
    status: int, said: bytes, part: str | None, alive: bool
) -> None:
    with server_that_says(status, said) as url:
        assert is_alive(url, part) is alive


def test_the_check_of_the_compose_file_ends_with_its_answer() -> None:
    words = SERVICES["api-server"].said["healthcheck"]["test"]
    assert words[:4] == ["CMD", "python", "-m", "hub.alive"]
    part = words[5]
    with server_that_says(200, HEALTHY) as url:
        assert asked(url, part) == 0
    assert asked(f"http://127.0.0.1:{closed_port()}/health", part) == 1


def asked(url: str, part: str) -> int:
    command = [sys.executable, "-m", "hub.alive", url, part]
    return subprocess.run(command, check=False, cwd=ROOT, timeout=30).returncode
