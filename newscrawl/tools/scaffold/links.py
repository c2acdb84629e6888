"""The links of a list page: which lead to stories, which are the menu, and the selectors that find them again."""

from __future__ import annotations

import re
from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from urllib.parse import urlsplit

from newscrawl.extraction.blocks import count_words
from newscrawl.security.url import join_url, registrable_domain, split
from newscrawl.text.whitespace import fold
from newscrawl.tools.scaffold.css import names_of
from newscrawl.tools.scaffold.outline import Outline
from newscrawl.tools.scaffold.story_urls import UrlRules, shape_of

MAX_LINKS = 3_000
MAX_CANDIDATES = 150  # selectors that are tried on a page
MAX_CHOSEN = 300  # links by whose elements selectors are looked for
HEADLINE_WORDS = 4
MENU_WORDS = 3
MIN_STORIES = 3  # links of one shape that make a list
MOST = 0.6  # of the links of a shape that have a headline for a text
MIN_SHARE = 0.2  # of the largest group that another must have
LEVELS = 5  # around a link whose names are tried
MAX_SECTION_DEPTH = 2
MENU = re.compile(
    r"(?:^|[-_\s])(?:nav|navi|navigation|navbar|menu|gnb|lnb|snb|topbar|breadcrumbs?|foot|footer|header)(?:$|[-_\s])",
    re.I,
)
NO_PAGE = re.compile(r"\.(?:pdf|jpe?g|png|gif|webp|svg|mp[34]|zip|xml|rss|css|js|json|ics|apk)$", re.I)
NO_SECTION = re.compile(
    r"about|contact|log-?in|sign-?(?:in|up)|regist|account|privacy|terms|polic|subscri|newsletter|advert|cookie|imprint|impressum|"
    r"datenschutz|search|rss|feed|podcast|video|live|weather|shop|job|career|help|faq|sitemap|e-?paper|games?|quiz|author|tag/|"
    r"member|donate|support|mobile|app(?:s|$)|/(?:en|zh|ja|ar|fr|es|ru|ko|de)/?$",
    re.I,
)
NEWS_WORDS = re.compile(
    r"news|latest|all|actual|aktuell|noticia|notizie|nouvelle|world|national|local|politi|econom", re.I
)
NEXT = (
    "a[rel=next]", "link[rel=next]", "a.next", ".next > a", ".next a", "a.next-page", "a.pagination-next", "a.pagination__next",
    "a.nextpostslink", ".nav-previous a", "a.older-posts", ".pager-next a", "a.page-next", "a.btn-next",
)  # fmt: skip


@dataclass(slots=True)
class Link:
    """One URL that a page links: the longest text of its links, the elements of all of them, whether any is in a menu."""

    url: str
    text: str = ""
    elements: list[int] = field(default_factory=list)
    is_menu: bool = False

    @property
    def is_headline(self) -> bool:
        return count_words(self.text) >= HEADLINE_WORDS


def links_of(page: Outline, base: str) -> list[Link]:
    """The links of a page to other pages of its site, each URL once, in document order."""
    found: dict[str, Link] = {}
    domain = registrable_domain(base)
    anchors = (number for number, element in enumerate(page.elements) if element.tag == "a")
    for _, number in zip(range(MAX_LINKS), anchors, strict=False):
        node = page.elements[number].node
        url = join_url(base, node.attributes.get("href"))
        if url is None or split(url) is None or registrable_domain(url) != domain or NO_PAGE.search(urlsplit(url).path):
            continue
        link = found.setdefault(url, Link(url))
        text = fold(node.text(separator=" ") or "")[:500]
        link.text = max(link.text, text, key=len)
        link.elements.append(number)
        link.is_menu = link.is_menu or in_menu(page, number)
    found.pop(base, None)
    return list(found.values())


def in_menu(page: Outline, number: int) -> bool:
    for around in page.around(number):
        element = page.elements[around]
        attributes = element.node.attributes
        if element.tag in ("nav", "footer", "header", "menu"):
            return element.tag != "header" or not any(page.elements[n].tag == "article" for n in page.around(around))
        if element.tag != "body" and MENU.search(f"{attributes.get('class') or ''} {attributes.get('id') or ''}"):
            return True
    return False


def story_links(links: Sequence[Link]) -> list[Link]:
    """The links whose URLs have the shape of a site's stories: many of one shape, most of them with a headline for a text."""
    by_shape: dict[tuple[object, ...], list[Link]] = defaultdict(list)
    for link in links:
        by_shape[shape_of(link.url)].append(link)
    groups = []
    for group in by_shape.values():
        headlines = [link for link in group if link.is_headline and not link.is_menu]
        texts = [link for link in group if link.text]
        if (
            len(headlines) >= MIN_STORIES
            and len(headlines) >= MOST * len(texts)
            and look_like_stories([h.url for h in headlines])
        ):
            groups.append([link for link in group if not link.is_menu and (link.is_headline or not link.text)])
    most = max(map(len, groups), default=0)
    chosen = {link.url for group in groups if len(group) >= MIN_SHARE * most for link in group}
    return [link for link in links if link.url in chosen]


