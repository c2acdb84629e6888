"""Keep the pages of stories that were held back in output/quarantine/<site>/, one file per story.

A file is gzip: a line of JSON (why, when, and of each page its URL, headers and length), then the bodies of the pages.
`zcat FILE | head -1` shows the line. The file's name is a hash of the announced URL, so the names alone say which pages
need not be fetched again. A story waits in `waiting/` until its run has ended. Then it is either written or kept in the
folder above. Files are written as `.part`, fsynced and renamed, so a kill leaves whole files.
"""

from __future__ import annotations

import gzip
import hashlib
import json
import os
import threading
import time
import zlib
from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from newscrawl import __version__
from newscrawl.dedup.canonical_url import url_key
from newscrawl.items import Page
from newscrawl.security.markup import MAX_PAGE_BYTES
from newscrawl.storage.jsonl import PART, sync_folder

WAITING = "waiting"
SUFFIX = ".json.gz"
NAME_DIGITS = 20
TOO_SLOW = "too-slow"  # what a page lacks that could not be read in time
FETCHED_AGAIN_SECONDS = 21_600.0  # a page that was only broken for an hour heals while feeds still announce it
MAX_HEAD_BYTES = 1 << 20
MAX_PAGES = 100


@dataclass(frozen=True, slots=True, kw_only=True)
class QuarantinedStory:
    """A story that was held back: what it lacked, and all it can be read from again."""

    site: str
    run: str
    held_at: str
    lacks: tuple[str, ...]
    is_whole: bool  # False where a later page could not be had
    pages: tuple[Page, ...]
    version: str = __version__  # of newscrawl, that held it back

    @property
    def is_too_slow(self) -> bool:
        """Whether this version could not read the story in time, so that it need not be fetched again."""
        return TOO_SLOW in self.lacks and self.version == __version__

    @property
    def url(self) -> str:
        return self.pages[0].url

    @property
    def name(self) -> str:
        return file_name(self.pages[0].requested_url)


def file_name(requested_url: str) -> str:
    digest = hashlib.sha256(url_key(requested_url).encode("utf-8", "surrogatepass")).hexdigest()
    return digest[:NAME_DIGITS] + SUFFIX


class Quarantine:
    """The folder of one site, under the site's lock. `hold` may be called from several threads."""

    def __init__(self, folder: Path, max_stories: int = 1_000, max_bytes: int = 256 << 20) -> None:
        self.folder, self.max_stories, self.max_bytes = folder, max_stories, max_bytes
        self.lock = threading.Lock()
        self.sizes: dict[str, int] = {}  # by name: what counts against the bounds
        self.fresh: set[str] = set()  # names of pages that are not fetched again yet

    def open(self) -> None:
        """See what lies there; what a kill left half written is removed."""
        for path in self.files(PART):
            path.unlink()
        is_above = {path.name for path in self.files() if path.parent == self.folder}
        for path in self.files():
            if path.parent != self.folder and path.name in is_above:
                path.unlink()  # a kill came between the two steps of `keep`
                continue
            status = path.stat()
            self.sizes[path.name] = status.st_size
            is_recent = time.time() - status.st_mtime < FETCHED_AGAIN_SECONDS
            if path.parent != self.folder or is_recent or is_too_slow(path):
                self.fresh.add(path.name)

    def files(self, suffix: str = SUFFIX) -> list[Path]:
        """All files, kept and waiting, in order of their names."""
        folders = [folder for folder in (self.folder, self.folder / WAITING) if folder.is_dir()]
        return sorted(path for folder in folders for path in folder.iterdir() if path.name.endswith(suffix))

    def kept(self) -> list[Path]:
        return [path for path in self.files() if path.parent == self.folder]

    def waiting(self) -> list[Path]:
        return [path for path in self.files() if path.parent != self.folder]

    def is_held(self, requested_url: str) -> bool:
        """Whether the page of an announced URL lies here and need not be fetched again yet."""
        return bool(self.fresh) and file_name(requested_url) in self.fresh

    def is_known(self, requested_url: str) -> bool:
        """Whether the page of an announced URL lies here, however old."""
        return file_name(requested_url) in self.sizes

    def hold(self, held: QuarantinedStory) -> bool:
        """Write a story into `waiting/`; when this returns it is durable. False where the folder is full.

        One that is too slow to read does not wait: the end of the run would read it again.
        """
        content = packed(held)
        with self.lock:
            others = sum(size for name, size in self.sizes.items() if name != held.name)
            count = len(self.sizes.keys() - {held.name})
            if count >= self.max_stories or others + len(content) > self.max_bytes:
                return False
            self.sizes[held.name] = len(content)
            self.fresh.add(held.name)
        folder = self.folder if held.is_too_slow else self.folder / WAITING
        write_whole(folder / held.name, content)
        return True

    def keep(self, path: Path, held: QuarantinedStory, lacks: Sequence[str]) -> None:
        """Move a waiting story up: it lacks what marked its run."""
        content = packed(replace(held, lacks=tuple(lacks)))
        write_whole(self.folder / path.name, content)
        path.unlink()
        self.sizes[path.name] = len(content)

    def remove(self, path: Path) -> None:
        """Remove a story that was written."""
        path.unlink()
        self.sizes.pop(path.name, None)
        self.fresh.discard(path.name)

    def remove_kept(self, requested_url: str) -> bool:
        """Take out the kept page of a URL that was fetched again and written since; whether there was one."""
        path = self.folder / file_name(requested_url)
        if path.name not in self.sizes or not path.exists():
            return False
        self.remove(path)
        return True


