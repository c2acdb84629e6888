from __future__ import annotations

import gzip
import hashlib
import time
import tracemalloc
from pathlib import Path

import pytest

from newscrawl.discovery.feed import read_feed
from newscrawl.discovery.section import read_section
from newscrawl.discovery.sitemap import MAX_URLS, read_sitemap, stream_sitemap

URL = "https://paper.example/feed"
ITEM = "<item><title>Story {0}</title><link>/story/{0}</link><pubDate>Mon, 23 Nov 2026 08:00:00 GMT</pubDate></item>"
RSS = '<?xml version="1.0" encoding="utf-8"?><rss version="2.0"><channel><title>x</title>{}</channel></rss>'


def feed(*items: str) -> bytes:
    return RSS.format("".join(items)).encode()


def test_a_feed_gives_candidates_with_hints() -> None:
    found = read_feed(feed(ITEM.format(1), ITEM.format(2)), URL)
    assert [candidate.url for candidate in found.candidates] == [
        "https://paper.example/story/1",
        "https://paper.example/story/2",
    ]
    assert next(iter(found.candidates)).hints == {"title": "Story 1", "published": "Mon, 23 Nov 2026 08:00:00 GMT"}
    assert found.broken is None


def test_atom() -> None:
    body = b'<feed xmlns="http://www.w3.org/2005/Atom"><entry><title>A</title><link href="https://paper.example/a"/></entry></feed>'
    assert [candidate.url for candidate in read_feed(body, URL).candidates] == ["https://paper.example/a"]


BAD = {
    "control characters": ITEM.format(3).replace("Story", "Sto\x0b\x08ry"),
    "HTML entities": ITEM.format(3).replace("Story", "AT&T &nbsp;&eacute; Story"),
    "a broken link": ITEM.format(3).replace("/story/3", "http://[::1"),
}


@pytest.mark.parametrize("name", BAD)
def test_a_bad_item_costs_at_most_itself(name: str) -> None:
    found = read_feed(feed(ITEM.format(1), ITEM.format(2), BAD[name], ITEM.format(4), ITEM.format(5)), URL)
    urls = {candidate.url for candidate in found.candidates}
    assert {f"https://paper.example/story/{n}" for n in (1, 2, 4, 5)} <= urls


def test_a_feed_is_never_a_file_name(tmp_path: Path) -> None:
    (tmp_path / "feed.xml").write_bytes(feed(ITEM.format(1)))
    found = read_feed(str(tmp_path / "feed.xml").encode(), URL)
    assert found.candidates == [] and found.broken == "not-a-feed"


def test_entity_bombs_are_not_expanded() -> None:
    entities = '<!ENTITY l0 "ha">' + "".join(f'<!ENTITY l{n} "{f"&l{n - 1};" * 10}">' for n in range(1, 10))
    bomb = RSS.format(ITEM.format("&l9;")).replace("<rss", f"<!DOCTYPE rss [{entities}]><rss")
    read_feed(bomb.encode(), URL)
    urls = f'<!DOCTYPE urlset [{entities}<!ENTITY x SYSTEM "file:///etc/hostname">]><urlset><url><loc>https://p.example/?&l9;&x;</loc></url></urlset>'
    for candidate in read_sitemap(urls.encode()).candidates:
        assert len(candidate.url) < 100


SITEMAP = "<urlset xmlns='http://www.sitemaps.org/schemas/sitemap/0.9' xmlns:news='http://www.google.com/schemas/sitemap-news/0.9'>{}</urlset>"
ENTRY = "<url><loc>https://paper.example/{0}</loc><news:news><news:publication_date>2026-11-23</news:publication_date><news:title>T {0}</news:title></news:news></url>"


