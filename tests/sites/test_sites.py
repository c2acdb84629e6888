"""What the built-in site files claim, row by row of sites.toml: URLs, ids, offsets, dates, and that all say what they rest on."""

from __future__ import annotations

import re
import tomllib
from pathlib import Path
from typing import Any

import pytest

from newscrawl.attribution.agencies import agencies
from newscrawl.discovery.feed import read_feed
from newscrawl.extraction.story import FetchInfo, read_story
from newscrawl.security.url import MAX_URL_LENGTH
from newscrawl.sites.model import Site
from newscrawl.sites.registry import load_sites, site_of
from newscrawl.text.dates import parse_date
from tests.cost import at_most

TABLE: dict[str, dict[str, Any]] = tomllib.loads(Path(__file__).with_name("sites.toml").read_text("utf-8"))
SITES = {site.id: site for site in load_sites()[0]}
EACH = pytest.mark.parametrize("site", SITES.values(), ids=lambda site: site.id)
JANUARY, JULY = "2026-01-15 09:30", "2026-07-15 09:30"
PLAIN_HTTP = {"xinhua", "ansa-en"}  # their feeds are known under http only


def rows(key: str) -> list[Any]:
    """(site, entry) for each entry under a key of the table."""
    return [
        pytest.param(SITES[name], entry, value, id=f"{name}: {entry}")
        for name, row in TABLE.items()
        for entry, value in (row.get(key, {}).items() if key != "others" else ((url, None) for url in row.get(key, [])))
    ]


def test_every_site_file_can_be_read_and_stands_in_the_table() -> None:
    assert load_sites()[1] == []
    assert set(TABLE) == set(SITES)
    assert len(SITES) >= 50


@EACH
def test_a_site_states_what_it_is_and_what_that_rests_on(site: Site) -> None:
    assert site.language and site.country and site.timezone and site.domains and site.kind
    assert re.search(r"\b20[12]\d(-\d\d)?\b", site.evidence), "the age of the evidence"
    facts = {"feed": "rss", "list": "section", "news sitemap": "news-sitemap"}
    kinds = {source.kind for source in site.sources}
    for word, kind in facts.items():
        assert kind not in kinds or re.search(rf"^[^:]*\b{word}\b.*:", site.evidence, re.M), kind
    assert not site.story_url or "story URLs" in site.evidence
    assert not site.layouts or "selectors" in site.evidence
    assert site.blocked is None or (not site.sources and site.evidence.lstrip().startswith("blocked"))
    assert site.blocked or site.sources


@EACH
def test_an_agency_is_named_by_its_own_site_only(site: Site) -> None:
    assert (site.agency is not None) == (site.kind in ("wire", "press-release"))
    if site.agency is not None:
        own = agencies()[site.agency].domains
        assert any(host == domain or host.endswith("." + domain) for host in site.domains for domain in own)


@EACH
def test_sources_are_on_https(site: Site) -> None:
    schemes = {source.url.partition(":")[0] for source in site.sources}
    assert schemes <= {"https"} or (schemes == {"http"} and site.id in PLAIN_HTTP)


@EACH
def test_a_story_url_has_rows_that_match_and_rows_that_do_not(site: Site) -> None:
    row = TABLE[site.id]
    assert not site.story_url or (row.get("stories") and row.get("others"))


@pytest.mark.parametrize(("site", "url", "key"), rows("stories"))
def test_a_story_s_url_is_known_with_its_id(site: Site, url: str, key: str) -> None:
    assert site.holds(url) and site.is_story_url(url) and site.story_url
    assert (site.story_key(url) or "") == key
    assert site_of(url) == site


@pytest.mark.parametrize(("site", "url", "nothing"), rows("others"))
def test_other_urls_are_no_stories(site: Site, url: str, nothing: None) -> None:
    assert not site.is_story_url(url)


@EACH
def test_a_clock_without_a_zone_is_the_site_s(site: Site) -> None:
    found = [parse_date(raw, site.timezone) for raw in (JANUARY, JULY)]
    assert [moment and (moment.offset, moment.basis) for moment in found] == [
        (offset, "site") for offset in TABLE[site.id]["offsets"]
    ]


@pytest.mark.parametrize(("site", "raw", "expected"), rows("dates"))
def test_a_date_has_its_offset_on_a_page_and_as_a_feed_s_hint(site: Site, raw: str, expected: list[str]) -> None:
    moment = parse_date(raw, site.timezone, [site.language or ""])
    assert moment is not None and [moment.at_utc, moment.offset] == expected
    url = f"https://{site.domains[0]}/a-page-without-a-date"
    feed = f"<rss version='2.0'><channel><title>x</title><item><title>Quay of Calder</title><link>{url}</link><pubDate>{raw}</pubDate></item></channel></rss>"
    (candidate,) = read_feed(feed.encode(), url).candidates
    page = b"<html><body><h1>Quay of Calder</h1><p>The harbour council voted to widen the northern quay by next spring.</p></body></html>"
    story = read_story(page, url, site, FetchInfo(hints=candidate.hints))
    assert [story.published_at, story.published_offset] == expected
    assert story.extraction is not None and story.extraction.origins.published == "feed"


HOSTILE = [
    "/-",
    "a",
    "/a",
    "-1",
    "0",
    "/news/",
    "/2026/11/23/",
    "a-",
    "_-",
    "/noticia-",
    "/0a",
    "/sito/notizie/",
    "ud=&",
]


@EACH
def test_patterns_take_no_time_on_any_url(site: Site) -> None:
    with at_most(200):
        for word in HOSTILE:
            url = f"https://{site.domains[0]}/{word * MAX_URL_LENGTH}"[:MAX_URL_LENGTH]
            for tail in ("", "!", ".html!"):
                site.is_story_url(url + tail)
                site.story_key(url + tail)


def test_two_sites_of_one_host_are_told_apart_by_their_stories() -> None:
    shared: dict[str, list[str]] = {}
    for site in SITES.values():
        for domain in site.domains:
            shared.setdefault(domain, []).append(site.id)
    for names in (names for names in shared.values() if len(names) > 1):
        assert all(SITES[name].story_url for name in names), names
        assert all(not SITES[other].is_story_url(url) for name in names for url in TABLE[name]["stories"] for other in names if other != name)  # fmt: skip
