"""An app on a port, for as long as somebody wants it."""

from __future__ import annotations

import socket
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager

import uvicorn
from starlette.types import ASGIApp

from connectors.errors import MisconfiguredError

HOST = "127.0.0.1"
STARTS_WITHIN_SECONDS = 20.0


def free_port() -> int:
    with socket.socket() as probe:
        probe.bind((HOST, 0))
        return int(probe.getsockname()[1])


@contextmanager
def serving(app: ASGIApp, port: int) -> Iterator[None]:
    """On loopback: what stands before it is where TLS ends. No line is logged of who asked for what."""
    config = uvicorn.Config(app, log_config=None, access_log=False, server_header=False)
    server = uvicorn.Server(config)
    with _bound(port) as listening:
        thread = threading.Thread(target=server.run, kwargs={"sockets": [listening]}, daemon=True)
        thread.start()
        try:
            until = time.monotonic() + STARTS_WITHIN_SECONDS
            while not server.started and thread.is_alive() and time.monotonic() < until:
                time.sleep(0.02)
            if not server.started:
                raise MisconfiguredError(
                    f"The site did not begin on port {port}.",
                    fix="start it again; if it lasts, report the fault.",
                )
            yield
        finally:
            server.should_exit = True
            thread.join()


def _bound(port: int) -> socket.socket:
    listening = socket.socket()
    try:
        listening.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        listening.bind((HOST, port))
    except OSError:
        listening.close()
        raise MisconfiguredError(
            f"The site did not begin on port {port}.", fix="choose another with `--port`: it may be taken."
        ) from None
    return listening
