"""Adapter for a runner of small cases with known right values: plain values in, plain values out."""

from __future__ import annotations

from typing import Any

import orjson

from newscrawl import read_page
from newscrawl.dedup.canonical_url import url_key
from newscrawl.discovery.candidate import Announced
from newscrawl.discovery.feed import read_feed
from newscrawl.discovery.sitemap import read_sitemap
from newscrawl.politeness.robots import Rules
from newscrawl.security.url import split
from newscrawl.storage.jsonl import line_of
from newscrawl.text.dates import parse_date

USER_AGENT = "newscrawl"


class Adapter:
    """Each method calls the code that a crawl calls, with default settings and no network."""

    def page(self, html: bytes, url: str, site: str | None, content_type: str | None) -> dict[str, Any]:
        """The record of a page as the crawl writes it."""
        record: dict[str, Any] = orjson.loads(line_of(read_page(html, url, site, content_type=content_type)))
        return record

    def sitemap(self, body: bytes, url: str) -> dict[str, Any]:
        return _announced(read_sitemap(body, url))

    def feed(self, body: bytes, url: str, content_type: str | None) -> dict[str, Any]:
        return _announced(read_feed(body, url, content_type))

    def date(self, raw: str, zone: str | None) -> str | None:
        """The time in UTC, or the day where the time of day or its zone is unknown."""
        moment = parse_date(raw, zone)
        return None if moment is None else moment.at_utc or moment.day.isoformat()

    def robots(self, robots_txt: str, url: str) -> bool:
        return Rules(robots_txt.encode(), USER_AGENT).allows(url)

    def same_url(self, a: str, b: str) -> bool:
        return url_key(a) == url_key(b)


def _announced(document: Announced) -> dict[str, Any]:
    """What a document announces. A crawl skips URLs that are not absolute, so they are missing here too."""
    candidates = [candidate for candidate in document.read_whole().candidates if split(candidate.url) is not None]
    return {
        "urls": [candidate.url for candidate in candidates],
        "next": [url for url in document.next_pages if split(url) is not None],
        "hints": [candidate.hints for candidate in candidates],
    }
