"""The parts of `scrapy add`: names that hold, patterns of URLs, links of lists, time zones, TOML."""

from __future__ import annotations

import re
import tomllib
from datetime import UTC, date, datetime
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from selectolax.lexbor import LexborHTMLParser

from newscrawl.extraction.document import Document
from newscrawl.items import Story
from newscrawl.sites.model import Site
from newscrawl.tools.scaffold.body_selector import text_agreement
from newscrawl.tools.scaffold.css import cost_of, identifier, is_stable, module_prefix, names_of, quoted
from newscrawl.tools.scaffold.facts import country_of, proposed_id, zone_of
from newscrawl.tools.scaffold.find import Bounds, Probe
from newscrawl.tools.scaffold.links import links_of, next_selector, sections_of, story_links, story_selector
from newscrawl.tools.scaffold.outline import letters_of, outline
from newscrawl.tools.scaffold.probe_result import PageRead, ProbeAnswer, ProbeResult, page_read
from newscrawl.tools.scaffold.propose import Proposal, propose
from newscrawl.tools.scaffold.selectors import find_selectors
from newscrawl.tools.scaffold.story_urls import learn
from newscrawl.tools.scaffold.toml_text import toml_comment, toml_lines, toml_list, toml_text
from tests.cost import at_most
from tests.tools.scaffold.made_sites import as_html, headline, paragraphs

NOW = datetime(2026, 11, 25, tzinfo=UTC)
TODAY = date(2026, 11, 25)


@pytest.mark.parametrize(
    ("name", "holds"),
    [
        ("story-body", True), ("entry-content", True), ("article__body", True), ("bodyCopy", True), ("newsEndContents", True),
        ("tit_view", True), ("c-article-body", True), ("StandardArticleBody_body", True), ("h-entry", True), ("body3", True),
        ("css-1x2y3z", False), ("sc-bdVaJa", False), ("jsx-2871293847", False), ("svelte-1k2j3h", False), ("post-12345", False),
        ("fITWLI", False), ("cycRHZ", False), ("dtmd9", False), ("zB_L9", False), ("_pa", False), ("a1b2c3", False),
        ("Body-sc-1x2y3z-0", False), ("Story_body__x3Zq1", False), ("x", False), ("12", False), ("a b", False), ("q\n", False),
    ],
)  # fmt: skip
def test_names_that_hold_and_names_that_do_not(name: str, holds: bool) -> None:
    assert is_stable(name) is holds


@pytest.mark.parametrize(
    ("name", "prefix"),
    [
        ("Story_body__x3Zq1", "Story_body__"), ("article-body__content__17Yit", "article-body__content__"), ("body___2BbXy", "body___"),
        ("Body-sc-1x2y3z-0", "Body-sc-"), ("Typography_text-s__wu_cm", "Typography_text-s__"),
        ("article__body", None), ("story-body", None), ("css-1x2y3z", None), ("entry-content", None),
    ],
)  # fmt: skip
def test_what_a_person_wrote_of_a_built_class(name: str, prefix: str | None) -> None:
    assert module_prefix(name) == prefix


def test_the_plainest_name_comes_first() -> None:
    order = ["story-body", "newsct", "wrapper", "share-story"]
    assert sorted(order, key=cost_of) == order
    assert [name.css for name in names_of("div", {"class": "mt-4 md:w-1/2 flex w-full", "id": ""})] == []
    beside = [name.css for name in sorted(names_of("div", {"class": "text-box related-news"}, is_beside=True))]
    assert beside[0] == ".related-news"


@pytest.mark.parametrize(
    "name", ["md:flex", "1x", "-", "-1x", "a.b", "ключ", "a'b\"c", "x[1]", "a\\b", "w-1/2", "@x", "a\x01b"]
)
def test_odd_names_are_escaped(name: str) -> None:
    tree = LexborHTMLParser("<p>no</p><p>yes</p>")
    node = tree.css("p")[1]
    node.attrs["class"] = name
    assert [found.text() for found in tree.css(f"p.{identifier(name)}")] == ["yes"]
    assert [found.text() for found in tree.css(f"p[class={quoted(name)}]")] == ["yes"]


