"""Set damaged lines aside: copy them, with position and remedy, into a `.damaged` file beside the file of stories."""

from __future__ import annotations

import base64
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import orjson

from newscrawl.storage.intents import replace_file
from newscrawl.storage.jsonl import PART
from newscrawl.storage.line_format import parse_line

SUFFIX = ".damaged"  # behind the name of the file of stories; readers of stories ignore such files
REMEDY = (
    "The story is not in the state. If its page is still announced, the next crawl writes it again. "
    "To keep this version: correct `line`, append it to a new .jsonl file in this folder and run `newscrawl rebuild`. "
    "Then delete this file."
)


@dataclass(frozen=True, slots=True)
class Line:
    """One line of a file with its position; `record` is None for a damaged one, and `error` says why."""

    content: bytes
    number: int  # from 1
    offset: int
    record: dict[str, Any] | None
    error: str = ""

    @property
    def end(self) -> int:
        return self.offset + len(self.content)

    @property
    def is_torn(self) -> bool:
        """Whether writing it was interrupted; that is not damage."""
        return not self.content.endswith(b"\n")


def lines_of_file(content: bytes) -> Iterator[Line]:
    """Every line of a file that is not blank, with its position."""
    offset = 0
    for number, line in enumerate(split_lines(content), 1):
        if line.endswith(b"\n") and line.strip():
            record, error = parse_line(line)
            yield Line(line, number, offset, record, error)
        elif line.strip():
            yield Line(line, number, offset, None, "truncated: the end of the line is missing")
        offset += len(line)


def split_lines(content: bytes) -> Iterator[bytes]:
    """Lines with their ends. Only `\\n` ends a line: a damaged one may contain `\\r`."""
    start = 0
    while start < len(content):
        end = content.find(b"\n", start) + 1 or len(content)
        yield content[start:end]
        start = end


def set_aside(path: Path, damaged: Sequence[Line]) -> Path | None:
    """Write the damaged lines of a file of stories into its `.damaged` file, durably. Returns that file's path.

    What the file holds already, from an earlier recovery, is kept.
    """
    if not damaged:
        return None
    name = path.name.removesuffix(PART)
    target = path.with_name(name + SUFFIX)
    entries = [orjson.dumps(_entry(name, line)) for line in damaged]
    known = target.read_bytes().splitlines() if target.exists() else []
    replace_file(target, b"".join(line + b"\n" for line in dict.fromkeys([*known, *entries])))
    return target


def _entry(name: str, line: Line) -> dict[str, Any]:
    content = line.content.removesuffix(b"\n")
    try:
        kept = {"line": content.decode()}
    except UnicodeDecodeError:
        kept = {"line_base64": base64.b64encode(content).decode()}
    return {
        "file": name, "line_number": line.number, "offset": line.offset, "error": line.error, "remedy": REMEDY, **kept,
    }  # fmt: skip


def remove_story(folder: Path, story_id: str) -> None:
    """Delete the damaged lines that mention a story, below a folder: its text must not survive a redaction."""
    for path in folder.rglob(f"*{SUFFIX}"):
        lines = path.read_bytes().splitlines(keepends=True)
        kept = [line for line in lines if story_id.encode() not in _unpacked(line)]
        if not kept:
            path.unlink()
        elif len(kept) < len(lines):
            replace_file(path, b"".join(kept))


def _unpacked(entry: bytes) -> bytes:
    """The damaged line of an entry, as it was."""
    try:
        found = orjson.loads(entry)
        line: bytes = found["line"].encode() if "line" in found else base64.b64decode(found["line_base64"])
    except (ValueError, KeyError, TypeError, AttributeError):
        return entry
    return line
