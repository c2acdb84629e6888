"""The archived page of a story: one response read from its WARC file, as text that nobody's browser will run.

Everything here is hostile: the line names the file, the file may hold anything. A path outside of the output folder is
not opened, sizes are bounded, and what does not read as a response is reported in one sentence.
"""

from __future__ import annotations

import zlib
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from newscrawl.text.encoding import decode

MAX_RECORD_BYTES = 16 * 1024 * 1024
MAX_PAGE_BYTES = 8 * 1024 * 1024
SUFFIXES = (".warc", ".warc.gz")


class NoArchive(Exception):
    """Why there is no archived page to show; the text is for the reader."""


@dataclass(frozen=True, slots=True)
class ArchivedPage:
    """The response as it came: its status line and headers, and its body as text."""

    url: str
    captured_at: str
    head: str
    source: str
    is_cut: bool


def archived_page(folders: Sequence[Path], warc: dict[str, Any] | None) -> ArchivedPage:
    """The page at `crawl.warc` of a line, from a file below one of the folders; NoArchive where it cannot be shown."""
    place = warc or {}
    name, offset, length = place.get("file"), place.get("offset"), place.get("length")
    if not name:
        raise NoArchive("no archive was kept of this page")
    if not isinstance(name, str) or type(offset) is not int or offset < 0:
        raise NoArchive("the line names no place in an archive")
    raw = record_bytes(archive_path(folders, name), offset, length if type(length) is int else None)
    return page_of(raw)


def archive_path(folders: Sequence[Path], name: str) -> Path:
    """The file, which must lie below one of the folders; its name may be absolute, or relative to one of them."""
    for folder in folders:
        top = folder.resolve()
        for base in (folder, folder / "warc", Path()):
            path = (base / name).resolve()
            if path.is_relative_to(top) and path.name.endswith(SUFFIXES) and path.is_file():
                return path
    raise NoArchive(f"{name[:200]}: no WARC file of this name lies in the output folder (--archives names another)")


def record_bytes(path: Path, offset: int, length: int | None) -> bytes:
    """One record, unpacked."""
    size = min(length if length and length > 0 else MAX_RECORD_BYTES, MAX_RECORD_BYTES)
    try:
        with path.open("rb") as file:
            file.seek(offset)
            raw = file.read(size)
    except (OSError, ValueError, OverflowError) as error:
        raise NoArchive(f"{path.name}: {error}") from None
    if raw[:2] != b"\x1f\x8b":
        return raw
    return unpacked(raw, 31, path.name)


def unpacked(raw: bytes, window: int, name: str) -> bytes:
    try:
        return zlib.decompressobj(window).decompress(raw, MAX_PAGE_BYTES + 65_536)
    except zlib.error as error:
        raise NoArchive(f"{name}: the record cannot be unpacked ({error})") from None


def page_of(raw: bytes) -> ArchivedPage:
    """The response in a record of type `response`."""
    record_head, _, rest = raw.partition(b"\r\n\r\n")
    fields = headers(record_head)
    if not record_head.startswith(b"WARC/") or fields.get("warc-type") != "response":
        raise NoArchive("there is no response record at this place of the archive")
    length = fields.get("content-length", "")
    block = rest[: int(length)] if length.isascii() and length.isdigit() and len(length) < 12 else rest
    head, _, body = block.partition(b"\r\n\r\n")
    body = decoded_body(headers(head), body)
    source, _ = decode(body[:MAX_PAGE_BYTES], headers(head).get("content-type"))
    return ArchivedPage(
        fields.get("warc-target-uri", "").strip("<>"), fields.get("warc-date", ""), head.decode("latin-1")[:20_000],
        source, len(body) > MAX_PAGE_BYTES or len(raw) >= MAX_PAGE_BYTES + 65_536,
    )  # fmt: skip


def headers(head: bytes) -> dict[str, str]:
    """Header fields by name in lower case; the first of each."""
    found: dict[str, str] = {}
    for row in head.split(b"\r\n")[1:200]:
        name, colon, value = row.partition(b":")
        if colon:
            found.setdefault(name.decode("latin-1").strip().lower(), value.decode("utf-8", "replace").strip())
    return found


def decoded_body(fields: dict[str, str], body: bytes) -> bytes:
    """The body without its transfer and content encodings; as it is where it does not fit them, as some archives say
    `chunked` of a body that was joined already."""
    if "chunked" in fields.get("transfer-encoding", "").lower():
        body = joined_chunks(body)
    encoding = fields.get("content-encoding", "").lower()
    if encoding in ("gzip", "x-gzip", "deflate") and body[:1] in (b"\x1f", b"\x78"):
        return unpacked(body, 47, "the response")
    return body


def joined_chunks(body: bytes) -> bytes:
    parts: list[bytes] = []
    place = 0
    while (end := body.find(b"\r\n", place, place + 32)) >= 0:
        try:
            size = int(body[place:end].split(b";")[0], 16)
        except ValueError:
            return body if not parts else b"".join(parts)
        if size <= 0:
            break
        parts.append(body[end + 2 : end + 2 + size])
        place = end + 2 + size + 2
    return b"".join(parts) if parts else body
