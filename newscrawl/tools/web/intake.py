"""What is new in the folder, as batches of lines: files are read from where they ended the last time."""

from __future__ import annotations

import os
import sqlite3
import zlib
from collections.abc import Iterator
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Any

import orjson

from newscrawl.storage.jsonl import PART
from newscrawl.tools.query import segments_of
from newscrawl.tools.reports.tally import facts_of

MAX_LINE_BYTES = 64 * 1024 * 1024
BATCH_LINES = 4_000  # of one transaction
BATCH_BYTES = 32 * 1024 * 1024
CHUNK_BYTES = 1024 * 1024
MAX_VERSION = 2**31
WRONG = (KeyError, TypeError, ValueError, AttributeError, OverflowError, IndexError)


@dataclass(frozen=True, slots=True)
class NewLines:
    """A segment as it lies in the folder; `name` without `.part`."""

    path: str
    name: str
    size_bytes: int
    changed_ns: int


@dataclass(slots=True)
class IndexedLine:
    """One line on its way into the index."""

    segment: int
    start: int
    size_bytes: int
    line: dict[str, Any]


@dataclass(slots=True)
class Read:
    """How much of a segment was read: bytes, their CRC-32, lines, and lines that are not stories."""

    number: int
    size_bytes: int
    crc: int
    lines: int
    refused: int
    changed_ns: int


@dataclass(slots=True)
class Batch:
    """Lines of one transaction, and how much of which segment was read with them."""

    entries: list[IndexedLine] = field(default_factory=list)
    read: dict[int, Read] = field(default_factory=dict)
    size_bytes: int = 0

    def is_full(self) -> bool:
        return len(self.entries) >= BATCH_LINES or self.size_bytes >= BATCH_BYTES


def segments_in(stories: Path) -> list[NewLines]:
    """The segments of the folder, the newest run first, so that a first start shows the latest news at once."""
    if not stories.is_dir():
        return []
    top = len(f"{stories}{os.sep}")
    found = [NewLines(s.path, s.path[top:].removesuffix(PART), s.size_bytes, s.ctime_ns) for s in segments_of(stories)]
    return sorted(found, key=lambda segment: segment.path.rpartition(os.sep)[2], reverse=True)


def must_start_over(db: sqlite3.Connection, found: list[NewLines]) -> bool:
    """Whether a file is not what was read of it: cut, or rewritten (a redaction). Words cannot be taken back one by one."""
    rows = db.execute("SELECT path, size_bytes, crc, changed_ns FROM segments")
    known = {path: (size, crc, changed_ns) for path, size, crc, changed_ns in rows}
    for segment in found:
        size, crc, changed_ns = known.get(segment.name, (0, 0, segment.changed_ns))
        if segment.size_bytes < size:
            return True
        if segment.changed_ns != changed_ns:  # it has grown, or got its final name, or is another
            if crc_of(segment.path, size) not in (crc, None):
                return True
            db.execute("UPDATE segments SET changed_ns = ? WHERE path = ?", (segment.changed_ns, segment.name))
    return False


def crc_of(path: str, size_bytes: int) -> int | None:
    """CRC-32 of the first bytes of a file; None where it cannot be read."""
    crc = 0
    try:
        with Path(path).open("rb") as file:
            while size_bytes > 0 and (chunk := file.read(min(size_bytes, CHUNK_BYTES))):
                crc = zlib.crc32(chunk, crc)
                size_bytes -= len(chunk)
    except OSError:
        return None
    return crc


def batches(db: sqlite3.Connection, new: list[NewLines]) -> Iterator[Batch]:
    """The lines of the new segments in portions; a small file does not make a transaction of its own."""
    batch = Batch()
    for segment in new:
        read = known_of(db, segment)
        for entry in whole_lines(segment, read):
            batch.size_bytes += entry.size_bytes
            if entry.line:
                batch.entries.append(entry)
            if batch.is_full():
                batch.read[read.number] = replace(read)
                yield batch
                batch = Batch()
        batch.read[read.number] = read
    yield batch


def known_of(db: sqlite3.Connection, segment: NewLines) -> Read:
    """What is known of a segment, which is entered where it is new."""
    db.execute("INSERT OR IGNORE INTO segments VALUES (NULL, ?, 0, 0, 0, 0, 0)", (segment.name,))
    row = db.execute("SELECT number, size_bytes, crc, lines, refused FROM segments WHERE path = ?", (segment.name,))
    number, size_bytes, crc, lines, refused = row.fetchone()
    return Read(number, size_bytes, crc, lines, refused, segment.changed_ns)


def whole_lines(segment: NewLines, read: Read) -> Iterator[IndexedLine]:
    """The lines behind what was read, which moves on with them; one that is not a story comes as {}.

    What is behind the last line break is still being written, or torn. A line longer than a line can be is
    gone through in pieces, none of them a story.
    """
    try:
        with Path(segment.path).open("rb") as file:
            file.seek(read.size_bytes)
            while (raw := file.readline(MAX_LINE_BYTES)).endswith(b"\n") or len(raw) == MAX_LINE_BYTES:
                entry = IndexedLine(read.number, read.size_bytes, len(raw), parsed(raw))
                read.size_bytes += len(raw)
                read.crc = zlib.crc32(raw, read.crc)
                read.lines += bool(entry.line)
                read.refused += not entry.line and bool(raw.strip())
                yield entry
    except OSError:
        return


def parsed(raw: bytes) -> dict[str, Any]:
    """The story of a line; {} if the line is invalid."""
    try:
        line = orjson.loads(raw)
        facts_of(line)
        is_story = (
            isinstance(line["id"], str)
            and type(line["version"]) is int
            and 0 < line["version"] <= MAX_VERSION
            and isinstance(line["cluster"]["id"], str)
        )
    except WRONG:
        return {}
    return line if is_story and isinstance(line["headline"] or "", str) and isinstance(line["text"] or "", str) else {}
