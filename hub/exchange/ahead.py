"""The next chunk made ready while the database takes the last: two cores, and only two chunks in memory."""

from __future__ import annotations

from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from typing import TypeVar

T = TypeVar("T")


def ahead(chunks: Iterator[T]) -> Iterator[T]:
    with ThreadPoolExecutor(max_workers=1) as one:
        coming = one.submit(next, chunks, None)
        while (chunk := coming.result()) is not None:
            coming = one.submit(next, chunks, None)
            yield chunk
