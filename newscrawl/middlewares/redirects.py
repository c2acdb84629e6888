"""Scrapy's redirect middleware without the Referer header."""

from __future__ import annotations

from scrapy import Request
from scrapy.downloadermiddlewares.redirect import RedirectMiddleware
from scrapy.http import Response

from newscrawl.downloader.scrapy_internals import NoRefererWarning


class NoRefererRedirectMiddleware(NoRefererWarning, RedirectMiddleware):
    """Scrapy's redirects without a Referer header."""

    def handle_referer(self, request: Request, response: Response) -> None:
        request.headers.pop("Referer", None)
