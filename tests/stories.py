"""Stories for tests, read from a page as any other."""

from __future__ import annotations

from datetime import UTC, datetime

from newscrawl.extraction.story import FetchInfo, read_story
from newscrawl.items import Story
from newscrawl.sites.registry import load_site, site_files

TEXT = [
    "The harbour council voted on Monday to widen the northern quay by next spring, its chairman said after the session.",
    "The work will cost about nine million, according to the plan that was published, and half of it is to be lent.",
    "Boats will have to use the southern basin for some months, which their owners had asked the council to avoid. (Yonhap)",
]


def make_story(
    key: str = "1", *, site: str | None = None, host: str = "paper.example", headline: str = "Council widens the quay",
    paragraphs: list[str] | None = None, canonical: str | None = None, requested: str | None = None,
) -> Story:  # fmt: skip
    """A story as a crawl reads it at http://<host>/story-<key>."""
    body = "".join(f"<p>{text}</p>" for text in paragraphs or TEXT)
    link = f'<link rel="canonical" href="{canonical}">' if canonical else ""
    page = f"<html><head>{link}</head><body><h1>{headline}</h1><div>{body}</div></body></html>"
    url = f"http://{host}/story-{key}"
    rules = load_site(site_files()[site]) if site else None
    fetched = FetchInfo(
        run="20261123T000000Z-000000", requested_url=requested or url, fetched_at=datetime(2026, 11, 23, tzinfo=UTC),
        discovered="rss", status=200,
    )  # fmt: skip
    return read_story(page.encode(), url, rules, fetched)
