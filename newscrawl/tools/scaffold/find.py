"""Looking at a site: its feeds, sitemaps and section lists, and a few of the stories that they announce.

The look is a generator: it yields the URL that it wants next and is sent the answer, so that a crawl, a folder of saved
pages and a test can each bring what they have. It asks for one thing at a time and for a bounded number of them.
"""

from __future__ import annotations

import re
from collections.abc import Generator, Sequence
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime
from urllib.parse import urlsplit

from newscrawl.discovery.candidate import Announced
from newscrawl.discovery.feed import read_feed
from newscrawl.discovery.section import read_section
from newscrawl.discovery.sitemap import read_sitemap
from newscrawl.politeness.robots import Rules, robots_site
from newscrawl.security.url import join_url, registrable_domain, split
from newscrawl.sites.model import Source
from newscrawl.tools.scaffold.links import (
    Link,
    links_of,
    menu_urls,
    next_selector,
    of_rules,
    sections_of,
    story_links,
    story_selector,
    story_shaped,
)
from newscrawl.tools.scaffold.outline import Outline, outline
from newscrawl.tools.scaffold.probe_result import Announcing, PageRead, ProbeAnswer, ProbeResult, Tried, page_read
from newscrawl.tools.scaffold.story_urls import learn

REQUESTS = 12  # of a look, robots.txt aside: a front page, three feeds, three sitemaps, a list or two, four stories
STORIES = 4
MAX_FEEDS, MAX_SITEMAPS, MAX_SECTIONS = 3, 3, 3
ENOUGH = 10  # stories that feeds and news sitemaps announce: then no list pages are looked for
MIN_LISTED = 5  # links to stories of a page that is a list
MIN_OF_A_KIND = 2  # announced URLs that begin alike
LIST_PAGES = 3  # to be walked of a list with a next page
FEED_TYPES = ("rss+xml", "atom+xml", "rdf+xml", "feed+json")
FEED_PATH = re.compile(r"(?:^|[/._-])(?:rss|feeds?|atom|rdf)(?:$|[/._?=-]|\d)", re.I)
NO_FEED = re.compile(r"comment|oembed|wp-json|/amp|podcast|feedback", re.I)
WELL_KNOWN_FEEDS = ("/feed", "/rss.xml", "/rss")
WELL_KNOWN_SITEMAPS = ("/news-sitemap.xml", "/sitemap.xml")
STORY_SITEMAP = re.compile(r"post|article|story|stories|news", re.I)
SCRIPTS_OF_APP = 3  # of a page without text: scripts fill it

Asks = Generator[str, ProbeAnswer, None]


@dataclass(frozen=True, slots=True)
class Bounds:
    """How many requests a look may make, and how many stories it wants to read."""

    requests: int = REQUESTS
    stories: int = STORIES


@dataclass(slots=True)
class ListPage:
    """A page that may list stories."""

    url: str
    answer: ProbeAnswer
    outline: Outline
    links: list[Link]


