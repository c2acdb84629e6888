"""Invalid lines (truncated, not JSON, not of the record), named by file and line number."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import orjson

from newscrawl.tools.query.files import CorpusFile

MAX_LINE_BYTES = 32 * 1024 * 1024  # a longer line is broken: DuckDB needs a bound, and pages end at 16 MiB
NEEDED = ("id", "version", "source.id", "cluster.id", "cluster.relation")  # without these it is not a line


@dataclass(frozen=True, slots=True)
class Broken:
    """A line that no view shows."""

    file: str
    line: int
    reason: str


def broken_lines(segment: CorpusFile) -> Iterator[Broken]:
    """The broken lines of a file, read line by line. An open segment's torn end is not damage, because it is being written."""
    with Path(segment.path).open("rb") as file:
        number = 0
        while line := file.readline(MAX_LINE_BYTES + 1):
            number += 1
            is_whole = line.endswith(b"\n")
            if len(line) > MAX_LINE_BYTES and not is_whole:
                yield Broken(segment.path, number, f"longer than {MAX_LINE_BYTES} bytes")
                skip_line(file)
            elif is_whole or not segment.is_open:
                reason = line_error(line)
                if reason is not None:
                    yield Broken(segment.path, number, reason)


def skip_line(file: Any) -> None:
    """Read on to the line's end, never holding all of it."""
    while (rest := file.readline(MAX_LINE_BYTES)) and not rest.endswith(b"\n"):
        pass


def line_error(line: bytes) -> str | None:
    """Why bytes are not line of the record; None if they are, or are blank."""
    return read_line(line)[1] if line.strip() else None


def read_line(line: bytes) -> tuple[dict[str, Any], None] | tuple[None, str]:
    """(record, None), or (None, why it is invalid)."""
    try:
        record = orjson.loads(line)
    except orjson.JSONDecodeError as error:
        return None, f"no JSON ({str(error)[:80]})"
    if not isinstance(record, dict):
        return None, f"a JSON {type(record).__name__}, not an object"
    missing = next((name for name in NEEDED if value_at(record, name) is None), None)
    return (None, f"no value at `{missing}`") if missing else (record, None)


def value_at(record: Any, path: str) -> Any:
    for name in path.split("."):
        record = record.get(name) if isinstance(record, dict) else None
    return record
