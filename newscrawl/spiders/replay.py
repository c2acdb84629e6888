"""The callbacks of a crawl over pages that were captured before: WARC files and saved pages. Nothing is requested."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Iterable, Iterator
from dataclasses import replace
from pathlib import Path
from typing import Any, Self

from scrapy import Request, signals
from scrapy.crawler import Crawler
from scrapy.exceptions import IgnoreRequest
from scrapy.http import Response
from twisted.python.failure import Failure

from newscrawl.archive.reader import ARCHIVES, Archive, Archived, archive_kind, saved_page
from newscrawl.dedup.canonical_url import url_key
from newscrawl.dedup.keys import url_hash
from newscrawl.discovery.candidate import Candidate
from newscrawl.downloader.scrapy_internals import close_idle_scraper
from newscrawl.extraction.story import page_url
from newscrawl.items import Page, Story, Warc
from newscrawl.monitoring.sources import Sources
from newscrawl.sites.model import Site
from newscrawl.sites.registry import site_of
from newscrawl.spiders.base import GONE, StorySpider, announcement
from newscrawl.storage.visits import Fetch

MAX_PENDING = 64  # stories on their way to the disk before the next page is read
CLOSING_SECONDS = 0.01  # after a story was written or dropped it still has to leave the scraper
Place = tuple[int, int]  # number of the file, offset in it


class ReplaySpider(StorySpider):
    """Reads every story page of the files in their order, each by the rules of the site it is on.

    A later page of a story, or the canonical page of its alternate edition, is looked for in the archives too: the capture that
    follows, else the last one before.
    """

    name = "replay"
    site: Site
    only: Site | None
    files: list[Path]

    @classmethod
    def from_crawler(cls, crawler: Crawler, *args: Any, **kwargs: Any) -> Self:
        spider = super().from_crawler(crawler, *args, **kwargs)
        spider.announced = set()
        spider.site_rules, spider.outcomes = {}, Sources(())
        spider.joined = set()
        spider.places = None
        spider.handed, spider.settled = 0, 0
        for signal in (signals.item_scraped, signals.item_dropped, signals.item_error):
            crawler.signals.connect(spider.count_settled, signal)
        return spider

    joined: set[tuple[str, int | None]]  # pages that were read as part of an earlier one, by file and offset
    places: dict[str, list[Place]] | None  # where each URL was captured; made when it is first needed
    place: Place  # of the capture at hand
    handed: int  # stories given to the pipelines,
    settled: int  # and those of them that were written or dropped

    def count_settled(self) -> None:
        self.settled += 1
        asyncio.get_running_loop().call_later(CLOSING_SECONDS, close_idle_scraper, self.crawler.engine, self)

    async def start(self) -> AsyncIterator[Any]:
        for place, page in self.captured():
            for story in self.stories(place, page):
                self.handed += 1
                yield story
            await self.settle(MAX_PENDING)
        await self.settle(0)

    async def settle(self, at_most: int) -> None:
        """Let others run; wait while more stories than that are under way."""
        await asyncio.sleep(0)
        while self.handed - self.settled > at_most:
            await asyncio.sleep(0.002)

    def captured(self) -> Iterator[tuple[Place, Archived]]:
        """Every capture in the order of the files; what cannot be read is counted."""
        for number, path in enumerate(self.files):
            self.count("replay/files")
            if not path.name.lower().endswith(ARCHIVES):
                if (saved := self.saved(path)) is not None:
                    yield (number, 0), saved
                continue
            archive = Archive(path)
            try:
                for page in archive.responses():
                    yield (number, page.offset or 0), page
            except OSError as error:
                self.count("replay/unreadable-file")
                self.logger.error("%s: %s", path, error.strerror or error)
            for reason, times in archive.faults.items():
                self.count(f"replay/{reason}", times)
                self.logger.warning("%s: %s, %d times", path, reason, times)

    def saved(self, path: Path) -> Archived | None:
        """A saved page, under the address that it states of itself."""
        try:
            page = saved_page(path, "")
        except (OSError, EOFError, ValueError) as error:
            self.count("replay/unreadable-file")
            self.logger.error("%s: %s", path, error)
            return None
        kind = archive_kind(page.body)
        if kind is not None:
            self.count("replay/unreadable-file")
            self.logger.error("%s: is %s, which cannot be read; convert it to WARC (.warc or .warc.gz)", path, kind)
            return None
        url = page_url(page.body)
        if url is None:
            self.count("replay/no-url")
            self.logger.warning("%s: states no address (canonical or og:url), so no site's rules can be found", path)
            return None
        return replace(page, url=url)

    def stories(self, place: Place, page: Archived) -> Iterator[Story]:
        """The stories that come of one capture: one, or none with a counted reason."""
        site = self.only if self.only and self.only.holds(page.url) else None
        if self.only is None:
            site = site_of(page.url, self.settings.get("NEWSCRAWL_SITES_DIR") or None)
        reason = self.left_out(page, site)
        if reason is not None or site is None:
            self.count(f"replay/{reason}")
            return
        self.run.sites[site.id] = site
        self.site, self.place, self.announced = site, place, {url_key(page.url)}
        self.count("replay/pages")
        look = Fetch(url_hash(page.url), announcement(Candidate(page.url), "replay"), 0)
        kwargs = {"look": look}
        yield from self.followed(self.called(self.parse_story, response_of(page, kwargs), kwargs))

    def left_out(self, page: Archived, site: Site | None) -> str | None:
        """Why a capture is not a story of its own, in one word."""
        if site is None:
            return "elsewhere"
        if (page.file, page.offset) in self.joined:
            return "later-page"
        if page.status not in (200, GONE):
            return "other-status"
        is_list = any(source.url == page.url for source in site.sources)
        return "no-story-url" if is_list or not site.is_story_url(page.url) else None

    def called(self, callback: Any, argument: Any, kwargs: dict[str, Any]) -> Iterator[Story | Request]:
        """What a callback gives; a fault of ours costs the page, as it does in a crawl."""
        try:
            yield from callback(argument, **kwargs)
        except Exception:
            self.count("replay/failed")
            self.logger.exception("%s could not be read", getattr(argument, "url", argument))

    def followed(self, outputs: Iterable[Story | Request]) -> Iterator[Story]:
        """The stories, with the requests among them answered from the archives."""
        for output in outputs:
            if isinstance(output, Story):
                yield output
                continue
            page = self.captured_at(output.url)
            if page is None:
                failure: Any = Failure(IgnoreRequest("not in the archives"))  # type: ignore[no-untyped-call]
                failure.request = output
                yield from self.followed(self.called(output.errback, failure, {}))
            else:
                response = response_of(page, output.cb_kwargs)
                yield from self.followed(self.called(output.callback, response, output.cb_kwargs))

    def captured_at(self, url: str) -> Archived | None:
        """The capture of a URL that follows the page at hand, else the last one before it."""
        if self.places is None:
            self.places = {}
            for place, page in self.captured_silently():
                if page.status == 200:
                    self.places.setdefault(url_key(page.url), []).append(place)
        places = self.places.get(url_key(url), [])
        if not places:
            return None
        number, offset = next((place for place in places if place > self.place), places[-1])
        return Archive(self.files[number]).response_at(offset)

    def captured_silently(self) -> Iterator[tuple[Place, Archived]]:
        """Every capture of the archives once more, without counting what is broken."""
        for number, path in enumerate(self.files):
            if path.name.lower().endswith(ARCHIVES):
                for page in Archive(path).responses():
                    yield (number, page.offset or 0), page

    def next_page_or_story(self, response: Response, pages: list[Story], look: Fetch) -> Iterator[Story | Request]:
        """As of a crawl; a page that was joined to a story is none of its own when its turn comes."""
        if len(pages) > 1:
            page: Archived = response.meta["newscrawl_archived"]
            self.joined.add((page.file, page.offset))
        return super().next_page_or_story(response, pages, look)

    def page(self, response: Response, look: Fetch) -> Page:
        """As of a crawl, at the time of capture."""
        page: Archived = response.meta["newscrawl_archived"]
        warc = Warc(file=page.file, offset=page.offset, length=page.length) if page.offset is not None else None
        return replace(super().page(response, look), fetched_at=page.captured_at, discovered="replay", warc=warc)


def response_of(page: Archived, kwargs: dict[str, Any]) -> Response:
    """A response as a crawl would have got it, already unpacked."""
    request = Request(page.url, meta={"newscrawl_archived": page}, cb_kwargs=kwargs)
    headers: dict[str, list[str]] = {}
    for key, value in page.headers:
        headers.setdefault(key, []).append(value)
    return Response(page.url, status=page.status, headers=headers, body=page.body, request=request)
