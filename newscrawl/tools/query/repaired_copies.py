"""Copies of files with a line that DuckDB cannot take, without that line: it stops there, whatever it is reported."""

from __future__ import annotations

import os
from pathlib import Path

from newscrawl.tools.query.broken import MAX_LINE_BYTES, skip_line
from newscrawl.tools.query.files import CorpusFile

HOLE = b"{}\n"  # in the place of the line: it counts as broken, and the others keep their numbers


def without_broken_lines(segment: CorpusFile, folder: str) -> str | None:
    """The path of a copy below `folder`, under the file's own path; None where no line is too long."""
    if segment.size_bytes <= MAX_LINE_BYTES or not has_long_line(segment):
        return None
    copy = Path(f"{folder}{os.sep}{segment.path}")
    copy.parent.mkdir(parents=True, exist_ok=True)
    with Path(segment.path).open("rb") as source, copy.open("wb") as target:
        while line := source.readline(MAX_LINE_BYTES + 1):
            if is_cut(line):
                skip_line(source)
                line = HOLE
            target.write(line)
    return f"{folder}{os.sep}{segment.path}"


def has_long_line(segment: CorpusFile) -> bool:
    with Path(segment.path).open("rb") as file:
        return any(is_cut(line) for line in iter(lambda: file.readline(MAX_LINE_BYTES + 1), b""))


def is_cut(line: bytes) -> bool:
    return len(line) > MAX_LINE_BYTES and not line.endswith(b"\n")
