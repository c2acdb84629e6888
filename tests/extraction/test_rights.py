"""What a page reserves, in the places where pages say it, and what is no reservation."""

from __future__ import annotations

import json
from datetime import UTC, datetime

import pytest

from newscrawl import read_page
from newscrawl.extraction.rights import fits, reasons_of, reservations, reserved_policy, site_reservation, site_rules
from newscrawl.extraction.story import fetch_info, read_story
from newscrawl.items import Page
from tests.conftest import story_page
from tests.stories import make_story


@pytest.mark.parametrize(
    ("metas", "headers", "notice", "found", "reasons"),
    [
        ({"robots": ["noai, noimageai"]}, [], None, ["robots: noai, noimageai"], ("noai",)),
        ({"robots": ["NOINDEX,NOFOLLOW"]}, [], None, ["robots: NOINDEX,NOFOLLOW"], ("noindex",)),
        ({"robots": ["none"]}, [], None, ["robots: none"], ("noindex",)),
        ({"newscrawl": ["noarchive"]}, [], None, ["newscrawl: noarchive"], ("noarchive",)),
        ({}, [("x-robots-tag", "noai"), ("x-robots-tag", "noarchive")], None, ["X-Robots-Tag: noai", "X-Robots-Tag: noarchive"], ("noai", "noarchive")),
        ({}, [("x-robots-tag", "newscrawl: noindex")], None, ["X-Robots-Tag: newscrawl: noindex"], ("noindex",)),
        ({}, [("x-robots-tag", "otherbot: all, NewsCrawl: noai")], None, ["X-Robots-Tag: otherbot: all, NewsCrawl: noai"], ("noai",)),
        ({}, [("x-robots-tag", "max-snippet: 20, noai")], None, ["X-Robots-Tag: max-snippet: 20, noai"], ("noai",)),
        ({"tdm-reservation": ["1"], "tdm-policy": ["https://a.example/tdm"]}, [], None, ["tdm-reservation: 1", "tdm-policy: https://a.example/tdm"], ("tdm",)),
        ({}, [("tdm-reservation", "1"), ("tdm-policy", "https://a.example/p")], None, ["TDM-Reservation: 1", "TDM-Policy: https://a.example/p"], ("tdm",)),
        ({}, [("/.well-known/tdmrep.json", '{"tdm-reservation": 1}')], None, ['/.well-known/tdmrep.json: {"tdm-reservation": 1}'], ("tdm",)),
        ({}, [], "저작권자(c) 시험통신, 무단 전재-재배포, AI 학습 및 활용 금지", ["저작권자(c) 시험통신, 무단 전재-재배포, AI 학습 및 활용 금지"], ("terms",)),
        ({}, [], "© The Gazette. Use for text and data mining or AI training is prohibited.", ["© The Gazette. Use for text and data mining or AI training is prohibited."], ("terms",)),
        ({"robots": ["noai"]}, [("tdm-reservation", "1")], "(c) x; no AI training", ["robots: noai", "TDM-Reservation: 1", "(c) x; no AI training"], ("tdm", "noai", "terms")),
        # What reserves nothing
        ({}, [], None, [], ()),
        ({"robots": ["index, follow, max-image-preview:large"]}, [], None, [], ()),
        ({"robots": ["all"], "googlebot": ["noindex"]}, [], None, [], ()),
        ({}, [("x-robots-tag", "otherbot: noindex, noai")], None, [], ()),
        ({}, [("x-robots-tag", "unavailable_after: 25 Jun 2030 15:00:00 PST")], None, [], ()),
        ({"tdm-reservation": ["0"]}, [], None, [], ()),
        ({"tdm-policy": ["https://a.example/tdm"]}, [], None, [], ()),
        ({"tdm-reservation": ["0"]}, [("tdm-reservation", "1"), ("/.well-known/tdmrep.json", "{}")], None, [], ()),
        ({}, [("tdm-reservation", "0"), ("/.well-known/tdmrep.json", "{}")], None, [], ()),
        ({}, [], "Copyright 2026 The Gazette. All rights reserved.", [], ()),
        ({}, [], "© 2026 Training News Network, Mining Street", [], ()),
        ({"description": ["noai noindex"]}, [("server", "noai")], None, [], ()),
    ],
)  # fmt: skip
def test_what_is_reserved(
    metas: dict[str, list[str]], headers: list[tuple[str, str]], notice: str | None, found: list[str], reasons: tuple[str, ...]
) -> None:  # fmt: skip
    assert reservations(metas, headers, notice) == found
    assert reasons_of("; ".join(found) or None) == reasons