def days(*slugs: str) -> list[str]:
    return [f"https://a.example/2026/11/{n:02d}/{slug}/" for n, slug in enumerate(slugs, 1)]


@pytest.mark.parametrize(
    ("stories", "others", "story_url", "story_id"),
    [
        (days("a", "b-c", "d"), ["/2026/11/", "/news/"], [r"/\d{4}/\d\d/\d\d/[^/?]+"], None),
        (["/view/AEN20261123001", "/view/AEN20261123002", "/view/AEN20261124007"], ["/view/list"], [r"/view/AEN\d{6,}"], r"/view/AEN(\d{6,})"),
        (["/city/a-b-1234567.html", "/town/c-7654321.html", "/town/q-r-1111111.html"], ["/city", "/about.html"], [r"-\d{6,}\.html"], r"-(\d{6,})\.html"),
        (["/article/10868779", "/article/10868780", "/article/10868790"], ["/article/list"], [r"/article/\d{6,}"], r"/article/(\d{6,})"),
        (["/s.php?id=2026110", "/s.php?id=2026111", "/s.php?id=2026112"], ["/s.php?c=1"], [r"/s\.php\?id=\d{6,}"], r"\?id=(\d{6,})"),
        (["/articles/-/123", "/articles/-/124", "/articles/-/125"], ["/articles/-/x"], [r"/articles/-/\d+"], r"/-/(\d+)"),
        (["/news/the-council", "/news/rain", "/news/quay"], ["/news", "/about"], ["/news/[^/?]+"], None),
        ([*days("a", "b", "c"), "/x/a-12345.html", "/x/b-12346.html", "/x/c-12347.html"], ["/x/"], [r"/\d{4}/\d\d/\d\d/[^/?]+", r"-\d+\.html"], None),
        (["/the-council-votes", "/rain-comes", "/quay-is-wide"], ["/news", "/about-us"], [], None),
        (["/a/b/c/1", "/b", "/c/d/e"], ["/x"], [], None),
        (["/news/the-council", "/news/rain", "/news/quay"], ["/news/archive"], [], None),
        (["/article/10868779", "/article/10868780"], [], [], None),
        ([], ["/x"], [], None),
    ],
)  # fmt: skip
def test_patterns_of_story_urls(
    stories: list[str], others: list[str], story_url: list[str], story_id: str | None
) -> None:
    stories, others = (
        [url if url.startswith("http") else f"https://a.example{url}" for url in urls] for urls in (stories, others)
    )
    found = learn(stories, others)
    assert (list(found.story_url), found.story_id) == (story_url, story_id), found
    if story_url:
        assert all(map(found.holds, stories)) and not any(map(found.holds, others))


def test_patterns_are_fast_on_hostile_urls() -> None:
    patterns = [r"/\d{4}/\d\d/\d\d/[^/?]+", r"-\d{6,}\.html", "/n/[^/?]+/[^/?]+", r"/view/AEN\d{6,}"]
    with at_most(100):
        for url in (
            "https://a.example" + "/1" * 1000,
            "https://a.example/" + "-1" * 1000,
            "https://a.example/n/" + "n/" * 1000,
        ):
            for pattern in patterns:
                re.search(pattern, url)


LIST = """<html><body><div id="gnb"><a href="/news">News</a><a href="/sport">Sport</a><a href="/login">Log in</a></div>
<div class="list">{items}</div><div class="most"><ul>{others}</ul></div>{more}</body></html>"""


def list_page(count: int = 6, more: str = "") -> str:
    items = "".join(
        f'<div class="item"><h3><a href="/news/{n}00{n}/x">{headline(n)}</a></h3><a href="/news/{n}00{n}/x"><img></a></div>'
        for n in range(count)
    )
    return LIST.format(items=items, others="<li><a href='/tags/x'>Harbour</a></li>", more=more)


