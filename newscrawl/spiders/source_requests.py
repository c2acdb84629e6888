"""Fetches the documents of a site's sources (feeds, sitemaps, lists) and hands out requests for the stories in them."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING, Any
from urllib.parse import urlsplit

from scrapy import Request
from scrapy.exceptions import StopDownload
from scrapy.http import Response

from newscrawl.discovery.candidate import Announced, Candidate
from newscrawl.discovery.date_archive import archive_lists
from newscrawl.discovery.feed import read_feed
from newscrawl.discovery.robots_sitemaps import read_robots_sitemaps
from newscrawl.discovery.section import read_section
from newscrawl.discovery.sitemap import stream_sitemap
from newscrawl.downloader.scrapy_internals import is_scraper_idle
from newscrawl.politeness.budget import BudgetLimits, SourceBudget, growing_path
from newscrawl.politeness.revisit import conditional_headers
from newscrawl.security.xml import MAX_XML_BYTES
from newscrawl.sites.model import Source
from newscrawl.spiders.base import NOT_MODIFIED, header
from newscrawl.spiders.source_crawl import (
    INDEXED,
    DocumentEvent,
    Pending,
    SourceCrawl,
    SourceDocument,
    known_documents,
)
from newscrawl.spiders.story_requests import StoryRequests
from newscrawl.storage.visits import KnownSource, SourceSnapshot, document_name, source_name

if TYPE_CHECKING:
    from newscrawl.spiders.site import SiteSpider

MAX_SITEMAP_BYTES = 32 * 1024 * 1024  # compressed: fifty thousand entries of 670 bytes
SOURCE_PRIORITY = 10  # before stories, so that what the sources announce is known early


class SourceRequests:
    """The sources of one run of a site."""

    def __init__(
        self, spider: SiteSpider, sources: tuple[Source, ...], stories: StoryRequests, limits: BudgetLimits
    ) -> None:
        self.spider, self.stories, self.limits = spider, stories, limits
        self.arrival = DocumentEvent()
        self.crawls = [self._crawl(source) for source in sources]

    @property
    def have_begun(self) -> bool:
        """Whether every source has shown what it announces first."""
        return all(crawl.has_begun or crawl.is_over for crawl in self.crawls)

    def _crawl(self, source: Source) -> SourceCrawl:
        """A source at its first document, with what is known of its last crawl."""
        name, arguments = source_name(source), self.spider.arguments
        known = self.spider.output.known_source(name)
        snapshot = SourceSnapshot(name, source.url, self.stories.started)
        crawl = SourceCrawl(source, SourceBudget(self.limits), snapshot, bool(known and known.is_complete))
        if arguments.since is not None and arguments.until is not None:
            crawl.was_complete = False  # the last crawl was of other days
            lists = archive_lists(source.url, arguments.since, arguments.until)
            crawl.documents.extend(SourceDocument(url, 1, day) for url, day in lists)
        else:
            crawl.documents.append(SourceDocument(source.url))
        return crawl

    def of(self, crawl: SourceCrawl) -> Iterator[Request | Pending]:
        """The requests of one source. What raises costs this source and no other."""
        try:
            yield from self._of(crawl)
        except Exception as error:
            self.spider.logger.exception("Source %s could not be read", crawl.source.url)
            self.spider.count("source/unreadable")
            self.spider.outcomes.unreadable(crawl.source, f"{type(error).__name__}: {error}")
            crawl.has_failed = True
            crawl.finish()

    def _of(self, crawl: SourceCrawl) -> Iterator[Request | Pending]:
        """A document, the stories that it announces, then the next document."""
        while crawl.documents and crawl.budget.may_ask_for_list():
            document = crawl.documents.popleft()
            crawl.start(document)
            yield self._request(crawl, document)
            while crawl.announced is None:
                yield Pending.WAITING
                if self._is_stalled():
                    self.spider.count("source/failed")
                    self.arrived(crawl)
            announced = crawl.announced
            for candidate in announced.candidates:
                if document.day is not None:
                    candidate.hints.setdefault("published", document.day.isoformat())
                self.spider.outcomes.announced(crawl.source)
                if self.stories.is_full:
                    crawl.budget.spent = "stories"
                if crawl.budget.spent is not None:
                    break
                yield self._story_request(candidate, crawl) or Pending.SKIPPED
            self._finish_document(crawl, document, announced)
        self._finish(crawl)

    def _story_request(self, candidate: Candidate, crawl: SourceCrawl) -> Request | None:
        """The request for one candidate. What raises costs this candidate and no other."""
        try:
            return self.stories.announced(candidate, crawl.source.kind, crawl)
        except Exception:
            self.spider.logger.exception("%s %s: a candidate could not be used", crawl.source.kind, crawl.source.url)
            self.spider.count("candidate/failed")
            return None

    def _is_stalled(self) -> bool:
        """Whether nothing under way can still bring the document that is waited for."""
        engine = self.spider.crawler.engine
        assert engine is not None
        return self.arrival.is_quiet and is_scraper_idle(engine)

    def _request(self, crawl: SourceCrawl, document: SourceDocument) -> Request:
        """The request for a document. It is never filtered, because the source waits for it."""
        known = known_documents(self.spider.output.known_source(document_name(document.url)), crawl.was_complete)
        maxsize = {"download_maxsize": MAX_XML_BYTES} if crawl.source.kind in INDEXED else {}
        return Request(
            document.url,
            self.parse,
            errback=self.failed,
            headers=conditional_headers(known),
            priority=SOURCE_PRIORITY,
            dont_filter=True,
            meta={"handle_httpstatus_list": [NOT_MODIFIED], **maxsize},
            cb_kwargs={"crawl": crawl, "known": known},
        )

    def parse(self, response: Response, crawl: SourceCrawl, known: KnownSource | None) -> None:
        """Read a document and let its source go on."""
        crawl.has_begun = True
        try:
            self.spider.count(f"source/{crawl.source.kind}/pages")
            if response.status == NOT_MODIFIED and known is not None:
                self.spider.outcomes.unchanged(crawl.source)
                crawl.validators = (known.etag, known.last_modified)
                crawl.announced = Announced()
            else:
                crawl.validators = (header(response, "ETag"), header(response, "Last-Modified"))
                crawl.announced = announced_by(crawl.source, response)
                self.spider.outcomes.came(crawl.source)
                crawl.announced.is_cut = "download_stopped" in response.flags
        finally:
            self.arrived(crawl)

    def failed(self, failure: Any) -> None:
        """Record why a document did not arrive and let its source go on."""
        crawl = failure.request.cb_kwargs["crawl"]
        self.spider.outcomes.failed(crawl.source, failure.value)
        self.spider.logger.error("Source %s failed: %s", failure.request.url, failure.value)
        self.arrived(crawl)

    def arrived(self, crawl: SourceCrawl) -> None:
        """Let a source go on, with its document or without one."""
        if crawl.announced is None:
            crawl.has_begun = crawl.has_failed = True
            crawl.announced = Announced()
        self.arrival.set()

    def _finish_document(self, crawl: SourceCrawl, document: SourceDocument, announced: Announced) -> None:
        """After the last candidate of a document: record what was wrong with it, and queue the next documents."""
        source, count = crawl.source, self.spider.count
        if announced.broken:
            self.spider.outcomes.broken(source, announced.broken)
            count(f"source/{source.kind}/{announced.broken}")
            self.spider.logger.warning("%s %s: %s", source.kind, document.url, announced.broken)
            crawl.has_failed |= announced.broken != "empty-sitemap" and (source.kind in INDEXED or document.number == 1)
        if announced.lost:
            count(f"source/{source.kind}/lost-items", announced.lost)
        if announced.is_cut:
            count("budget/urls")
        elif crawl.validators != (None, None) and not (source.kind in INDEXED and announced.next_pages):
            crawl.snapshot.documents[document.url] = (document_name(document.url), *crawl.validators)
        if source.kind not in INDEXED:
            crawl.budget.list_page(has_unseen=crawl.unseen_here > 0)
        urls = [url for url in announced.next_pages if self.spider.site.holds(url)]
        documents, bound = crawl.next_documents(document, urls)
        for following in documents:
            if growing_path(following.url):
                bound = "growing-path"
            else:
                crawl.documents.append(following)
        if bound is not None:
            count(f"budget/{bound}")

    def _finish(self, crawl: SourceCrawl) -> None:
        spent, source = crawl.budget.spent, crawl.source
        if spent is not None:
            self.spider.count(f"budget/{spent}")
            self.spider.logger.warning("%s %s: ended by its budget: %s", source.kind, source.url, spent)
        crawl.finish()


def stop_long_sitemap(data: bytes, request: Request) -> None:
    """Stop the download of a sitemap at its limit; what has arrived is read."""
    crawl = request.cb_kwargs.get("crawl")
    if isinstance(crawl, SourceCrawl) and crawl.source.kind in INDEXED:
        request.meta["newscrawl_bytes"] = size = request.meta.get("newscrawl_bytes", 0) + len(data)
        if size >= MAX_SITEMAP_BYTES:
            raise StopDownload(fail=False)


def announced_by(source: Source, response: Response) -> Announced:
    """The stories that a document of a source announces."""
    declared = header(response, "Content-Type")
    if source.kind == "rss":
        return read_feed(response.body, response.url, declared)
    if source.kind in INDEXED:
        is_robots = urlsplit(response.url).path == "/robots.txt"
        return (
            read_robots_sitemaps(response.body, response.url)
            if is_robots
            else stream_sitemap(response.body, response.url)
        )
    return read_section(response.body, response.url, source.links or "a", source.next, declared)
