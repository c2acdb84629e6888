"""Sitemaps (sitemaps.org 0.9, with or without Google's extensions), their indexes, text sitemaps, feeds as sitemaps.

The document is cut into its entries before anything is parsed, as a feed is, so a broken entry costs itself. Only what
belongs to an entry itself counts: `<image:loc>` is not its URL, `<video:title>` not its title.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from urllib.parse import urlsplit

from lxml import etree

from newscrawl.discovery.candidate import Announced, Candidate
from newscrawl.discovery.feed import read_feed
from newscrawl.discovery.feed_items import MAX_ITEM_CHARS, declared_encoding, decoded, feed_text, parse_item, spans
from newscrawl.security.url import join_url
from newscrawl.security.xml import UnpackedXml
from newscrawl.text.whitespace import fold

MAX_URLS = 50_000  # the protocol's own limit
MAX_HINT_CHARS = 1_000
HEAD_BYTES = 65_536
MAX_TAG_CHARS = 2_100  # of a tag that two pieces share
FIRST_ENTRY = re.compile(r"<((?:[a-z_][\w.-]{0,30}:)?(?:url|sitemap))(?=[\s>])", re.I)
ROOT = re.compile(r"<(?:[a-z_][\w.-]{0,30}:)?(?:urlset|sitemapindex)(?=[\s>/])", re.I)
FEED_ROOT = re.compile(r"<(?:[a-z_][\w.-]{0,30}:)?(?:rss|rdf|feed)(?=[\s>/])", re.I)
PREFIX = re.compile(r"xmlns:([\w.-]{1,30})\s{0,9}=\s{0,9}[\"']([^\"']{1,200})[\"']")
NEWS = "sitemap-news"  # part of the namespace of Google's news extension
NEWS_HINTS = {"title": "title", "publication_date": "published"}


def read_sitemap(body: bytes, url: str = "") -> Announced:
    """The candidates of a sitemap in its order. Of an index, the sitemaps as next pages. `url` resolves relative links."""
    return stream_sitemap(body, url).read_whole()


def stream_sitemap(body: bytes, url: str = "") -> Announced:
    """The same, parsed entry by entry as the candidates are taken."""
    found = Announced()
    found.candidates = _candidates(body, url, found)
    return found


def _candidates(body: bytes, url: str, found: Announced) -> Iterator[Candidate]:
    """The candidates one by one. Next pages, and what was wrong with the document, go into `found`."""
    content = UnpackedXml(body)
    start = content.read(HEAD_BYTES)
    head = feed_text(start, None)[0]
    first = FIRST_ENTRY.search(head)
    reader: Iterator[Candidate] = iter(())
    if ROOT.search(head) or (first is not None and not FEED_ROOT.search(head)):
        reader = _entries(_texts(start, content), declared_encoding(start, None), head, url, found)
    elif FEED_ROOT.search(head):
        feed = read_feed(start + _rest(content), url)
        found.lost, found.broken = feed.lost, feed.broken
        reader = iter(feed.candidates)
    elif head.lstrip("\ufeff \t\r\n").startswith(("http://", "https://")):
        reader = _lines(feed_text(start + _rest(content), None)[0], found)
    count = 0
    for count, candidate in enumerate(reader, 1):  # noqa: B007
        yield candidate
    found.is_cut |= content.is_beyond_bound
    if content.broken == "broken-gzip":
        found.broken = content.broken
    elif not count and not found.next_pages and not found.lost and found.broken is None:
        found.broken = content.broken or ("empty-sitemap" if ROOT.search(head) else "not-a-sitemap")


def _rest(content: UnpackedXml) -> bytes:
    return b"".join(iter(content.read, b""))


def _texts(start: bytes, content: UnpackedXml) -> Iterator[str]:
    """The document in pieces, each byte a character, so that tags are found before an encoding is decided."""
    if declared_encoding(start, None).startswith(("utf-16", "utf-32")):
        yield feed_text(start + _rest(content), None)[0].encode("utf-8", "replace").decode("latin-1")
        return
    yield start.decode("latin-1")
    for chunk in iter(content.read, b""):
        yield chunk.decode("latin-1")


def _entries(texts: Iterator[str], encoding: str, head: str, url: str, found: Announced) -> Iterator[Candidate]:
    """The entries of a sitemap or an index."""
    news = {prefix for prefix, space in PREFIX.findall(head) if NEWS in space} or {"news"}
    encoding = "utf-8" if encoding.startswith(("utf-16", "utf-32")) else encoding
    for number, (name, markup) in enumerate(_fragments(texts)):
        if number >= MAX_URLS:
            found.is_cut = True
            return
        element = parse_item(decoded(markup, encoding, None))
        locations, hints = _values(element, news) if element is not None else ([], {})
        urls = [absolute for location in locations if (absolute := _absolute(location, url)) is not None]
        found.lost += not urls and "<loc" in markup.lower()
        if name.endswith("sitemap"):
            found.next_pages += urls
        else:
            yield from (Candidate(absolute, dict(hints)) for absolute in urls)


def _fragments(texts: Iterator[str]) -> Iterator[tuple[str, str]]:
    """(tag in lower case, markup) of each entry. An entry ends at its end tag, or where the next one begins."""
    buffer = ""
    name: str | None = None
    for text in texts:
        buffer += text
        if name is None:
            first = FIRST_ENTRY.search(buffer)
            if first is None:
                buffer = buffer[-MAX_TAG_CHARS:]
                continue
            name = str(first[1])
        comment = buffer.rfind("<!--")
        if comment >= 0 and buffer.find("-->", comment) < 0 and len(buffer) - comment < MAX_ITEM_CHARS:
            whole, kept = buffer[:comment], buffer[comment:]  # a comment that a piece cuts hides its entries
        else:
            whole, kept = buffer, ""
        done = 0
        for start, end, is_whole in spans(whole, name):
            if not is_whole and end - start < MAX_ITEM_CHARS:
                break
            yield name.lower(), whole[start:end]
            done = end
        else:
            done = max(done, len(whole) - MAX_TAG_CHARS)
        buffer = whole[done:] + kept
    if name is not None:
        for start, end, _ in spans(buffer, name):
            yield name.lower(), buffer[start : min(end, start + MAX_ITEM_CHARS)]


def _values(element: etree._Element, news: set[str]) -> tuple[list[str], dict[str, str]]:
    """(URLs, hints) of one entry: from its own children, and from those of its news element.

    An entry has one URL. Where end tags are missing several entries may have become one.
    """
    own = _split_name(element)[0]
    locations: list[str] = []
    hints: dict[str, str] = {}
    for child in element:
        prefix, name = _split_name(child)
        if prefix == own and name == "loc":
            locations.append(_text(child))
        elif prefix == own and name == "lastmod":
            hints.setdefault("updated", _text(child))
        elif prefix in news and name == "news":
            for part in child:
                prefix, name = _split_name(part)
                if prefix in news and name in NEWS_HINTS:
                    hints.setdefault(NEWS_HINTS[name], _text(part))
    return locations, {name: value[:MAX_HINT_CHARS] for name, value in hints.items() if value}


def _split_name(element: etree._Element) -> tuple[str, str]:
    """(prefix, name in lower case) of an element. An entry is parsed alone, so its prefixes are not declared."""
    tag = element.tag if isinstance(element.tag, str) else ""
    prefix, _, name = tag.rpartition("}")[2].rpartition(":")
    return prefix or (element.prefix or ""), name.lower()


def _text(element: etree._Element) -> str:
    """The text of an element on one line. Empty where it holds half a surrogate pair (`&#xD800;`), which lxml cannot read."""
    try:
        return fold(element.text or "")
    except UnicodeDecodeError:
        return ""


def _absolute(location: str, url: str) -> str | None:
    """An entry's URL, resolved against the sitemap's. `paper.example/x` on paper.example lacks only its scheme."""
    if not location:
        return None
    host = urlsplit(url).hostname or ""
    if host and location.split("/", 1)[0].lower() in (host, host.removeprefix("www."), f"www.{host}"):
        location = f"//{location}"
    return join_url(url, location) if url else location


def _lines(text: str, found: Announced) -> Iterator[Candidate]:
    """The URLs of a text sitemap, one a line."""
    for number, line in enumerate(filter(None, map(str.strip, text.lstrip("\ufeff").split("\n")))):
        if number >= MAX_URLS:
            found.is_cut = True
            return
        if line.startswith(("http://", "https://")):
            yield Candidate(line)
        else:
            found.lost += 1
