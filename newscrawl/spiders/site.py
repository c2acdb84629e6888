"""The live crawl of one site: its sources, the stories they announce, each page read into a Story."""

from __future__ import annotations

from collections.abc import AsyncIterator, Iterator
from datetime import UTC, datetime
from typing import Any, Self
from urllib.parse import urlsplit

from scrapy import Request
from scrapy.crawler import Crawler
from scrapy.exceptions import IgnoreRequest, StopDownload
from scrapy.http import Response
from scrapy.settings import BaseSettings
from scrapy.signals import bytes_received, request_reached_downloader, scheduler_empty
from scrapy.spidermiddlewares.httperror import HttpError

from newscrawl.dedup.canonical_url import url_key
from newscrawl.dedup.keys import url_hash
from newscrawl.discovery.arguments import CrawlArguments, parse_crawl_args
from newscrawl.discovery.candidate import Announced, Candidate
from newscrawl.discovery.date_archive import archive_lists
from newscrawl.discovery.feed import read_feed
from newscrawl.discovery.robots_sitemaps import read_robots_sitemaps
from newscrawl.discovery.section import read_section
from newscrawl.discovery.sitemap import stream_sitemap
from newscrawl.downloader.browser import use_browser
from newscrawl.extraction.paging import stated_page
from newscrawl.extraction.rights import SITE_FILE, site_rules
from newscrawl.items import Story
from newscrawl.monitoring.sources import Sources
from newscrawl.politeness.budget import BudgetLimits, SourceBudget, growing_path
from newscrawl.politeness.revisit import Visit, conditional_headers, hinted_at
from newscrawl.security.url import split
from newscrawl.security.xml import MAX_XML_BYTES
from newscrawl.sites.model import Source
from newscrawl.spiders.base import GONE, NOT_MODIFIED, StorySpider, header, look_again, now, origin_of
from newscrawl.spiders.source_crawl import (
    INDEXED,
    DocumentEvent,
    Pending,
    SourceCrawl,
    SourceDocument,
    known_documents,
    round_robin,
)
from newscrawl.storage.visits import Fetch, FetchOutcome, KnownSource, SourceSnapshot, document_name, source_name

MAX_SITEMAP_BYTES = 32 * 1024 * 1024  # as it comes: fifty thousand entries of 670 bytes
# So many requests lie ready: one at a time would leave the network idle while pages are read, thousands fill memory.
MAX_SCHEDULED = 32
ROOM_SECONDS = 1.0
SOURCE_PRIORITY = 10  # lists before stories: what they announce is known early


def name_contact(settings: BaseSettings) -> None:
    """Say in the user agent how a site can reach whoever runs this."""
    contact = settings.get("NEWSCRAWL_CONTACT")
    if contact:
        settings.set("USER_AGENT", f"{settings['USER_AGENT']} (+{contact})", priority="spider")


