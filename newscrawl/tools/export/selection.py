"""The lines that an export takes, read in the order of the files, from a place on."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from newscrawl.schema.check import faults
from newscrawl.tools.query import Corpus
from newscrawl.tools.query.broken import MAX_LINE_BYTES, read_line, skip_line
from newscrawl.tools.query.filters import Filter

Place = tuple[int, int]  # number of the segment, offset in it


@dataclass(slots=True)
class Selection:
    """The conditions; with `is_unique` one line a story, the newest version of each that came first."""

    wanted: Filter
    is_unique: bool = False
    newest: dict[str, tuple[int, str]] = field(default_factory=dict)  # of ids with several lines: version, file
    taken: set[str] = field(default_factory=set)
    skipped: int = 0  # invalid lines

    def prepare(self, corpus: Corpus) -> None:
        """Look up which line of a story counts, where it has several: a small part of all ids."""
        if self.is_unique:
            rows = corpus.sql(
                "SELECT id, max({'version': version, 'file': file}) FROM lines WHERE cluster.relation = 'first' "
                "GROUP BY id HAVING count(*) > 1"
            )
            self.newest = {story_id: (last["version"], last["file"]) for story_id, last in rows}

    def takes(self, record: dict[str, Any], path: str) -> bool:
        if self.is_unique and not self.counts(record, path):
            return False
        return self.wanted.accepts(record)

    def counts(self, record: dict[str, Any], path: str) -> bool:
        if record["cluster"]["relation"] != "first":
            return False
        last = self.newest.get(record["id"])
        if last is None:
            return True
        if (record["version"], path) != last or record["id"] in self.taken:
            return False
        self.taken.add(record["id"])
        return True


def selected(corpus: Corpus, selection: Selection, start: Place = (0, 0)) -> Iterator[tuple[Place, dict[str, Any]]]:
    """(place behind the line, record) of each line taken; a file that is gone meanwhile ends the export as OSError."""
    for number in range(start[0], len(corpus.segments)):
        path = corpus.segments[number].path
        for offset, line in lines_from(path, start[1] if number == start[0] else 0):
            record = record_of(line)
            if record is None:
                selection.skipped += 1
            elif selection.takes(record, path):
                yield (number, offset), record


def lines_from(path: str, offset: int) -> Iterator[tuple[int, bytes]]:
    """(offset behind the line, line) of the whole lines of a file; a line that is too long comes cut."""
    with Path(path).open("rb") as file:
        file.seek(offset)
        while line := file.readline(MAX_LINE_BYTES + 1):
            offset += len(line)
            if len(line) > MAX_LINE_BYTES and not line.endswith(b"\n"):
                skip_line(file)
                offset = file.tell()
            if line.strip():
                yield offset, line


def record_of(line: bytes) -> dict[str, Any] | None:
    """The record of a line; None for one that does not have all that a converter reads."""
    record, _ = read_line(line)
    return None if record is None or faults(record) else record
