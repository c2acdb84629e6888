"""The live crawl of one site: its sources, the stories they announce, each page read into a Story."""

from __future__ import annotations

from collections.abc import AsyncIterator, Iterator
from datetime import UTC, date, datetime
from typing import Any, Self
from urllib.parse import urlsplit

from scrapy import Request, Spider
from scrapy.crawler import Crawler
from scrapy.http import Response
from scrapy.settings import BaseSettings

from newscrawl.browser import use_browser
from newscrawl.catalog.site import Site, Source
from newscrawl.dedup.canonical_url import url_key
from newscrawl.dedup.withdrawal import gone_story
from newscrawl.discovery.archive import archive_lists
from newscrawl.discovery.arguments import Wanted, wanted
from newscrawl.discovery.candidate import Announced, Candidate
from newscrawl.discovery.news_sitemap import read_sitemap
from newscrawl.discovery.robots_sitemaps import read_robots_sitemaps
from newscrawl.discovery.rss import read_feed
from newscrawl.discovery.section import read_section
from newscrawl.guards.markup import is_html
from newscrawl.guards.url import split
from newscrawl.items import Story
from newscrawl.pages.paging import goes_on, next_page, stated_page
from newscrawl.reading import Fetched, crawl_of, join_pages, preferred_url, read_story
from newscrawl.writers.output import Output

RESERVING_HEADERS = ("X-Robots-Tag", "TDM-Reservation")
GONE = 410  # the site says that it has withdrawn the story
SITEMAPS = ("news-sitemap", "sitemap")
NAMED = Source("url", "")  # of stories that `-a url` or `-a urls` names
SOURCE_PRIORITY = 10  # lists before stories: what they announce is known early


def name_contact(settings: BaseSettings) -> None:
    """Say in the user agent how a site can reach whoever runs this."""
    contact = settings.get("NEWSCRAWL_CONTACT")
    if contact:
        settings.set("USER_AGENT", f"{settings['USER_AGENT']} (+{contact})", priority="spider")