class SiteSpider(StorySpider):
    """One site; the spider loader makes a subclass with `name` and `site` for each site file."""

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
        spider.parse_crawl_args = parse_crawl_args(kwargs, spider.site, datetime.now(UTC).date())
        spider.announced, spider.fresh, spider.passed = set(), set(), set()
        spider.site_rules = {}
        spider.outcomes = Sources(spider.walked_sources())
        spider.walks, spider.arrival = [], DocumentEvent()
        spider.limits = BudgetLimits(
            stories=crawler.settings.getint("NEWSCRAWL_MAX_STORIES_PER_RUN"),
            list_pages=crawler.settings.getint("NEWSCRAWL_MAX_LIST_PAGES"),
            without_news=crawler.settings.getint("NEWSCRAWL_MAX_PAGES_WITHOUT_NEWS"),
        )
        if any(source.kind in INDEXED for source in cls.site.sources):
            crawler.signals.connect(stop_long_sitemap, bytes_received)
        return spider

    parse_crawl_args: CrawlArguments  # what the arguments ask for

    fresh: set[str]  # those of `announced` that no run had looked at before
    passed: set[str]  # keys of the URLs that were announced and known
    site_files: int = 0  # that were asked for and have not come
    limits: BudgetLimits
    walks: list[SourceCrawl]
    arrival: DocumentEvent
    asked: int = 0  # pages of stories
    started: int = 0  # seconds since 1970

    async def start(self) -> AsyncIterator[Request]:
        """All requests but those that a page itself leads to, no sooner than there is room for them."""
        self.started = now()
        for request in self.site_file_requests():
            yield request
        while self.site_files > 0:  # what a site reserves must be known before its pages come
            await self.arrival.wait()
        self.walks = [self.walk(source) for source in self.walked_sources()]
        self.output.walks = [walk.walked for walk in self.walks]
        room = DocumentEvent(ROOM_SECONDS)
        for signal in (scheduler_empty, request_reached_downloader):
            self.crawler.signals.connect(room.tell, signal, weak=False)
        last = self.revisits() if self.parse_crawl_args == CrawlArguments() else self.named_requests()
        async for request in round_robin([*map(self.walk_requests, self.walks), last], self.arrival):
            while self.scheduled() >= MAX_SCHEDULED:
                await room.wait()
            yield request

    def walked_sources(self) -> tuple[Source, ...]:
        """The archives where days were asked for, none where stories were named, else every source but the archives."""
        if self.parse_crawl_args.urls is not None:
            return ()
        is_archive = self.parse_crawl_args.since is not None
        return tuple(source for source in self.site.sources if (source.kind == "archive") == is_archive)

    def named_requests(self) -> Iterator[Request | Pending]:
        """The stories that were named, whatever is known of them."""
        for url in self.parse_crawl_args.urls or ():
            key, name = url_key(url), url_hash(url)
            if key in self.announced:
                self.count("candidate/announced-twice")
                yield Pending.SKIPPED
                continue
            self.announced.add(key)
            candidate = Candidate(url)
            yield self.look_request(candidate, Fetch(name, look_again(candidate, "url"), 0), None, None)

    def site_file_requests(self) -> Iterator[Request]:
        """The requests for what each host of the sources reserves, where it matters."""
        if self.settings.get("NEWSCRAWL_RESERVED") == "record":
            return
        for origin in dict.fromkeys(map(origin_of, (source.url for source in self.site.sources))):
            self.site_files += 1
            yield Request(
                origin + SITE_FILE, self.parse_site_file, errback=self.no_site_file, priority=SOURCE_PRIORITY,
                dont_filter=True, meta={"handle_httpstatus_all": True}, cb_kwargs={"origin": origin},
            )  # fmt: skip

    def parse_site_file(self, response: Response, origin: str) -> None:
        """Keep what /.well-known/tdmrep.json reserves."""
        if response.status == 200:
            self.site_rules[origin] = site_rules(response.body)
        self.no_site_file()

    def no_site_file(self, failure: Any = None) -> None:
        """Go on to what waited for it."""
        self.site_files -= 1
        self.arrival.tell()

    def scheduled(self) -> int:
        """How many requests wait in the scheduler."""
        stats = self.crawler.stats
        return int(stats.get_value("scheduler/enqueued", 0) - stats.get_value("scheduler/dequeued", 0))

    def walk(self, source: Source) -> SourceCrawl:
        """A source at its first document, with what is known of its last walk."""
        name = source_name(source)
        known = self.output.known_source(name)
        walk = SourceCrawl(
            source,
            SourceBudget(self.limits),
            SourceSnapshot(name, source.url, self.started),
            bool(known and known.is_complete),
        )
        if self.parse_crawl_args.since is not None and self.parse_crawl_args.until is not None:
            walk.was_complete = False  # other days were walked the last time
            lists = archive_lists(source.url, self.parse_crawl_args.since, self.parse_crawl_args.until)
            walk.documents.extend(SourceDocument(url, 1, day) for url, day in lists)
        else:
            walk.documents.append(SourceDocument(source.url))
        return walk

    def walk_requests(self, walk: SourceCrawl) -> Iterator[Request | Pending]:
        """What a source gives to request: a document, then the candidates on it, then the next document."""
        while walk.documents and walk.budget.may_ask_for_list():
            document = walk.documents.popleft()
            walk.start(document)
            yield self.source_request(walk, document)
            while walk.announced is None:
                yield Pending.WAITING
                if self.is_stalled():
                    self.count("source/failed")
                    self.arrive(walk)
            announced = walk.announced
            for candidate in announced.candidates:
                if document.day is not None:
                    candidate.hints.setdefault("published", document.day.isoformat())
                self.outcomes.announced(walk.source)
                if self.asked >= self.limits.stories:
                    walk.budget.spent = "stories"
                if walk.budget.spent is not None:
                    break
                yield self.story_request(candidate, walk.source.kind, walk) or Pending.SKIPPED
            self.finish_document(walk, document, announced)
        self.finish_walk(walk)

    def is_stalled(self) -> bool:
        """Whether a document was waited for in vain: nothing under way could still bring it."""
        engine = self.crawler.engine
        assert engine is not None and engine.scraper.slot is not None
        return self.arrival.is_quiet and not engine.downloader.active and engine.scraper.slot.is_idle()

    def source_request(self, walk: SourceCrawl, document: SourceDocument) -> Request:
        """The request for a document of a source; never filtered, since a walk waits for it."""
        known = known_documents(self.output.known_source(document_name(document.url)), walk.was_complete)
        is_sitemap = walk.source.kind in INDEXED
        return Request(
            document.url,
            self.parse_source,
            errback=self.source_failed,
            headers=conditional_headers(known),
            priority=SOURCE_PRIORITY,
            dont_filter=True,
            meta={"handle_httpstatus_list": [NOT_MODIFIED]}
            | ({"download_maxsize": MAX_XML_BYTES} if is_sitemap else {}),
            cb_kwargs={"walk": walk, "known": known},
        )

    def parse_source(self, response: Response, walk: SourceCrawl, known: KnownSource | None) -> None:
        walk.has_begun = True
        try:
            self.count(f"source/{walk.source.kind}/pages")
            if response.status == NOT_MODIFIED and known is not None:
                self.outcomes.unchanged(walk.source)
                walk.validators = (known.etag, known.last_modified)
                walk.announced = Announced()
            else:
                walk.validators = (header(response, "ETag"), header(response, "Last-Modified"))
                walk.announced = announced_by(walk.source, response)
                self.outcomes.came(walk.source)
                walk.announced.is_cut = "download_stopped" in response.flags
        finally:
            self.arrive(walk)

    def arrive(self, walk: SourceCrawl) -> None:
        """Let a walk go on: with its document, or without one where there is none."""
        if walk.announced is None:
            walk.has_begun = walk.has_failed = True
            walk.announced = Announced()
        self.arrival.tell()

    def finish_document(self, walk: SourceCrawl, document: SourceDocument, announced: Announced) -> None:
        """All candidates of a document were handed out: what was wrong with it, and where the walk goes on."""
        source = walk.source
        if announced.broken:
            self.outcomes.broken(source, announced.broken)
            self.count(f"source/{source.kind}/{announced.broken}")
            self.logger.warning("%s %s: %s", source.kind, document.url, announced.broken)
            walk.has_failed |= announced.broken != "empty-sitemap" and (source.kind in INDEXED or document.number == 1)
        if announced.lost:
            self.count(f"source/{source.kind}/lost-items", announced.lost)
        if announced.is_cut:
            self.count("budget/urls")
        elif walk.validators != (None, None) and not (source.kind in INDEXED and announced.next_pages):
            walk.walked.documents[document.url] = (document_name(document.url), *walk.validators)
        if source.kind not in INDEXED:
            walk.budget.list_page(has_unseen=walk.unseen_here > 0)
        documents, bound = walk.next_documents(document, [url for url in announced.next_pages if self.site.holds(url)])
        for following in documents:
            if growing_path(following.url):
                bound = "growing-path"
            else:
                walk.documents.append(following)
        if bound is not None:
            self.count(f"budget/{bound}")

    def finish_walk(self, walk: SourceCrawl) -> None:
        if walk.budget.spent is not None:
            self.count(f"budget/{walk.budget.spent}")
            self.logger.warning("%s %s: ended by its budget: %s", walk.source.kind, walk.source.url, walk.budget.spent)
        walk.finish()

    def revisits(self) -> Iterator[Request | Pending]:
        """What is due to be looked at again and was not announced, once each source has said what it announces first."""
        while not all(walk.has_begun or walk.is_over for walk in self.walks):
            yield Pending.WAITING
        for known in self.output.known.due(self.started):
            if self.asked >= self.limits.stories:
                self.count("budget/stories")
                return
            yield self.story_request(Candidate(known["url"], known["hints"]), known["discovered"]) or Pending.SKIPPED

    def story_request(self, candidate: Candidate, discovered: str, walk: SourceCrawl | None = None) -> Request | None:
        """The request for a story that was announced or is due again; None, counted, where it needs none."""
        url = candidate.url
        reason = self.foreign(url)
        if reason is not None:
            self.count(reason)
            return None
        held = self.output.held_back(url)
        if held is not None:
            self.count(f"candidate/{held}")
            return None
        key, page, name = url_key(url), stated_page(url), url_hash(url)
        if key in self.announced or (page[1] > 1 and page[0] in self.announced):
            self.count("candidate/announced-twice" if key in self.announced else "candidate/later-page")
            if walk is not None and key in self.announced:
                walk.saw(name, is_new=key in self.fresh, is_unseen=False)
            return None
        if page[1] == 1:  # `?p=45` may also be a story's number: only a first page tells that the others are pages
            self.announced.add(page[0])
        hint, visit = hinted_at(candidate.hints, self.site.timezone), self.output.known.get(name)
        if walk is not None:
            walk.saw(name, is_new=visit is None, is_unseen=key not in self.passed)
        if visit is not None and not visit.is_due(self.started, hint):
            self.passed.add(key)
            self.count("candidate/known")
            return None
        self.announced.add(key)
        return self.look_request(candidate, Fetch(name, look_again(candidate, discovered), 0, hint), visit, walk)

    def foreign(self, url: str) -> str | None:
        """Why an announced URL is no story's of this site, as it is counted; None where it can be one."""
        if split(url) is None or not self.site.holds(url):
            return "candidate/elsewhere"
        if not self.site.is_story_url(url):
            return "candidate/no-story-url"
        return "budget/growing-path" if growing_path(url) else None

    def look_request(self, candidate: Candidate, look: Fetch, visit: Visit | None, walk: SourceCrawl | None) -> Request:
        """The request for a URL that is to be looked at: conditional where its story was read before."""
        self.asked += 1
        if visit is None:
            self.fresh.add(url_key(candidate.url))
            look.budget = walk.budget if walk is not None else None
            self.count("candidate/requested")
        else:
            self.count("candidate/again")
        return Request(
            candidate.url,
            self.parse_story,
            errback=self.story_failed,
            headers=conditional_headers(visit if visit is not None and visit.changed_at is not None else None),
            dont_filter=True,  # `announced` has seen to it; a redirect to a page that was had must not vanish
            meta={"newscrawl_domains": self.site.domains, "handle_httpstatus_list": [GONE, NOT_MODIFIED]},
            cb_kwargs={"look": look},
        )

    def found(self, story: Story, look: Fetch) -> Story:
        """A story on its way to the pipelines; what writes it finds there the look that brought it."""
        if story.crawl is not None and story.crawl.requested_url:
            self.output.looks[story.crawl.requested_url] = look
        return story

    def note(self, look: Fetch, outcome: FetchOutcome) -> None:
        """Remember a look that brings no story of its own."""
        look.outcome = outcome
        if outcome in ("empty", "failed"):
            look.brought(False)
        self.output.note(look)

    def source_failed(self, failure: Any) -> None:
        self.outcomes.failed(failure.request.cb_kwargs["walk"].source, failure.value)
        self.logger.error("Source %s failed: %s", failure.request.url, failure.value)
        self.arrive(failure.request.cb_kwargs["walk"])

    def story_failed(self, failure: Any) -> None:
        self.count(f"story/{getattr(failure.value, 'outcome', 'failed')}")
        self.logger.warning("Story %s failed: %s", failure.request.url, failure.value)
        look = failure.request.cb_kwargs["look"]
        if is_no_answer(failure.value):
            look.fetched_at = now()
            self.note(look, "empty" if getattr(failure.value, "is_empty", False) else "failed")
        elif getattr(failure.value, "is_final", False):  # the next run will be refused again
            for walk in self.walks:
                walk.walked.urls.discard(look.url)


