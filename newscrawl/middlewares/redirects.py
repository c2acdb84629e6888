"""Scrapy's redirect middleware without the Referer header."""

from __future__ import annotations

from scrapy import Request
from scrapy.downloadermiddlewares.redirect import RedirectMiddleware
from scrapy.http import Response


class NoRefererRedirectMiddleware(RedirectMiddleware):
    """Scrapy's redirects without a Referer header: we never send one."""

    def handle_referer(self, request: Request, response: Response) -> None:
        request.headers.pop("Referer", None)

    def _engine_started(self) -> None:
        """Nothing to look up: Scrapy would warn at each start that the referer middleware is off."""
