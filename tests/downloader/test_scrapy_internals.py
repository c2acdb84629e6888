"""The parts of Scrapy without a public API are still there: a failure here names what a new Scrapy changed."""

from __future__ import annotations

import inspect

from scrapy.core.downloader import Downloader
from scrapy.core.downloader.handlers.http11 import HTTP11DownloadHandler
from scrapy.core.engine import ExecutionEngine
from scrapy.core.scraper import Scraper, Slot
from scrapy.downloadermiddlewares.redirect import RedirectMiddleware
from scrapy.utils.test import get_crawler
from twisted.web.client import HTTPConnectionPool

from newscrawl.downloader.scrapy_internals import (
    disable_automatic_retry,
    is_closing,
    is_scraper_idle,
    remove_slot_delay,
)


def test_an_engine_has_a_slot_that_knows_whether_it_closes() -> None:
    source = inspect.getsource(ExecutionEngine)
    assert "self._slot: _Slot | None" in source and "self._slot.closing is not None" in source
    assert is_closing(None)


def test_a_downloader_takes_its_delay_from_one_attribute() -> None:
    source = inspect.getsource(Downloader)
    assert "self._delay" in source, "remove_slot_delay has no effect any more"
    downloader = Downloader.__new__(Downloader)
    remove_slot_delay(downloader)
    assert downloader._delay == 0.0


def test_a_download_handler_has_a_connection_pool_of_twisted() -> None:
    crawler = get_crawler()
    handler = HTTP11DownloadHandler.__new__(HTTP11DownloadHandler)
    assert "self._pool: HTTPConnectionPool" in inspect.getsource(HTTP11DownloadHandler), crawler
    handler._pool = HTTPConnectionPool.__new__(HTTPConnectionPool)
    disable_automatic_retry(handler)
    assert HTTPConnectionPool.retryAutomatically is True and handler._pool.retryAutomatically is False


def test_a_scraper_has_a_slot_that_is_idle_and_closes() -> None:
    assert callable(Slot.is_idle) and "closing" in inspect.getsource(Slot.__init__)
    assert "self.slot" in inspect.getsource(Scraper.__init__) and callable(is_scraper_idle)


def test_the_redirect_middleware_warns_in_the_method_that_we_override() -> None:
    assert callable(RedirectMiddleware._engine_started) and callable(RedirectMiddleware.handle_referer)
