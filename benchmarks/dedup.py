"""The state file and the decision as the pipeline uses them, for the deduplication benchmark.

The benchmark's runner names it as `--adapter benchmarks.dedup:Adapter`; it shows each document once, in order of
arrival, and asks for its cluster and its relation: first, exact, url, copy or update. `Memory` is the same with the
state in memory, so that what SQLite's file costs can be seen.
"""

from __future__ import annotations

import re
from pathlib import Path

from newscrawl.dedup.canonical_url import normalise, story_key
from newscrawl.dedup.identify import identify, keys_of
from newscrawl.dedup.index import StoryIndex
from newscrawl.dedup.version import content_hash
from newscrawl.items import Crawl, Source, Story
from newscrawl.state.store import FILE_NAME, IN_MEMORY, State

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
    """The same, with its database in memory."""

    file_name = IN_MEMORY


def story_of(url: str, title: str, text: str, published: str) -> Story:
    """A document as reading gives a story."""
    found = HOST.match(url)
    site = found[1] if found else "unknown"
    canonical = normalise(url.replace("://m.", "://www.", 1))  # as the mobile page's canonical link says
    at = published.replace("+00:00", "Z")
    return Story(
        id=f"{site}:{story_key(canonical)}", version=1, change="new", url=url, canonical_url=canonical, headline=title,
        text=text, content_hash=content_hash(title, text), published_at=at,
        source=Source(id=site, name=site, domain=site), attribution=[],
        crawl=Crawl(run=None, requested_url=url, fetched_at=at, discovered=None, status=200, html_sha256=None),
    )  # fmt: skip
