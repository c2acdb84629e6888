"""Every line of a corpus against the record: which are wrong, in which field, and why."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from pathlib import Path

import orjson

from newscrawl.schema.check import Fault, faults
from newscrawl.tools.query.broken import MAX_LINE_BYTES, skip_line
from newscrawl.tools.query.files import CorpusFile


@dataclass(frozen=True, slots=True)
class Bad:
    """A fault of a line; `field` is empty where the line is not JSON."""

    file: str
    line: int
    field: str
    reason: str


@dataclass(slots=True)
class ValidationCounts:
    """What a validation read."""

    files: int = 0
    lines: int = 0
    size_bytes: int = 0
    bad_lines: int = 0


def validate(segments: Iterable[CorpusFile], tally: ValidationCounts) -> Iterator[Bad]:
    """The faults, file by file, line by line; `tally` counts along."""
    for segment in segments:
        tally.files += 1
        for number, line in numbered(segment, tally):
            tally.lines += 1
            found = faults_of(line)
            tally.bad_lines += bool(found)
            for field, reason in found:
                yield Bad(segment.path, number, field, reason)


def numbered(segment: CorpusFile, tally: ValidationCounts) -> Iterator[tuple[int, bytes | None]]:
    """(number, line) of a file; None for one that is too long. An open file's torn end is left out."""
    with Path(segment.path).open("rb") as file:
        number = 0
        while line := file.readline(MAX_LINE_BYTES + 1):
            number += 1
            tally.size_bytes += len(line)
            if line.endswith(b"\n"):
                yield number, line
            elif len(line) > MAX_LINE_BYTES:
                skip_line(file)
                yield number, None
            elif not segment.is_open:
                yield number, line


def faults_of(line: bytes | None) -> list[Fault]:
    if line is None:
        return [("", f"longer than {MAX_LINE_BYTES} bytes")]
    try:
        record = orjson.loads(line)
    except orjson.JSONDecodeError as error:
        return [("", "an empty line" if not line.strip() else f"no JSON: {str(error)[:100]}")]
    return faults(record)
