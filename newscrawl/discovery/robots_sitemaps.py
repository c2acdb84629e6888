"""The sitemaps that a robots.txt names (RFC 9309, section 2.2.4; sitemaps.org)."""

from __future__ import annotations

from newscrawl.discovery.candidate import Announced
from newscrawl.security.url import join_url

MAX_ROBOTS_BYTES = 512 * 1024  # RFC 9309 asks for 500 KiB at least
MAX_SITEMAPS = 500


def read_robots_sitemaps(body: bytes, url: str) -> Announced:
    """The sitemaps as next pages, in their order, each once."""
    found = Announced()
    named: dict[str, None] = {}
    for line in body[:MAX_ROBOTS_BYTES].decode("utf-8-sig", "replace").splitlines():
        field, colon, value = line.partition(":")
        target = join_url(url, value.split("#", 1)[0]) if colon and field.strip().lower() == "sitemap" else None
        if target and len(named) < MAX_SITEMAPS:
            named[target] = None
    found.next_pages = list(named)
    if not named:
        found.broken = "no-sitemaps"
    return found
