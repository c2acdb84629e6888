"""The spider of one site: its sources, the stories that they announce, each page read into a Story."""

from __future__ import annotations

from collections.abc import AsyncIterator, Iterator
from datetime import UTC, datetime
from typing import Any, Self

from scrapy import Request
from scrapy.crawler import Crawler
from scrapy.exceptions import IgnoreRequest
from scrapy.http import Response
from scrapy.settings import BaseSettings
from scrapy.signals import bytes_received, request_reached_downloader, scheduler_empty
from scrapy.spidermiddlewares.httperror import HttpError

from newscrawl.discovery.arguments import CrawlArguments, parse_crawl_args
from newscrawl.downloader.browser import use_browser
from newscrawl.extraction.rights import SITE_FILE, site_rules
from newscrawl.extraction.story import FetchInfo, read_story
from newscrawl.items import Story
from newscrawl.monitoring.sources import Sources
from newscrawl.politeness.budget import BudgetLimits
from newscrawl.sites.model import Source
from newscrawl.spiders.base import StorySpider, header, now, origin_of
from newscrawl.spiders.source_crawl import INDEXED, DocumentEvent, Pending, round_robin
from newscrawl.spiders.source_requests import SOURCE_PRIORITY, SourceRequests, stop_long_sitemap
from newscrawl.spiders.story_requests import StoryRequests
from newscrawl.storage.visits import Fetch, FetchOutcome

# Requests in the scheduler: with one the network is idle while pages are read, thousands fill the memory.
MAX_SCHEDULED = 32
ROOM_SECONDS = 1.0


def name_contact(settings: BaseSettings) -> None:
    """Add to the user agent how a site can reach whoever runs this."""
    contact = settings.get("NEWSCRAWL_CONTACT")
    if contact:
        settings.set("USER_AGENT", f"{settings['USER_AGENT']} (+{contact})", priority="spider")


