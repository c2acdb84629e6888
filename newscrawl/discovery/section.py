"""List pages: the links to stories, and the link to the next page."""

from __future__ import annotations

from selectolax.lexbor import LexborHTMLParser

from newscrawl.discovery.candidate import Announced, Candidate
from newscrawl.security.markup import MAX_PAGE_BYTES, markup_refusal
from newscrawl.security.url import join_url
from newscrawl.text.encoding import decode
from newscrawl.text.whitespace import fold

MAX_LINKS = 2_000


def read_section(
    body: bytes, url: str, links: str, next_page: str | None, content_type: str | None = None
) -> Announced:
    """The candidates of a list page in its order, by CSS selectors."""
    candidates: list[Candidate] = []
    found = Announced(candidates)
    markup = decode(body[:MAX_PAGE_BYTES], content_type)[0]
    found.broken = markup_refusal(markup)
    if found.broken:
        return found
    tree = LexborHTMLParser(markup)
    seen = set()
    for node in tree.css(links)[:MAX_LINKS]:
        target = join_url(url, node.attributes.get("href"))
        if target and target not in seen:
            seen.add(target)
            title = fold(node.text() or "")
            candidates.append(Candidate(target, {"title": title} if title else {}))
    if next_page:
        target = next((join_url(url, node.attributes.get("href")) for node in tree.css(next_page)), None)
        found.next_pages = [target] if target and target != url else []
    if not candidates:
        found.broken = "no-links"
    return found
