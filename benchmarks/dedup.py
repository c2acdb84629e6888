"""The state file and the decision as the pipeline uses them, for the deduplication benchmark.

The benchmark's runner names it as `--adapter benchmarks.dedup:Adapter`; it shows each document once, in order of
arrival, and asks for its cluster and its relation: first, exact, url, copy or update. `Memory` makes the same decisions
over dicts in place of tables, so that what SQLite costs can be seen.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path

from newscrawl.dedup.canonical_url import normalise, story_key
from newscrawl.dedup.identify import identify, keys_of
from newscrawl.dedup.keys import KnownStory, StoryKeys, hash_bytes
from newscrawl.dedup.shingle import Sketch
from newscrawl.dedup.version import content_hash
from newscrawl.items import Crawl, Story, StorySource
from newscrawl.storage.migrations import name_in_site
from newscrawl.storage.state import FILE_NAME, IN_MEMORY, State
from newscrawl.storage.story_index import StoryIndex
from newscrawl.storage.text_window import ROW_BITS, Window

GROUP = 256  # stories a transaction, as the writer's groups at full speed
RELATIONS = {
    "new": "first", "unchanged": "url", "same-text": "url", "update": "update", "correction": "update",
    "withdrawal": "update", "excerpt": "copy",
}  # fmt: skip
HOST = re.compile(r"https?://(?:www\.|m\.)?([^/?#]+)")


class Adapter:
    """Documents as stories; a site is its host without `www.` and `m.`."""

    file_name = FILE_NAME

    def __init__(self, workdir: str) -> None:
        self.state = State(Path(workdir), self.file_name)
        self.path = str(self.state.path)
        self.index = StoryIndex(self.state)
        self.clusters: dict[str, str] = {}  # id of a story -> document that its cluster is called by
        self.shown = 0
        self.begin()

    def begin(self) -> None:
        self.transaction = self.state.transaction()
        self.transaction.__enter__()

    def commit(self) -> None:
        self.transaction.__exit__(None, None, None)
        self.begin()

    def add(self, doc_id: str, url: str, title: str, text: str, published: str) -> tuple[str | None, str]:
        story = story_of(url, title, text, published)
        decision = identify(story, keys_of(story), self.index)
        self.shown += 1
        if self.shown % GROUP == 0:
            self.commit()
        if decision.verdict == "new":
            self.clusters[story.id or ""] = doc_id
            return None, "first"
        cluster = self.clusters[decision.known_id or ""]
        self.clusters.setdefault(story.id or "", cluster)
        is_same_text = story.cluster is not None and story.cluster.similarity == 1.0 and decision.verdict == "copy"
        return cluster, RELATIONS.get(decision.verdict, "exact" if is_same_text else "copy")

    def close(self) -> None:
        self.transaction.__exit__(None, None, None)
        self.state.close()


class Memory(Adapter):
    """The same decision over dicts: what features and decision cost without SQLite."""

    file_name = IN_MEMORY  # of no use but to open and close transactions

    def __init__(self, workdir: str) -> None:
        super().__init__(workdir)
        self.index = MemoryIndex(self.state)


class MemoryWindow(Window):
    """Rows in a dict."""

    def __init__(self, state: State) -> None:
        super().__init__(state)
        self.texts: dict[int, tuple[int, int | None, bytes | None]] = {}

    def refresh(self) -> None:
        """Nobody else writes."""

    def store(
        self, row: int, story: int, published_hour: int | None, same: int | None, keys: bytes, sketch: bytes | None
    ) -> None:
        self.texts[row] = story, published_hour, sketch

    def sketch(self, row: int, published_hour: int | None) -> tuple[int, Sketch] | None:
        known = self.texts.get(row)
        return (known[0], Sketch.unpacked(known[2])) if known is not None and known[2] is not None else None

    def erase(self, window: int) -> None:
        for row in [row for row in self.texts if row >> ROW_BITS == window]:
            del self.texts[row]


class MemoryIndex(StoryIndex):
    """The tables as dicts."""

    def __init__(self, state: State) -> None:
        super().__init__(state)
        self.window = MemoryWindow(state)
        self.sites: dict[str, int] = {}
        self.stories: list[KnownStory] = []
        self.names: dict[int, int] = {}
        self.texts: dict[int, list[int]] = {}

    def site(self, name: str) -> int:
        return self.sites.setdefault(name, len(self.sites) + 1)

    def story(self, n: int, is_alias: bool = False) -> KnownStory:
        return self.stories[n - 1]

    def by_name(self, keys: StoryKeys, same_text: Sequence[int] = ()) -> KnownStory | None:
        site = self.site(keys.site)
        found = (self.names.get(name_in_site(site, name)) for name in keys.names)
        n = next((n for n in found if n is not None and (n > 0 or -n in same_text)), None)
        return replace(self.story(abs(n)), is_alias=n < 0) if n is not None else None

    def by_text(self, keys: StoryKeys) -> tuple[list[int], int | None]:
        rows, site = self.texts.get(keys.text, []), self.site(keys.site)
        here = [n for n in rows if self.stories[n - 1].site == site]
        return here, next((n for n in rows if n not in here), None)

    def add(
        self, keys: StoryKeys, version: int, words: int, cluster: int | None = None, matched: int | None = None
    ) -> int:
        n, story_id = len(self.stories) + 1, f"{keys.site}:{keys.key}"
        self.stories.append(
            KnownStory(
                n, self.site(keys.site), story_id, version, keys.content_hash, words, None, cluster or n,
                self.story(cluster).id if cluster else story_id, self.story(matched).id if matched else None, None,
            )
        )  # fmt: skip
        self.record_names(keys, n, is_alias=False)
        self.texts.setdefault(keys.text, []).append(n)
        return n

    def change(self, known: KnownStory, keys: StoryKeys, version: int, content: str, words: int) -> None:
        self.stories[known.n - 1] = replace(
            known, version=version, content_hash=hash_bytes(content), words=words, page=self.page(keys)
        )
        self.record_names(keys, known.n, is_alias=False)
        self.texts.setdefault(keys.text, []).append(known.n)

    def record_names(self, keys: StoryKeys, story: int, *, is_alias: bool) -> None:
        site = self.site(keys.site)
        for name in keys.names:
            if self.names.setdefault(name_in_site(site, name), -story if is_alias else story) < 0 and not is_alias:
                self.names[name_in_site(site, name)] = story


def story_of(url: str, title: str, text: str, published: str) -> Story:
    """A document as reading gives a story."""
    found = HOST.match(url)
    site = found[1] if found else "unknown"
    canonical = normalise(url.replace("://m.", "://www.", 1))  # as the mobile page's canonical link says
    at = published.replace("+00:00", "Z")
    return Story(
        id=f"{site}:{story_key(canonical)}", version=1, change="new", url=url, canonical_url=canonical, headline=title,
        text=text, content_hash=content_hash(title, text), published_at=at,
        source=StorySource(id=site, name=site, domain=site), attribution=[],
        crawl=Crawl(run=None, requested_url=url, fetched_at=at, discovered=None, status=200, html_sha256=None),
    )  # fmt: skip