class SiteSpider(StorySpider):
    """Crawls one site. The spider loader makes a subclass with `name` and `site` for each site file."""

    arguments: CrawlArguments
    sources: SourceRequests | None = None  # once the crawl has started
    reservation_files: int = 0  # tdmrep.json files that were requested and have not arrived

    @classmethod
    def update_settings(cls, settings: BaseSettings) -> None:
        super().update_settings(settings)
        settings.set("DOWNLOAD_DELAY", cls.site.delay_seconds, priority="spider")
        name_contact(settings)
        if cls.site.render:
            use_browser(settings, cls.site.id)

    @classmethod
    def from_crawler(cls, crawler: Crawler, *args: Any, **kwargs: Any) -> Self:
        spider = super().from_crawler(crawler, *args, **kwargs)
        spider.arguments = parse_crawl_args(kwargs, spider.site, datetime.now(UTC).date())
        spider.announced, spider.site_rules = set(), {}
        spider.outcomes = Sources(spider.wanted_sources())
        if any(source.kind in INDEXED for source in cls.site.sources):
            crawler.signals.connect(stop_long_sitemap, bytes_received)
        return spider

    def parse(self, response: Response) -> Iterator[Story]:
        """The story of any page of the site: Scrapy's default callback, for `scrapy parse` and the shell."""
        content_type = header(response, "Content-Type")
        yield read_story(response.body, response.url, self.site, FetchInfo(content_type=content_type))

    async def start(self) -> AsyncIterator[Request]:
        """Requests for sources and stories, each as soon as the scheduler has room for it."""
        arrival = DocumentEvent()
        for request in self.reservation_requests(arrival):
            yield request
        while self.reservation_files > 0:  # what a site reserves must be known before its pages arrive
            await arrival.wait()
        limits = BudgetLimits(
            stories=self.settings.getint("NEWSCRAWL_MAX_STORIES_PER_RUN"),
            list_pages=self.settings.getint("NEWSCRAWL_MAX_LIST_PAGES"),
            without_news=self.settings.getint("NEWSCRAWL_MAX_PAGES_WITHOUT_NEWS"),
        )
        stories = StoryRequests(self, limits.stories, now())
        self.sources = sources = SourceRequests(self, self.wanted_sources(), stories, limits)
        self.output.snapshots = [crawl.snapshot for crawl in sources.crawls]
        room = DocumentEvent(ROOM_SECONDS)
        for signal in (scheduler_empty, request_reached_downloader):
            self.crawler.signals.connect(room.set, signal, weak=False)
        turns = [*map(sources.of, sources.crawls), self.unannounced_requests(sources, stories)]
        async for request in round_robin(turns, sources.arrival):
            while self.scheduled() >= MAX_SCHEDULED:
                await room.wait()
            yield request

    def wanted_sources(self) -> tuple[Source, ...]:
        """The archives where days were named, no source where stories were named, else all sources but the archives."""
        if self.arguments.urls is not None:
            return ()
        is_archive = self.arguments.since is not None
        return tuple(source for source in self.site.sources if (source.kind == "archive") == is_archive)

    def unannounced_requests(self, sources: SourceRequests, stories: StoryRequests) -> Iterator[Request | Pending]:
        """The stories that the user named; in a crawl without arguments known stories that are due."""
        if self.arguments != CrawlArguments():
            yield from stories.named(self.arguments.urls or ())
            return
        while not sources.have_begun:
            yield Pending.WAITING
        yield from stories.due()

    def reservation_requests(self, arrival: DocumentEvent) -> Iterator[Request]:
        """Requests for /.well-known/tdmrep.json of each host of the sources, where reservations have an effect."""
        if self.settings.get("NEWSCRAWL_RESERVED") == "record":
            return
        for origin in dict.fromkeys(map(origin_of, (source.url for source in self.site.sources))):
            self.reservation_files += 1
            yield Request(
                origin + SITE_FILE, self.parse_reservations, errback=self.reservations_failed, priority=SOURCE_PRIORITY,
                dont_filter=True, meta={"handle_httpstatus_all": True}, cb_kwargs={"origin": origin, "arrival": arrival},
            )  # fmt: skip

    def parse_reservations(self, response: Response, origin: str, arrival: DocumentEvent) -> None:
        if response.status == 200:
            self.site_rules[origin] = site_rules(response.body)
        self.reservation_files -= 1
        arrival.set()

    def reservations_failed(self, failure: Any) -> None:
        self.reservation_files -= 1
        failure.request.cb_kwargs["arrival"].set()

    def scheduled(self) -> int:
        """The number of requests in the scheduler."""
        stats = self.crawler.stats
        return int(stats.get_value("scheduler/enqueued", 0) - stats.get_value("scheduler/dequeued", 0))

    def found(self, story: Story, look: Fetch) -> Story:
        """A story on its way to the pipelines. The writer finds there the fetch that brought it."""
        if story.crawl is not None and story.crawl.requested_url:
            self.output.open_fetches[story.crawl.requested_url] = look
        return story

    def note(self, look: Fetch, outcome: FetchOutcome) -> None:
        """Record a fetch that brings no story of its own."""
        look.outcome = outcome
        if outcome in ("empty", "failed"):
            look.brought(False)
        self.output.note(look)

    def story_failed(self, failure: Any) -> None:
        self.count(f"story/{getattr(failure.value, 'outcome', 'failed')}")
        self.logger.warning("Story %s failed: %s", failure.request.url, failure.value)
        look = failure.request.cb_kwargs["look"]
        if is_no_answer(failure.value):
            look.fetched_at = now()
            self.note(look, "empty" if getattr(failure.value, "is_empty", False) else "failed")
        elif getattr(failure.value, "is_final", False) and self.sources is not None:  # every run would be refused
            for crawl in self.sources.crawls:
                crawl.snapshot.urls.discard(look.url)


def is_no_answer(error: BaseException) -> bool:
    """Whether a page was requested and did not arrive, so that it is tried again, later each time.

    A request that a rule of ours stopped (IgnoreRequest) was not tried: it is announced again, or refused for good.
    """
    return not isinstance(error, IgnoreRequest) or isinstance(error, HttpError) or getattr(error, "may_heal", False)