def test_the_stories_of_a_list_and_their_selector() -> None:
    page = outline(list_page(more='<a rel="next" href="?page=2">2</a>').encode(), None)
    assert page is not None
    links = links_of(page, "https://a.example/news")
    stories = story_links(links)
    assert [link.url for link in stories] == [f"https://a.example/news/{n}00{n}/x" for n in range(6)]
    assert story_selector(page, stories, links) == ("h3 > a", 6)
    assert sections_of(links, [link.url for link in stories], "https://a.example/") == [
        "https://a.example/news", "https://a.example/sport", "https://a.example/tags/x",
    ] or sections_of(links, [], "https://a.example/")[0] == "https://a.example/sport"  # fmt: skip
    assert next_selector(page, "https://a.example/news") == ("a[rel=next]", "https://a.example/news?page=2")


def test_a_menu_is_no_list() -> None:
    html = "".join(
        f'<li><a href="/about/our-{name}-department">Our {name}</a></li>' for name in ("press", "sales", "law", "news")
    )
    page = outline(f"<nav><ul>{html}</ul></nav>".encode(), None)
    assert page is not None and story_links(links_of(page, "https://a.example/")) == []


@pytest.mark.parametrize(
    ("url", "country"),
    [
        ("https://www.a.kr/", "kr"), ("https://a.co.uk/", "gb"), ("https://a.de", "de"), ("https://a.fr:8080/x", "fr"),
        ("https://a.com/", None), ("https://a.io/", None), ("https://a.tv/", None), ("http://127.0.0.1:80/", None), ("https://a.eu/", None),
    ],
)  # fmt: skip
def test_the_country_of_a_host(url: str, country: str | None) -> None:
    assert country_of(url) == country


def dated(at: str | None, offset: str | None) -> PageRead:
    story = Story(published_at=at, published_offset=offset, time_zone_basis="explicit" if offset else "unknown")
    return PageRead("https://a.example/1", b"", None, NOW, Document(), story)


@pytest.mark.parametrize(
    ("offsets", "country", "zone", "hint"),
    [
        (["+09:00", "+09:00"], "kr", "Asia/Seoul", None),
        (["+01:00"], "de", "Europe/Berlin", None),
        (["+00:00"], "kr", None, "Asia/Seoul"),
        ([None], "kr", None, "Asia/Seoul"),
        (["+09:00"], None, None, None),
        (["-05:00"], "us", "America/New_York", None),
        (["+05:30"], "kr", None, None),
        (["+09:00", "+01:00"], "kr", None, None),
        ([None], "us", None, None),
    ],
)
def test_a_time_zone_only_where_dates_and_country_agree(
    offsets: list[Any], country: str | None, zone: str | None, hint: str | None
) -> None:
    pages = [dated("2026-11-20T03:00:00Z" if offset else None, offset) for offset in offsets]
    assert zone_of(pages, country)[:2] == (zone, hint)


def test_an_id_of_the_domain_or_of_the_name() -> None:
    assert proposed_id(ProbeResult("x", "https://news.gazette.co.uk/"), "The Gazette") == "gazette"
    assert proposed_id(ProbeResult("x", "http://127.0.0.1:8080/"), "The Gazette!") == "the-gazette"
    assert proposed_id(ProbeResult("x", "http://127.0.0.1:8080/"), "신문") == "site"


@settings(max_examples=50, deadline=None)
@given(st.text(), st.lists(st.text(), max_size=3))
def test_any_text_comes_back_from_toml(text: str, more: list[str]) -> None:
    table = tomllib.loads(
        f"a = {toml_text(text)}\nb = {toml_list(more)}\n{toml_comment(text)}\nc = {toml_lines([text, *more])}\n"
    )
    assert table["a"] == text and table["b"] == more
    assert table["c"] == "\n".join([text, *more])


@pytest.mark.parametrize(
    "text", ["a\nb\"c'", "\x00\x1f\x7f\x85\u2028", "\ud800x", r"/\d{4}/", '[class*="x"]', "'''", '"""', "\r"]
)
def test_hostile_texts_in_toml(text: str) -> None:
    assert tomllib.loads(f"a = {toml_text(text)}\n{toml_comment(text)}\n")["a"] == text.replace("\ud800", "\ufffd")


