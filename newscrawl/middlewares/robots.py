"""robots.txt middleware (RFC 9309): fetches, caches and applies it to every request.

The decisions are in `politeness/robots.py`; the delays are applied by the downloader.
"""

from __future__ import annotations

import asyncio
import time
from typing import Self

from scrapy import Request, signals
from scrapy.crawler import Crawler
from scrapy.exceptions import NotConfigured, StopDownload
from scrapy.http import Response
from scrapy.http.request import NO_CALLBACK

from newscrawl.downloader.exceptions import (
    CrawlStopping,
    HostSuspended,
    RequestRefused,
    RobotsForbidden,
    RobotsUnreachable,
)
from newscrawl.downloader.throttle import ROBOTS, header, throttle_of
from newscrawl.politeness.backoff import failure_kind
from newscrawl.politeness.robots import (
    FRESH_SECONDS,
    MAX_BYTES,
    MAX_REDIRECTS,
    TIMEOUT_SECONDS,
    ResolvedRobots,
    RobotsAnswer,
    RobotsCopy,
    Rules,
    looks_like_html,
    redirect_target,
    resolve_robots,
    robots_site,
)
from newscrawl.storage.robots_cache import RobotsCache


class RobotsMiddleware:
    """robots.txt by RFC 9309, for every request; Scrapy's own ignores the status and knows no delay."""

    def __init__(self, crawler: Crawler) -> None:
        if not crawler.settings.getbool("ROBOTSTXT_OBEY"):
            raise NotConfigured
        self.crawler = crawler
        self.agent: str = crawler.settings["ROBOTSTXT_USER_AGENT"] or crawler.settings["BOT_NAME"]
        self.known: dict[str, asyncio.Future[SiteRobots]] = {}

    @classmethod
    def from_crawler(cls, crawler: Crawler) -> Self:
        middleware = cls(crawler)
        crawler.signals.connect(middleware.bytes_received, signals.bytes_received)
        return middleware

    async def process_request(self, request: Request) -> None:
        if request.meta.get("dont_obey_robotstxt"):
            return
        robots = await self.robots(request.url)
        if robots.rules is None:
            self.count("unreachable")
            raise RobotsUnreachable(f"robots.txt cannot be read ({robots.settled.unreachable}): {request.url}")
        if not robots.rules.allows(request.url):
            self.count("forbidden")
            raise RobotsForbidden(f"forbidden by robots.txt: {request.url}")

    def count(self, what: str) -> None:
        self.crawler.stats.inc_value(f"newscrawl/robots/{what}")

    async def robots(self, url: str) -> SiteRobots:
        """What robots.txt says for a URL's site: from memory, from the cache, or asked for now; once for all who wait."""
        site = robots_site(url)
        robots = self.known.get(site)
        if robots is None or (robots.done() and not robots.exception() and robots.result().is_over(time.time())):
            robots = self.known[site] = asyncio.ensure_future(self.load(site))
        found = await asyncio.shield(robots)
        if found.rules is not None:
            throttle_of(self.crawler).slow(url, found.rules.delay_seconds)
        return found

    async def sitemaps(self, url: str) -> list[str]:
        """The sitemaps that the robots.txt of a URL's site names."""
        robots = await self.robots(url)
        return robots.rules.sitemaps if robots.rules is not None else []

    async def load(self, site: str) -> SiteRobots:
        cache = RobotsCache(throttle_of(self.crawler).state_folder)
        known = cache.read(site)
        if known is not None and known.is_fresh(time.time()):
            self.count("cached")
            return SiteRobots(ResolvedRobots(known), self.agent)
        settled = resolve_robots(await self.fetch(site, known), known, site, time.time())
        if settled.is_news and settled.copy is not None:
            cache.keep(settled.copy)
            self.count("html" if looks_like_html(settled.copy.body) else "fetched")
        elif settled.copy is not None:
            self.count("stale")
        return SiteRobots(settled, self.agent)

    async def fetch(self, site: str, known: RobotsCopy | None) -> RobotsAnswer:
        """The answer for a site's robots.txt after at most five redirects, each through all doors."""
        url = f"{site}/robots.txt"
        for _ in range(MAX_REDIRECTS + 1):
            response = await self.asked(url, known)
            if isinstance(response, str):
                return RobotsAnswer(url, failure=response)
            target = redirect_target(response.status, url, header(response, "Location"))
            if target is None:
                etag, last_modified = header(response, "ETag"), header(response, "Last-Modified")
                return RobotsAnswer(url, response.status, response.body, etag, last_modified)
            url = target
        return RobotsAnswer(url, status=404)  # too many redirects: the RFC lets it count as not there

    async def asked(self, url: str, known: RobotsCopy | None, tries: int = 2) -> Response | str:
        """The response, or one word for what kept it from coming; a lost connection may have been an idle one's end."""
        try:
            return await self.ask(url, known)
        except (HostSuspended, CrawlStopping):
            raise
        except RequestRefused:
            return "refused"
        except Exception as error:  # noqa: BLE001 - whatever it was: robots.txt could not be reached
            kind = failure_kind(error)
        return await self.asked(url, known, tries - 1) if kind == "connection" and tries > 1 else kind

    async def ask(self, url: str, known: RobotsCopy | None) -> Response:
        assert self.crawler.engine is not None
        headers = {"Accept-Encoding": "identity"}
        if known is not None and known.url == url and known.status < 300:
            headers |= {"If-None-Match": known.etag} if known.etag else {}
            headers |= {"If-Modified-Since": known.last_modified} if known.last_modified else {}
        meta = {
            ROBOTS: 0,
            "dont_obey_robotstxt": True,
            "dont_redirect": True,
            "dont_retry": True,
            "download_timeout": TIMEOUT_SECONDS,
            "download_maxsize": 0,
        }
        request = Request(url, NO_CALLBACK, headers=headers, meta=meta, priority=1000)
        return await self.crawler.engine.download_async(request)

    def bytes_received(self, data: bytes, request: Request) -> None:
        """Hang up on a robots.txt that is longer than what must be parsed."""
        if ROBOTS not in request.meta:
            return
        request.meta[ROBOTS] += len(data)
        if request.meta[ROBOTS] > MAX_BYTES:
            raise StopDownload(fail=False)


class SiteRobots:
    """What holds for a site in this process; `rules` is None where nothing may be fetched."""

    def __init__(self, settled: ResolvedRobots, agent: str) -> None:
        self.settled = settled
        self.rules = Rules(settled.copy.body, agent) if settled.copy is not None else None
        self.over_at = time.time() + FRESH_SECONDS

    def is_over(self, now: float) -> bool:
        return now >= self.over_at