def test_a_news_sitemap() -> None:
    for body in (SITEMAP.format(ENTRY.format(1)).encode(), gzip.compress(SITEMAP.format(ENTRY.format(1)).encode())):
        (candidate,) = read_sitemap(body).candidates
        assert candidate.url == "https://paper.example/1" and candidate.hints == {
            "title": "T 1",
            "published": "2026-11-23",
        }
    index = read_sitemap(b"<sitemapindex><sitemap><loc>https://paper.example/a.xml</loc></sitemap></sitemapindex>")
    assert index.next_pages == ["https://paper.example/a.xml"] and not index.candidates


@pytest.mark.parametrize(
    ("body", "reason"),
    [
        (b"", "not-a-sitemap"),
        (b"<html>no</html>", "not-a-sitemap"),
        (b"<urlset></urlset>", "empty-sitemap"),
        (gzip.compress(b"<urlset>")[:-9], "broken-gzip"),
        (gzip.compress(b"<urlset>" + b" " * 70_000_000), "too-big"),
        (b"<urlset>" + b"<x>" * 50_000, "empty-sitemap"),
    ],
    ids=["empty", "html", "no url", "cut gzip", "bomb", "deep"],
)
def test_a_bad_sitemap_is_a_reason(body: bytes, reason: str) -> None:
    assert read_sitemap(body).broken == reason


def test_a_long_sitemap_is_read_as_it_is_taken_and_capped() -> None:
    """A million URLs: the first is there at once, the 50,000th is the last; what is beyond is never parsed."""
    body = b"<urlset>" + b"".join(b"<url><loc>https://paper.example/s/%d</loc></url>" % n for n in range(1_000_000))
    started = time.process_time()
    found = stream_sitemap(body)
    candidates = iter(found.candidates)
    assert next(candidates).url.endswith("/s/0")
    first = time.process_time() - started
    assert sum(1 for _ in candidates) == MAX_URLS - 1 and found.is_cut and found.broken is None
    assert first < 0.1 * (time.process_time() - started)


def test_a_packed_sitemap_is_unpacked_as_it_is_read() -> None:
    entries = b"".join(b"<url><loc>https://paper.example/s/%d</loc></url>" % n for n in range(3))
    bomb = gzip.compress(b"<urlset>" + entries + b" " * 100_000_000, 1)
    tracemalloc.start()
    found = read_sitemap(bomb)
    _, peak = tracemalloc.get_traced_memory()
    tracemalloc.stop()
    assert len(list(found.candidates)) == 3 and found.is_cut and found.broken is None
    assert peak < 5_000_000
    long = b"".join(
        b"<url><loc>https://paper.example/%s</loc></url>" % hashlib.sha256(b"%d" % n).hexdigest().encode()
        for n in range(9_000)
    )
    cut = read_sitemap(gzip.compress(b"<urlset>" + long)[:-9])
    assert cut.broken == "broken-gzip" and len(list(cut.candidates)) > 8_000, "what came is read, and told to be cut"


def test_a_broken_sitemap_gives_what_is_readable() -> None:
    body = SITEMAP.format(ENTRY.format(1) + ENTRY.format(2))[:-20] + "\x01&nbsp;<url>"
    assert len(list(read_sitemap(body.encode()).candidates)) >= 1


def test_a_section() -> None:
    body = """<h3><a href="/a#top">A  story</a></h3><h3><a href="/a">again</a></h3><h3><a href="http://[::1">bad</a></h3>
        <h3><a>none</a></h3><h3><a href="b">B</a></h3><a rel=next href="?page=2">next</a>"""
    found = read_section(body.encode(), "https://paper.example/news/", "h3 > a", "a[rel=next]")
    assert [candidate.url for candidate in found.candidates] == [
        "https://paper.example/a",
        "https://paper.example/news/b",
    ]
    assert next(iter(found.candidates)).hints == {"title": "A story"}
    assert found.next_pages == ["https://paper.example/news/?page=2"]
    assert read_section(b"<p>", URL, "a", None).broken == "no-links"
    assert read_section(b"<div>" * 50_000, URL, "a", None).broken == "too-deep"


