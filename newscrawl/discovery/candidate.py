"""A story that was announced, before it is fetched."""

from __future__ import annotations

from dataclasses import dataclass, field


@dataclass(frozen=True, slots=True)
class Candidate:
    """`hints` hold what the announcement states: title, published, author; never trusted over the page."""

    url: str
    hints: dict[str, str] = field(default_factory=dict, compare=False)


@dataclass(slots=True)
class Announced:
    """What one document of a source announces; `broken` names what was wrong with it, if anything."""

    candidates: list[Candidate] = field(default_factory=list)
    next_pages: list[str] = field(default_factory=list)
    broken: str | None = None
