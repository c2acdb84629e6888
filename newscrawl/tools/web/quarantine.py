"""Stories that were held back, as they lie in output/quarantine/<site>/: why, and their pages as source.

A file is gzip: a line of JSON (why, when, and of each page its URL, headers and length), then the pages' bodies one
behind the other. What is damaged is reported; sizes are bounded.
"""

from __future__ import annotations

import heapq
import json
import stat
import zlib
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from newscrawl.text.encoding import decode

SUFFIX = ".json.gz"
MAX_FILES = 5_000  # listed, the newest; all are looked at, for their names are digests
MAX_HEAD_BYTES = 1024 * 1024
MAX_FILE_BYTES = 64 * 1024 * 1024
MAX_UNPACKED_BYTES = 16 * 1024 * 1024
MAX_PAGES = 20


@dataclass(frozen=True, slots=True)
class Kept:
    """One file; `name` is its path below the folder of quarantine."""

    site: str
    name: str
    size_bytes: int
    changed: float


@dataclass(frozen=True, slots=True)
class QuarantineEntry:
    """What the head of a file says; `problem` where it says nothing."""

    url: str = ""
    held_at: str = ""
    run: str = ""
    lacks: str = ""
    problem: str = ""


@dataclass(frozen=True, slots=True)
class HeldPage:
    """One page of a story that was held back."""

    url: str
    source: str


def kept_files(folder: Path) -> list[Kept]:
    """What lies in quarantine, the newest first, at most MAX_FILES."""
    return heapq.nsmallest(MAX_FILES, kept_below(folder), key=lambda kept: (-kept.changed, kept.name))


def kept_below(folder: Path) -> Iterator[Kept]:
    for path in folder.rglob(f"*{SUFFIX}") if folder.is_dir() else ():
        try:
            status = path.lstat()  # of a link itself: where it leads is not a business of ours
        except OSError:  # a crawl has taken it out
            continue
        if stat.S_ISREG(status.st_mode):
            below = path.relative_to(folder)
            yield Kept(below.parts[0], str(below), status.st_size, status.st_mtime)


def unpacked(path: Path, most: int) -> bytes:
    """The beginning of a file; b"" where it cannot be read or unpacked."""
    try:
        with path.open("rb") as file:
            return zlib.decompressobj(31).decompress(file.read(MAX_FILE_BYTES), most)
    except (OSError, zlib.error):
        return b""


def head_of(content: bytes) -> dict[str, Any]:
    """The first line of a file; {} where it is not a head."""
    try:
        head = json.loads(content.split(b"\n", 1)[0])
    except (ValueError, RecursionError):
        return {}
    return head if isinstance(head, dict) and isinstance(head.get("pages"), list) else {}


def held(path: Path) -> QuarantineEntry:
    """Why a story was held back."""
    head = head_of(unpacked(path, MAX_HEAD_BYTES))
    if not head:
        return QuarantineEntry(problem="cannot be read: it is damaged, or no file of ours")
    first = head["pages"][0] if head["pages"] and isinstance(head["pages"][0], dict) else {}
    lacks = head.get("lacks")
    named = ", ".join(map(str, lacks)) if isinstance(lacks, list) else ""
    return QuarantineEntry(
        *(str(text or "")[:500] for text in (first.get("url"), head.get("held_at"), head.get("run"), named))
    )


def held_pages(path: Path) -> Iterator[HeldPage]:
    """The pages of a story, as text."""
    content = unpacked(path, MAX_UNPACKED_BYTES)
    place = content.find(b"\n") + 1
    for entry in head_of(content).get("pages", [])[:MAX_PAGES]:
        size = entry.get("body_bytes") if isinstance(entry, dict) else None
        if type(size) is not int or size < 0:
            return
        source, _ = decode(content[place : place + size])
        yield HeldPage(str(entry.get("url") or "")[:500], source)
        place += size
