"""Drops block pages, challenges and error pages, which are never stories."""

from __future__ import annotations

from typing import Any, Self

from scrapy import Request
from scrapy.crawler import Crawler
from scrapy.http import Response

from newscrawl.downloader.exceptions import (
    Blocked,
    SamePage,
)
from newscrawl.downloader.throttle import ROBOTS
from newscrawl.extraction.block_page import SAME_PAGE, SamePages, block_reason


class BlockPageMiddleware:
    """Drops what is not a page but a refusal: it is counted as blocked, and nothing of it is read."""

    def __init__(self, crawler: Crawler) -> None:
        self.crawler = crawler
        self.same = SamePages()

    @classmethod
    def from_crawler(cls, crawler: Crawler) -> Self:
        return cls(crawler)

    def process_response(self, request: Request, response: Response) -> Response:
        if ROBOTS in request.meta:
            return response
        asked: list[Any] = request.meta.get("redirect_urls") or [request.url]
        reason = block_reason(response.body, response.status, response.url, asked[0])
        if reason is None and response.status == 200 and request.meta.get("newscrawl_domains"):
            reason = self.same.reason(response.url, response.body)
        if reason is not None:
            self.crawler.stats.inc_value(f"newscrawl/blocked/{reason}")
            raise (SamePage if reason == SAME_PAGE else Blocked)(f"blocked ({reason}): {response.url}")
        return response
