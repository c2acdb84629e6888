"""Archives by date, arguments of a crawl, the sitemaps of a robots.txt."""

from __future__ import annotations

import re
from datetime import date
from pathlib import Path

import pytest

from newscrawl.discovery.arguments import ArgumentError, CrawlArguments, parse_crawl_args
from newscrawl.discovery.date_archive import archive_lists
from newscrawl.discovery.robots_sitemaps import read_robots_sitemaps
from newscrawl.discovery.sitemap import read_sitemap
from newscrawl.sites.model import Site, Source

A = "https://wire.example/"


@pytest.mark.parametrize(
    ("template", "since", "until", "lists"),
    [
        ("{year}/{month}/{day}", "2015-02-28", "2015-03-01", [("2015/02/28", "2015-02-28"), ("2015/03/01", "2015-03-01")]),
        ("{year}{month}{day}.html?d={day}", "2016-02-29", "2016-02-29", [("20160229.html?d=29", "2016-02-29")]),
        ("{year}/{month}", "2015-01-30", "2015-02-02", [("2015/01", None), ("2015/02", None)]),
        ("{year}", "2015-06-01", "2016-01-01", [("2015", None), ("2016", None)]),
        ("{year}/{month}/{day}", "9999-12-31", "9999-12-31", [("9999/12/31", "9999-12-31")]),
    ],
    ids=range(5),
)  # fmt: skip
def test_the_lists_of_an_archive(template: str, since: str, until: str, lists: list[tuple[str, str | None]]) -> None:
    found = archive_lists(A + template, date.fromisoformat(since), date.fromisoformat(until))
    assert [(url.removeprefix(A), day and day.isoformat()) for url, day in found] == lists


SITE = Site(id="wire", name="Wire", evidence="none", domains=("wire.example",), rules="wire@1",
            sources=(Source("archive", A + "{year}", "a"),))  # fmt: skip
TODAY = date(2026, 11, 25)


@pytest.mark.parametrize(
    ("arguments", "expected"),
    [
        ({}, CrawlArguments()),
        ({"url": A + "1"}, CrawlArguments(urls=(A + "1",))),
        ({"since": "2015-04-01", "until": "2015-04-30"}, CrawlArguments(None, date(2015, 4, 1), date(2015, 4, 30))),
        ({"since": "2026-11-24"}, CrawlArguments(None, date(2026, 11, 24), TODAY)),
    ],
    ids=range(4),
)
def test_what_a_crawl_is_asked_for(arguments: dict[str, str], expected: CrawlArguments) -> None:
    assert parse_crawl_args(arguments, SITE, TODAY) == expected


@pytest.mark.parametrize(
    ("arguments", "complaint"),
    [
        ({"url": ""}, "-a url: must be an absolute http or https URL"),
        ({"url": "https://wire.example.evil.example/1"}, "is not on the site wire (wire.example)"),
        ({"url": "file:///etc/hostname"}, "must be an absolute"),
        ({"url": A + "x" * 3000}, "at most 2083 characters"),
        ({"url": A, "urls": "f"}, "give one of url, urls, or since with until"),
        ({"url": A, "since": "2015-04-01"}, "give one of url, urls, or since with until"),
        ({"until": "2015-04-01"}, "needs -a since=YYYY-MM-DD"),
        ({"since": "2015-04-31"}, "must be a day such as 2015-04-01"),
        ({"since": "2015-04-30", "until": "2015-04-01"}, "swap the two"),
        ({"since": "0001-01-01"}, "must not lie before 1900"),
        ({"page": "2"}, "-a page: is not known; allowed are url, urls, since, until"),
    ],
    ids=range(11),
)
def test_what_cannot_be_asked_for(arguments: dict[str, str], complaint: str) -> None:
    with pytest.raises(ArgumentError, match=re.escape(complaint)):
        parse_crawl_args(arguments, SITE, TODAY)


def test_a_list_of_urls_tells_every_line_that_is_wrong(tmp_path: Path) -> None:
    listed = tmp_path / "urls.txt"
    listed.write_bytes(b"\xef\xbb\xbf" + f"{A}1\n\n# no\n{A}1\nhttps://other.example/\n\x00\n".encode())
    with pytest.raises(ArgumentError) as error:
        parse_crawl_args({"urls": str(listed)}, SITE, TODAY)
    detail = str(error.value).splitlines()
    assert detail[0].startswith(f"{listed}:5: https://other.example/ is not on the site wire") and len(detail) == 2
    listed.write_text(f"{A}1\n{A}2\n{A}1\n")
    assert parse_crawl_args({"urls": str(listed)}, SITE, TODAY).urls == (A + "1", A + "2")
    listed.write_text("# nothing\n")
    with pytest.raises(ArgumentError, match="holds no URL"):
        parse_crawl_args({"urls": str(listed)}, SITE, TODAY)


@pytest.mark.parametrize(
    ("body", "found"),
    [
        (b"Sitemap: https://wire.example/a.xml", ["a.xml"]),
        (b"User-agent: *\r\nDisallow: /\r\nsitemap : https://wire.example/a.xml  # new\r\n", ["a.xml"]),
        (b"\xef\xbb\xbfSITEMAP:/a.xml\nSitemap: /a.xml\nSitemap: /b.xml", ["a.xml", "b.xml"]),
        (b"Sitemap:\nSitemap: http://[::1\nAllow: /sitemap: x", []),
        (b"<html>Sitemap</html>", []),
        (b"\xff\xfe\x00" * 99, []),
        (b"", []),
    ],
    ids=range(7),
)
def test_the_sitemaps_of_a_robots_txt(body: bytes, found: list[str]) -> None:
    announced = read_robots_sitemaps(body, A + "robots.txt")
    assert [url.removeprefix(A) for url in announced.next_pages] == found
    assert announced.broken == (None if found else "no-sitemaps") and announced.candidates == []


def test_the_last_change_of_a_sitemaps_page_is_a_hint() -> None:
    (candidate,) = read_sitemap(b"<urlset><url><loc>https://wire.example/1</loc><lastmod>2026-11-23</lastmod></url></urlset>").candidates  # fmt: skip
    assert candidate.hints == {"updated": "2026-11-23"}
