"""One page, fetched through the same doors as a crawl; nothing of it is written."""

from __future__ import annotations

from collections.abc import AsyncIterator

from scrapy import Request, Spider
from scrapy.http import Response
from scrapy.settings import BaseSettings
from twisted.python.failure import Failure

from newscrawl.spiders.wire import name_contact


class PageSpider(Spider):
    """Puts the page into `found`, or into `failed` why there is none."""

    name = "page"
    url: str
    found: list[Response]
    failed: list[str]

    @classmethod
    def update_settings(cls, settings: BaseSettings) -> None:
        super().update_settings(settings)
        name_contact(settings)

    async def start(self) -> AsyncIterator[Request]:
        yield Request(self.url, self.keep, errback=self.fail, meta={"handle_httpstatus_all": True})

    def keep(self, response: Response) -> None:
        if response.status == 200:
            self.found.append(response)
        else:
            self.failed.append(f"{response.url} answered {response.status}")

    def fail(self, failure: Failure) -> None:
        self.failed.append(str(failure.value) or type(failure.value).__name__)
