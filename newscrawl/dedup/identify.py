"""The decision: is this story new, known, a copy of another site's, or a new version of its own?"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Literal

from newscrawl.dedup.canonical_url import identity_urls
from newscrawl.dedup.keys import (
    REDACTED,
    WITHDRAWN,
    KnownStory,
    StoryKeys,
    published_hour,
    seconds,
    story_keys,
)
from newscrawl.dedup.near_duplicate import Measures
from newscrawl.dedup.shingle import Shingles, shingles_of
from newscrawl.dedup.store import Match, StoryStore
from newscrawl.dedup.version import content_hash, stated_change, steady
from newscrawl.items import Cluster, Relation, Story

Verdict = Literal[
    "new", "copy", "excerpt", "update", "correction", "withdrawal", "unchanged", "same-text", "gone", "redacted"
]
WRITTEN: frozenset[Verdict] = frozenset({"new", "copy", "excerpt", "update", "correction", "withdrawal"})
SAME_HEADLINE = 0.99  # share of the shorter headline's words
NOT_THE_SAME = 0.999  # similarity of a copy at most: 1.0 is the same text
EXCERPT_LENGTH = 0.5  # of the known text's words, at most
EXCERPT_CONTAINMENT = 0.8  # of the excerpt's shingles


@dataclass(frozen=True, slots=True)
class Decision:
    """What becomes of a story: a line is written for the verdicts in WRITTEN; the others are counted."""

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


def identify(
    story: Story, keys: StoryKeys, index: StoryStore, headline_of: Callable[[str], str | None] | None = None
) -> Decision:  # fmt: skip
    """Decide within the caller's transaction; a written story gets its id, version and cluster, and is recorded.

    `headline_of` gives the headline of a story that was written: a page that is gone has none.

    A cascade, the surest first: the site's own id, every URL, the same text, and last the near-duplicates of the last
    days. A URL counts only within the story's own site, since one that names another site proves nothing; and it does
    not overrule an id that the site itself gave.
    """
    here, elsewhere = index.by_text(keys)
    known = index.by_name(keys, here)
    if known is not None and known.words == REDACTED:
        index.record_names(keys, known.n, is_alias=known.is_alias)
        return Decision("redacted", known.id)
    if known is not None:
        if story.change == "withdrawal" and known.words != WITHDRAWN and not story.headline:
            story.headline = headline_of(known.id) if headline_of else None
        return decide_known(story, keys, index, known, known.n in here)
    if story.change == "withdrawal":
        return Decision("gone")
    if here:
        index.record_names(keys, here[0], is_alias=True)
        return Decision("same-text", index.story(here[0]).id)
    shingles = shingles_of(story.headline, steady(story.text or ""))
    if story.kind == "summary":  # many stories in one page are a copy of none
        return write_new(story, keys, index, shingles)
    if elsewhere is not None:
        return decide_copy(story, keys, index, shingles, index.story(elsewhere), None)
    match = index.window.find(shingles, arrival(story), published_hour(story.published_at))
    if match is None:
        return write_new(story, keys, index, shingles)
    other = index.story(match.story)
    own = version_of(story, keys, index, other.cluster, match)
    if own is not None:
        return write_version(story, keys, index, own, shingles)
    return decide_copy(story, keys, index, shingles, other, match)


def arrival(story: Story) -> float:
    """When the page was fetched, in seconds since 1970."""
    return seconds(story.crawl.fetched_at if story.crawl else None) or 0.0


def decide_known(story: Story, keys: StoryKeys, index: StoryStore, known: KnownStory, has_had_text: bool) -> Decision:
    """A story at a page of its own: unchanged, or its next version.

    No change back is an older text under another spelling of the URL, on a second page of the story, or on an alias:
    caches and old pages go on showing it.
    """
    if story.change == "withdrawal" and known.words == WITHDRAWN:
        return Decision("unchanged", known.id)
    is_other_page = known.page is not None and known.page != index.page(keys)
    is_old = has_had_text and (known.is_alias or is_other_page or not keys.is_exact)
    # A story of several pages of which one failed is not a change either: the next run has it whole.
    is_partial = story.extraction is not None and "pages-missing" in story.extraction.warnings
    if known.content_hash == keys.content_hash or is_old or is_partial:
        index.record_names(keys, known.n, is_alias=known.is_alias)
        return Decision("unchanged", known.id)
    shingles = shingles_of(story.headline, steady(story.text or ""))
    if shingles.fingerprint == known.words:  # other punctuation, a counter, the time of the last update
        return Decision("unchanged", known.id)
    return write_version(story, keys, index, known, shingles)


def version_of(story: Story, keys: StoryKeys, index: StoryStore, cluster: int, match: Match) -> KnownStory | None:
    """The story of the same site that this one, under a new URL, is the next version of; None for a copy.

    A site that gives ids of its own must say that it is another version; elsewhere the same headline says so too.
    """
    own = index.window.member(cluster, index.site(keys.site), arrival(story))
    if own is None:
        return None
    is_same_headline = keys.own is None and match.measures.title >= SAME_HEADLINE
    return index.story(own) if is_same_headline or stated_change(story.headline, story.text) else None


def write_version(story: Story, keys: StoryKeys, index: StoryStore, known: KnownStory, shingles: Shingles) -> Decision:
    """Make the story the next version of a known one. A withdrawal keeps its headline and loses its text."""
    change = "withdrawal" if story.change == "withdrawal" else stated_change(story.headline, story.text) or "update"
    if change == "withdrawal":
        story.text, story.body = "", []
        story.content_hash = content_hash(story.headline, "")
        if known.words == WITHDRAWN:
            return Decision("unchanged", known.id)
    story.id, story.version, story.change = known.id, known.version + 1, change
    story.previous = "sha256:" + known.content_hash.hex()
    relation: Relation = "first" if known.matched_id is None else "copy"
    story.cluster = Cluster(
        id=known.cluster_id, relation=relation, of=known.matched_id, original=known.original_id,
        similarity=None if known.matched_id is None else 1.0,
    )  # fmt: skip
    index.change(
        known,
        keys,
        story.version,
        story.content_hash or "",
        WITHDRAWN if change == "withdrawal" else shingles.fingerprint,
    )
    if change != "withdrawal":
        remember(story, index, known.n, known.cluster, shingles)
    return Decision(change, known.id)


def write_new(story: Story, keys: StoryKeys, index: StoryStore, shingles: Shingles) -> Decision:
    n = index.add(keys, 1, shingles.fingerprint)
    is_original = is_agencys_own(story)
    if is_original:
        index.set_original(n, n)
    story.cluster = Cluster(id=story.id or "", relation="first", original=story.id if is_original else None)
    remember(story, index, n, n, shingles)
    return Decision("new")


def decide_copy(
    story: Story, keys: StoryKeys, index: StoryStore, shingles: Shingles, other: KnownStory, match: Match | None
) -> Decision:  # fmt: skip
    """Write the story as a copy or an excerpt of another; `match` is None for the same text."""
    n = index.add(keys, 1, shingles.fingerprint, other.cluster, other.n)
    original = other.original_id
    if original is None and is_agencys_own(story):
        index.set_original(other.cluster, n)
        original = story.id
    relation: Relation = "excerpt" if match is not None and is_excerpt(match.measures) else "copy"
    similarity = 1.0 if match is None else min(NOT_THE_SAME, round(match.measures.containment, 3))
    story.cluster = Cluster(
        id=other.cluster_id, relation=relation, of=other.id, similarity=similarity, original=original
    )
    if match is None:
        match = index.window.find(shingles, arrival(story), published_hour(story.published_at))
    remember(story, index, n, other.cluster, shingles, match)
    return Decision("excerpt" if relation == "excerpt" else "copy", other.id)


def remember(
    story: Story, index: StoryStore, n: int, cluster: int, shingles: Shingles, match: Match | None = None
) -> None:  # fmt: skip
    if story.kind == "summary":  # nor is any a copy of it
        return
    hour = published_hour(story.published_at)
    index.window.add(n, cluster, index.site((story.id or "").partition(":")[0]), shingles, arrival(story), hour, match)


def is_excerpt(measures: Measures) -> bool:
    is_short = measures.words_here < EXCERPT_LENGTH * measures.words_there
    return is_short and measures.here >= EXCERPT_CONTAINMENT


def is_agencys_own(story: Story) -> bool:
    """Whether the page is on the site of the agency that wrote it."""
    if story.source is None or story.source.kind != "wire" or not story.attribution or not story.agency:
        return False
    return any(
        entry.id == story.agency and any(e.where == "site" for e in entry.evidence) for entry in story.attribution
    )