def write_whole(path: Path, content: bytes) -> None:
    """Write a file whole or not at all."""
    is_new = not path.parent.is_dir()
    path.parent.mkdir(parents=True, exist_ok=True)
    part = path.with_name(path.name + PART)
    with part.open("wb") as file:
        file.write(content)
        file.flush()
        os.fsync(file.fileno())
    os.rename(part, path)
    for folder in [path.parent, *(path.parent.parents[:3] if is_new else [])]:  # up to the output folder
        sync_folder(folder)


def packed(held: QuarantinedStory) -> bytes:
    """The bytes of a file."""
    pages = [
        {
            "url": page.url, "requested_url": page.requested_url, "fetched_at": page.fetched_at.isoformat(),
            "discovered": page.discovered, "status": page.status, "headers": page.headers, "hints": page.hints,
            "body_bytes": len(page.body),
        }
        for page in held.pages
    ]  # fmt: skip
    head = {
        "site": held.site, "run": held.run, "held_at": held.held_at, "lacks": held.lacks, "is_whole": held.is_whole,
        "newscrawl": held.version, "pages": pages,
    }  # fmt: skip
    line = json.dumps(head).encode() + b"\n"  # ASCII: a URL may hold what UTF-8 cannot
    return gzip.compress(line + b"".join(page.body for page in held.pages), compresslevel=6, mtime=0)


def is_too_slow(path: Path) -> bool:
    """Whether a file holds a page that this version could not read in time. Reads its first line only."""
    try:
        with gzip.open(path) as file:
            head = json.loads(file.readline(MAX_HEAD_BYTES))
        return TOO_SLOW in head["lacks"] and head.get("newscrawl") == __version__
    except (OSError, EOFError, zlib.error, ValueError, KeyError, TypeError, AttributeError, RecursionError):
        return False


def load(path: Path) -> QuarantinedStory | None:
    """The story of a file; None for one that is damaged or no file of ours."""
    try:
        with gzip.open(path) as file:
            head = json.loads(file.readline(MAX_HEAD_BYTES))
            pages = tuple(page_of(entry, file) for entry in head["pages"][:MAX_PAGES])
        if not pages:
            return None
        return QuarantinedStory(
            site=head["site"], run=head["run"], held_at=head["held_at"], lacks=tuple(head["lacks"]),
            is_whole=head["is_whole"], pages=pages, version=str(head.get("newscrawl", "")),
        )  # fmt: skip
    except (OSError, EOFError, zlib.error, ValueError, KeyError, TypeError, RecursionError):
        return None


def page_of(entry: dict[str, Any], file: gzip.GzipFile) -> Page:
    """A page by its entry in the head; the file's position is at its body. ValueError where the body is cut."""
    size = entry["body_bytes"]
    if not 0 <= size <= 4 * MAX_PAGE_BYTES:
        raise ValueError("body_bytes")
    body = file.read(size)
    if len(body) != size:
        raise ValueError("a body is cut")
    return Page(
        url=entry["url"], body=body, requested_url=entry["requested_url"], discovered=entry["discovered"],
        fetched_at=datetime.fromisoformat(entry["fetched_at"]), status=entry["status"],
        headers=tuple((name, value) for name, value in entry["headers"]),
        hints=tuple((name, value) for name, value in entry["hints"]),
    )  # fmt: skip


def now() -> str:
    return datetime.now(UTC).strftime("%Y-%m-%dT%H:%M:%SZ")
