"""The body of an answer: read whole or not at all, and unpacked by us, for libraries know no limit."""

from __future__ import annotations

import zlib
from collections.abc import Iterator, Mapping

from urllib3 import BaseHTTPResponse

from connectors.transports.http.errors import Host
from connectors.transports.http.limits import HttpLimits

PIECE_BYTES = 1 << 16
# What we say that we can unpack, and how zlib is told of it.
PACKINGS: Mapping[str, int] = {"gzip": 31, "x-gzip": 31, "deflate": 15}
ACCEPT_ENCODING = "gzip, deflate"
GZIP_BEGINS = b"\x1f\x8b"
ASK_WHAT_IT_IS = "ask the partner what they sent; no agreed answer is like that."


def body_of(answer: BaseHTTPResponse, host: Host, limits: HttpLimits) -> bytes:
    packing = answer.headers.get("content-encoding", "identity").strip().lower()
    pieces = _pieces(answer, host, limits)
    if packing == "identity":
        return _joined(pieces, host, limits)
    if packing not in PACKINGS:
        raise host.refused("packs its answer in a way that we did not offer, or twice", fix=ASK_WHAT_IT_IS)
    body = _joined(_unpacked(pieces, PACKINGS[packing], host), host, limits)
    if body.startswith(GZIP_BEGINS):
        raise host.refused("packs its answer twice", fix=ASK_WHAT_IT_IS)
    return body


def _pieces(answer: BaseHTTPResponse, host: Host, limits: HttpLimits) -> Iterator[bytes]:
    declared = answer.length_remaining
    if declared is None and not getattr(answer, "chunked", False):
        # Such a body ends where the line ends, and a line that broke looks the same.
        raise host.unavailable("does not say where its answer ends, so a part cannot be told from the whole")
    if declared is not None and declared > limits.wire_bytes:
        raise _too_long(host)
    came = 0
    while piece := answer.read(PIECE_BYTES, decode_content=False):
        came += len(piece)
        if came > limits.wire_bytes:
            raise _too_long(host)
        yield piece


def _unpacked(pieces: Iterator[bytes], how: int, host: Host) -> Iterator[bytes]:
    unpack = zlib.decompressobj(how)
    something = False
    for packed in pieces:
        something, left = True, packed
        while left and not unpack.eof:
            yield _unpacked_piece(unpack, left, host)
            left = unpack.unconsumed_tail
        if unpack.unused_data:
            raise host.refused("sends more behind the end of a packed answer", fix=ASK_WHAT_IT_IS)
    yield unpack.flush()
    if something and not unpack.eof:
        raise host.unavailable("sends a packed answer that is cut short")


def _unpacked_piece(unpack: zlib._Decompress, packed: bytes, host: Host) -> bytes:
    try:
        return unpack.decompress(packed, PIECE_BYTES)
    except zlib.error:
        fault = host.refused("sends a packed answer that cannot be unpacked", fix=ASK_WHAT_IT_IS)
    raise fault


def _joined(pieces: Iterator[bytes], host: Host, limits: HttpLimits) -> bytes:
    body = bytearray()
    for piece in pieces:
        body += piece
        if len(body) > limits.body_bytes:
            raise _too_long(host)
    return bytes(body)


def _too_long(host: Host) -> Exception:
    return host.refused(
        "sends more than one answer may hold",
        fix="ask the partner for smaller pages, or whether it is in error.",
    )
