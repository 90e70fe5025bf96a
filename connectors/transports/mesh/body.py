"""The body of an answer in pieces, read raw and unpacked here: memory stays flat, and a cut is noticed."""

from __future__ import annotations

import zlib
from collections.abc import Iterable, Iterator

import requests

from connectors.errors import UnreadableMessageError

PIECE_BYTES = 1 << 18
GZIP = 31
TOO_LARGE, NOT_WHOLE = "HUB-R20", "HUB-R21"


def body(responses: Iterable[requests.Response], most: int) -> Iterator[bytes]:
    """All parts as one stream. Neither packed nor unpacked may it be longer than `most`."""
    yield from _counted(_unpacked(_packed(responses, most)), most)


def _packed(responses: Iterable[requests.Response], most: int) -> Iterator[tuple[bytes, bool]]:
    for response in responses:
        with response:
            packing = response.headers.get("Content-Encoding", "identity").lower()
            if packing not in ("identity", "gzip") or not _says_its_length(response):
                raise not_whole("is packed in another way than agreed, or does not say where it ends")
            pieces = response.raw.stream(PIECE_BYTES, decode_content=False)
            for piece in _counted(pieces, most):
                yield piece, packing == "gzip"


def _says_its_length(response: requests.Response) -> bool:
    """Without it a line that broke looks like the end."""
    return response.raw.chunked or response.raw.length_remaining is not None


def _unpacked(pieces: Iterable[tuple[bytes, bool]]) -> Iterator[bytes]:
    """Whether each part was packed by itself or the whole before it was cut."""
    member = None
    for piece, gzipped in pieces:
        if not gzipped:
            yield piece
            continue
        left = piece
        while left:
            if member is None or member.eof:
                member = zlib.decompressobj(GZIP)
            yield from _inflated(member, left)
            left = member.unused_data
    if member is not None and not member.eof:
        raise not_whole("ends in the middle")


def _inflated(member: zlib._Decompress, packed: bytes) -> Iterator[bytes]:
    left = packed
    while True:
        try:
            piece = member.decompress(left, PIECE_BYTES)
        except zlib.error:
            raise not_whole("cannot be unpacked") from None
        yield piece
        left = member.unconsumed_tail
        if not left and len(piece) < PIECE_BYTES:
            return


def _counted(pieces: Iterable[bytes], most: int) -> Iterator[bytes]:
    size = 0
    for piece in pieces:
        size += len(piece)
        if size > most:
            raise UnreadableMessageError(
                f"The message is larger than {most} bytes, packed or unpacked.",
                fix="ask the sender to divide it; if it is meant to be so large, raise the limit first.",
                code=TOO_LARGE,
            )
        if piece:
            yield piece


def not_whole(why: str) -> UnreadableMessageError:
    return UnreadableMessageError(
        f"The message {why}.",
        fix="ask the sender to send it again; we look for it every night.",
        code=NOT_WHOLE,
    )
