"""Retries responses whose compressed body was truncated."""

from __future__ import annotations

from typing import Self

from scrapy import Request
from scrapy.crawler import Crawler
from scrapy.downloadermiddlewares.retry import get_retry_request
from scrapy.http import Response

from newscrawl.downloader.exceptions import TruncatedBody
from newscrawl.downloader.throttle import ROBOTS, header, throttle_of
from newscrawl.politeness.robots import MAX_BYTES
from newscrawl.security.compression import is_whole, unpacked


class TruncatedBodyMiddleware:
    """Asks again for a page whose compressed body was cut: Scrapy would read the half that came as the whole."""

    def __init__(self, crawler: Crawler) -> None:
        self.crawler = crawler

    @classmethod
    def from_crawler(cls, crawler: Crawler) -> Self:
        return cls(crawler)

    async def process_response(self, request: Request, response: Response) -> Response | Request:
        encoding = header(response, "Content-Encoding") or ""
        if ROBOTS in request.meta:  # as much as is read of it; never a bomb, never a failure
            response.headers.pop("Content-Encoding", None)
            return response.replace(body=unpacked(response.body, encoding, MAX_BYTES))
        if is_whole(response.body, encoding):
            return response
        self.crawler.stats.inc_value("newscrawl/fetch/truncated")
        assert self.crawler.spider is not None
        again = get_retry_request(request, spider=self.crawler.spider, reason="truncated body")
        if again is None:
            raise TruncatedBody(f"truncated body: {request.url}")
        turns = throttle_of(self.crawler)
        await turns.pause(turns.patience(request))
        return again