def drive(look: Probe, pages: dict[str, bytes | str], kind: str = "text/html") -> ProbeResult:
    """A look whose wishes are answered from a table; what is not in it answers 404."""
    asking = look.run()
    wanted = next(asking, None)
    while wanted is not None:
        body = pages.get(wanted)
        answer = ProbeAnswer(wanted, wanted, problem="answered 404") if body is None else ProbeAnswer(wanted, wanted, body.encode() if isinstance(body, str) else body, kind)  # fmt: skip
        try:
            wanted = asking.send(answer)
        except StopIteration:
            break
    return look.found


BASE = "https://a.example/"
SITE = Site("a", "A", "a test", ("a.example",), "x")


def feed_of(count: int, base: str = BASE) -> str:
    items = "".join(f"<item><link>{base}news/{n}00{n}</link></item>" for n in range(1, count + 1))
    return f"<rss version='2.0'><channel>{items}</channel></rss>"


def story(n: int, body: str = "{}", head: str = "") -> str:
    return f"<html><head><title>{headline(n)}</title>{head}</head><body><h1>{headline(n)}</h1>{body.format(as_html(paragraphs(n)))}</body></html>"


@pytest.mark.parametrize(
    ("pages", "sources"),
    [
        ({"": "<a href='/rss.xml'>RSS</a>", "rss.xml": feed_of(5)}, ["rss.xml"]),
        ({"": "<a href='/feeds'>Feeds</a>", "feeds": "<a href='/feeds/all.rss'>All</a>", "feeds/all.rss": feed_of(5)}, ["feeds/all.rss"]),
        ({"": "<p>nothing", "feed": feed_of(5)}, ["feed"]),
        ({"": "<p>nothing", "feed": "<html>not found, with status 200"}, []),
        ({"": "<p>nothing", "feed": feed_of(0)}, []),
        ({"": "<p>nothing", "feed": feed_of(5, "https://elsewhere.example/")}, []),
        ({"": "<link rel=alternate type=application/rss+xml href=/a><link rel=alternate type=application/atom+xml href=/b>", "a": feed_of(5), "b": feed_of(4)}, ["a"]),
        ({"": feed_of(5)}, [""]),
        ({"": "<link rel=alternate type=application/rss+xml href=/comments/feed>", "comments/feed": feed_of(5)}, []),
    ],
    ids=["linked", "page-of-feeds", "usual-path", "no-feed", "empty", "of-another-site", "twice", "the-feed-itself", "comments"],
)  # fmt: skip
def test_only_feeds_that_answer_are_sources(pages: dict[str, str], sources: list[str]) -> None:
    found = drive(Probe(BASE), {BASE + path: body for path, body in pages.items()})
    assert [each.source.url for each in found.announcing] == [BASE + path for path in sources]


def sitemap(paths: list[str], *, news: bool = False) -> str:
    date_of = "<news:news><news:publication_date>2026-11-20</news:publication_date></news:news>" if news else ""
    urls = "".join(f"<url><loc>{BASE}{path}</loc>{date_of}</url>" for path in paths)
    return f'<urlset xmlns="http://www.sitemaps.org/schemas/sitemap/0.9" xmlns:news="http://www.google.com/schemas/sitemap-news/0.9">{urls}</urlset>'


def sitemap_index(*paths: str) -> str:
    named = "".join(f"<sitemap><loc>{BASE}{path}</loc></sitemap>" for path in paths)
    return f'<sitemapindex xmlns="http://www.sitemaps.org/schemas/sitemap/0.9">{named}</sitemapindex>'


NEWS = sitemap([f"news/{n}00{n}" for n in range(1, 6)], news=True)
PLAIN = sitemap(["about", *(f"news/{n}00{n}" for n in range(1, 6))])
TWO_MAPS = f"Sitemap: {BASE}all.xml\nSitemap: {BASE}news.xml\n"


