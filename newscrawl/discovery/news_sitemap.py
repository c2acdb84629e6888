"""Sitemaps (sitemaps.org 0.9, with Google's news extension or without) and the indexes that lead to them."""

from __future__ import annotations

from newscrawl.discovery.candidate import Announced, Candidate
from newscrawl.guards.xml import elements, gunzipped, local_name
from newscrawl.text.whitespace import fold

MAX_URLS = 50_000  # the protocol's own bound
MAX_HINT_CHARS = 1_000
HINTS = {"title": "title", "publication_date": "published", "lastmod": "updated"}


def read_sitemap(body: bytes) -> Announced:
    """The candidates of a sitemap, newest first as most are; of an index, the sitemaps as next pages."""
    found = Announced()
    try:
        content = gunzipped(body)
    except ValueError as error:
        found.broken = "too-big" if type(error) is not ValueError else "broken-gzip"
        return found
    for element in elements(content, frozenset({"url", "sitemap"})):
        values = {local_name(child): fold(child.text or "") for child in element.iter() if isinstance(child.tag, str)}
        location = values.get("loc")
        if not location:
            continue
        if local_name(element) == "sitemap":
            found.next_pages.append(location)
        else:
            hints = {hint: values[name][:MAX_HINT_CHARS] for name, hint in HINTS.items() if values.get(name)}
            found.candidates.append(Candidate(location, hints))
        if len(found.candidates) + len(found.next_pages) >= MAX_URLS:
            break
    if not found.candidates and not found.next_pages:
        found.broken = "empty-sitemap" if b"<urlset" in content[:5000] else "not-a-sitemap"
    return found
