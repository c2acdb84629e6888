"""The last door before the network: every request waits here for its host's turn.

Pages, robots.txt, feeds, redirects and retries alike pass it, of all slots and of all processes that share an
output folder. Scrapy's own delay counts from the sending and ends at the process.
"""

from __future__ import annotations

import asyncio
import logging
import random
import time
from datetime import UTC, datetime
from pathlib import Path

from scrapy import Request, signals
from scrapy.core.downloader import Downloader
from scrapy.core.downloader.handlers.http11 import HTTP11DownloadHandler
from scrapy.crawler import Crawler
from scrapy.http import Response

from newscrawl.downloader.exceptions import CrawlStopping, HostSuspended
from newscrawl.downloader.scrapy_internals import disable_automatic_retry, is_closing, remove_slot_delay
from newscrawl.politeness.backoff import Wait, backoff_seconds, wait_after
from newscrawl.storage.host_schedule import SURELY_ARRIVED_SECONDS, host_key, interval_seconds, seconds_to_turn
from newscrawl.storage.hosts import HostLease, HostRequestTimes

logger = logging.getLogger(__name__)
POLL_SECONDS = 0.05  # how often another process's lease is asked for
SLICE_SECONDS = 1.0  # no wait is longer without a look whether the crawl ends
LEASE_SECONDS = 1.0  # how long a lease is kept by requests that overlap, where another process wants it
MAX_REFUSALS = 10  # so many 429 and 503 in a row, and the host is suspended
ROBOTS = "newscrawl_robots"  # in the meta of a request for robots.txt: the bytes that came so far


def header(response: Response, name: str) -> str | None:
    value = response.headers.get(name)
    return value.decode("latin-1") if value is not None else None


class Host:
    """One host as this process sees it."""

    def __init__(self, lease: HostLease, concurrency: int) -> None:
        self.lease, self.concurrency = lease, concurrency
        self.order = asyncio.Lock()  # first come, first served
        self.changed = asyncio.Event()
        self.sent: dict[int, float] = {}  # id of a request in flight -> when it was sent, monotonic
        self.unanswered: dict[int, float] = {}
        self.last_at = -1e9  # monotonic: a wall clock that jumps ahead must not shorten a wait
        self.leased_at = self.yields_until = 0.0
        self.robots_delay = 0.0
        self.refusals = 0
        self.is_aside = False

    async def pause(self, seconds: float) -> None:
        """Wait, but not longer than until something changes."""
        self.changed.clear()
        try:
            await asyncio.wait_for(self.changed.wait(), min(seconds, SLICE_SECONDS))
        except TimeoutError:
            return

    def send(self, request: Request) -> None:
        self.last_at = self.sent[id(request)] = self.unanswered[id(request)] = time.monotonic()
        try:
            self.lease.keep(HostRequestTimes(time.time()))
        except BaseException:
            self.leave(request)
            raise

    def arrived(self, key: int) -> None:
        """The host has the request: from now on its interval counts."""
        if self.unanswered.pop(key, None) is None:
            return
        self.last_at = time.monotonic()
        if self.lease.is_held:
            self.lease.times = HostRequestTimes(time.time())
        self.changed.set()

    def leave(self, request: Request) -> None:
        self.arrived(id(request))
        self.sent.pop(id(request), None)
        if not self.sent:
            self.lease.release()
            if self.must_yield():
                self.yields_until = time.monotonic() + 2 * POLL_SECONDS
        self.changed.set()

    def must_yield(self) -> bool:
        """Whether another process waits and this one has had its time."""
        return time.monotonic() - self.leased_at > LEASE_SECONDS and self.lease.is_wanted(LEASE_SECONDS)

    def silent_seconds(self) -> float | None:
        """Seconds since the newest request was sent that has no answer yet; those of long ago count as arrived."""
        now = time.monotonic()
        for key, sent_at in list(self.unanswered.items()):
            if now - sent_at >= SURELY_ARRIVED_SECONDS:
                self.arrived(key)
        return now - max(self.unanswered.values()) if self.unanswered else None

    def seconds_left(self, interval: float, longest_wait: float) -> float:
        """How long to wait before a request may be sent; at 0 the lease is held. PutAside: longer than a run waits."""
        now, monotonic = time.time(), time.monotonic()
        not_before = self.lease.not_before()
        if self.is_aside or not_before.at - now > longest_wait:
            self.is_aside = True
            until = time.strftime("%Y-%m-%dT%H:%M:%SZ", time.gmtime(not_before.at))
            raise HostSuspended(f"{self.lease.host} is put aside until {until} ({not_before.reason})")
        if len(self.sent) >= self.concurrency:  # Scrapy's slots start all that wait where they have no delay
            return SLICE_SECONDS
        if not self.lease.is_held:
            if monotonic < self.yields_until or not self.lease.take():
                return POLL_SECONDS * random.uniform(0.5, 1.5)
            self.leased_at = monotonic
        elif self.must_yield():
            return POLL_SECONDS
        left = seconds_to_turn(self.lease.times, now, interval, not_before.at, self.silent_seconds())
        left = max(left, self.last_at + interval - monotonic)
        if left > 0 and not self.sent:
            self.lease.release()
        return left


