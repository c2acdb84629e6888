"""What the page of a story shows: its text with the evidence marked, and where each field came from."""

from __future__ import annotations

from dataclasses import dataclass, field
from itertools import pairwise
from typing import Any

MAX_PARAGRAPHS = 3_000
MAX_MARKS = 200
MAX_VALUE = 400  # characters of a field shown in the table of origins
ORIGINS = {  # field of the record -> its key in extraction.origins
    "headline": "headline",
    "text": "text",
    "byline": "byline",
    "dateline": "dateline",
    "published_at": "published",
    "section": "section",
}


@dataclass(frozen=True, slots=True)
class EvidenceMark:
    """A stretch of the text that proves something, in code points."""

    start: int
    end: int
    agency: str
    kind: str


@dataclass(frozen=True, slots=True)
class MarkedText:
    """A run of a paragraph with the marks that lie on all of it; none on most."""

    text: str
    marks: tuple[EvidenceMark, ...] = ()

    @property
    def title(self) -> str:
        return "; ".join(f"{mark.agency}: {mark.kind}" for mark in self.marks)


@dataclass(frozen=True, slots=True)
class Proof:
    """One piece of evidence as the table shows it; `is_there` tells whether its offsets hold exactly its string."""

    agency: str
    role: str
    confidence: float | None
    where: str
    kind: str
    text: str
    start: int | None
    end: int | None
    of: str | None
    is_there: bool | None


@dataclass(slots=True)
class StoryText:
    """The paragraphs as pieces, and the evidence with its outcome."""

    paragraphs: list[list[MarkedText]] = field(default_factory=list)
    proofs: list[Proof] = field(default_factory=list)


def marked_text(line: dict[str, Any]) -> StoryText:
    """The text of a line with its evidence at its exact offsets; evidence that does not fit is listed, not marked."""
    text = line.get("text") or ""
    proofs = list(proofs_of(line, text))
    marks = [
        EvidenceMark(p.start, p.end, p.agency, p.kind)
        for p in proofs
        if p.is_there and p.start is not None and p.end is not None
    ]
    shown = StoryText(proofs=proofs)
    start = 0
    for paragraph in text.split("\n\n")[:MAX_PARAGRAPHS]:
        shown.paragraphs.append(pieces(paragraph, start, marks[:MAX_MARKS]))
        start += len(paragraph) + 2
    return shown


def proofs_of(line: dict[str, Any], text: str) -> list[Proof]:
    found = []
    for entry in line.get("attribution") or []:
        for evidence in entry.get("evidence") or []:
            start, end, said = evidence.get("start"), evidence.get("end"), str(evidence.get("text") or "")
            has_place = type(start) is int and type(end) is int
            is_there = (0 <= start < end <= len(text) and text[start:end] == said) if has_place else None
            found.append(
                Proof(
                    str(entry.get("name") or entry.get("id")),
                    str(entry.get("role") or ""),
                    entry.get("confidence"),
                    str(evidence.get("where") or ""),
                    str(evidence.get("kind") or ""),
                    said,
                    start if has_place else None,
                    end if has_place else None,
                    evidence.get("of"),
                    is_there,
                )
            )
    return found


def pieces(paragraph: str, start: int, marks: list[EvidenceMark]) -> list[MarkedText]:
    """A paragraph cut at the edges of the marks that touch it; `start` is its offset in the text."""
    end = start + len(paragraph)
    touching = [mark for mark in marks if mark.start < end and mark.end > start]
    if not touching:
        return [MarkedText(paragraph)]
    edges = {start, end}
    for mark in touching:
        edges |= {max(start, mark.start), min(end, mark.end)}
    cuts = sorted(edges)
    return [
        MarkedText(
            paragraph[a - start : b - start], tuple(mark for mark in touching if mark.start <= a and b <= mark.end)
        )
        for a, b in pairwise(cuts)
    ]


def origins_of(line: dict[str, Any]) -> list[tuple[str, str, str]]:
    """(field, value, origin) of the fields whose origin a line tells."""
    origins = (line.get("extraction") or {}).get("origins") or {}
    return [(name, shown(line.get(name)), str(origins.get(key) or "")) for name, key in ORIGINS.items()]


def shown(value: Any) -> str:
    """A value in one line: the text of a dateline, the entries of a list, the beginning of a long text."""
    if isinstance(value, dict):
        value = value.get("text") or ""
    if isinstance(value, list):
        value = " › ".join(map(str, value))
    text = " ".join(str(value or "").split()) if not isinstance(value, int | float) else str(value)
    return text if len(text) <= MAX_VALUE else text[: MAX_VALUE - 1] + "…"
