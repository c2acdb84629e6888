"""Brings a look at a site what it asks for: one request at a time, through the same doors as a crawl; nothing is written."""

from __future__ import annotations

from collections.abc import AsyncIterator, Awaitable, Callable
from urllib.parse import urlsplit

from scrapy import Request, Spider
from scrapy.crawler import Crawler
from scrapy.exceptions import IgnoreRequest
from scrapy.http.request import NO_CALLBACK
from scrapy.settings import BaseSettings, Settings

from newscrawl.adding.find import Look
from newscrawl.adding.looked import Answer, Looked
from newscrawl.downloader import header
from newscrawl.report.check import ADVICE
from newscrawl.spiders.page import run_alone
from newscrawl.spiders.wire import name_contact

Robots = Callable[[Crawler, str], Awaitable[Answer | None]]  # a robots.txt that the crawl has already
TIMEOUT_SECONDS = 20  # of one answer: somebody waits at the terminal


class AskSpider(Spider):
    """Answers what `look` wants to know; `told` is called with each URL that is asked for."""

    name = "ask"
    look: Look
    robots: Robots
    told: Callable[[str], object]

    @classmethod
    def update_settings(cls, settings: BaseSettings) -> None:
        super().update_settings(settings)
        name_contact(settings)

    async def start(self) -> AsyncIterator[Request]:
        asking = self.look.run()
        wanted = next(asking, None)
        while wanted is not None:
            self.told(wanted)
            answer = await self.answer(wanted)
            try:
                wanted = asking.send(answer)
            except StopIteration:
                break
        nothing: tuple[Request, ...] = ()
        for request in nothing:  # all was asked above: Scrapy wants a generator
            yield request

    async def answer(self, url: str) -> Answer:
        """What came of a URL; nothing is raised."""
        try:
            is_robots = urlsplit(url).path == "/robots.txt"
            known = await self.robots(self.crawler, url) if is_robots else None
            return known or await self.ask(url)
        except IgnoreRequest as error:
            return Answer(url, url, problem=str(error))
        except Exception as error:  # noqa: BLE001 - whatever kept it from coming: it is told, and the look goes on
            return Answer(url, url, problem=f"{type(error).__name__}: {error}"[:300])

    async def ask(self, url: str) -> Answer:
        assert self.crawler.engine is not None
        request = Request(url, NO_CALLBACK, dont_filter=True)
        response = await self.crawler.engine.download_async(request)
        self.look.found.requests += response.meta.get("redirect_times", 0)  # each was a request too
        advice = f" ({ADVICE[response.status]})" if response.status in (429,) else ""
        problem = f"answered {response.status}{advice}" if response.status != 200 else None
        return Answer(url, response.url, response.body, header(response, "Content-Type"), problem)


def look_at(settings: Settings, look: Look, robots: Robots, told: Callable[[str], object]) -> Looked:
    """What is found of a site. Runs the reactor: once in a process."""
    settings = settings.copy()
    quiet = {"LOG_LEVEL": "CRITICAL", "ITEM_PIPELINES": {}, "EXTENSIONS": {}, "AUTOTHROTTLE_ENABLED": False}
    settings.setdict(
        {**quiet, "CONCURRENT_REQUESTS": 1, "DOWNLOAD_TIMEOUT": TIMEOUT_SECONDS, "RETRY_TIMES": 0}, priority="cmdline"
    )
    run_alone(settings, AskSpider, look=look, robots=robots, told=told)
    return look.found
