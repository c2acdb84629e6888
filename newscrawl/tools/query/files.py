"""The files of a corpus: which there are, and what tells that one has changed."""

from __future__ import annotations

import os
import stat
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from newscrawl.storage.jsonl import PART

ENDINGS = (".jsonl", ".jsonl" + PART)


class CorpusError(OSError):
    """A path that holds no corpus; the text names it and what would be one."""


@dataclass(frozen=True, slots=True, order=True)
class CorpusFile:
    """A file of lines. Size and both times tell it from a later file of the same name: a rename changes `ctime_ns`
    even where somebody put the old modification time back."""

    path: str
    size_bytes: int
    mtime_ns: int
    ctime_ns: int

    @property
    def is_open(self) -> bool:
        """Whether a crawl is still writing it, or was killed while it did."""
        return self.path.endswith(PART)


def segment_at(path: str) -> CorpusFile | None:
    """The file as it is now; None where it is gone, empty or no plain file."""
    try:
        found = os.stat(path)  # noqa: PTH116 - a Path for each of 20,000 files costs as much as the look
    except OSError:
        return None
    if not stat.S_ISREG(found.st_mode) or found.st_size == 0:
        return None
    return CorpusFile(path, found.st_size, found.st_mtime_ns, found.st_ctime_ns)


def ends_whole(segment: CorpusFile) -> bool:
    """Whether a file's last byte ends a line."""
    try:
        with Path(segment.path).open("rb") as file:
            file.seek(-1, os.SEEK_END)
            return file.read(1) == b"\n"
    except OSError:  # gone meanwhile
        return True


def top_of(path: Path) -> Path:
    """The folder or file that is read: of an output folder its `stories`, else the path itself."""
    return path / "stories" if (path / "stories").is_dir() else path


def segments_of(path: Path) -> list[CorpusFile]:
    """Every file of lines at a path (an output folder, any folder, or one file), in order of path.

    A folder without any is an empty corpus; CorpusError where nothing is there.
    """
    if path.is_file():
        found = segment_at(str(path))
        return [found] if found else []
    if not path.is_dir():
        raise CorpusError(f"{path}: no such folder or file; give an output folder, a folder below it, or a .jsonl file")
    return sorted(segment for segment in map(segment_at, names_below(top_of(path))) if segment is not None)


def names_below(folder: Path) -> Iterator[str]:
    """Paths of files that are named as files of lines; a folder that cannot be read stops the reading."""

    def fail(error: OSError) -> None:
        raise error

    for place, _, names in os.walk(folder, onerror=fail):
        for name in names:
            if name.endswith(ENDINGS):
                yield f"{place}{os.sep}{name}"
