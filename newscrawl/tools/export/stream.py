"""An export of lines of text that goes on where a kill stopped it.

The lines go to `<name>.part`. Every few seconds it is fsynced and `<name>.cursor` says, whole or not at all: so many
bytes of it hold what was read up to this place. The same command cuts the file to that size and goes on from that
place; another command, or other files, start over. At the end the file gets its name, and the cursor goes.
"""

from __future__ import annotations

import fcntl
import gzip
import hashlib
import io
import os
import time
from collections.abc import Callable
from dataclasses import astuple
from pathlib import Path
from typing import Any

import orjson

from newscrawl.storage.jsonl import PART, sync_folder
from newscrawl.storage.lock import LockHeld
from newscrawl.tools.export.selection import Place, Selection, selected
from newscrawl.tools.query import Corpus

CURSOR = ".cursor"
CHECKPOINT_SECONDS = 2.0  # what is done again after a kill at most; a gzip member or zstd frame each
BUFFER_BYTES = 1 << 20


def export_text(target: Path, corpus: Corpus, selection: Selection, header: bytes, line_of: Callable[[dict[str, Any]], bytes], options: Any) -> int:  # fmt: skip
    """Write the lines selected to a file; how many this call wrote. LockHeld where another export writes it."""
    selection.prepare(corpus)
    key = hashlib.sha256(orjson.dumps([options, [astuple(segment) for segment in corpus.segments]])).hexdigest()
    with TextFile(target, key) as file:
        if file.is_new:
            file.write(header)
        written, place = 0, file.place
        for place, record in selected(corpus, selection, file.place):
            file.write(line_of(record))
            written += 1
            if time.monotonic() >= file.next_checkpoint:
                file.checkpoint(place)
        file.finish()
    return written


class TextFile:
    """A `.part` file with a cursor beside it."""

    def __init__(self, target: Path, key: str) -> None:
        self.target, self.key = target, key
        self.part = target.with_name(target.name + PART)
        self.cursor = target.with_name(target.name + CURSOR)
        self.raw = os.fdopen(os.open(self.part, os.O_RDWR | os.O_CREAT | os.O_CLOEXEC, 0o644), "r+b", buffering=0)
        try:
            fcntl.lockf(self.raw, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except OSError:
            self.raw.close()
            raise LockHeld(f"{self.part}: another export is writing it") from None
        self.place, size_bytes = self.found_place()
        self.is_new = size_bytes == 0
        self.raw.truncate(size_bytes)
        self.raw.seek(size_bytes)
        self.stream = self.opened()
        self.next_checkpoint = time.monotonic() + CHECKPOINT_SECONDS

    def found_place(self) -> tuple[Place, int]:
        """Where to go on, and how much of the file is good; the start where the cursor is of something else."""
        try:
            found = orjson.loads(self.cursor.read_bytes())
            place, size_bytes = (int(found["segment"]), int(found["offset"])), int(found["size_bytes"])
            if found["key"] == self.key and 0 < size_bytes <= os.fstat(self.raw.fileno()).st_size:
                return place, size_bytes
        except (OSError, ValueError, KeyError, TypeError):
            pass  # none, or none of ours
        return (0, 0), 0

    def opened(self) -> Any:
        """A writer behind what is there; for `.gz` and `.zst` a new member or frame, which readers join."""
        if self.target.suffix == ".gz":
            # No time in the header: the same lines make the same bytes.
            return gzip.GzipFile(filename="", mode="wb", fileobj=self.raw, compresslevel=6, mtime=0)
        if self.target.suffix == ".zst":
            from backports import zstd

            return zstd.ZstdFile(self.raw, mode="w")
        return io.BufferedWriter(Unclosed(self.raw), BUFFER_BYTES)

    def write(self, content: bytes) -> None:
        self.stream.write(content)

    def checkpoint(self, place: Place) -> None:
        """Make what was written durable, then say so."""
        self.stream.close()
        os.fsync(self.raw.fileno())
        content = {"key": self.key, "segment": place[0], "offset": place[1], "size_bytes": self.raw.tell()}
        part = self.cursor.with_name(self.cursor.name + PART)
        part.write_bytes(orjson.dumps(content))
        os.replace(part, self.cursor)
        self.stream = self.opened()
        self.next_checkpoint = time.monotonic() + CHECKPOINT_SECONDS

    def finish(self) -> None:
        """Give the file its name."""
        self.stream.close()
        os.fsync(self.raw.fileno())
        os.replace(self.part, self.target)
        sync_folder(self.target.parent)
        self.cursor.unlink(missing_ok=True)

    def __enter__(self) -> TextFile:
        return self

    def __exit__(self, *_: object) -> None:
        self.raw.close()


class Unclosed(io.RawIOBase):
    """A raw file that stays open when the buffer before it is closed."""

    def __init__(self, raw: io.FileIO) -> None:
        self.raw = raw

    def writable(self) -> bool:
        return True

    def write(self, content: Any) -> int:
        return self.raw.write(content) or 0
