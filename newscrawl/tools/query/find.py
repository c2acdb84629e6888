"""One story in a corpus: its lines and those of the other pages that carry it."""

from __future__ import annotations

import mmap
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import orjson

from newscrawl.tools.query.broken import MAX_LINE_BYTES, read_line
from newscrawl.tools.query.database import MAX_LOOKS, Corpus


@dataclass(slots=True)
class FoundStory:
    """The lines of a story, oldest version first, and the newest line of each other story of its cluster."""

    versions: list[dict[str, Any]] = field(default_factory=list)
    others: list[dict[str, Any]] = field(default_factory=list)


def find_story(corpus: Corpus, story_id: str) -> FoundStory:
    """What the corpus holds of a story; without versions where no line has the id."""
    for _ in range(MAX_LOOKS):
        try:
            return found_story(corpus, story_id)
        except FileNotFoundError:  # a crawl has closed it, `compact` has merged it
            corpus.refresh()
    return found_story(corpus, story_id)


def found_story(corpus: Corpus, story_id: str) -> FoundStory:
    """As above, by the files that were there at the last look. FileNotFoundError: one of them is gone."""
    versions = [line for line in lines_naming(corpus, story_id) if line["id"] == story_id]
    if not versions:
        return FoundStory()
    versions.sort(key=lambda line: line["version"])
    cluster = versions[-1]["cluster"]["id"]
    newest: dict[str, dict[str, Any]] = {}
    for line in lines_naming(corpus, cluster):
        is_newer = line["id"] not in newest or newest[line["id"]]["version"] <= line["version"]
        if line["cluster"]["id"] == cluster and line["id"] != story_id and is_newer:
            newest[line["id"]] = line
    return FoundStory(versions, sorted(newest.values(), key=lambda line: line["crawl"]["fetched_at"] or ""))


def lines_naming(corpus: Corpus, story_id: str) -> Iterator[dict[str, Any]]:
    """Lines with an id or a cluster's id; from each file that may hold one."""
    mark = orjson.dumps(story_id)
    for path in files_naming(corpus, story_id):
        for line in lines_with(path, mark):
            if story_id in (line.get("id"), (line.get("cluster") or {}).get("id")):
                yield line


def files_naming(corpus: Corpus, story_id: str) -> list[str]:
    """The files whose columnar copies name the id, and all that have no copy."""
    rest = [segment.path for segment in corpus.plan.rest]
    if not corpus.plan.packs:
        return rest
    in_packs = "FROM lines WHERE id = ? OR cluster.id = ?" if not rest else PACKED
    rows = corpus.sql(f"SELECT DISTINCT file {in_packs}", [story_id, story_id])
    return [row[0] for row in rows] + rest


PACKED = (
    "FROM (SELECT getvariable('top') || file AS file, id, cluster FROM read_parquet(getvariable('packs'))) "
    "WHERE id = ? OR cluster.id = ?"
)


def lines_with(path: str, mark: bytes) -> Iterator[dict[str, Any]]:
    """The records of a file whose lines contain some bytes: a search, for parsing each would take fifty times as long."""
    with Path(path).open("rb") as file, mmap.mmap(file.fileno(), 0, access=mmap.ACCESS_READ) as content:
        place = content.find(mark)
        while place >= 0:
            start, end = content.rfind(b"\n", 0, place) + 1, content.find(b"\n", place)
            end = len(content) if end < 0 else end
            record = read_line(content[start:end])[0] if end - start <= MAX_LINE_BYTES else None
            if record is not None:
                yield record
            place = content.find(mark, end)
