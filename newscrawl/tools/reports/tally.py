"""What one story adds to the pictures: counts by day and site of agencies, of latency and of filled fields.

The browser view keeps these counts in its index, the report makes them from the lines of its runs; both draw the same
pictures from them.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import UTC, datetime
from typing import Any

NOBODY = "none"  # no agency wrote it
FIELDS = ("text", "published_at", "byline", "authors", "dateline", "section", "media", "summary")
LATENCY = (  # seconds from published to seen, and how the picture calls it
    (60, "1 min"),
    (300, "5 min"),
    (900, "15 min"),
    (3600, "1 h"),
    (6 * 3600, "6 h"),
    (24 * 3600, "1 day"),
)
LATER, UNDATED = "later", "undated"
LATENCIES = (*(name for _, name in LATENCY), LATER, UNDATED)
WHATS = ("stories", "agency", "latency", "filled")  # what is counted
MAX_NAME = 100  # characters of a site, an agency or a kind: they come from files that anybody may have written
AHEAD_SECONDS = 60  # a story cannot have been published after it was seen; clocks differ by this much

Key = tuple[str, str, str, str]  # day, site, what, value


@dataclass(frozen=True, slots=True)
class LineFacts:
    """What counts of a story: times in seconds since 1970 (UTC), `filled` a bit for each of FIELDS."""

    site: str
    agency: str
    language: str
    kind: str
    at: int
    latency_seconds: int | None
    filled: int

    @property
    def day(self) -> str:
        return day_of(self.at)

    def keys(self) -> list[Key]:
        """The counts that this story adds one to."""
        day, site = self.day, self.site
        filled = [(day, site, "filled", name) for bit, name in enumerate(FIELDS) if self.filled >> bit & 1]
        return [
            (day, site, "stories", ""),
            (day, site, "agency", self.agency),
            (day, site, "latency", latency_name(self.latency_seconds)),
            *filled,
        ]


def facts_of(line: dict[str, Any], first_seen: int | None = None) -> LineFacts:
    """The facts of a line; `first_seen` where an earlier version was seen before. KeyError, TypeError, ValueError or
    AttributeError where it is not a story."""
    seen = max(0, seconds_of(line["crawl"]["fetched_at"]))
    seen = min(seen, first_seen) if first_seen is not None else seen
    stated = line["published_at"]
    published = seconds_of(stated) if stated else None
    filled = sum(1 << bit for bit, name in enumerate(FIELDS) if line.get(name))
    return LineFacts(
        site=name_of(line["source"]["id"]),
        agency=name_of(line["agency"] or NOBODY),
        language=name_of(line["language"] or "unknown"),
        kind=name_of(line["kind"] or "unknown"),
        at=seen if published is None else max(0, min(published, seen + AHEAD_SECONDS)),
        latency_seconds=None if published is None else max(0, seen - published),
        filled=filled,
    )


def name_of(value: Any) -> str:
    if not isinstance(value, str):
        raise TypeError(value)
    return value[:MAX_NAME]


def seconds_of(at: str) -> int:
    """`2026-11-23T00:30:00Z` as seconds since 1970."""
    return int(datetime.fromisoformat(at).timestamp())


def day_of(seconds: int) -> str:
    return datetime.fromtimestamp(seconds, UTC).strftime("%Y-%m-%d")


def latency_name(seconds: int | None) -> str:
    if seconds is None:
        return UNDATED
    return next((name for limit, name in LATENCY if seconds < limit), LATER)


@dataclass(slots=True)
class DailyCounts:
    """Counts by (day, site, what, value), and what the pictures ask of them."""

    counts: Counter[Key] = field(default_factory=Counter)

    def add(self, facts: LineFacts) -> None:
        self.counts.update(facts.keys())

    def by(self, what: str, *parts: int) -> Counter[tuple[str, ...]]:
        """The counts of one kind summed over all parts of the key but those given (0 day, 1 site, 3 value)."""
        found: Counter[tuple[str, ...]] = Counter()
        for key, count in self.counts.items():
            if key[2] == what:
                found[tuple(key[part] for part in parts)] += count
        return found

    def days(self) -> list[str]:
        return sorted({key[0] for key in self.counts})

    def sites(self) -> list[str]:
        """The sites, those with the most stories first."""
        return [site for (site,), _ in ranked(self.by("stories", 1).items())]

    def agencies(self) -> list[str]:
        """The agencies, those with the most stories first; without the stories of nobody."""
        return [agency for (agency,), _ in ranked(self.by("agency", 3).items()) if agency != NOBODY]

    def stories(self) -> int:
        return sum(self.by("stories").values())


def ranked(items: Iterable[tuple[tuple[str, ...], int]]) -> list[tuple[tuple[str, ...], int]]:
    return sorted(items, key=lambda item: (-item[1], item[0]))
