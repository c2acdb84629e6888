"""Many small files as one large one: DuckDB takes a third of a millisecond to open each, far longer than to read it.

Every line of the large file names the one it comes from, under a key of its own. That works for lines that are objects
of JSON: a file with any other kind of line is left out, and one in which a line turns out to be not JSON is found by its
missing rows.
"""

from __future__ import annotations

import glob
import secrets
from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path

import orjson

from newscrawl.schema import duckdb_columns
from newscrawl.tools.query.columns import SMALL_BYTES
from newscrawl.tools.query.files import CorpusFile
from newscrawl.tools.query.views import NAMES

MARK_BYTES = 8192  # of the key and the path in front of each line at most


@dataclass(frozen=True, slots=True)
class Gathered:
    """A file of many files' lines: where it lies, the key that names the file of a line, and the lines of each file."""

    path: Path
    key: str
    lines: dict[str, int]  # by path

    def query(self) -> str:
        """Rows of the record's columns and `file`, the name of the file as it was given."""
        columns = duckdb_columns() | {self.key: "VARCHAR"}
        types = ", ".join(f"\"{name}\": '{kind}'" for name, kind in columns.items())
        return (
            f"SELECT {NAMES}, \"{self.key}\" AS file FROM read_json({quoted(self.path)}, format = 'newline_delimited', "
            f"ignore_errors = true, compression = 'uncompressed', maximum_object_size = {SMALL_BYTES + MARK_BYTES}, "
            f"columns = {{{types}}})"
        )


def gathered(segments: Iterable[CorpusFile], path: Path, top: int) -> Gathered:
    """Write the lines of the segments that can be marked into `path`; names are those behind `top` characters.

    OSError where a segment is gone meanwhile or the disk is full.
    """
    key, lines = f"file of the line {secrets.token_hex(4)}", {}  # no line can know it
    with path.open("wb") as target:
        for segment in segments:
            content = Path(segment.path).read_bytes() if segment.size_bytes <= SMALL_BYTES else b""
            mark = mark_of(key, segment.path[top:])
            if mark and len(content) == segment.size_bytes and has_objects_only(content):
                target.write(mark + content[1:-1].replace(b"\n{", b"\n" + mark) + b"\n")
                lines[segment.path] = content.count(b"\n")
    return Gathered(path, key, lines)


def mark_of(key: str, name: str) -> bytes:
    """What is in the place of a line's brace; b"" for a name that JSON cannot hold or that is very long."""
    try:
        mark = orjson.dumps({key: name})[:-1] + b","
    except orjson.JSONEncodeError:
        return b""
    return mark if len(mark) <= MARK_BYTES else b""


def has_objects_only(content: bytes) -> bool:
    """Whether every line begins with a brace and ends with a line break: as all do that newscrawl wrote."""
    return content.startswith(b"{") and content.endswith(b"}\n") and content.count(b"\n") == content.count(b"\n{") + 1


def quoted(path: Path) -> str:
    """A path as a literal of SQL that DuckDB takes for no pattern."""
    return "'" + glob.escape(str(path)).replace("'", "''") + "'"
