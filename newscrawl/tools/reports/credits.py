"""Who credits whom: the stories of each source by the agency that wrote them, with examples behind each number.

The files of the output folder are read once, line by line; of a story in several versions the latest counts. A line
that is none is counted by what is wrong with it, never a crash: a folder may hold anybody's files.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import orjson

from newscrawl.storage.segments import story_files

NOBODY = "none"  # no agency is credited
MAX_LINE_BYTES = 64 * 1024 * 1024
MAX_EXAMPLES = 3
MAX_CHARS = 200


@dataclass(frozen=True, slots=True)
class Example:
    """One story behind a number, with the string that credits the agency."""

    id: str
    headline: str
    url: str
    where: str
    kind: str
    text: str


@dataclass(slots=True)
class Cell:
    """The stories of one source that credit one agency; `from_copies` of them state it only elsewhere."""

    stories: int = 0
    originator: int = 0
    contributor: int = 0
    from_copies: int = 0
    examples: list[Example] = field(default_factory=list)


@dataclass(frozen=True, slots=True)
class Credited:
    """One agency credited by a story."""

    agency: str
    role: str
    is_from_copy: bool


@dataclass(frozen=True, slots=True)
class Line:
    """What counts of one line."""

    id: str
    version: int
    source: str
    credits: tuple[Credited, ...]
    examples: tuple[Example, ...]


@dataclass(slots=True)
class Ledger:
    """The table: `cells` by source and agency, and the lines that could not be read by reason."""

    cells: dict[tuple[str, str], Cell] = field(default_factory=dict)
    stories: Counter[str] = field(default_factory=Counter)
    credited: Counter[str] = field(default_factory=Counter)
    names: dict[str, str] = field(default_factory=dict)
    refused: Counter[str] = field(default_factory=Counter)
    files: int = 0
    lines: int = 0
    _latest: dict[int, tuple[int, str, tuple[Credited, ...]]] = field(default_factory=dict)

    def add(self, line: Line) -> None:
        """Count a story, in place of an earlier version of it."""
        key = hash(line.id)
        known = self._latest.get(key)
        if known is not None:
            if known[0] > line.version:
                return
            self._count(line.id, known[1], known[2], (), -1)
        self._count(line.id, line.source, line.credits, line.examples, 1)
        self._latest[key] = (line.version, line.source, line.credits)

    def _count(
        self, story_id: str, source: str, credits: tuple[Credited, ...], examples: tuple[Example, ...], step: int
    ) -> None:
        self.stories[source] += step
        self.credited[source] += step if credits else 0
        for number, credit in enumerate(credits or (Credited(NOBODY, "", False),)):
            cell = self.cells.setdefault((source, credit.agency), Cell())
            cell.stories += step
            cell.originator += step if credit.role == "originator" else 0
            cell.contributor += step if credit.role == "contributor" else 0
            cell.from_copies += step if credit.is_from_copy else 0
            if step < 0:
                cell.examples = [example for example in cell.examples if example.id != story_id]
            elif number < len(examples) and len(cell.examples) < MAX_EXAMPLES:
                cell.examples.append(examples[number])

    def sources(self) -> list[str]:
        """The sources, those with the most credited stories first."""
        return sorted(
            (source for source, count in self.stories.items() if count),
            key=lambda source: (-self.credited[source], -self.stories[source], source),
        )

    def agencies(self) -> list[str]:
        """The agencies, the most credited first; without the stories of nobody."""
        totals: Counter[str] = Counter()
        for (_, agency), cell in self.cells.items():
            totals[agency] += cell.stories
        del totals[NOBODY]
        return [agency for agency, count in sorted(totals.items(), key=lambda item: (-item[1], item[0])) if count]

    def as_json(self) -> dict[str, Any]:
        """The whole table as plain values."""
        return {
            "files": self.files,
            "lines": self.lines,
            "refused": dict(self.refused),
            "sources": [{"id": s, "stories": self.stories[s], "credited": self.credited[s]} for s in self.sources()],
            "agencies": [{"id": agency, "name": self.names.get(agency, agency)} for agency in self.agencies()],
            "cells": [
                {"source": source, "agency": agency, **_plain(cell)}
                for (source, agency), cell in sorted(self.cells.items(), key=lambda item: (-item[1].stories, item[0]))
                if cell.stories
            ],
        }


def _plain(cell: Cell) -> dict[str, Any]:
    examples = [{name: getattr(e, name) for name in Example.__dataclass_fields__} for e in cell.examples]
    return {
        "stories": cell.stories,
        "originator": cell.originator,
        "contributor": cell.contributor,
        "from_copies": cell.from_copies,
        "examples": examples,
    }


def read_ledger(stories: Path) -> Ledger:
    """The table of everything below a folder of stories."""
    ledger = Ledger()
    for path in story_files(stories):
        ledger.files += 1
        for raw in bounded_lines(path, ledger):
            take(raw, ledger)
    return ledger


def bounded_lines(path: Path, ledger: Ledger) -> Iterator[bytes]:
    """The lines of a file, one in memory at a time; one that is longer than a line can be is counted and passed over."""
    try:
        with path.open("rb") as file:
            while raw := file.readline(MAX_LINE_BYTES + 1):
                if len(raw) > MAX_LINE_BYTES:
                    ledger.refused["too-long"] += 1
                    while raw and not raw.endswith(b"\n"):
                        raw = file.readline(MAX_LINE_BYTES)
                else:
                    yield raw
    except OSError:
        ledger.refused["unreadable-file"] += 1


def take(raw: bytes, ledger: Ledger) -> None:
    """Count one line: a story, or what is wrong with it."""
    if not raw.strip():
        return
    ledger.lines += 1
    try:
        record = orjson.loads(raw)
    except orjson.JSONDecodeError:
        ledger.refused["no-json" if raw.endswith(b"\n") else "torn-end"] += 1
        return
    try:
        line = line_of(record, ledger.names)
    except (KeyError, TypeError, ValueError, AttributeError, IndexError):
        ledger.refused["no-story"] += 1
        return
    ledger.add(line)


def line_of(record: Any, names: dict[str, str]) -> Line:
    """What counts of a record; raises one of the errors above where it is not a story."""
    story_id, source = text_at(record, "id"), text_at(record["source"], "id")
    found, examples = [], []
    for entry in record["attribution"]:
        agency, role = text_at(entry, "id"), entry["role"]
        if role not in ("originator", "contributor"):
            raise ValueError(role)
        evidence = entry["evidence"][0]
        found.append(Credited(agency, role, evidence["where"] == "copy"))
        examples.append(example_of(record, evidence))
        if isinstance(entry.get("name"), str) and len(names) < 1000:
            names.setdefault(agency, entry["name"][:MAX_CHARS])
    if not found:
        examples.append(example_of(record, {}))
    return Line(story_id, int(record["version"]), source, tuple(found), tuple(examples))


def example_of(record: dict[str, Any], evidence: dict[str, Any]) -> Example:
    shown = (record.get("id"), record.get("headline"), record.get("url"))
    proof = (evidence.get("where"), evidence.get("kind"), evidence.get("text"))
    return Example(*(str(value or "")[:MAX_CHARS] for value in (*shown, *proof)))


def text_at(node: Any, key: str) -> str:
    value = node[key]
    if not isinstance(value, str) or not value:
        raise TypeError(key)
    return value[:MAX_CHARS]
