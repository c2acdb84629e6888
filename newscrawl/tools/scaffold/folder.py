"""A site from a folder of saved pages: its stories, its list pages, the feeds and sitemaps that lie beside them. No network."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path

from newscrawl.discovery.feed import read_feed
from newscrawl.discovery.sitemap import read_sitemap
from newscrawl.extraction.story import page_url
from newscrawl.security.markup import MAX_PAGE_BYTES
from newscrawl.security.url import registrable_domain, split
from newscrawl.security.xml import gunzipped
from newscrawl.sites.model import Source
from newscrawl.tools.scaffold.find import MAX_FEEDS, ListPage, list_page, spread, stated_feeds, take_lists
from newscrawl.tools.scaffold.links import menu_urls
from newscrawl.tools.scaffold.probe_result import Announcing, PageRead, ProbeAnswer, ProbeResult, Tried, page_read
from newscrawl.tools.scaffold.story_urls import learn

STORIES = 10  # of a folder that are read: they cost no request
MAX_FILES = 500
MAX_BYTES = 128 * 1024 * 1024  # of pages, unpacked: all are held, with what a parse makes of them
PAGE_NAMES = (".html", ".htm", ".xhtml", ".html.gz", ".htm.gz")
XML_NAMES = (".xml", ".rss", ".atom", ".rdf", ".json", ".xml.gz")
SELF = re.compile(rb"<(?:[a-z]{1,10}:)?link\b[^<>]{0,500}>", re.I)
HREF = re.compile(rb"href\s{0,9}=\s{0,9}[\"']([^\"'<>]{1,2000})")
STORY_LINKS = 15  # a page that links so many stories and reads as one is a list


def look_in(folder: Path, stories: int = STORIES) -> ProbeResult:
    """What the pages of a folder show of the site that most of them are on. OSError: the folder cannot be read."""
    found = ProbeResult(str(folder), is_live=False)
    answers = list(answers_in(folder, found))
    domains = Counter(registrable_domain(answer.url) for answer in answers)
    if not domains:
        found.problem = (
            f"{folder} holds no page (.html, .htm, also gzipped) that states its address (canonical link or og:url)"
        )
        return found
    domain = domains.most_common(1)[0][0]
    own = [answer for answer in answers if registrable_domain(answer.url) == domain]
    if len(own) < len(answers):
        found.notes.append(f"{len(answers) - len(own)} pages are of another site than {domain}: left out")
    found.base = next((answer.url for answer in own), "")
    take_feeds(folder, found, domain)
    take_pages(found, own, stories)
    return found


def answers_in(folder: Path, found: ProbeResult) -> Iterator[ProbeAnswer]:
    """The pages of a folder that state their address, as if they had been asked for."""
    paths = (path for path in sorted(folder.rglob("*")) if path.name.lower().endswith(PAGE_NAMES) and path.is_file())
    left = MAX_BYTES
    for _, path in zip(range(MAX_FILES), paths, strict=False):
        html = (
            content_of(path) if left > 0 else f"the pages before it have {MAX_BYTES:,} bytes: name a folder with fewer"
        )
        left -= len(html)
        url = page_url(html) if isinstance(html, bytes) else None
        if url is not None and isinstance(html, bytes):
            yield ProbeAnswer(str(path), url, html, None)
        else:
            why = html if isinstance(html, str) else "it states no address of its own (canonical link or og:url)"
            found.tried.append(Tried("page", str(path), problem=why))


def content_of(path: Path, limit: int = MAX_PAGE_BYTES) -> bytes | str:
    """The bytes of a file, unpacked where it is gzipped, or why it cannot be read."""
    try:
        with path.open("rb") as file:
            packed = file.read(limit + 1)
        content = gunzipped(packed, limit)
    except OSError as error:
        return error.strerror or str(error)
    except ValueError as error:
        return str(error)
    return content if len(content) <= limit else f"more than {limit:,} bytes"


def take_feeds(folder: Path, found: ProbeResult, domain: str) -> None:
    """The feeds and sitemaps that lie in the folder; only one that states its own address can be a source."""
    paths = (path for path in sorted(folder.rglob("*")) if path.name.lower().endswith(XML_NAMES) and path.is_file())
    for _, path in zip(range(MAX_FILES), paths, strict=False):
        content = content_of(path)
        if isinstance(content, str):
            found.tried.append(Tried("feed", str(path), problem=content))
            continue
        feed, sitemap = read_feed(content, found.base), read_sitemap(content)
        is_feed = not feed.broken
        announced = feed if is_feed else sitemap
        urls = tuple(c.url for c in announced.candidates if split(c.url) and registrable_domain(c.url) == domain)
        what = "feed" if is_feed else "sitemap"
        if not urls:
            if path.suffix != ".json":  # whatever else lies there
                found.tried.append(Tried(what, str(path), problem="neither a feed nor a sitemap of this site"))
            continue
        own = own_address(content) if is_feed else None
        detail = f"{len(urls)} items" + ("" if own else "; it does not state its address, so it cannot be a source yet")
        found.tried.append(Tried(what, str(path), detail))
        if own and len(found.announcing) < MAX_FEEDS:
            found.announcing.append(Announcing(Source("rss", own), urls, f"feed: {len(urls)} items in {path.name}"))


def own_address(content: bytes) -> str | None:
    """The address that a feed states of itself (RSS advisory board: atom:link rel="self"; RFC 4287, 4.2.7.2)."""
    for tag in SELF.findall(content[:65_536]):
        if re.search(rb"rel\s{0,9}=\s{0,9}[\"']self", tag) and (href := HREF.search(tag)):
            url = href[1].decode("utf-8", "replace").replace("&amp;", "&")
            return url if split(url) else None
    return None


def take_pages(found: ProbeResult, answers: list[ProbeAnswer], stories: int) -> None:
    """The stories among the pages are read, the lists among them become sources."""
    lists: list[ListPage] = []
    reads: list[PageRead] = []
    now = datetime.now(UTC)
    for answer in answers:
        page = list_page(answer)
        read = page_read(answer, now)
        if isinstance(read, str):
            if page is not None and len(page.links) >= STORY_LINKS:
                lists.append(page)
                continue
            found.tried.append(Tried("page", answer.asked, problem=read))
        elif not any(known.story.text == read.story.text for known in reads):
            reads.append(read)
        for url in stated_feeds(page) if page is not None else []:
            if url not in found.stated and len(found.stated) < MAX_FEEDS:
                found.stated.append(url)
        found.menu += [url for url in (menu_urls(page.links, ()) if page is not None else []) if url not in found.menu]
    take_lists(found, lists)
    sources = {each.source.url for each in found.announcing}
    found.stated = [url for url in found.stated if url not in sources]
    found.pages = (
        [by_url[url] for url in spread(list(by_url), stories)[:stories]]
        if (by_url := {r.url: r for r in reads})
        else []
    )
    urls = list(dict.fromkeys([*found.announced(), *by_url]))
    found.rules = learn(urls, [url for url in found.menu if url not in set(urls)])
    found.tried += [Tried("story", page.url, f"{len(page.document.main.chosen)} paragraphs") for page in found.pages]
