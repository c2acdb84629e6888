"""Read written lines back: all of them, or those of one story."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import orjson

from newscrawl.storage.damaged import lines_of_file
from newscrawl.storage.line_format import parsed
from newscrawl.storage.segments import story_files


def lines(stories: Path) -> Iterator[dict[str, Any]]:
    """Every valid line, files in order of their runs. Invalid lines (truncated, not JSON) are skipped."""
    for path in sorted(story_files(stories), key=lambda path: path.name):
        for line in lines_of_file(path.read_bytes()):
            if line.record is not None:
                yield line.record


def lines_of(stories: Path, story_id: str) -> list[dict[str, Any]]:
    """The lines of one story, oldest version first."""
    site = story_id.partition(":")[0]
    if not site or "/" in site or site in (".", ".."):
        return []
    mark = b'"id":' + orjson.dumps(story_id)
    found = []
    for path in sorted(story_files(stories, site if (stories / site).is_dir() else None), key=lambda path: path.name):
        content = path.read_bytes()
        place = content.find(mark)
        while place >= 0:  # a search for the bytes: parsing every line would take fifty times as long
            start, end = content.rfind(b"\n", 0, place) + 1, content.find(b"\n", place)
            record = parsed(content[start:end]) if end >= 0 else None
            if record is not None and record["id"] == story_id:
                found.append(record)
            place = content.find(mark, end) if end >= 0 else -1
    return sorted(found, key=lambda record: record["version"])


def last_headline(stories: Path, story_id: str) -> str | None:
    """The headline of a story's newest version."""
    found = lines_of(stories, story_id)
    return found[-1]["headline"] if found else None
