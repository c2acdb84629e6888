"""Count the lines a run has written and committed, for the run report."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Any

from newscrawl.items import Story

NO_AGENCY = "none"


@dataclass(slots=True)
class WriteCounts:
    """Counts over the lines of a run; `files` holds [lines, bytes] by path below the folder of stories."""

    lines: int = 0
    size_bytes: int = 0
    change: Counter[str] = field(default_factory=Counter)
    relation: Counter[str] = field(default_factory=Counter)
    agency: Counter[str] = field(default_factory=Counter)
    files: dict[str, list[int]] = field(default_factory=dict)

    def add(self, stories: Sequence[Story], path: str, size_bytes: int) -> None:
        """Count a group of lines that was committed."""
        self.lines += len(stories)
        self.size_bytes += size_bytes
        self.change.update(str(story.change) for story in stories)
        self.relation.update(str(story.cluster.relation) for story in stories if story.cluster)
        self.agency.update(story.agency or NO_AGENCY for story in stories)
        lines_and_bytes = self.files.setdefault(path, [0, 0])
        lines_and_bytes[0] += len(stories)
        lines_and_bytes[1] += size_bytes

    def table(self) -> dict[str, Any]:
        """The counts as the run report holds them."""
        return {
            "lines": self.lines,
            "size_bytes": self.size_bytes,
            "change": dict(sorted(self.change.items())),
            "relation": dict(sorted(self.relation.items())),
            "agency": dict(sorted(self.agency.items())),
            "files": [{"path": path, "lines": n, "size_bytes": size} for path, (n, size) in self.files.items()],
        }