@pytest.mark.parametrize(
    ("pattern", "path", "is_fit"),
    [
        ("/", "/news/1", True), ("/news/", "/news/1", True), ("/news/*.html", "/news/a/b.html?x", True), ("*.pdf$", "/a.pdf", True),
        ("/news$", "/news", True), ("/a*b*c$", "/a-b-b-c", True), ("", "/x", True), ("/*$", "/", True), ("/a*$", "/a", True),
        ("/news/", "/sport/1", False), ("/news$", "/news/1", False), ("*.pdf$", "/a.pdf?x", False), ("/a*b*c$", "/a-b-c-d", False),
        ("news", "/news", False), ("/" + "*a" * 900, "/" + "b" * 900, False),
    ],
)  # fmt: skip
def test_locations(pattern: str, path: str, is_fit: bool) -> None:
    assert fits(pattern, path) is is_fit


@pytest.mark.parametrize(
    ("content", "reserved"),
    [
        ('[{"location": "/", "tdm-reservation": 1, "tdm-policy": "https://a.example/p"}]', True),
        ('[{"location": "/news/*", "tdm-reservation": "1"}]', True),
        ('[{"location": "/news/free", "tdm-reservation": 0}, {"location": "/", "tdm-reservation": 1}]', True),
        ('[{"location": "/news", "tdm-reservation": 0}, {"location": "/", "tdm-reservation": 1}]', False),
        ('[{"location": "/sport", "tdm-reservation": 1}]', False),
        ('{"location": "/", "tdm-reservation": 1}', False),
        ('[["/"], {"location": 3, "tdm-reservation": 1}, {"location": "/"}]', False),
        ("<html>no such page</html>", False), ("", False), ("[" * 5000, False), ("\ud800", False),
    ],
)  # fmt: skip
def test_a_sites_own_file(content: str, reserved: bool) -> None:
    rules = site_rules(content.encode("utf-8", "surrogatepass"))
    found = site_reservation(rules, "https://a.example/news/story-1")
    assert (found is not None) is reserved
    assert found is None or json.loads(found)["tdm-reservation"] in (1, "1")


def test_a_page_states_it_in_its_line() -> None:
    head = '<meta name="ROBOTS" content="noarchive"><meta name=tdm-reservation content=1>'
    story = read_page(story_page("Varn", head).encode(), "https://paper.example/varn", None)
    assert story.rights is not None and story.rights.reservation == "robots: noarchive; tdm-reservation: 1"
    plain = read_page(story_page("Varn").encode(), "https://paper.example/varn", None)
    assert plain.rights is not None and plain.rights.reservation is None


@pytest.mark.parametrize("value", ["record", "mark", "skip"])
def test_policies(value: str) -> None:
    assert reserved_policy(value) == value


@pytest.mark.parametrize("value", ["", None, "Skip", "drop", 1])
def test_other_policies_are_refused_by_name(value: object) -> None:
    with pytest.raises(ValueError, match="NEWSCRAWL_RESERVED: must be one of record, mark, skip"):
        reserved_policy(value)


def test_a_kept_page_reads_as_it_was_crawled() -> None:
    crawled = make_story("7")
    assert crawled.crawl is not None and crawled.pages == () and crawled.link_rate is not None
    page = Page(
        url="http://paper.example/x", body=story_page("Varn").encode(), requested_url="http://paper.example/y",
        fetched_at=datetime(2026, 11, 23, tzinfo=UTC), discovered="rss", status=200, headers=(("etag", "e"), ("content-type", "text/html")),
        hints=(("title", "A title"),),
    )  # fmt: skip
    fetched = fetch_info(page, "run")
    assert (fetched.etag, fetched.content_type, fetched.hints) == ("e", "text/html", {"title": "A title"})
    story = read_story(page.body, page.url, None, fetched)
    assert story.crawl is not None and (story.crawl.requested_url, story.crawl.run) == (page.requested_url, "run")
