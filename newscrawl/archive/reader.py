"""Read captured pages: WARC files (plain or gzipped per record) and saved pages.

warcio parses one record at a time. This module finds the next record behind a broken one, so that a broken record costs
only itself, and counts what was wrong.
"""

from __future__ import annotations

import gzip
import re
import zlib
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import UTC, datetime
from io import BytesIO
from pathlib import Path
from typing import Any, BinaryIO

from newscrawl.security.compression import is_whole
from newscrawl.security.markup import MAX_PAGE_BYTES
from newscrawl.security.url import split

GZIP_MAGIC = b"\x1f\x8b"
MAX_RECORD_BYTES = MAX_PAGE_BYTES + 1024 * 1024  # a page and its headers
MAX_HEADER_BYTES = READ_BYTES = 65_536
CONTENT_LENGTH = re.compile(rb"\r\ncontent-length[ \t]*:[ \t]*(\d{1,15})(?=[ \t]*\r\n|[ \t]*\Z)", re.I)
RECORD_START = re.compile(rb"\x1f\x8b\x08[\x00-\x1f]|WARC/[01]\.\d{1,2}\r?\n")
NEAR_BYTES, SEARCH_BYTES = 64, 1 << 20  # a sound record is followed by the next one
OVERLAP_BYTES = 16  # a record's start may lie across two reads
ARCHIVES = (".warc", ".warc.gz")
SAVED = (".html", ".htm", ".html.gz", ".htm.gz")
OTHER_FORMATS = {
    b"filedesc://": "an ARC archive", b"\x04\x22\x4d\x18": "an LZ4 file", b"\x28\xb5\x2f\xfd": "a Zstandard file",
    b"PK\x03\x04": "a ZIP file (WACZ?)", b"BZh": "a bzip2 file", b"\xfd7zXZ": "an xz file", b"WARC/": "a WARC archive without the name .warc",
}  # fmt: skip
ENCODINGS = {"gzip": "gzip", "x-gzip": "gzip", "deflate": "deflate", "br": "br"}  # as warcio names them


class BrokenRecord(ValueError):
    """A record that cannot be read; its text is the reason, in one word."""


@dataclass(frozen=True, slots=True)
class Archived:
    """A response as it was captured; `offset` and `length` (bytes of the record) are None for a saved page."""

    url: str
    captured_at: datetime
    status: int
    headers: list[tuple[str, str]]
    body: bytes
    file: str
    offset: int | None = None
    length: int | None = None


@dataclass(slots=True)
class Archive:
    """The responses of one WARC file in their order; `faults` counts what could not be read, by reason."""

    path: Path
    faults: Counter[str] = field(default_factory=Counter)

    def responses(self) -> Iterator[Archived]:
        """Every response that can be read. OSError: the file cannot be."""
        with self.path.open("rb") as file:
            at = next_record(file, 0)
            if at is None:
                self.faults["no-record"] += 1
            is_lost = False  # between two records: one damage is counted once
            while at is not None:
                try:
                    found, length = record_at(file, at, str(self.path))
                except BrokenRecord as error:
                    if not is_lost:
                        self.faults[str(error)] += 1
                    is_lost = True
                    at = next_record(file, at + 1)
                    continue
                is_lost = False
                if found is not None:
                    yield found
                at = next_record(file, at + length)

    def response_at(self, offset: int) -> Archived | None:
        """The response of one record; None for other kinds of records and broken ones."""
        with self.path.open("rb") as file:
            try:
                return record_at(file, offset, str(self.path))[0]
            except BrokenRecord:
                return None


def next_record(file: BinaryIO, at: int) -> int | None:
    """The offset of the first record at or after `at`; None if no record follows."""
    size = NEAR_BYTES
    while True:
        file.seek(at)
        window = file.read(size)
        if found := RECORD_START.search(window):
            return at + found.start()
        if len(window) < size:
            return None
        at += size - OVERLAP_BYTES
        size = SEARCH_BYTES


def record_at(file: BinaryIO, at: int, name: str) -> tuple[Archived | None, int]:
    """(the response, or None for another kind of record; the record's length in bytes); BrokenRecord says why not."""
    file.seek(at)
    content, length = member(file) if file.read(2) == GZIP_MAGIC else plain_record(file, at)
    return parsed(content, name, at, length), length


def member(file: BinaryIO) -> tuple[bytes, int]:
    """(a record, the length of the gzip member that holds it), its check sum compared; the file's position is after the magic bytes."""
    stream = zlib.decompressobj(31)
    content, length = bytearray(), 0
    piece = GZIP_MAGIC
    try:
        while piece:
            unpacked = stream.decompress(piece, MAX_RECORD_BYTES - len(content) + 1)
            length += len(piece)
            content += unpacked
            if len(content) > MAX_RECORD_BYTES:
                raise BrokenRecord("too-big")
            if stream.eof:
                return framed(bytes(content), is_alone=True), length - len(stream.unused_data)
            piece = file.read(READ_BYTES)
    except zlib.error:
        raise BrokenRecord("broken-record") from None
    raise BrokenRecord("cut-record")