@pytest.mark.parametrize(
    ("pages", "sources"),
    [
        ({"robots.txt": TWO_MAPS, "all.xml": PLAIN, "news.xml": NEWS}, [("news-sitemap", "news.xml")]),
        ({"robots.txt": TWO_MAPS, "all.xml": PLAIN, "news.xml": PLAIN}, [("sitemap", "news.xml"), ("sitemap", "all.xml")]),
        ({"robots.txt": TWO_MAPS, "all.xml": sitemap_index("pages.xml", "news-2026-11.xml"), "news-2026-11.xml": NEWS}, [("news-sitemap", "all.xml")]),
        ({"robots.txt": TWO_MAPS, "all.xml": PLAIN, "feed": feed_of(5)}, [("rss", "feed")]),
        ({"sitemap.xml": NEWS}, [("news-sitemap", "sitemap.xml")]),
        ({"robots.txt": f"Sitemap: {BASE}a.xml\n", "a.xml": sitemap_index("b.xml"), "b.xml": sitemap_index("a.xml")}, []),
        ({"sitemap.xml": "<urlset>" * 10_000}, []),
    ],
    ids=["news-first", "plain-alone", "a-dated-one-by-its-index", "a-feed-is-enough", "usual-path", "circle", "broken"],
)  # fmt: skip
def test_sitemaps_by_what_they_hold(pages: dict[str, str], sources: list[tuple[str, str]]) -> None:
    found = drive(
        Probe(BASE, Bounds(30, 0)), {BASE: "<p>nothing", **{BASE + path: body for path, body in pages.items()}}
    )
    if sources:
        assert found.rules.story_url == (r"/news/\d+",) and "about" not in "".join(found.announced())
    assert [(each.source.kind, each.source.url.removeprefix(BASE)) for each in found.announcing] == sources, found.tried


@pytest.mark.parametrize(
    ("other", "is_story", "patterns", "left_out"),
    [
        ("gallery", False, (r"/news/\d+",), 6),
        ("gallery", True, (r"/[^/?]+/\d+",), 0),
    ],
    ids=["galleries-without-text", "galleries-with-stories"],
)
def test_announced_pages_of_a_kind_without_stories_are_no_stories(
    other: str, is_story: bool, patterns: tuple[str, ...], left_out: int
) -> None:
    paths = [f"{kind}/{n}00{n}" for n in range(1, 7) for kind in ("news", other)]
    pages = {BASE + path: story(n) for n, path in enumerate(paths)}
    pages |= {} if is_story else {BASE + path: "<h1>Pictures</h1>" for path in paths if path.startswith(other)}
    found = drive(Probe(BASE, Bounds(30, 8)), {BASE: "<p>x", BASE + "sitemap.xml": sitemap(paths, news=True), **pages})
    assert set(found.rules.story_url) == set(patterns), found.rules
    assert len(found.announced()) == len(paths) - left_out
    assert any("/gallery/ are left out" in note for note in found.notes) == bool(left_out)


def test_the_delay_is_the_one_that_robots_asks_for() -> None:
    found = drive(Probe(BASE), {BASE: "<p>x", BASE + "robots.txt": "User-agent: *\nCrawl-delay: 7\n"})
    assert tomllib.loads(propose(found, TODAY, 1.0).toml)["delay_seconds"] == 7
    assert tomllib.loads(propose(found, TODAY, 9.0).toml)["delay_seconds"] == 9


def test_an_agency_by_its_own_host_alone() -> None:
    for base, agency in (("https://en.yna.co.kr/", "yonhap"), ("https://yonhap.example/", None)):
        table = tomllib.loads(propose(ProbeResult(base, base), TODAY, 1.0).toml)
        assert (table.get("agency"), table.get("kind")) == (agency, "wire" if agency else None)