def story_shaped(urls: Sequence[str]) -> list[str]:
    """Of a sitemap's URLs those that have the shape of stories: many of one shape, with numbers, dates or words of a headline."""
    by_shape: dict[tuple[object, ...], list[str]] = defaultdict(list)
    for url in urls:
        by_shape[shape_of(url)].append(url)
    groups = [group for group in by_shape.values() if len(group) >= MIN_STORIES and look_like_stories(group)]
    most = max(map(len, groups), default=0)
    chosen = {url for group in groups if len(group) >= MIN_SHARE * most for url in group}
    return [url for url in urls if url in chosen]


def look_like_stories(urls: Sequence[str]) -> bool:
    """Whether the URLs hold numbers, dates or words of a headline, as a story's do and a section's does not."""
    detail = sum(
        bool(re.search(r"\d{3,}|[^/?-]-[^/?-]++-[^/?-]|%[0-9A-Fa-f]{2}|[^\x00-\x7f]", tail_of(url))) for url in urls
    )
    return detail >= MOST * len(urls)


def tail_of(url: str) -> str:
    parts = urlsplit(url)
    return f"{parts.path}?{parts.query}"


def menu_urls(links: Iterable[Link], stories: Iterable[str]) -> list[str]:
    """What a page links that is not a story: the URLs that its menus name in a word or two."""
    known = set(stories)
    return [
        link.url
        for link in links
        if link.url not in known and 0 < count_words(link.text) <= MENU_WORDS and link.is_menu
    ]


def sections_of(links: Sequence[Link], stories: Iterable[str], base: str) -> list[str]:
    """The pages of a site's menu that may list stories, the likeliest first."""
    known = set(stories)
    host = urlsplit(base).hostname
    found = []
    for at, link in enumerate(links):
        parts = urlsplit(link.url)
        path = parts.path.strip("/")
        depth = path.count("/") + 1 if path else 0
        if link.url in known or not 0 < count_words(link.text) <= MENU_WORDS or parts.hostname != host:
            continue
        if (
            not (path or parts.query)
            or depth > MAX_SECTION_DEPTH
            or re.search(r"\d{4,}", tail_of(link.url))
            or NO_SECTION.search(tail_of(link.url))
        ):
            continue
        found.append((not link.is_menu, not NEWS_WORDS.search(path), depth, at, link.url))
    return [url for *_, url in sorted(found)]


def story_selector(page: Outline, stories: Sequence[Link], links: Sequence[Link]) -> tuple[str, int] | None:
    """(the CSS of the links to stories, how many of them it finds): no other link of the page, as many as can be.

    None where no name finds most of them and nothing else.
    """
    wanted = {link.url for link in stories}
    url_of: dict[int, str] = {number: link.url for link in links for number in link.elements}
    best: tuple[float, str, int] | None = None
    for css, cost in selector_candidates(page, stories).items():
        urls = {url_of[number] for number in page.selected(css) if number in url_of}
        if not urls or not urls <= wanted or len(urls) < MOST * len(wanted):
            continue
        worth = -10.0 * len(urls) / len(wanted) + cost / 10
        if best is None or (worth, css) < best[:2]:
            best = (worth, css, len(urls))
    return best[1:] if best is not None else None


def selector_candidates(page: Outline, stories: Sequence[Link]) -> Mapping[str, float]:
    """Selectors that find the link of some story, each with its cost: by the names of the link and those around it."""
    found: dict[str, float] = {}
    counts: Counter[str] = Counter()
    for number in [number for link in stories[:MAX_CHOSEN] for number in link.elements]:
        for css, cost in candidates_for(page, number):
            found[css] = min(cost, found.get(css, cost))
            counts[css] += 1
    return {css: found[css] for css, _ in counts.most_common(MAX_CANDIDATES)}


def candidates_for(page: Outline, number: int) -> Iterator[tuple[str, float]]:
    link = page.elements[number]
    for name in names_of("a", link.node.attributes):
        yield name.css, name.cost
    around = list(page.around(link.parent))[:LEVELS]
    steps = [
        step
        for level in around
        if (step := page.elements[level].tag) in ("h1", "h2", "h3", "h4", "h5", "li", "dt", "td")
    ]
    step = steps[0] if steps else ""
    if step and page.elements[around[0]].tag == step:
        yield f"{step} > a", 3.0
    for distance, level in enumerate(around):
        element = page.elements[level]
        for name in names_of(element.tag, element.node.attributes):
            if element.tag in ("article", "main") and name.css == element.tag:
                continue
            yield (f"{name.css} > a" if distance == 0 else f"{name.css} a"), name.cost + distance
            if step not in ("", element.tag):
                yield f"{name.css} {step} > a" if page.elements[around[0]].tag == step else f"{name.css} {step} a", name.cost + distance + 1  # fmt: skip


def next_selector(page: Outline, base: str) -> tuple[str, str] | None:
    """(the CSS of the link to a list's next page, its URL); None where the page marks none."""
    for css in NEXT:
        node = page.tree.css_first(css)
        url = join_url(base, node.attributes.get("href")) if node is not None else None
        if url and url != base and split(url) and registrable_domain(url) == registrable_domain(base):
            return css, url
    return None


def of_rules(links: Sequence[Link], rules: UrlRules) -> list[Link]:
    """The links to stories: by the patterns that were learned, else by their own shape."""
    if rules.story_url:
        return [link for link in links if rules.holds(link.url) and not (link.is_menu and not link.is_headline)]
    return story_links(links)