@dataclass(slots=True)
class Probe:
    """One look at a site from its front page on; what it sees is in `found`."""

    start: str
    bounds: Bounds = field(default_factory=Bounds)
    found: ProbeResult = field(init=False)
    lists: list[ListPage] = field(default_factory=list)
    sitemaps: list[str] = field(default_factory=list)
    plain: list[Announcing] = field(default_factory=list)
    without_story: list[str] = field(default_factory=list)  # announced URLs whose pages hold none

    def __post_init__(self) -> None:
        self.found = ProbeResult(self.start, self.start)

    def run(self) -> Asks:
        """Every URL that is wanted, in turn."""
        yield from self.front_page()
        if self.found.problem is None:
            yield from self.read_robots()
            yield from self.find_feeds()
            yield from self.find_sitemaps()
            yield from self.find_sections()
            yield from self.read_stories()

    @property
    def left(self) -> int:
        """Requests that may still be made."""
        return self.bounds.requests - self.found.requests

    @property
    def left_for_sources(self) -> int:
        """As many, without those that the stories will need."""
        return self.left - min(self.bounds.stories, self.bounds.requests // 2)

    def ask(self, url: str) -> Generator[str, ProbeAnswer, ProbeAnswer]:
        self.found.requests += 1
        return (yield url)

    def tell(self, what: str, url: str, detail: str = "", problem: str | None = None) -> None:
        self.found.tried.append(Tried(what, url, detail, problem))

    def front_page(self) -> Asks:
        answer = yield from self.ask(self.start)
        self.found.front = answer
        if answer.problem is not None:
            self.found.problem = answer.problem
            self.tell("front page", self.start, problem=answer.problem)
            return
        self.found.base = answer.url
        if self.is_announcement(answer):
            return
        page = list_page(answer)
        if page is not None:
            self.lists.append(page)
        links = page.links if page is not None else []
        self.found.needs_browser = not links and needs_browser(answer.body)
        problem = None if page is not None else "its markup must not be parsed (too deep, or too many attributes)"
        self.tell("front page", answer.url, f"{len(links)} links", problem)

    def is_announcement(self, answer: ProbeAnswer) -> bool:
        """Take a feed or sitemap in place of a front page: its stories say which site it is."""
        feed, sitemap = read_feed(answer.body, answer.url, answer.content_type), read_sitemap(answer.body, answer.url)
        announced = sitemap if feed.broken else feed
        first = next((each.url for each in announced.candidates if split(each.url)), None)
        if first is None:
            return False
        self.found.base = first
        if feed.broken:
            self.take_sitemap(answer, {})
            if not self.found.announcing:
                self.take_plain()
        else:
            self.take_feed(answer)
        return True

    def read_robots(self) -> Asks:
        """What robots.txt says of the delay and of sitemaps; it is asked for by every crawl anyway."""
        answer = yield robots_site(self.found.base) + "/robots.txt"
        if answer.problem is not None:
            self.tell("robots.txt", answer.asked, problem=answer.problem)
            return
        rules = Rules(answer.body, "newscrawl")
        self.found.delay_seconds, self.sitemaps = rules.delay_seconds, rules.sitemaps
        delay = f", asks for {rules.delay_seconds:g} seconds between requests" if rules.delay_seconds else ""
        self.tell("robots.txt", answer.asked, f"names {len(rules.sitemaps)} sitemaps{delay}")

    def find_feeds(self) -> Asks:
        """The feeds that the front page names; else those at the usual paths, which count only if they are feeds."""
        waiting = feeds_of(self.lists[0]) if self.lists else []
        if not waiting and not self.found.announcing:
            waiting = [robots_site(self.found.base) + path for path in WELL_KNOWN_FEEDS]
        asked: set[str] = set()
        while waiting and len(asked) < MAX_FEEDS and self.left_for_sources > 0:
            url = waiting.pop(0)
            if url in asked:
                continue
            asked.add(url)
            answer = yield from self.ask(url)
            announcing = self.take_feed(answer)
            if announcing is None and answer.problem is None and (page := list_page(answer)) is not None:
                waiting = feeds_of(page) + waiting  # a page about feeds
        self.drop_repeated()

    def take_feed(self, answer: ProbeAnswer) -> Announcing | None:
        """Note a feed that was asked for; None otherwise."""
        announced = read_feed(answer.body, answer.url, answer.content_type) if answer.problem is None else Announced()
        urls = self.own(announced)
        count = sum(1 for _ in announced.candidates)
        problem = answer.problem or announced.broken or ("it announces nothing" if not count else None)
        if problem is None and not urls:
            problem = f"none of its {count} links is on this site"
        self.tell("feed", answer.asked, f"{count} items", problem)
        if problem is not None:
            return None
        found = Announcing(Source("rss", answer.url), tuple(urls), f"feed: {count} items")
        self.found.announcing.append(found)
        return found

    def own(self, announced: Announced) -> list[str]:
        """The announced URLs that are on the site, each once."""
        domain = registrable_domain(self.found.base)
        urls = (candidate.url for candidate in announced.candidates)
        return [url for url in dict.fromkeys(urls) if split(url) and registrable_domain(url) == domain]

    def drop_repeated(self) -> None:
        """Leave out a feed whose stories another announces as well: the same in another format, or a part of it."""
        kept: list[Announcing] = []
        for each in sorted(self.found.announcing, key=lambda announcing: -len(announcing.urls)):
            whole = next((other for other in kept if set(each.urls) <= set(other.urls)), None)
            if whole is None:
                kept.append(each)
            else:
                self.found.notes.append(
                    f"{each.source.url} announces nothing that {whole.source.url} does not: left out"
                )
        self.found.announcing = kept

    def find_sitemaps(self) -> Asks:
        """News sitemaps, by their content; others are kept for a site that announces its stories nowhere else."""
        waiting = sorted(self.sitemaps, key=lambda url: "news" not in url.lower()) if self.lists else []
        if not waiting and not self.found.announcing:
            waiting = [robots_site(self.found.base) + path for path in WELL_KNOWN_SITEMAPS]
        index: dict[str, str] = {}
        for _ in range(MAX_SITEMAPS):
            if (
                not waiting
                or self.left_for_sources <= 0
                or any(a.source.kind == "news-sitemap" for a in self.found.announcing)
            ):
                break
            answer = yield from self.ask(waiting.pop(0))
            announced = self.take_sitemap(answer, index)
            if announced is not None and announced.next_pages and (child := best_child(announced.next_pages)):
                index[child] = index.get(answer.asked, answer.asked)
                waiting.insert(0, child)
        if not self.found.announcing:
            self.take_plain()

    def take_plain(self) -> None:
        """Take the sitemaps that announce every page of a site: those of a story's shape are stories, the others are not."""
        for each in self.plain:
            stories = story_shaped(each.urls)
            if stories:
                detail = f"{each.detail}, {len(stories)} of a story's shape"
                self.found.announcing.append(replace(each, urls=tuple(stories), detail=detail))
                self.found.menu += sorted(set(each.urls) - set(stories))

    def take_sitemap(self, answer: ProbeAnswer, index: dict[str, str]) -> Announced | None:
        if answer.problem is not None:
            self.tell("sitemap", answer.asked, problem=answer.problem)
            return None
        announced = read_sitemap(answer.body, answer.url)
        urls = self.own(announced)
        if announced.next_pages and not urls:
            self.tell("sitemap", answer.asked, f"an index of {len(announced.next_pages)} sitemaps")
            return announced
        is_news = any("published" in candidate.hints for candidate in announced.candidates)
        kind = "news-sitemap" if is_news else "sitemap"
        problem = (announced.broken or "it announces nothing of this site") if not urls else None
        self.tell(kind, answer.asked, f"{len(urls)} URLs", problem)
        if urls:
            top = index.get(answer.asked, answer.asked)
            own = top if re.search(r"\d", urlsplit(answer.asked).path) else answer.asked  # a dated one is gone tomorrow
            found = Announcing(Source(kind, own), tuple(urls), f"{kind.replace('-', ' ')}: {len(urls)} URLs")
            (self.found.announcing if is_news else self.plain).append(found)
        return announced

    def find_sections(self) -> Asks:
        """The site's lists of stories, where its feeds and sitemaps announce too few."""
        known = self.found.announced()
        if len(known) < ENOUGH and self.lists:
            front = self.lists[0]
            stories = [link.url for link in story_links(front.links)]
            for url in sections_of(front.links, [*known, *stories], self.found.base)[:MAX_SECTIONS]:
                if self.left_for_sources <= 0:
                    break
                answer = yield from self.ask(url)
                page = list_page(answer) if answer.problem is None else None
                if page is None or answer.url == self.found.base:
                    self.tell(
                        "section", url, problem=answer.problem or "it leads back to the front page, or cannot be parsed"
                    )
                else:
                    self.lists.append(page)
        elif self.lists:
            self.found.notes.append(
                f"section lists were not looked for: {len(known)} stories are announced without them"
            )
        take_lists(self.found, self.lists)

    def read_stories(self) -> Asks:
        """Read a few of the announced stories, taken from all over what is announced."""
        domain = registrable_domain(self.found.base)
        waiting = spread([url for url in self.found.announced() if self.found.rules.holds(url)], self.bounds.stories)
        while waiting and len(self.found.pages) < self.bounds.stories and self.left > 0:
            answer = yield from self.ask(waiting.pop(0))
            if answer.problem is None and registrable_domain(answer.url) != domain:
                answer = ProbeAnswer(answer.asked, answer.url, problem=f"it leads to another site: {answer.url}")
            read = page_read(answer, datetime.now(UTC)) if answer.problem is None else answer.problem
            self.take_story(answer, read)
        leave_out_kinds(self.found, self.without_story)

    def take_story(self, answer: ProbeAnswer, read: PageRead | str) -> None:
        if isinstance(read, str):
            self.tell("story", answer.asked, problem=read)
            if answer.problem is None:
                self.without_story.append(answer.asked)
            self.found.needs_browser |= needs_browser(answer.body)
        elif any(page.story.text == read.story.text for page in self.found.pages):
            self.tell("story", answer.asked, problem="it has the same text as another")
        else:
            self.tell("story", answer.asked, f"{len(read.document.main.chosen)} paragraphs")
            self.found.pages.append(read)


def list_page(answer: ProbeAnswer) -> ListPage | None:
    """A page with its links; None for one that must not be parsed."""
    page = outline(answer.body, answer.content_type)
    return None if page is None else ListPage(answer.url, answer, page, links_of(page, answer.url))


def stated_feeds(page: ListPage) -> list[str]:
    """The feeds that the head of a page names, without one of that page's comments or of it alone."""
    found: dict[str, None] = {}
    for node in page.outline.tree.css("link[rel~=alternate]"):
        kind = (node.attributes.get("type") or "").lower()
        detail = f"{node.attributes.get('title') or ''} {node.attributes.get('href') or ''}"
        url = join_url(page.url, node.attributes.get("href"))
        if url and split(url) and any(name in kind for name in FEED_TYPES) and not NO_FEED.search(detail):
            found[url] = None
    return [url for url in found if urlsplit(page.url).path in ("", "/") or not url.startswith(page.url)]


def feeds_of(page: ListPage) -> list[str]:
    """The feeds that a page names: by its head, then by links that look like a feed's."""
    found = dict.fromkeys(stated_feeds(page))
    domain = registrable_domain(page.url)
    for node in page.outline.tree.css("a[href]")[:3_000]:
        url = join_url(page.url, node.attributes.get("href"))
        if url is None or split(url) is None or NO_FEED.search(url):
            continue
        parts = urlsplit(url)
        if FEED_PATH.search(f"{parts.path}?{parts.query}") and registrable_domain(url) in (domain, "feedburner.com"):
            found.setdefault(url)
    return [url for url in found if url != page.url]


def best_child(urls: Sequence[str]) -> str | None:
    """The sitemap of an index that is likeliest to hold the newest stories."""
    named = (
        [url for url in urls if "news" in url.lower()]
        or [url for url in urls if STORY_SITEMAP.search(url)]
        or list(urls)
    )
    dated = sorted((url for url in named if re.search(r"(?:19|20)\d\d", url)), reverse=True)
    return next(iter(dated or named), None)


def take_lists(found: ProbeResult, lists: Sequence[ListPage]) -> None:
    """What the list pages show: the patterns of the stories' URLs, then the lists among them as sources."""
    announced = found.announced()
    listed = [] if announced else [link.url for page in lists for link in story_links(page.links)]
    stories = [*announced, *listed]
    found.menu = list(dict.fromkeys([*found.menu, *(url for page in lists for url in menu_urls(page.links, stories))]))
    found.rules = learn(stories, found.menu)
    if len(announced) >= ENOUGH:
        return
    sections = [(page, section_of(found, page)) for page in lists]
    for page, announcing in sections:
        what = "front page" if page.url == found.base else "section"
        if announcing is None:
            if what == "section":
                found.tried.append(
                    Tried(what, page.url, problem="it lists fewer than five stories that a selector tells apart")
                )
            continue
        is_needed = what == "section" or all(other is None for one, other in sections if one is not page)
        found.tried.append(Tried("list", page.url, announcing.detail))
        if is_needed:
            found.announcing.append(announcing)
    if not announced:
        found.rules = learn(found.announced() or stories, found.menu)


def leave_out_kinds(found: ProbeResult, without_story: Sequence[str]) -> None:
    """Announced URLs of a kind (`/gallery/`) of which no page that was read is a story: they are not story URLs then."""
    kinds = {first_word(url) for url in without_story} - {first_word(page.url) for page in found.pages} - {""}
    for kind in sorted(kinds):
        announced = found.announced()
        urls = {url for url in announced if first_word(url) == kind}
        if len(urls) < MIN_OF_A_KIND:
            continue
        rules = learn([url for url in announced if url not in urls], [*found.menu, *urls])
        if not rules.story_url:
            continue
        found.rules, found.menu = rules, [*found.menu, *sorted(urls)]
        rest = [replace(each, urls=tuple(url for url in each.urls if url not in urls)) for each in found.announcing]
        found.announcing = [each for each in rest if each.urls]
        found.notes.append(f"{len(urls)} announced URLs under /{kind}/ are left out: the page read there is no story")


def first_word(url: str) -> str:
    """The first segment of a URL's path, where it is a word and not all there is."""
    first, _, rest = urlsplit(url).path.strip("/").partition("/")
    return first if rest and not re.search(r"\d", first) else ""


def section_of(found: ProbeResult, page: ListPage) -> Announcing | None:
    """A list page as a source; None for one that lists too little, or whose links no name tells from the others."""
    stories = of_rules(page.links, found.rules)
    selected = story_selector(page.outline, stories, page.links) if len(stories) >= MIN_LISTED else None
    if selected is None:
        return None
    css, _ = selected
    following = next_selector(page.outline, page.url)
    answer = page.answer
    read = read_section(answer.body, page.url, css, following[0] if following else None, answer.content_type)
    urls = tuple(candidate.url for candidate in read.candidates)
    if len(urls) < MIN_LISTED:
        return None
    next_page = following[0] if following and read.next_pages else None
    source = Source("section", page.url, css, next_page, LIST_PAGES if next_page else 1)
    return Announcing(source, urls, f"list: {len(urls)} stories" + (", with a next page" if next_page else ""))


def spread(urls: Sequence[str], count: int) -> list[str]:
    """The same URLs, beginning with `count` of them from all over the list."""
    step = max(1, len(urls) // max(1, count))
    first = list(urls[::step])[:count]
    return [*first, *(url for url in urls if url not in set(first))]


def needs_browser(body: bytes) -> bool:
    """Whether a page without anything to read is one that its scripts fill."""
    return (
        body.lower().count(b"<script") >= SCRIPTS_OF_APP
        or b'id="root"' in body
        or b'id="app"' in body
        or b'id="__next"' in body
    )