def test_no_more_is_asked_for_than_was_allowed() -> None:
    menu = "".join(f'<nav><a href="/section-{n}">News {n}</a></nav>' for n in range(5_000))
    feeds = "".join(f'<link rel=alternate type="application/rss+xml" href="/f{n}">' for n in range(500))
    pages = {BASE: f"<head>{feeds}</head><body>{menu}</body>"}
    for requests in (1, 3, 12, 30):
        assert drive(Probe(BASE, Bounds(requests, 4)), dict(pages)).requests <= requests
    whole = {BASE: "<a href='/rss.xml'>RSS</a>", BASE + "rss.xml": feed_of(9)} | {
        f"{BASE}news/{n}00{n}": story(n) for n in range(1, 10)
    }
    found = drive(Probe(BASE, Bounds(12, 3)), dict(whole))
    assert len(found.pages) == 3 and len({page.story.text for page in found.pages}) == 3


@pytest.mark.parametrize(
    "html",
    [
        "<div>" * 50_000,
        "<p " + "a=1 " * 50_000 + ">",
        "x" * 20_000_000,
        "",
        "\0\0",
        "<a href='http://[::1'>x</a>" * 100,
    ],
    ids=["deep", "attributes", "long", "empty", "binary", "bad-links"],
)
def test_hostile_front_pages(html: str) -> None:
    with at_most(1000):
        found = drive(Probe(BASE), {BASE: html})
        assert found.announcing == [] and propose(found, TODAY, 1.0).has_use is False


def read(html: str, n: int = 1) -> PageRead:
    found = page_read(ProbeAnswer(f"{BASE}{n}", f"{BASE}{n}", html.encode(), None), NOW)
    assert isinstance(found, PageRead), found
    return found


@pytest.mark.parametrize(
    ("body", "selector", "drop"),
    [
        ('<div class="story-body">{}</div>', ".story-body", ()),
        ('<div class="css-1a2b3c"><section class="art_text css-9z8y7x">{}</section></div>', "section.art_text", ()),
        ('<div class="wrap md:w-1/2"><div id="articleBody">{}</div></div>', "#articleBody", ()),
        ('<div class="content">Menu of the page</div><article class="main-story"><div class="content">{}</div></article>', "article.main-story", ()),
        ('<article itemprop="articleBody">{}</article>', "article", ()),
        ('<div class="story:text"><span class="x\'y">{}</span></div>', ".x\\'y", ()),
        ("<div>{}</div>", None, ()),
    ],
)  # fmt: skip
def test_body_selectors(body: str, selector: str | None, drop: tuple[str, ...]) -> None:
    around = (
        '<div class="teasers"><ul>'
        + "".join(f'<li><a href="/t/{n}">{headline(n + 4)}</a></li>' for n in range(4))
        + "</ul></div>"
    )
    found = find_selectors([read(story(n, body + around), n) for n in range(3)], SITE)
    assert (found.layout.body if found.layout else None) == selector, found
    assert found.layout is None or (found.layout.drop == drop and found.differences == [])


def test_what_stands_within_the_text_is_dropped() -> None:
    teaser = '<div class="related-news"><p>{}</p></div>'
    pages = []
    for n in range(3):
        texts = paragraphs(n)
        inside = as_html(texts[:2]) + teaser.format(f'<a href="/x">{headline(n + 4)}</a>') + as_html(texts[2:])
        pages.append(read(story(n, f'<div class="story-text">{inside.replace("{", "")}</div>'), n))
    found = find_selectors(pages, SITE)
    assert found.layout is not None and found.agreement == (1.0, 1.0, 1.0)
    assert (found.layout.body, found.layout.drop) in ((".story-text > p", ()), (".story-text", (".related-news",)))


def test_what_does_not_agree_is_left_out_and_said() -> None:
    pages = []
    for n in range(3):
        texts = "".join(f"<div>{text}</div>" for text in paragraphs(n))
        links = "".join(f'<div><a href="/x{m}">{headline(n + m)}</a></div>' for m in (2, 3))
        pages.append(read(story(n, f'<div class="story-text">{texts}{links}</div>'), n))
    found = find_selectors(pages, SITE)
    assert found.layout is None and found.best is not None and "left out" in found.detail, found
    assert 0.8 < found.best.worst < 0.98
    said = {(d.url, d.field, d.ruled) for d in found.differences or []}
    assert said == {(f"{BASE}{n}", "text, more", headline(n + m)) for n in range(3) for m in (2, 3)}


