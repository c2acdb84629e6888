"""Single pages, fetched through the same doors as a crawl; nothing of them is written."""

from __future__ import annotations

from collections.abc import AsyncIterator
from typing import Any

from scrapy import Request, Spider
from scrapy.crawler import AsyncCrawlerProcess
from scrapy.http import Response
from scrapy.settings import BaseSettings, Settings
from twisted.python.failure import Failure

from newscrawl.monitoring.signals import Stopped, stop_by_exception
from newscrawl.spiders.site import name_contact


class SinglePageSpider(Spider):
    """Puts each page of `urls` into `found` under its URL, or into `failed` why there is none."""

    name = "page"
    urls: list[str]
    found: dict[str, Response]
    failed: dict[str, str]

    @classmethod
    def update_settings(cls, settings: BaseSettings) -> None:
        super().update_settings(settings)
        name_contact(settings)

    async def start(self) -> AsyncIterator[Request]:
        for url in self.urls:
            meta = {"handle_httpstatus_all": True}
            yield Request(url, self.keep, errback=self.fail, meta=meta, cb_kwargs={"asked": url}, dont_filter=True)

    def keep(self, response: Response, asked: str) -> None:
        if response.status == 200:
            self.found[asked] = response
        else:
            self.failed[asked] = f"{response.url} answered {response.status}"

    def fail(self, failure: Failure) -> None:
        asked = failure.request.cb_kwargs["asked"]  # type: ignore[attr-defined]
        self.failed[asked] = str(failure.value) or type(failure.value).__name__


def run_alone(settings: Settings, spider: type[Spider], **arguments: Any) -> None:
    """Run the one small crawl of a command to its end. Stopped: a signal ended it. The reactor runs once in a process."""
    process = AsyncCrawlerProcess(settings)
    crawler = process.create_crawler(spider)
    task: Any = process.crawl(crawler, **arguments)
    process.start()
    stop_by_exception()  # Scrapy's own handlers would go on counting the signals of a crawl that is over
    if task.done() and not task.cancelled() and task.exception():
        raise task.exception()
    if crawler.stats is not None and crawler.stats.get_value("finish_reason") in ("shutdown", None):
        raise Stopped("a signal")


def fetch_pages(settings: Settings, urls: list[str]) -> dict[str, Response | str]:
    """For each URL its page, or why there is none. Runs the reactor: once in a process."""
    settings = settings.copy()
    quiet = {"LOG_LEVEL": "ERROR", "ITEM_PIPELINES": {}, "EXTENSIONS": {}}
    # One at a time: of several requests that wait for one robots.txt Scrapy 2.19 lets all but the first two pass unasked.
    settings.setdict({**quiet, "CONCURRENT_REQUESTS": 1}, priority="cmdline")
    found: dict[str, Response] = {}
    failed: dict[str, str] = {}
    run_alone(settings, SinglePageSpider, urls=list(dict.fromkeys(urls)), found=found, failed=failed)
    return {url: found.get(url) or failed.get(url, "no answer") for url in urls}
