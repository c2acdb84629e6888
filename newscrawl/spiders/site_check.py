"""The check of the catalogue: every source of some sites, and one story of each; nothing of it is written.

One request at a time a host, in whatever way the downloader counts: the next is made when one is answered.
"""

from __future__ import annotations

import time
from collections import deque
from collections.abc import AsyncIterator, Iterator
from datetime import UTC, datetime
from typing import Any
from urllib.parse import urlsplit

from scrapy import Request, Spider
from scrapy.http import Response
from scrapy.settings import BaseSettings

from newscrawl.discovery.candidate import Candidate
from newscrawl.downloader.browser import SHOWN_KINDS, use_browser
from newscrawl.extraction.story import FetchInfo, open_page, story_of
from newscrawl.items import Story
from newscrawl.security.markup import is_html
from newscrawl.security.url import split
from newscrawl.sites.model import Source
from newscrawl.spiders.site import name_contact
from newscrawl.spiders.source_requests import announced_by
from newscrawl.tools.reports.site_check import (
    SiteCheck,
    SiteFinding,
    failed_request,
    not_reached,
    not_shown,
    of_source,
    of_story,
)

TIMEOUT_SECONDS = 10  # of one answer; robots.txt may take as long once more
MAX_INDEX_DEPTH = 3  # of sitemaps that name sitemaps
FIELDS = ("headline", "subheadline", "byline", "published", "section")


class SiteCheckSpider(Spider):
    """Fills the findings of `checks`; after `seconds` nothing more is asked for."""

    name = "check"
    checks: list[SiteCheck]
    seconds: float
    rendered_site: str | None = None  # one with `render = true`, if there is any and a browser for it

    @classmethod
    def update_settings(cls, settings: BaseSettings) -> None:
        super().update_settings(settings)
        name_contact(settings)
        if cls.rendered_site:
            use_browser(settings, cls.rendered_site)

    async def start(self) -> AsyncIterator[Request]:
        self.ends_at = time.monotonic() + self.seconds
        self.waiting: dict[str, deque[Request]] = {}
        self.busy: set[str] = set()
        for check in self.checks:
            for source in check.site.sources:
                if check.no_browser and source.kind in SHOWN_KINDS:
                    check.findings.append(not_shown(source.kind, source.url, check.no_browser))
                else:
                    self.line_up(self.source_request(check, source, source.url, 1))
        for host in list(self.waiting):
            for request in self.next_of(host):
                yield request

    def source_request(self, check: SiteCheck, source: Source, url: str, depth: int) -> Request:
        about = {"check": check, "source": source, "depth": depth}
        meta = {"newscrawl_render": check.site.render and source.kind in SHOWN_KINDS}
        return Request(url, self.parse_source, errback=self.failed, dont_filter=True, meta=meta, cb_kwargs=about)

    def line_up(self, request: Request, *, is_next: bool = False) -> str:
        """Put a request in its host's line; the host."""
        host = urlsplit(request.url).netloc.lower()
        line = self.waiting.setdefault(host, deque())
        if is_next:
            line.appendleft(request)
        else:
            line.append(request)
        return host

    def next_of(self, host: str) -> Iterator[Request]:
        """The next request of a host; none while another of it is under way, or when time is up."""
        line = self.waiting[host]
        if host in self.busy or not line:
            return
        if time.monotonic() >= self.ends_at:
            for request in line:
                self.add(request, not_reached(what_of(request), request.url))
            line.clear()
            return
        self.busy.add(host)
        request = line.popleft()
        request.meta["newscrawl_line"] = host
        yield request

    def answered(self, request: Request) -> Iterator[Request]:
        host = request.meta["newscrawl_line"]
        self.busy.discard(host)
        yield from self.next_of(host)

    def add(self, request: Request, finding: SiteFinding) -> None:
        request.cb_kwargs["check"].findings.append(finding)

    def failed(self, failure: Any) -> Iterator[Request]:
        self.add(failure.request, failed_request(what_of(failure.request), failure.request.url, failure.value))
        yield from self.answered(failure.request)

    def parse_source(self, response: Response, check: SiteCheck, source: Source, depth: int) -> Iterator[Request]:
        request = response.request
        assert request is not None
        try:
            hosts = self.read_source(response, check, source, depth)
        except Exception as error:  # noqa: BLE001 - one site's fault must not end the check of the others
            self.add(request, failed_request(source.kind, source.url, error))
            hosts = []
        yield from self.answered(request)
        for host in hosts:
            yield from self.next_of(host)

    def read_source(self, response: Response, check: SiteCheck, source: Source, depth: int) -> list[str]:
        """Note what a source announces; the hosts that have something more to be asked."""
        announced = announced_by(source, response)
        if source.kind == "news-sitemap" and not announced.candidates and announced.next_pages:
            if depth < MAX_INDEX_DEPTH:
                return [self.line_up(self.source_request(check, source, announced.next_pages[0], depth + 1))]
            announced.broken = "an index of indexes"
        site = check.site
        links = [found for found in announced.candidates if split(found.url)]
        usable = [found for found in links if site.holds(found.url) and site.is_story_url(found.url)]
        example = links[0].url if links else None
        check.findings.append(of_source(source, len(links), len(usable), example, announced.broken))
        check.announced += len(usable)
        if not usable or check.is_story_chosen:
            return []
        check.is_story_chosen = True
        if check.no_browser:
            check.findings.append(not_shown("story", usable[0].url, check.no_browser))
            return []
        about = {"check": check, "source": source, "candidate": usable[0]}
        meta = {"newscrawl_domains": site.domains, "newscrawl_render": site.render}
        story = Request(
            usable[0].url, self.parse_story, errback=self.failed, dont_filter=True, meta=meta, cb_kwargs=about
        )
        return [self.line_up(story, is_next=True)]

    def parse_story(
        self, response: Response, check: SiteCheck, source: Source, candidate: Candidate
    ) -> Iterator[Request]:
        assert response.request is not None
        try:
            finding = read_finding(response, check, source, candidate)
        except Exception as error:  # noqa: BLE001 - as above
            finding = failed_request("story", response.url, error)
        self.add(response.request, finding)
        yield from self.answered(response.request)


def what_of(request: Request) -> str:
    return "story" if "candidate" in request.cb_kwargs else str(request.cb_kwargs["source"].kind)


def read_finding(response: Response, check: SiteCheck, source: Source, candidate: Candidate) -> SiteFinding:
    """What came of one story's page."""
    stated = response.headers.get("Content-Type")
    content_type = stated.decode("latin-1") if stated else None
    if not is_html(response.body, content_type):
        problem = f"it is not a page ({content_type or 'no content type'})"
        return SiteFinding("story", response.url, problem=problem, advice="narrow `story_url`")
    now = datetime.now(UTC)
    fetched = FetchInfo(
        fetched_at=now,
        discovered=source.kind,  # type: ignore[arg-type]
        content_type=content_type,
        hints=candidate.hints,
    )
    document, warnings = open_page(response.body, response.url, check.site, content_type, now.date())
    story = story_of(document, warnings, response.body, response.url, check.site, fetched)
    layout = check.site.layout_on(now.date())
    missing = [name for name in FIELDS if getattr(layout, name, None) and name not in document.rules.texts]
    if layout is not None and layout.body and not is_ruled(story):
        missing.append("body")
    return of_story(story, layout, missing)


def is_ruled(story: Story) -> bool:
    """Whether the site file's `body` gave the text."""
    return story.extraction is not None and story.extraction.origins.text == "site-rule"
