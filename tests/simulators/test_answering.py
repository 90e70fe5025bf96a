"""A server ends with whoever wanted it, also where that ends badly."""

from __future__ import annotations

import threading
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

import pytest

from simulators.answering import answering


class WantedNoMoreError(Exception):
    pass


def wanted_no_more() -> None:
    with answering(ThreadingHTTPServer(("127.0.0.1", 0), BaseHTTPRequestHandler)):
        raise WantedNoMoreError


def test_no_thread_is_left_polling_a_closed_socket() -> None:
    before = threading.active_count()
    with pytest.raises(WantedNoMoreError):
        wanted_no_more()
    assert threading.active_count() == before
