"""Check that a compressed body is complete, and decompress it up to a limit."""

from __future__ import annotations

import zlib

MAX_UNPACKED_BYTES = 32 * 1024 * 1024  # beyond it the download bound decides, not this look
WINDOW_BITS = {"gzip": 31, "x-gzip": 31, "deflate": 15}


def is_whole(body: bytes, encoding: str) -> bool:
    """False for a gzip or deflate stream that ends before its end mark; True for whatever cannot be judged here."""
    bits = WINDOW_BITS.get(encoding.strip().lower())
    if bits is None or not body:
        return True
    stream = zlib.decompressobj(bits)
    try:
        stream.decompress(body, MAX_UNPACKED_BYTES)
    except zlib.error:
        return True  # no such stream at all (a plain body, a raw deflate): for the decoder to say
    return stream.eof or bool(stream.unconsumed_tail)


def unpacked(body: bytes, encoding: str, limit: int) -> bytes:
    """The first `limit` bytes of a gzip or deflate body, as far as it can be unpacked; any other body as it is."""
    bits = WINDOW_BITS.get(encoding.strip().lower())
    if bits is None:
        return body[:limit]
    try:
        return zlib.decompressobj(bits).decompress(body, limit)
    except zlib.error:
        return body[:limit]
