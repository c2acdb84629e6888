"""RSS 0.9 to 2.0 and Atom, through feedparser (it goes on where strict parsers stop)."""

from __future__ import annotations

from io import BytesIO
from typing import Any

from newscrawl.discovery.candidate import Announced, Candidate
from newscrawl.guards.url import join_url
from newscrawl.text.whitespace import fold

MAX_ITEMS = 5_000
MAX_HINT_CHARS = 1_000
HINTS = {"title": "title", "published": "published", "updated": "updated", "author": "author"}


def read_feed(body: bytes, url: str) -> Announced:
    """The candidates of a feed in its order; an item without a link is left out."""
    import feedparser  # 0.1 s

    if not body.strip():
        return Announced(broken="not-a-feed")
    # No sanitising (our own reading does it) and no relative URI search through the content.
    feed: Any = feedparser.parse(
        BytesIO(body),  # a bare body may be taken for a file name
        sanitize_html=False,
        resolve_relative_uris=False,
    )
    candidates: list[Candidate] = []
    found = Announced(candidates)
    for entry in feed.entries[:MAX_ITEMS]:
        link = entry.get("link")
        target = join_url(url, link) if isinstance(link, str) else None
        if target:
            # `in` first: of a missing "updated" feedparser would give "published".
            hints = {
                hint: fold(str(entry[key]))[:MAX_HINT_CHARS]
                for key, hint in HINTS.items()
                if key in entry and str(entry[key]).strip()
            }
            candidates.append(Candidate(target, hints))
    if not feed.version and not candidates:
        found.broken = "not-a-feed"
    elif feed.bozo and not candidates:
        found.broken = "broken-feed"
    return found
