"""Sitemaps (sitemaps.org 0.9, with Google's news extension or without) and the indexes that lead to them."""

from __future__ import annotations

from collections.abc import Iterator

from lxml import etree

from newscrawl.discovery.candidate import Announced, Candidate
from newscrawl.security.xml import UnpackedXml, elements, local_name
from newscrawl.text.whitespace import fold

MAX_URLS = 50_000  # the protocol's own bound
MAX_HINT_CHARS = 1_000
HINTS = {"title": "title", "publication_date": "published", "lastmod": "updated"}


def read_sitemap(body: bytes) -> Announced:
    """The candidates of a sitemap, newest first as most are; of an index, the sitemaps as next pages."""
    return stream_sitemap(body).read_whole()


def stream_sitemap(body: bytes) -> Announced:
    """The same, read as its candidates are taken: fifty thousand of them neither wait for each other nor fill memory."""
    found = Announced()
    found.candidates = sitemap_candidates(body, found)
    return found


def sitemap_candidates(body: bytes, found: Announced) -> Iterator[Candidate]:
    """The candidates of a sitemap one by one; its next pages and what was wrong with it go into `found`."""
    content = UnpackedXml(body)
    count = 0
    for element in elements(content, frozenset({"url", "sitemap"})):
        values = {local_name(child): text_of(child) for child in element.iter() if isinstance(child.tag, str)}
        location = values.get("loc")
        if not location:
            continue
        if count >= MAX_URLS:
            found.is_cut = True
            break
        count += 1
        if local_name(element) == "sitemap":
            found.next_pages.append(location)
        else:
            yield Candidate(location, hints_of(values))
    found.is_cut |= content.is_beyond_bound
    if content.broken == "broken-gzip":
        found.broken = content.broken
    elif not count:
        found.broken = content.broken or ("empty-sitemap" if b"<urlset" in content.head else "not-a-sitemap")


def text_of(element: etree._Element) -> str:
    """The text of an element on one line. Empty where it holds half a surrogate pair (`&#xD800;`), which lxml cannot read."""
    try:
        return fold(element.text or "")
    except UnicodeDecodeError:
        return ""


def hints_of(values: dict[str, str]) -> dict[str, str]:
    return {hint: values[name][:MAX_HINT_CHARS] for name, hint in HINTS.items() if values.get(name)}