def test_half_a_surrogate_pair_in_a_sitemap_costs_no_entry() -> None:
    entry = "<url><loc>https://wire.example/{}</loc><news:news><news:title>{}</news:title></news:news></url>"
    titles = ("Quay", "fire &#55357;&#56613;", "&#xD800;", "Mill")
    entries = "".join(entry.format(n, title) for n, title in enumerate(titles)) + "<url>&#xDC00;</url>"
    found = read_sitemap(SITEMAP.format(entries).encode())
    assert [candidate.url for candidate in found.candidates] == [f"https://wire.example/{n}" for n in range(4)]
    assert [candidate.hints.get("title") for candidate in found.candidates] == ["Quay", "fire", None, "Mill"]


STORY, PICTURE = "https://wire.example/quay", "https://images.example/p.jpg"
NEWS = "<news:news><news:publication_date>2026-11-20</news:publication_date><news:title>Quay</news:title></news:news>"


@pytest.mark.parametrize(
    "entries",
    [
        f"<url><loc>{STORY}</loc>{NEWS}<image:image><image:loc>{PICTURE}</image:loc><image:title>Boat</image:title></image:image></url>",
        f"<url><image:image><image:loc>{PICTURE}</image:loc></image:image><loc>{STORY}</loc>{NEWS}</url>",
        f"<url><loc>{STORY}</loc>{NEWS}<video:video><video:title>Clip</video:title><video:publication_date>2019-01-01</video:publication_date></video:video></url>",
        f"<URL><LOC> {STORY}\n</LOC>{NEWS}</URL>",
        f"<url><loc>//wire.example/quay</loc>{NEWS}</url>",
        f"<url><loc>/quay</loc>{NEWS}</url>",
        f"<url><loc>wire.example/quay</loc>{NEWS}</url>",
        f"<!-- <url><loc>{PICTURE}</loc></url> --><url><loc>{STORY}</loc>{NEWS}</url>",
        f"<url><loc><![CDATA[{STORY}]]></loc>{NEWS}</url>",
        f"<url><loc>{STORY}</loc>{NEWS}<url>",
    ],
)
def test_only_what_is_an_entrys_own_counts(entries: str) -> None:
    found = read_sitemap(SITEMAP.format(entries).encode(), "https://wire.example/sitemap.xml")
    assert [candidate.url for candidate in found.candidates] == [STORY]
    assert next(iter(found.candidates)).hints == {"title": "Quay", "published": "2026-11-20"}


def test_entries_without_end_tags_and_a_raw_ampersand() -> None:
    found = read_sitemap(
        SITEMAP.format("<url><loc>https://w.example/1?a=1&b=2</loc><url><loc>https://w.example/2</loc>").encode()
    )
    assert [candidate.url for candidate in found.candidates] == ["https://w.example/1?a=1&b=2", "https://w.example/2"]


@pytest.mark.parametrize("size", [65_000, 65_536, 131_000])
def test_entries_and_comments_that_lie_on_the_border_of_two_reads(size: int) -> None:
    entry = "<url><loc>https://w.example/{}</loc></url>"
    hidden = f"<!-- {entry.format('hidden')} -->"
    for shift in range(0, 80, 7):
        padding = " " * (size - shift)
        body = SITEMAP.format(entry.format("a") + padding + hidden + entry.format("b") + padding + entry.format("ü"))
        found = read_sitemap(body.encode())
        assert [candidate.url[18:] for candidate in found.candidates] == ["a", "b", "ü"], shift


def test_text_sitemaps_and_feeds_as_sitemaps() -> None:
    text = read_sitemap("\ufeffhttps://w.example/1\r\nhttps://w.example/2\nno url\n".encode())
    assert [candidate.url for candidate in text.candidates] == [
        "https://w.example/1",
        "https://w.example/2",
    ] and text.lost == 1
    feed = read_sitemap(RSS.format(ITEM.format("Quay")).encode(), URL)
    assert [candidate.hints["title"] for candidate in feed.candidates] == ["Story Quay"] and feed.broken is None
