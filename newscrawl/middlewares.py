"""Doors in the way of every request: pages, robots.txt, feeds, sitemaps and each redirect pass them."""

from __future__ import annotations

from typing import Self

from scrapy import Request
from scrapy.crawler import Crawler
from scrapy.downloadermiddlewares.redirect import RedirectMiddleware
from scrapy.downloadermiddlewares.retry import get_retry_request
from scrapy.exceptions import IgnoreRequest
from scrapy.http import Response

from newscrawl.browser import rendered, settle
from newscrawl.catalog.site import on_domains
from newscrawl.guards.address import AllowedHosts
from newscrawl.guards.compression import is_whole
from newscrawl.guards.url import host_port, split, url_refusal
from newscrawl.resolver import refused


class Truncated(IgnoreRequest):
    """A page that never came whole."""


class Refused(IgnoreRequest):
    """A request that must not be made; its text says why."""


class UrlGuardMiddleware:
    """Refuses URLs by scheme, form and literal address, and stories whose redirect leaves the site."""

    def __init__(self, crawler: Crawler) -> None:
        self.crawler = crawler
        self.allowed = AllowedHosts.parse(crawler.settings.getlist("NEWSCRAWL_ALLOWED_PRIVATE_HOSTS"))

    @classmethod
    def from_crawler(cls, crawler: Crawler) -> Self:
        return cls(crawler)

    def process_request(self, request: Request) -> None:
        reason = url_refusal(request.url, self.allowed)
        domains = request.meta.get("newscrawl_domains")
        if reason is None and domains and not on_domains(request.url, domains):
            reason = "elsewhere"
        if reason is not None:
            self.crawler.stats.inc_value(f"newscrawl/refused/{reason}")
            raise Refused(f"refused ({reason}): {request.url}")


class WholeBodyMiddleware:
    """Asks again for a page whose compressed body was cut: Scrapy would read the half that came as the whole."""

    def __init__(self, crawler: Crawler) -> None:
        self.crawler = crawler

    @classmethod
    def from_crawler(cls, crawler: Crawler) -> Self:
        return cls(crawler)

    def process_response(self, request: Request, response: Response) -> Response | Request:
        encoding = (response.headers.get("Content-Encoding") or b"").decode("latin-1")
        if is_whole(response.body, encoding):
            return response
        self.crawler.stats.inc_value("newscrawl/fetch/truncated")
        assert self.crawler.spider is not None
        again = get_retry_request(request, spider=self.crawler.spider, reason="truncated body")
        if again is None:
            raise Truncated(f"truncated body: {request.url}")
        return again


class RefusedAddressMiddleware:
    """Turns a connection that the resolver refused into a counted reason, so that it is not tried again."""

    def __init__(self, crawler: Crawler) -> None:
        self.crawler = crawler

    @classmethod
    def from_crawler(cls, crawler: Crawler) -> Self:
        return cls(crawler)

    def process_exception(self, request: Request, exception: Exception) -> None:
        pair = host_port(request.url)
        reason = refused.get(pair) if pair else None
        if reason is not None:
            self.crawler.stats.inc_value(f"newscrawl/refused/{reason}")
            raise Refused(f"refused ({reason} address): {request.url}") from exception


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
            raise Refused(f"refused ({reason}): {request.url} led the browser to {response.url}")
        return response


class PlainRedirectMiddleware(RedirectMiddleware):
    """Scrapy's redirects without a Referer header: we never send one."""

    def handle_referer(self, request: Request, response: Response) -> None:
        request.headers.pop("Referer", None)

    def _engine_started(self) -> None:
        """Nothing to look up: Scrapy would warn at each start that the referer middleware is off."""
