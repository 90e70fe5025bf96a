"""The line: requests' adapter without its session, on sockets that a watch can cut off.

A session follows redirects, keeps cookies and reads proxies, passwords and certificates from the environment;
even told not to follow one, it unpacks the whole body of a redirect. The adapter alone does none of it.

A read timeout is no deadline: a byte now and then, in the head or in the body, keeps the line busy for ever.
So each socket has a second handle, by which a timer shuts it down wherever it stands: while it connects, in
the TLS handshake, the head or the body. Only the look-up of a name cannot be cut off; the system limits it.
"""

from __future__ import annotations

import logging
import socket
import time
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from threading import Lock, Timer
from typing import Any

from requests.adapters import HTTPAdapter
from urllib3 import HTTPConnectionPool, HTTPSConnectionPool
from urllib3.connection import HTTPConnection, HTTPSConnection


class Line:
    """The sockets of one client. One request at a time, so one timer is enough for all."""

    def __init__(self, connect_seconds: float) -> None:
        self._connect_seconds = connect_seconds
        self._handles: list[tuple[HTTPConnection, socket.socket]] = []
        self._lock = Lock()
        self._ends_at = 0.0
        self.is_cut = False

    @contextmanager
    def within(self, seconds: float) -> Iterator[None]:
        """Whatever is open after these seconds is shut down, and reads as broken."""
        self.is_cut, self._ends_at = False, time.monotonic() + seconds
        watch = Timer(seconds, self._cut)
        watch.daemon = True
        watch.start()
        try:
            yield
        finally:
            watch.cancel()
            # A watch that is just at work must not reach into the next request.
            watch.join()
            self._let_go()

    def connected(self, connection: HTTPConnection) -> socket.socket:
        host, port = connection.host.strip("[]"), connection.port
        fault: OSError = OSError("the name has no address")
        for family, kind, protocol, _, address in socket.getaddrinfo(host, port, type=socket.SOCK_STREAM):
            end = socket.socket(family, kind, protocol)
            try:
                self._hold(connection, end)
                end.connect(address)
                end.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
            except OSError as error:
                end.close()
                fault = error
            else:
                return end
        raise fault

    def _hold(self, connection: HTTPConnection, end: socket.socket) -> None:
        left = self._ends_at - time.monotonic()
        with self._lock:
            if self.is_cut or left <= 0:
                raise TimeoutError
            end.settimeout(min(self._connect_seconds, left))
            # By a handle of its own, because TLS takes the first one away.
            self._handles.append((connection, end.dup()))

    def _cut(self) -> None:
        with self._lock:
            self.is_cut = True
            for _, handle in self._handles:
                with suppress(OSError):
                    handle.shutdown(socket.SHUT_RDWR)

    def _let_go(self) -> None:
        kept = [(one, handle) for one, handle in self._handles if one.sock is not None and not self.is_cut]
        for pair in self._handles:
            if pair not in kept:
                pair[1].close()
        self._handles = kept

    def close(self) -> None:
        for _, handle in self._handles:
            handle.close()
        self._handles = []


class WatchedAdapter(HTTPAdapter):
    def __init__(self, line: Line) -> None:
        self._line = line
        # It writes whole addresses into its log, and an address may name a child.
        logging.getLogger("urllib3").setLevel(logging.ERROR)
        super().__init__(pool_maxsize=1)

    def init_poolmanager(self, *args: Any, **options: Any) -> None:
        super().init_poolmanager(*args, **options)
        self.poolmanager.pool_classes_by_scheme = _watched_pools(self._line)


def _watched_pools(line: Line) -> dict[str, type[HTTPConnectionPool]]:
    class Plain(HTTPConnection):
        def _new_conn(self) -> socket.socket:
            return line.connected(self)

    class Secure(HTTPSConnection):
        def _new_conn(self) -> socket.socket:
            return line.connected(self)

    class PlainPool(HTTPConnectionPool):
        ConnectionCls = Plain

    class SecurePool(HTTPSConnectionPool):
        ConnectionCls = Secure

    return {"http": PlainPool, "https": SecurePool}
