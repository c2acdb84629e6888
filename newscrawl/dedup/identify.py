"""The decision: is this story new, known, a copy of another site's, or a new version of its own?"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

from newscrawl.dedup.canonical_url import identity_urls
from newscrawl.dedup.index import Known, StoryIndex, StoryKeys, story_keys
from newscrawl.items import Cluster, Story

Verdict = Literal["new", "copy", "update", "unchanged", "same-text"]
WRITTEN: frozenset[Verdict] = frozenset({"new", "copy", "update"})


@dataclass(frozen=True, slots=True)
class Decision:
    """What becomes of a story: a line is written for new, copy and update; the others are counted."""

    verdict: Verdict
    known_id: str | None = None

    @property
    def is_written(self) -> bool:
        return self.verdict in WRITTEN


def keys_of(story: Story) -> StoryKeys:
    """The keys of a checked story."""
    requested = story.crawl.requested_url if story.crawl else None
    urls = identity_urls(story.canonical_url, story.url, requested)
    return story_keys(story.id or "", urls, story.headline, story.text, story.content_hash or "")


def identify(story: Story, keys: StoryKeys, index: StoryIndex) -> Decision:
    """Decide within the caller's transaction; a written story gets its id, version and cluster, and is recorded.

    The state is looked up by the id, then by every URL, then by the text: only within the story's own site, but for
    the text, since a URL on another site proves nothing. An id that the site itself gave is not overruled by a URL.
    """
    same_text = index.by_text_here(keys)
    known = index.by_id(keys)
    if known is None and not keys.has_own_id:
        known = index.by_url(keys, same_text.n if same_text else None)
    if known is not None:
        return decide_known(story, keys, index, known, same_text)
    if same_text is not None:
        index.record_urls(keys, same_text.n, is_alias=True)
        return Decision("same-text", same_text.id)
    original = index.by_text_elsewhere(keys)
    if original is not None:
        story.cluster = Cluster(id=original.cluster_id, relation="copy", of=original.id, similarity=1.0)
    record(story, keys, index)
    return Decision("copy" if original else "new", original.id if original else None)


def decide_known(story: Story, keys: StoryKeys, index: StoryIndex, known: Known, same_text: Known | None) -> Decision:
    # A second URL may go on showing an old version of the text: that is no change back.
    is_old_copy = known.is_alias and same_text is not None and same_text.n == known.n
    # A story of several pages of which one failed is no change either: the next run has it whole.
    is_partial = story.extraction is not None and "pages-missing" in story.extraction.warnings
    if known.content_hash == keys.content_hash or is_old_copy or is_partial:
        index.record_urls(keys, known.n, is_alias=known.is_alias)
        return Decision("unchanged", known.id)
    story.id = known.id
    story.version = known.version + 1
    story.change = "update"
    story.previous = "sha256:" + known.content_hash.hex()
    relation = Cluster(id=known.cluster_id, relation="first")
    if known.matched_id is not None:
        relation = Cluster(id=known.cluster_id, relation="copy", of=known.matched_id, similarity=1.0)
    story.cluster = relation
    record(story, keys, index)
    return Decision("update", known.id)


def record(story: Story, keys: StoryKeys, index: StoryIndex) -> None:
    cluster = story.cluster
    site, _, key = (story.id or "").partition(":")
    written = StoryKeys(site, key, keys.urls, keys.text, keys.content_hash, keys.has_own_id)
    index.record(written, story.version or 1, cluster.id if cluster else "", cluster.of if cluster else None)
