"""Base of the spiders that read story pages: joins pages of a story, prefers canonical pages."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC, datetime
from typing import Any

from scrapy import Request, Spider
from scrapy.http import Response

from newscrawl.dedup.canonical_url import url_key
from newscrawl.discovery.candidate import Candidate
from newscrawl.extraction.paging import goes_on, next_page
from newscrawl.extraction.rights import SITE_FILE, site_reservation
from newscrawl.extraction.story import crawl_of, fetch_info, join_pages, preferred_url, read_story
from newscrawl.extraction.withdrawal import gone_story
from newscrawl.items import Page, Story
from newscrawl.monitoring.held_stories import hold_too_slow
from newscrawl.monitoring.sources import Sources
from newscrawl.security.deadline import TooSlow, call_within
from newscrawl.security.markup import is_html
from newscrawl.sites.model import Site
from newscrawl.spiders.run import CrawlRun, run_of
from newscrawl.storage.visits import Fetch, FetchOutcome, seconds
from newscrawl.storage.writer import SiteOutput

NOT_KEPT = frozenset(("set-cookie", "content-encoding", "content-length", "transfer-encoding"))  # of a kept page
NOT_MODIFIED = 304
GONE = 410  # the site says that it has withdrawn the story


class StorySpider(Spider):
    """Its callbacks make a story of a response, with its other pages or its canonical one where it has any."""

    site: Site
    announced: set[str]  # keys of the URLs that this run has requested, and of the stories whose pages they are
    site_rules: dict[str, list[dict[str, Any]]]  # what each host reserves in its /.well-known/tdmrep.json
    outcomes: Sources  # what came of each source (a replay has none); the run report and the exit code rest on it

    @property
    def run(self) -> CrawlRun:
        """What this crawl shares with pipelines and extensions; made before anything is requested."""
        run = run_of(self.crawler)
        assert run is not None, "OutputExtension is off"
        return run

    @property
    def output(self) -> SiteOutput:
        """The output of a crawl of one site."""
        output = self.run.site_output
        assert output is not None
        return output

    def count(self, name: str, by: int = 1) -> None:
        self.crawler.stats.inc_value(f"newscrawl/{name}", by)

    def found(self, story: Story, look: Fetch) -> Story:
        """A story on its way to the pipelines, brought by this look."""
        return story

    def note(self, look: Fetch, outcome: FetchOutcome) -> None:
        """Nothing more comes of this look; `story`: another look of the run brings it."""

    def parse_story(self, response: Response, look: Fetch, edition: Story | None = None) -> Iterator[Story | Request]:
        if edition is None:
            look.fetched_at = now()
            look.etag, look.last_modified = header(response, "ETag"), header(response, "Last-Modified")
        if response.status == NOT_MODIFIED and is_conditional(response):
            self.count("read/not-modified")
            self.note(look, "same")
            return
        try:
            story = self.read(response, look)
        except TooSlow as error:
            self.logger.warning("%s: %s", response.url, error)
            if edition is None:
                self.keep_too_slow(response, look)
                return
            story = None
        except Exception:
            if edition is None:
                self.note(look, "empty")
                raise
            self.logger.exception("%s could not be read; its edition is taken", response.url)
            story = None
        if edition is not None and (story is None or (edition.text and not story.text)):
            story = edition  # the canonical page is filled by scripts
        if story is None:
            self.note(look, "empty")
            return
        if story.change == "withdrawal":
            yield self.found(story, look)
            return
        better = preferred_url(story) if edition is None else None
        if better is not None and self.site.holds(better):
            yield from self.edition_request(better, story, look)
            return
        self.announced.add(url_key(response.url))
        yield from self.next_page_or_story(response, [story], look)

    def read(self, response: Response, look: Fetch) -> Story | None:
        """The story of a response; None, counted, where it is not a page."""
        page = self.page(response, look)
        fetched = fetch_info(page, self.run.output.run)
        if response.status == GONE:
            self.count("read/gone")
            return gone_story(response.url, self.site, crawl_of(response.body, response.url, fetched))
        if not is_html(response.body, fetched.content_type):
            self.count("read/not-html")
            return None
        self.count("read/pages")
        try:
            seconds = self.settings.getfloat("NEWSCRAWL_READ_SECONDS")
            story = call_within(seconds, read_story, response.body, response.url, self.site, fetched)
        except TooSlow:
            self.count("read/too-slow")
            raise
        except Exception:
            self.count("read/failed")  # a fault of ours: it must not pass for a page without a story
            raise
        story.pages = (page,)
        return story

    def keep_too_slow(self, response: Response, look: Fetch) -> None:
        """Keep a page in quarantine that could not be read in time. This version does not fetch it again."""
        self.note(look, "empty")
        output = self.run.site_output
        if output is None:  # a replay: the archive keeps the page
            return
        try:
            self.count(hold_too_slow(output, self.site, self.page(response, look)))
        except OSError as error:
            self.crawler.stats.set_value("newscrawl/write/failed", 1)
            self.logger.error("%s could not be kept in quarantine: %s", response.url, error)

    def edition_request(self, url: str, story: Story, look: Fetch) -> Iterator[Request]:
        """The request for the canonical page of a alternate edition, unless this run has it already; if it fails, the alternate edition counts."""
        self.count("read/twin")
        look.forget_validators()  # they are not the canonical page's
        if url_key(url) in self.announced:
            look.published_at = seconds(story.published_at)
            self.note(look, "story")
            return
        self.announced.add(url_key(url))
        yield self.page_request(url, self.parse_story, self.keep_edition, look=look, edition=story)

    def keep_edition(self, failure: Any) -> Iterator[Story]:
        self.count("story/failed")
        self.logger.warning("Story %s failed: %s", failure.request.url, failure.value)
        yield self.found(failure.request.cb_kwargs["edition"], failure.request.cb_kwargs["look"])

    def next_page_or_story(self, response: Response, pages: list[Story], look: Fetch) -> Iterator[Story | Request]:
        """The request for a story's next page, if it has one within the budget; else the story."""
        limit = self.settings.getint("NEWSCRAWL_MAX_STORY_PAGES")
        url = self.next_url(response, pages) if limit > 1 else None
        if url is None or not self.site.holds(url):
            yield self.found(join_pages(pages), look)
        elif len(pages) >= limit:
            self.count("read/pages-missing")
            yield self.found(join_pages(pages, is_whole=False), look)
        else:
            look.forget_validators()  # the first page stays the same when a later one changes
            self.announced.add(url_key(url))
            yield self.page_request(url, self.parse_page, self.page_failed, look=look, pages=pages)

    def next_url(self, response: Response, pages: list[Story]) -> str | None:
        """The URL of a story's next page; None where there is none or the page takes too long to read."""
        seconds = self.settings.getfloat("NEWSCRAWL_READ_SECONDS")
        try:
            return call_within(seconds, next_page, response.body, response.url, pages[0].url or "", len(pages) + 1)
        except TooSlow:
            self.logger.warning("%s: no next page found within %g seconds", response.url, seconds)
            self.count("read/pages-missing")
            return None

    def page_request(self, url: str, callback: Any, errback: Any, **kwargs: Any) -> Request:
        """A request that a story waits for: it is made even if the same URL was requested before."""
        meta = {"newscrawl_domains": self.site.domains}
        return Request(url, callback, errback=errback, dont_filter=True, meta=meta, cb_kwargs=kwargs)

    def parse_page(self, response: Response, look: Fetch, pages: list[Story]) -> Iterator[Story | Request]:
        """A later page of a story: joined to it if it goes on with it."""
        try:
            later = self.read(response, look)
        except Exception:  # the pages before it are a story all the same
            self.logger.exception("%s could not be read", response.url)
            self.count("read/pages-missing")
            yield self.found(join_pages(pages, is_whole=False), look)
            return
        if later is None or not goes_on(pages, later):
            self.count("read/other-page")
            yield self.found(join_pages(pages), look)
            return
        self.count("read/later-pages")
        yield from self.next_page_or_story(response, [*pages, later], look)

    def page_failed(self, failure: Any) -> Iterator[Story]:
        self.count("read/pages-missing")
        self.logger.warning("Page %s of a story failed: %s", failure.request.url, failure.value)
        kept = failure.request.cb_kwargs
        yield self.found(join_pages(kept["pages"], is_whole=False), kept["look"])

    def page(self, response: Response, look: Fetch) -> Page:
        """A response with all that its reading goes by, so that it can be kept and read again."""
        headers = (
            (name.decode("latin-1").lower(), value.decode("latin-1"))
            for name, values in response.headers.items()
            for value in values
        )
        kept = [(name, value) for name, value in headers if name not in NOT_KEPT]
        reserved = site_reservation(self.site_rules.get(origin_of(response.url), ()), response.url)
        kept += [(SITE_FILE, reserved)] if reserved else []
        return Page(
            url=response.url,
            body=response.body,
            requested_url=look.candidate["url"],
            fetched_at=datetime.now(UTC),
            discovered=look.candidate["discovered"],
            status=response.status,
            headers=tuple(kept),
            hints=tuple(look.candidate["hints"].items()),
        )


def is_conditional(response: Response) -> bool:
    """Whether the server was given a validator that it may answer 304 to."""
    headers = response.request.headers if response.request is not None else {}
    return "If-None-Match" in headers or "If-Modified-Since" in headers


def announcement(candidate: Candidate, discovered: str) -> dict[str, Any]:
    """What is needed to fetch an announced URL again later."""
    return {"url": candidate.url, "hints": candidate.hints, "discovered": discovered}


def header(response: Response, name: str) -> str | None:
    value = response.headers.get(name)
    return value.decode("latin-1") if value is not None else None


def now() -> int:
    return int(datetime.now(UTC).timestamp())


def origin_of(url: str) -> str:
    """`https://host:port` of a URL."""
    return "/".join(url.split("/", 3)[:3])