class HostThrottle:
    """The hosts of a crawl and their turns."""

    def __init__(self, crawler: Crawler) -> None:
        settings = crawler.settings
        self.crawler = crawler
        self.state_folder = Path(settings["NEWSCRAWL_OUTPUT_DIR"]) / "state"
        self.site_delay = settings.getfloat("DOWNLOAD_DELAY")
        self.longest_robots_delay = settings.getfloat("NEWSCRAWL_MAX_CRAWL_DELAY_SECONDS")
        self.longest_wait = settings.getfloat("NEWSCRAWL_MAX_RETRY_AFTER_SECONDS")
        self.backoff = settings.getfloat("NEWSCRAWL_BACKOFF_SECONDS")
        self.retry_statuses = {int(status) for status in settings.getlist("RETRY_HTTP_CODES")}
        self.concurrency = max(settings.getint("CONCURRENT_REQUESTS_PER_DOMAIN"), 1)
        self.hosts: dict[str, Host] = {}
        crawler.signals.connect(self.headers_received, signals.headers_received)

    def host(self, url: str) -> Host:
        key = host_key(url)
        if key not in self.hosts:
            self.hosts[key] = Host(HostLease(self.state_folder, key), self.concurrency)
        return self.hosts[key]

    async def take(self, request: Request) -> Host:
        """Wait until the request may be sent; PutAside or Stopping if it may not. `leave` ends what this begins."""
        host = self.host(request.url)
        async with host.order:
            while True:
                interval = interval_seconds(self.site_delay, host.robots_delay, self.longest_robots_delay)
                left = host.seconds_left(interval, self.longest_wait)
                if left <= 0:
                    break
                self.require_running()
                await host.pause(left)
            host.send(request)
        return host

    def headers_received(self, request: Request) -> None:
        self.host(request.url).arrived(id(request))

    async def pause(self, seconds: float) -> None:
        """Wait in slices; Stopping when the crawl ends."""
        until = time.monotonic() + seconds
        while (left := until - time.monotonic()) > 0:
            self.require_running()
            await asyncio.sleep(min(left, SLICE_SECONDS))

    def patience(self, request: Request) -> float:
        """Seconds before a request that brought no answer is tried again."""
        return backoff_seconds(request.meta.get("retry_times", 0) + 1, self.backoff, random.random())

    def require_running(self) -> None:
        if is_closing(self.crawler.engine):
            raise CrawlStopping("the crawl ends before the host's turn")

    def slow(self, url: str, robots_delay: float) -> None:
        """Keep to what a robots.txt asks for; of several (http and https), the slowest."""
        host = self.host(url)
        host.robots_delay = max(host.robots_delay, robots_delay)

    def hold(self, url: str, seconds: float, reason: str) -> None:
        """Leave a host alone for some time, in every process; for this run altogether if it keeps on refusing."""
        host = self.host(url)
        host.refusals += 1
        if host.refusals >= MAX_REFUSALS:
            host.is_aside, seconds = True, max(seconds, self.longest_wait)
        if seconds > self.longest_wait or host.is_aside:
            logger.warning("%s is put aside for this run: %s, not before %.0f s", host.lease.host, reason, seconds)
        host.lease.leave_alone(time.time() + seconds, reason)
        host.changed.set()

    def heed(self, request: Request, response: Response) -> Wait | None:
        """How long to wait after an answer, and who; None for one that is not tried again."""
        if response.status not in self.retry_statuses:
            self.host(request.url).refusals = 0
            return None
        asked = header(response, "Retry-After")
        attempt = request.meta.get("retry_times", 0) + 1
        return wait_after(
            response.status,
            asked,
            attempt,
            datetime.now(UTC),
            self.backoff,
            random.random(),
        )


class PerHostDownloader(Downloader):
    """Scrapy's downloader with a slot for each host and port; its own were one a name. Delays are the turn's."""

    def __init__(self, crawler: Crawler) -> None:
        self.turns = HostThrottle(crawler)
        super().__init__(crawler)
        remove_slot_delay(self)

    def get_slot_key(self, request: Request) -> str:
        slot: str | None = request.meta.get(self.DOWNLOAD_SLOT)
        return slot if slot is not None else host_key(request.url)


def throttle_of(crawler: Crawler) -> HostThrottle:
    """The turns of a crawl under way."""
    assert crawler.engine is not None
    turns: HostThrottle = crawler.engine.downloader.turns  # type: ignore[attr-defined]
    return turns


class ThrottledHandler(HTTP11DownloadHandler):
    """What puts a download handler behind the host's turn; for Scrapy's own and the browser's."""

    def __init__(self, crawler: Crawler) -> None:
        super().__init__(crawler)
        disable_automatic_retry(self)
        self.paced_crawler = crawler

    async def download_request(self, request: Request) -> Response:
        turns = throttle_of(self.paced_crawler)
        host = await turns.take(request)
        try:
            response = await super().download_request(request)
            wait = turns.heed(request, response)
            if wait is not None and wait.is_for_host:  # before the turn ends: who is next must know
                turns.hold(request.url, wait.seconds, f"http-{response.status}")
            return response
        finally:
            host.leave(request)
