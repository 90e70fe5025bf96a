"""A server at work in a thread of its own, and ended with whoever wanted it, however that ends."""

import threading
from collections.abc import Iterator
from contextlib import contextmanager
from socketserver import BaseServer

POLL_SECONDS = 0.01


@contextmanager
def answering(server: BaseServer) -> Iterator[None]:
    """Told to end before its socket is closed: a thread that polls a closed socket never rests."""
    with server:
        thread = threading.Thread(target=server.serve_forever, args=(POLL_SECONDS,), daemon=True)
        thread.start()
        try:
            yield
        finally:
            server.shutdown()
            thread.join()
