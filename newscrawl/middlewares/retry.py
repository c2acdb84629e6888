"""Retry middleware: Scrapy's retries with back-off and Retry-After."""

from __future__ import annotations

from scrapy import Request
from scrapy.downloadermiddlewares.retry import RetryMiddleware, get_retry_request
from scrapy.http import Response

from newscrawl.downloader.throttle import throttle_of
from newscrawl.politeness.backoff import failure_kind


class BackoffRetryMiddleware(RetryMiddleware):
    """Scrapy's retries, which come at once, with back-off and Retry-After; it waits without holding a thread."""

    async def process_response(self, request: Request, response: Response) -> Request | Response:  # type: ignore[override]
        turns = throttle_of(self.crawler)
        wait = turns.heed(request, response)
        if wait is None:
            return response
        again = self.again(request, f"http-{response.status}")
        if again is None:
            return response
        if not wait.is_for_host:  # else it waits with all others at the host's door
            await turns.pause(wait.seconds)
        return again

    async def process_exception(self, request: Request, exception: Exception) -> Request | None:  # type: ignore[override]
        if not isinstance(exception, self.exceptions_to_retry):
            return None
        again = self.again(request, failure_kind(exception))
        if again is not None:
            turns = throttle_of(self.crawler)
            await turns.pause(turns.patience(request))
        return again

    def again(self, request: Request, reason: str) -> Request | None:
        """The request to be made again, if any try is left; every error is counted."""
        self.crawler.stats.inc_value(f"newscrawl/error/{reason}")
        spider = self.crawler.spider
        if request.meta.get("dont_retry") or spider is None:
            return None
        tries = request.meta.get("max_retry_times", self.max_retry_times)
        return get_retry_request(
            request, spider=spider, reason=reason, max_retry_times=tries, priority_adjust=self.priority_adjust
        )
