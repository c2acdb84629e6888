"""Sends the pages of a site with `render = true` through the browser."""

from __future__ import annotations

from typing import Self

from scrapy import Request
from scrapy.crawler import Crawler
from scrapy.http import Response

from newscrawl.downloader.browser import rendered, settle
from newscrawl.downloader.exceptions import RequestRefused
from newscrawl.security.url import split
from newscrawl.sites.model import on_domains


class RenderMiddleware:
    """Sends the pages of a site with `render = true` through the browser; it is only there for such a site."""

    def __init__(self, crawler: Crawler) -> None:
        self.crawler = crawler

    @classmethod
    def from_crawler(cls, crawler: Crawler) -> Self:
        return cls(crawler)

    def process_request(self, request: Request) -> None:
        if rendered(request):
            from scrapy_playwright.page import PageMethod

            request.meta.update(playwright=True, playwright_page_methods=[PageMethod(settle)])
            for name in ("If-None-Match", "If-Modified-Since"):  # a browser shows no page for a 304
                request.headers.pop(name, None)

    def process_response(self, request: Request, response: Response) -> Response:
        """A script may lead to another site, and the browser shows a page of its own for what it could not load."""
        reason = "no-page" if split(response.url) is None else None
        domains = request.meta.get("newscrawl_domains")
        if reason is None and domains and not on_domains(response.url, domains):
            reason = "elsewhere"
        if reason is not None:
            self.crawler.stats.inc_value(f"newscrawl/refused/{reason}")
            raise RequestRefused(f"refused ({reason}): {request.url} led the browser to {response.url}")
        return response