def plain_record(file: BinaryIO, at: int) -> tuple[bytes, int]:
    """(a record, its length) of a file that is not compressed."""
    file.seek(at)
    head = file.read(MAX_HEADER_BYTES)
    size = record_size(head)
    if size > MAX_RECORD_BYTES:
        raise BrokenRecord("too-big")
    content = head[:size] + file.read(max(0, size - len(head)))
    return framed(content, is_alone=False), size


def record_size(head: bytes) -> int:
    """The bytes of a record with the blank lines behind it, by its header; BrokenRecord where it states none."""
    end = head.find(b"\r\n\r\n")
    stated = CONTENT_LENGTH.findall(head[:end]) if end >= 0 and RECORD_START.match(head) else []
    if len(stated) != 1 or RECORD_START.search(head, 1, end):  # a cut header goes on with the next record's
        raise BrokenRecord("broken-record")
    return end + 4 + int(stated[0]) + 4


def framed(content: bytes, *, is_alone: bool) -> bytes:
    """A record whose length is what its header states; BrokenRecord else. A sound one ends with two blank lines."""
    size = record_size(content[:MAX_HEADER_BYTES])
    if len(content) < size - 4:
        raise BrokenRecord("cut-record")
    if content[size - 4 : size].strip(b"\r\n"):
        raise BrokenRecord("broken-record")
    if is_alone and content[size:].strip(b"\r\n"):
        raise BrokenRecord("more-than-one-record")  # the whole file was packed at once: no record can be found in it
    return content[:size]


def parsed(content: bytes, name: str, at: int, length: int) -> Archived | None:
    """The response that a record holds; None where it is another kind of record."""
    from warcio.archiveiterator import ArchiveIterator
    from warcio.exceptions import ArchiveLoadFailed

    try:
        record: Any = next(ArchiveIterator(BytesIO(content)))
        if record.rec_type != "response" or record.http_headers is None:
            return None
        raw = record.raw_stream.read(MAX_PAGE_BYTES + 1)
    except (StopIteration, ArchiveLoadFailed, OSError, EOFError, ValueError, AttributeError, TypeError):
        # AttributeError and TypeError: what warcio raises where headers end too early
        raise BrokenRecord("broken-record") from None
    return archived(record, raw, name, at, length)


def archived(record: Any, raw: bytes, name: str, at: int, length: int) -> Archived | None:
    """The response of a record whose body was read; None if it is not an HTTP response."""
    url = (record.rec_headers.get_header("WARC-Target-URI") or "").strip("<>")  # wget 1.20 wrote the brackets
    captured_at = capture_time(record.rec_headers.get_header("WARC-Date"))
    status = str(record.http_headers.get_statuscode() or "")
    if split(url) is None or captured_at is None or not (status.isascii() and status.isdigit() and len(status) == 3):
        return None
    headers = [(key, value) for key, value in record.http_headers.headers if value is not None]
    return Archived(url, captured_at, int(status), headers, unpacked(raw, dict_of(headers)), name, at, length)


def capture_time(stated: str | None) -> datetime | None:
    try:
        found = datetime.fromisoformat(stated or "")
    except ValueError:
        return None
    return found.replace(tzinfo=UTC) if found.tzinfo is None else found.astimezone(UTC)


def dict_of(headers: list[tuple[str, str]]) -> dict[str, str]:
    """Headers by their names in lower case; the first of two counts."""
    return {key.lower(): value for key, value in reversed(headers)}


def unpacked(raw: bytes, headers: dict[str, str]) -> bytes:
    """The body without chunks and compression. Archives that hold it plain under the old headers are read as they are."""
    from warcio.bufferedreaders import BufferedReader, ChunkedDataReader

    if "chunked" in headers.get("transfer-encoding", "").lower():
        raw = ChunkedDataReader(BytesIO(raw)).read(MAX_PAGE_BYTES + 1)
    encoding = headers.get("content-encoding", "").strip().lower()
    if encoding not in ENCODINGS:
        return raw
    if not is_whole(raw, encoding):
        raise BrokenRecord("cut-body")
    try:
        body: bytes = BufferedReader(BytesIO(raw), decomp_type=ENCODINGS[encoding]).read(MAX_PAGE_BYTES + 1)
    except (OSError, EOFError, ValueError, zlib.error):
        raise BrokenRecord("broken-body") from None
    return body


def saved_page(path: Path, url: str) -> Archived:
    """A page that was saved as a file: captured when the file was written. OSError, EOFError, zlib.error: unreadable."""
    with path.open("rb") as file:
        is_packed = file.read(2) == b"\x1f\x8b"
    with gzip.open(path) if is_packed else path.open("rb") as file:
        body = file.read(MAX_PAGE_BYTES + 1)
    captured_at = datetime.fromtimestamp(int(path.stat().st_mtime), UTC)
    return Archived(url, captured_at, 200, [], body, str(path))


def archive_kind(body: bytes) -> str | None:
    """What archive or packed file this is, where it is not a page; None for anything else."""
    return next((name for start, name in OTHER_FORMATS.items() if body.startswith(start)), None)


def files_of(paths: list[Path]) -> list[Path]:
    """The files to be read, in the order given; of a folder its archives and saved pages by name."""
    found = []
    for path in paths:
        inside = sorted(p for p in path.rglob("*") if p.is_file()) if path.is_dir() else [path]
        found += [p for p in inside if p.name.lower().endswith(ARCHIVES + SAVED) or not path.is_dir()]
    return found
