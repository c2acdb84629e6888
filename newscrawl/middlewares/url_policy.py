"""Refuses requests by URL and by resolved address: pages, robots.txt, feeds, sitemaps and every redirect."""

from __future__ import annotations

from typing import Self

from scrapy import Request
from scrapy.crawler import Crawler

from newscrawl.downloader.exceptions import RequestRefused
from newscrawl.downloader.resolver import refused
from newscrawl.security.address import AllowedHosts
from newscrawl.security.url import host_port, url_refusal
from newscrawl.sites.model import on_domains


class UrlPolicyMiddleware:
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
            raise RequestRefused(f"refused ({reason}): {request.url}")


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
            raise RequestRefused(f"refused ({reason} address): {request.url}") from exception