def stop_long_sitemap(data: bytes, request: Request) -> None:
    """Take what came of a sitemap that goes beyond its bound, in place of nothing."""
    walk = request.cb_kwargs.get("walk")
    if walk is not None and walk.source.kind in INDEXED:
        request.meta["newscrawl_bytes"] = size = request.meta.get("newscrawl_bytes", 0) + len(data)
        if size >= MAX_SITEMAP_BYTES:
            raise StopDownload(fail=False)


def is_no_answer(error: BaseException) -> bool:
    """Whether a page was asked for and did not come, so that it is tried again, later each time.

    A request that a rule of ours kept back (IgnoreRequest) was no try: it is announced again, or is final.
    """
    return not isinstance(error, IgnoreRequest) or isinstance(error, HttpError) or getattr(error, "may_heal", False)


def announced_by(source: Source, response: Response) -> Announced:
    """What a document of a source announces, by the source's kind."""
    declared = header(response, "Content-Type")
    if source.kind == "rss":
        return read_feed(response.body, response.url, declared)
    if source.kind in INDEXED:
        is_robots = urlsplit(response.url).path == "/robots.txt"
        return read_robots_sitemaps(response.body, response.url) if is_robots else stream_sitemap(response.body)
    return read_section(response.body, response.url, source.links or "a", source.next, declared)
