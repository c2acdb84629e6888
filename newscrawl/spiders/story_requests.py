"""Decides which announced URLs of a site are fetched, and makes their requests."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from typing import TYPE_CHECKING

from scrapy import Request

from newscrawl.dedup.canonical_url import url_key
from newscrawl.dedup.keys import url_hash
from newscrawl.discovery.candidate import Candidate
from newscrawl.extraction.paging import stated_page
from newscrawl.monitoring.sources import UNUSABLE
from newscrawl.politeness.budget import growing_path
from newscrawl.politeness.revisit import Visit, conditional_headers, hinted_at
from newscrawl.security.url import split
from newscrawl.spiders.base import GONE, NOT_MODIFIED, announcement
from newscrawl.spiders.source_crawl import Pending, SourceCrawl
from newscrawl.storage.visits import Fetch

if TYPE_CHECKING:
    from newscrawl.spiders.site import SiteSpider


class StoryRequests:
    """The requests for the stories of one run of a site."""

    def __init__(self, spider: SiteSpider, max_stories: int, started: int) -> None:
        self.spider, self.max_stories = spider, max_stories
        self.started = started  # seconds since 1970
        self.requested = 0  # story pages
        self.never_seen: set[str] = set()  # keys of requested URLs that no run fetched before
        self.not_due: set[str] = set()  # keys of announced URLs that are known and not due

    @property
    def is_full(self) -> bool:
        """Whether this run has requested as many stories as it may."""
        return self.requested >= self.max_stories

    def named(self, urls: Iterable[str]) -> Iterator[Request | Pending]:
        """Requests for stories that the user named, whatever is known of them."""
        for url in urls:
            key = url_key(url)
            if key in self.spider.announced:
                self.spider.count("candidate/announced-twice")
                yield Pending.SKIPPED
                continue
            self.spider.announced.add(key)
            candidate = Candidate(url)
            yield self._request(candidate, Fetch(url_hash(url), announcement(candidate, "url"), 0), None, None)

    def due(self) -> Iterator[Request | Pending]:
        """Requests for known stories that are due and that no source announced in this run."""
        for known in self.spider.output.known.due(self.started):
            if self.is_full:
                self.spider.count("budget/stories")
                return
            yield self.announced(Candidate(known["url"], known["hints"]), known["discovered"]) or Pending.SKIPPED

    def announced(self, candidate: Candidate, discovered: str, crawl: SourceCrawl | None = None) -> Request | None:
        """The request for a story that was announced or is due. None, with a counted reason, where it needs none."""
        url, spider = candidate.url, self.spider
        reason = self._refusal(url)
        if reason is not None:
            spider.count(reason)
            word = reason.partition("/")[2]
            if crawl is not None and word in UNUSABLE:
                spider.outcomes.unusable(crawl.source, word, url)
            return None
        key, page, name = url_key(url), stated_page(url), url_hash(url)
        if key in spider.announced or (page[1] > 1 and page[0] in spider.announced):
            spider.count("candidate/announced-twice" if key in spider.announced else "candidate/later-page")
            if crawl is not None and key in spider.announced:
                crawl.saw(name, is_new=key in self.never_seen, is_unseen=False)
            return None
        if page[1] == 1:  # `?p=45` may be a story's number: only a first page shows that the others are its pages
            spider.announced.add(page[0])
        hint, visit = hinted_at(candidate.hints, spider.site.timezone), spider.output.known.get(name)
        if crawl is not None:
            crawl.saw(name, is_new=visit is None, is_unseen=key not in self.not_due)
        if visit is not None and not visit.is_due(self.started, hint):
            self.not_due.add(key)
            spider.count("candidate/known" if visit.changed_at is not None else "candidate/not-due-again")
            return None
        spider.announced.add(key)
        return self._request(candidate, Fetch(name, announcement(candidate, discovered), 0, hint), visit, crawl)

    def _refusal(self, url: str) -> str | None:
        """The counted reason why an announced URL is not fetched at all. None where it may be."""
        site = self.spider.site
        if split(url) is None or not site.holds(url):
            return "candidate/elsewhere"
        if not site.is_story_url(url):
            return "candidate/no-story-url"
        if growing_path(url):
            return "budget/growing-path"
        held = self.spider.output.held_back(url)
        return f"candidate/{held}" if held is not None else None

    def _request(self, candidate: Candidate, fetch: Fetch, visit: Visit | None, crawl: SourceCrawl | None) -> Request:
        """The request for a story page, conditional where its story was read before."""
        self.requested += 1
        if visit is None:
            self.never_seen.add(url_key(candidate.url))
            fetch.budget = crawl.budget if crawl is not None else None
            self.spider.count("candidate/requested")
        else:
            self.spider.count("candidate/again")
        return Request(
            candidate.url,
            self.spider.parse_story,
            errback=self.spider.story_failed,
            headers=conditional_headers(visit if visit is not None and visit.changed_at is not None else None),
            dont_filter=True,  # `announced` filters. A redirect to a page that was fetched must not be lost
            meta={"newscrawl_domains": self.spider.site.domains, "handle_httpstatus_list": [GONE, NOT_MODIFIED]},
            cb_kwargs={"look": fetch},
        )
