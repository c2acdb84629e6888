"""The adapter for cases: each method answers with plain values."""

from __future__ import annotations

from benchmarks.cases import Adapter

PAGE = b"""<html lang="en"><body><article><h1>Quay opens in Oldhaven</h1><p>The old quay of Oldhaven opened on Monday, the
harbour office said, after two winters of repairs to its piles.</p></article></body></html>"""
FEED = b"""<rss><channel><item><title>Quay opens</title><link>https://a.example/news/1</link></item>
<item><title>Relative</title><link>javascript:void(0)</link></item></channel></rss>"""
SITEMAP = b"<urlset><url><loc>https://a.example/news/1</loc></url><url><loc>/news/2</loc></url></urlset>"


def test_a_page_becomes_a_record() -> None:
    record = Adapter().page(PAGE, "https://a.example/news/1", None, "text/html")
    assert record["headline"] == "Quay opens in Oldhaven"
    assert record["text"].startswith("The old quay")


def test_feeds_and_sitemaps_give_absolute_urls() -> None:
    feed, sitemap = (
        Adapter().feed(FEED, "https://a.example/rss", None),
        Adapter().sitemap(SITEMAP, "https://a.example/s"),
    )
    assert feed == {"urls": ["https://a.example/news/1"], "next": [], "hints": [{"title": "Quay opens"}]}
    assert sitemap["urls"] == ["https://a.example/news/1", "https://a.example/news/2"], "relative URLs are resolved"


def test_dates_robots_and_urls() -> None:
    adapter = Adapter()
    assert adapter.date("2026-11-23 09:30", "Asia/Seoul") == "2026-11-23T00:30:00Z"
    assert adapter.date("2026-11-23 09:30", None) == "2026-11-23"
    assert adapter.date("no date", None) is None
    assert not adapter.robots("User-agent: newscrawl\nDisallow: /p", "https://a.example/p")
    assert adapter.robots("User-agent: other\nDisallow: /p", "https://a.example/p")
    assert adapter.same_url("https://www.a.example/n/", "http://a.example/n")
