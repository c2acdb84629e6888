"""A story that was announced, before it is fetched."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field


@dataclass(frozen=True, slots=True)
class Candidate:
    """`hints` hold what the announcement states; never trusted over the page.

    title, published, updated, author and agency (whom the item names as its source), as printed.
    """

    url: str
    hints: dict[str, str] = field(default_factory=dict, compare=False)


@dataclass(slots=True)
class Announced:
    """What one document of a source announces; `broken` names what was wrong with all of it, `lost` counts single items.

    A long document is read as its candidates are taken: then the rest is known only when they have run out.
    """

    candidates: Iterable[Candidate] = field(default_factory=list)
    next_pages: list[str] = field(default_factory=list)
    broken: str | None = None
    lost: int = 0
    is_cut: bool = False  # it announces more than is read of one document

    def read_whole(self) -> Announced:
        """The same with its candidates in a list."""
        self.candidates = list(self.candidates)
        return self
