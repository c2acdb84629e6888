"""Check that a story has the fields that every line must have, and derive those that follow from others."""

from __future__ import annotations

from datetime import datetime
from urllib.parse import urlsplit

from newscrawl import __version__
from newscrawl.dedup.canonical_url import normalise, story_key
from newscrawl.dedup.version import content_hash
from newscrawl.items import ALWAYS, SCHEMA, BodyBlock, Cluster, Crawl, Extraction, Rights, Story, StorySource
from newscrawl.security.url import registrable_domain, split

LISTS = ("alternates", "attribution", "authors", "section", "tags", "media")


def missing_field(story: Story) -> str | None:
    """The reason, in one word, why a story cannot be written. None where it can."""
    warnings = story.extraction.warnings if story.extraction else []
    if not story.text and story.change != "withdrawal":
        return next((word for word in warnings if word != "json-ld-broken"), "no-text")
    for name in ALWAYS:
        if getattr(story, name) is None:
            return f"no-{name.replace('_', '-')}"
    if not story.headline and story.change != "withdrawal":  # a page that is gone takes the headline of its story
        return "no-headline"
    return None


def fill_in(story: Story, fetched_at: datetime) -> None:
    """Give a story that no crawl of a site made the fields that follow from its URL, headline and text.

    ValueError: it has no absolute URL, no headline or no text, which nothing else tells.
    """
    if not story.url or split(story.url) is None:
        raise ValueError(f"url is {story.url!r}, and must be an absolute http or https URL")
    if not story.headline or not story.text:
        raise ValueError(f"{'text' if story.headline else 'headline'} of {story.url} is empty")
    host = (urlsplit(story.url).hostname or "").removeprefix("www.")
    domain = registrable_domain(story.url)
    story.canonical_url = story.canonical_url or normalise(story.url)
    story.source = story.source or StorySource(id=host, name=domain, domain=domain)
    story.id = story.id or f"{story.source.id}:{story_key(story.canonical_url)}"
    story.schema, story.version, story.change = SCHEMA, story.version or 1, story.change or "new"
    if story.body is None:
        story.body = [BodyBlock(type="paragraph", text=text) for text in story.text.split("\n\n")]
    for name in LISTS:
        if getattr(story, name) is None:
            setattr(story, name, [])
    story.kind, story.access = story.kind or "article", story.access or "unknown"
    story.time_zone_basis = story.time_zone_basis or "unknown"
    story.rights = story.rights or Rights()
    story.content_hash = story.content_hash or content_hash(story.headline, story.text)
    story.cluster = story.cluster or Cluster(id=story.id, relation="first")
    story.extraction = story.extraction or Extraction(newscrawl=__version__)
    story.crawl = story.crawl or Crawl()
    crawl = story.crawl
    crawl.requested_url = crawl.requested_url or story.url
    crawl.fetched_at = crawl.fetched_at or fetched_at.strftime("%Y-%m-%dT%H:%M:%SZ")