class WireSpider(Spider):
    """One site; the spider loader makes a subclass with `name` and `site` for each site file."""

    site: Site

    @classmethod
    def update_settings(cls, settings: BaseSettings) -> None:
        super().update_settings(settings)
        settings.set("DOWNLOAD_DELAY", cls.site.delay_seconds, priority="spider")
        settings.set("AUTOTHROTTLE_START_DELAY", cls.site.delay_seconds, priority="spider")
        name_contact(settings)
        if cls.site.render:
            use_browser(settings, cls.site.id)

    @classmethod
    def from_crawler(cls, crawler: Crawler, *args: Any, **kwargs: Any) -> Self:
        spider = super().from_crawler(crawler, *args, **kwargs)
        spider.announced = set()
        spider.wanted = wanted(kwargs, spider.site, datetime.now(UTC).date())
        return spider

    wanted: Wanted  # what the arguments ask for

    announced: set[str]  # keys of the URLs that this run has requested, and of the stories whose pages they are
    output: Output  # set by the output extension, before anything is requested

    def count(self, name: str, by: int = 1) -> None:
        self.crawler.stats.inc_value(f"newscrawl/{name}", by)

    async def start(self) -> AsyncIterator[Request]:
        for request in self.first_requests():
            yield request

    def first_requests(self) -> Iterator[Request]:
        """The stories that were named, the archives of the days that were, else every source but the archives."""
        if self.wanted.urls is not None:
            for url in self.wanted.urls:
                yield from self.story_request(Candidate(url), NAMED)
            return
        for source in self.site.sources:
            if self.wanted.since is None or self.wanted.until is None:
                if source.kind != "archive":
                    yield self.source_request(source, source.url, 1)
            elif source.kind == "archive":
                for url, day in archive_lists(source.url, self.wanted.since, self.wanted.until):
                    yield self.source_request(source, url, 1, day)

    def source_request(self, source: Source, url: str, page: int, day: date | None = None) -> Request:
        return Request(
            url,
            self.parse_source,
            errback=self.source_failed,
            priority=SOURCE_PRIORITY,
            dont_filter=page == 1,
            cb_kwargs={"source": source, "page": page},
            meta={"newscrawl_day": day},
        )

    def parse_source(self, response: Response, source: Source, page: int) -> Iterator[Request]:
        self.count(f"source/{source.kind}/pages")
        announced = announced_by(source, response)
        if announced.broken:
            self.count(f"source/{source.kind}/{announced.broken}")
            self.logger.warning("%s %s: %s", source.kind, response.url, announced.broken)
        if announced.lost:
            self.count(f"source/{source.kind}/lost-items", announced.lost)
        day: date | None = response.meta.get("newscrawl_day")
        for candidate in announced.candidates:
            if day is not None:
                candidate.hints.setdefault("published", day.isoformat())
            yield from self.story_request(candidate, source)
        if page < source.max_pages or source.kind in SITEMAPS:
            for url in announced.next_pages:
                if self.site.holds(url) and page < max(source.max_pages, 3):
                    yield self.source_request(source, url, page + 1, day)

    def story_request(self, candidate: Candidate, source: Source) -> Iterator[Request]:
        """The request for an announced story, unless another source announced it or it is on another site."""
        if split(candidate.url) is None or not self.site.holds(candidate.url):
            self.count("candidate/elsewhere")
        elif source is not NAMED and not self.site.is_story_url(candidate.url):
            self.count("candidate/no-story-url")
        elif (key := url_key(candidate.url)) in self.announced:
            self.count("candidate/announced-twice")
        elif (page := stated_page(candidate.url))[1] > 1 and page[0] in self.announced:
            self.count("candidate/later-page")  # it is joined to its story
        else:
            # `?p=45` may also be a story's number: only a first page tells that the others are pages.
            self.announced |= {key, page[0]} if page[1] == 1 else {key}
            self.count("candidate/requested")
            yield Request(
                candidate.url,
                self.parse_story,
                errback=self.story_failed,
                meta={"newscrawl_domains": self.site.domains, "handle_httpstatus_list": [GONE]},
                cb_kwargs={"source": source, "candidate": candidate},
            )

    def parse_story(
        self, response: Response, source: Source, candidate: Candidate, twin: Story | None = None
    ) -> Iterator[Story | Request]:
        story = self.read(response, source, candidate)
        if twin is not None and (story is None or (twin.text and not story.text)):
            story = twin  # the canonical page is filled by scripts
        if story is None:
            return
        if story.change == "withdrawal":
            yield story
            return
        better = preferred_url(story) if twin is None else None
        if better is not None and self.site.holds(better):
            yield from self.twin_request(better, story, source, candidate)
            return
        self.announced.add(url_key(response.url))
        yield from self.next_page_or_story(response, [story], source, candidate)

    def read(self, response: Response, source: Source, candidate: Candidate) -> Story | None:
        """The story of a response; None, counted, where it is no page."""
        fetched = self.fetched(response, source, candidate)
        if response.status == GONE:
            self.count("read/gone")
            return gone_story(response.url, self.site, crawl_of(response.body, response.url, fetched))
        if not is_html(response.body, fetched.content_type):
            self.count("read/not-html")
            return None
        self.count("read/pages")
        try:
            return read_story(response.body, response.url, self.site, fetched)
        except Exception:
            self.count("read/failed")  # a fault of ours: it must not pass for a page without a story
            raise

    def twin_request(self, url: str, story: Story, source: Source, candidate: Candidate) -> Iterator[Request]:
        """The request for the canonical page of a twin, unless this run has it already; if it fails, the twin counts."""
        self.count("read/twin")
        if url_key(url) in self.announced:
            return
        self.announced.add(url_key(url))
        yield self.page_request(url, self.parse_story, self.keep_twin, source=source, candidate=candidate, twin=story)

    def keep_twin(self, failure: Any) -> Iterator[Story]:
        self.story_failed(failure)
        yield failure.request.cb_kwargs["twin"]

    def next_page_or_story(
        self, response: Response, pages: list[Story], source: Source, candidate: Candidate
    ) -> Iterator[Story | Request]:
        """The request for a story's next page, if it has one within the budget; else the story."""
        limit = self.settings.getint("NEWSCRAWL_MAX_STORY_PAGES")
        url = next_page(response.body, response.url, pages[0].url or "", len(pages) + 1) if limit > 1 else None
        if url is None or not self.site.holds(url):
            yield join_pages(pages)
        elif len(pages) >= limit:
            self.count("read/pages-missing")
            yield join_pages(pages, is_whole=False)
        else:
            self.announced.add(url_key(url))
            yield self.page_request(
                url, self.parse_page, self.page_failed, source=source, candidate=candidate, pages=pages
            )

    def page_request(self, url: str, callback: Any, errback: Any, **kwargs: Any) -> Request:
        """A request that a story waits for: it is made even if the same URL was requested before."""
        meta = {"newscrawl_domains": self.site.domains}
        return Request(url, callback, errback=errback, dont_filter=True, meta=meta, cb_kwargs=kwargs)

    def parse_page(
        self, response: Response, source: Source, candidate: Candidate, pages: list[Story]
    ) -> Iterator[Story | Request]:
        """A later page of a story: joined to it if it goes on with it."""
        later = self.read(response, source, candidate)
        if later is None or not goes_on(pages, later):
            self.count("read/other-page")
            yield join_pages(pages)
            return
        self.count("read/later-pages")
        yield from self.next_page_or_story(response, [*pages, later], source, candidate)

    def page_failed(self, failure: Any) -> Iterator[Story]:
        self.count("read/pages-missing")
        self.logger.warning("Page %s of a story failed: %s", failure.request.url, failure.value)
        yield join_pages(failure.request.cb_kwargs["pages"], is_whole=False)

    def fetched(self, response: Response, source: Source, candidate: Candidate) -> Fetched:
        def header(name: str) -> str | None:
            value = response.headers.get(name)
            return value.decode("latin-1") if value is not None else None

        return Fetched(
            run=self.output.run,
            requested_url=candidate.url,
            fetched_at=datetime.now(UTC),
            discovered=source.kind,  # type: ignore[arg-type]
            status=response.status,
            etag=header("ETag"),
            content_type=header("Content-Type"),
            hints=candidate.hints,
            reservations=tuple(filter(None, map(header, RESERVING_HEADERS))),
        )

    def source_failed(self, failure: Any) -> None:
        self.count("source/failed")
        self.logger.error("Source %s failed: %s", failure.request.url, failure.value)

    def story_failed(self, failure: Any) -> None:
        self.count("story/failed")
        self.logger.warning("Story %s failed: %s", failure.request.url, failure.value)


def announced_by(source: Source, response: Response) -> Announced:
    """What a document of a source announces, by the source's kind."""
    content_type = response.headers.get("Content-Type")
    declared = content_type.decode("latin-1") if content_type else None
    if source.kind == "rss":
        return read_feed(response.body, response.url, declared)
    if source.kind in SITEMAPS:
        is_robots = urlsplit(response.url).path == "/robots.txt"
        return read_robots_sitemaps(response.body, response.url) if is_robots else read_sitemap(response.body)
    return read_section(response.body, response.url, source.links or "a", source.next, declared)
