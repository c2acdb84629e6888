"""Brings a look at a site what it asks for: one request at a time, through the same doors as a crawl; nothing is written."""

from __future__ import annotations

from collections.abc import AsyncIterator, Awaitable, Callable
from urllib.parse import urlsplit

from scrapy import Request, Spider
from scrapy.crawler import Crawler
from scrapy.exceptions import IgnoreRequest
from scrapy.http.request import NO_CALLBACK
from scrapy.settings import BaseSettings, Settings

from newscrawl.downloader.throttle import header
from newscrawl.spiders.single_page import run_alone
from newscrawl.spiders.site import name_contact
from newscrawl.tools.reports.site_check import ADVICE
from newscrawl.tools.scaffold.find import Probe
from newscrawl.tools.scaffold.probe_result import ProbeAnswer, ProbeResult

Robots = Callable[[Crawler, str], Awaitable[ProbeAnswer | None]]  # a robots.txt that the crawl has already
TIMEOUT_SECONDS = 20  # of one answer: somebody waits at the terminal


class ProbeSpider(Spider):
    """Answers what `look` wants to know; `told` is called with each URL that is asked for."""

    name = "ask"
    look: Probe
    robots: Robots
    detail: Callable[[str], object]

    @classmethod
    def update_settings(cls, settings: BaseSettings) -> None:
        super().update_settings(settings)
        name_contact(settings)

    async def start(self) -> AsyncIterator[Request]:
        asking = self.look.run()
        wanted = next(asking, None)
        while wanted is not None:
            self.detail(wanted)
            answer = await self.answer(wanted)
            try:
                wanted = asking.send(answer)
            except StopIteration:
                break
        nothing: tuple[Request, ...] = ()
        for request in nothing:  # all was asked above: Scrapy wants a generator
            yield request

    async def answer(self, url: str) -> ProbeAnswer:
        """What came of a URL; nothing is raised."""
        try:
            is_robots = urlsplit(url).path == "/robots.txt"
            known = await self.robots(self.crawler, url) if is_robots else None
            return known or await self.ask(url)
        except IgnoreRequest as error:
            return ProbeAnswer(url, url, problem=str(error))
        except Exception as error:  # noqa: BLE001 - whatever kept it from coming: it is reported, and the look goes on
            return ProbeAnswer(url, url, problem=f"{type(error).__name__}: {error}"[:300])

    async def ask(self, url: str) -> ProbeAnswer:
        assert self.crawler.engine is not None
        request = Request(url, NO_CALLBACK, dont_filter=True)
        response = await self.crawler.engine.download_async(request)
        self.look.found.requests += response.meta.get("redirect_times", 0)  # each was a request too
        advice = f" ({ADVICE[response.status]})" if response.status in (429,) else ""
        problem = f"answered {response.status}{advice}" if response.status != 200 else None
        return ProbeAnswer(url, response.url, response.body, header(response, "Content-Type"), problem)


def look_at(settings: Settings, look: Probe, robots: Robots, detail: Callable[[str], object]) -> ProbeResult:
    """What is found of a site. Runs the reactor: once in a process."""
    settings = settings.copy()
    quiet = {"LOG_LEVEL": "CRITICAL", "ITEM_PIPELINES": {}, "EXTENSIONS": {}, "AUTOTHROTTLE_ENABLED": False}
    settings.setdict(
        {**quiet, "CONCURRENT_REQUESTS": 1, "DOWNLOAD_TIMEOUT": TIMEOUT_SECONDS, "RETRY_TIMES": 0}, priority="cmdline"
    )
    run_alone(settings, ProbeSpider, look=look, robots=robots, detail=detail)
    return look.found
