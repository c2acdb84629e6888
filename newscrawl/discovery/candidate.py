"""A story that was announced, before it is fetched."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field


@dataclass(frozen=True, slots=True)
class Candidate:
    """`hints` hold what the announcement states: title, published, updated, author; never trusted over the page."""

    url: str
    hints: dict[str, str] = field(default_factory=dict, compare=False)


@dataclass(slots=True)
class Announced:
    """What one document of a source announces; `broken` names what was wrong with it, if anything.

    A long document is read as its candidates are taken: then the rest is known only when they have run out.
    """

    candidates: Iterable[Candidate] = field(default_factory=list)
    next_pages: list[str] = field(default_factory=list)
    broken: str | None = None
    is_cut: bool = False  # it announces more than is read of one document

    def read_whole(self) -> Announced:
        """The same with its candidates in a list."""
        self.candidates = list(self.candidates)
        return self
