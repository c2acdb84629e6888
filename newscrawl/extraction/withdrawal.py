"""The story of a page that is gone: known by its URL alone, it becomes a withdrawal of what was written of it."""

from __future__ import annotations

from urllib.parse import urlsplit

from newscrawl import __version__
from newscrawl.dedup.canonical_url import normalise, story_key
from newscrawl.dedup.version import content_hash
from newscrawl.items import SCHEMA, Cluster, Crawl, Extraction, Rights, Story, StorySource
from newscrawl.sites.model import Site


def gone_story(url: str, site: Site, crawl: Crawl) -> Story:
    """A story without headline and text, as `identify` takes it: it is written only if the story is known."""
    host = urlsplit(url).hostname or ""
    domain = next((name for name in site.domains if host == name or host.endswith(f".{name}")), host)
    canonical = normalise(url)
    story_id = f"{site.id}:{site.story_key(canonical) or story_key(canonical)}"
    return Story(
        schema=SCHEMA, id=story_id, version=1, change="withdrawal", content_hash=content_hash("", ""), url=url,
        canonical_url=canonical, alternates=[], attribution=[], headline="", authors=[], text="", body=[], section=[],
        source=StorySource(id=site.id, name=site.name, domain=domain, kind=site.kind), tags=[], language=site.language,
        kind="article", access="unknown", time_zone_basis="unknown", media=[], rights=Rights(),
        cluster=Cluster(id=story_id, relation="first"), crawl=crawl, extraction=Extraction(newscrawl=__version__),
    )  # fmt: skip
