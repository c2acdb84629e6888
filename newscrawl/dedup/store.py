"""What deduplication asks of a store of stories; `storage.story_index` answers it from SQLite."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Protocol

from newscrawl.dedup.keys import KnownStory, StoryKeys
from newscrawl.dedup.near_duplicate import Measures
from newscrawl.dedup.shingle import Shingles


@dataclass(frozen=True, slots=True)
class Match:
    """The known text that a new one is an edited copy of: `row` in the window, `story` in the state."""

    row: int
    story: int
    measures: Measures
    leading: frozenset[int]  # the keys that lead to the row already


class TextWindow(Protocol):
    """The texts of the last days."""

    def find(self, shingles: Shingles, arrived_at: float, hour: int | None) -> Match | None: ...

    def add(
        self,
        story: int,
        cluster: int,
        site: int,
        shingles: Shingles,
        arrived_at: float,
        hour: int | None,
        match: Match | None = None,
    ) -> None: ...

    def member(self, cluster: int, site: int, arrived_at: float) -> int | None: ...


class StoryStore(Protocol):
    """Every story that was seen. All calls run in one transaction of the caller."""

    @property
    def window(self) -> TextWindow: ...

    def site(self, name: str) -> int: ...

    def story(self, n: int, is_alias: bool = False) -> KnownStory: ...

    def by_name(self, keys: StoryKeys, same_text: Sequence[int] = ()) -> KnownStory | None: ...

    def by_text(self, keys: StoryKeys) -> tuple[list[int], int | None]: ...

    def page(self, keys: StoryKeys) -> int: ...

    def add(
        self, keys: StoryKeys, version: int, words: int, cluster: int | None = None, matched: int | None = None
    ) -> int: ...

    def change(self, known: KnownStory, keys: StoryKeys, version: int, content: str, words: int) -> None: ...

    def record_names(self, keys: StoryKeys, story: int, *, is_alias: bool) -> None: ...

    def set_original(self, cluster: int, story: int) -> None: ...