def test_a_printed_date_that_the_reader_misses_is_proposed_and_said() -> None:
    pages = [
        read(story(n, '<div class="story-text">{}</div><p class="posted-on">2026-11-2' + f"{n} 13:02</p>"), n)
        for n in range(3)
    ]
    assert {page.story.published_date for page in pages} == {None}
    found = find_selectors(pages, SITE)
    assert found.layout is not None and found.layout.published == "p.posted-on"
    assert [(d.field, d.generic, d.ruled) for d in found.differences or []] == [
        ("published_date", "", f"2026-11-2{n}") for n in range(3)
    ]


def test_pages_that_differ_too_much_have_no_layout() -> None:
    pages = [read(story(n, f'<div class="{name}">{{}}</div>'), n) for n, name in enumerate(("first", "second"))]
    found = find_selectors(pages, SITE)
    assert found.layout is None and "the generic reader is used" in found.detail


@pytest.mark.parametrize(
    ("one", "other", "rate"),
    [
        (["abcd"], ["abcd"], 1.0),
        (["ab", "cd"], ["cd", "ab"], 1.0),
        (["abcd"], ["wxyz"], 0.0),
        (["ab", "cd"], ["ab"], 2 / 3),
        ([], [], 1.0),
    ],
)
def test_agreement_of_texts(one: list[str], other: list[str], rate: float) -> None:
    assert text_agreement(one, other) == pytest.approx(rate)


def test_the_letters_of_a_page_know_their_elements() -> None:
    page = outline("<div><p>Two <b>words</b></p><p>two words, äöü 한글</p></div>".encode(), None)
    assert page is not None and page.letters == "twowordstwowordsäöü한글"
    spans = page.places(["Two words", "two words, äöü 한글", "not there"])
    assert [page.letters[s[0] : s[1]] if s else None for s in spans] == ["twowords", "twowordsäöü한글", None]
    assert [page.elements[page.innermost(s)].tag for s in spans if s] == ["p", "p"]
    assert letters_of("A-b c!") == "abc"


def proposal_of(pages: dict[str, str]) -> Proposal:
    return propose(drive(Probe(BASE, Bounds(40, 6)), {BASE + path: body for path, body in pages.items()}), TODAY, 1.0)


def test_what_is_not_known_is_not_said() -> None:
    pages = {"": "<a href='/rss.xml'>RSS</a>", "rss.xml": feed_of(6)} | {
        f"news/{n}00{n}": story(n) for n in range(1, 7)
    }
    found = proposal_of(pages)
    table = tomllib.loads(found.toml)
    assert not table.keys() & {"country", "timezone", "agency", "kind", "layout", "encoding"}
    assert table["expect"]["filled"] == {"headline": 0.85, "body": 0.85}
    assert table["evidence"].strip().splitlines()[0] == "feed: 6 items on 2026-11-25;"
    assert any("timezone" in note for note in found.notes)


def test_a_name_with_anything_in_it() -> None:
    name = 'The "Gazette"\\ &#10; \\x1b[31m of <b>'
    head = f"<meta property='og:site_name' content='{name}'>"
    pages = {"": "<a href='/rss.xml'>RSS</a>", "rss.xml": feed_of(4)} | {
        f"news/{n}00{n}": story(n, head=head) for n in range(1, 5)
    }
    assert '"Gazette"' in tomllib.loads(proposal_of(pages).toml)["name"]


def test_pages_that_scripts_fill_ask_for_a_browser() -> None:
    shell = "<html><body><div id=app></div>" + "<script src=/a.js></script>" * 4
    found = proposal_of({"": shell, "feed": feed_of(4), **{f"news/{n}00{n}": shell for n in range(1, 5)}})
    table = tomllib.loads(found.toml)
    assert table["render"] is True and any("browser" in note for note in found.notes)
