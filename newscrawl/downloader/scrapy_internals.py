"""Everything of Scrapy and Twisted that newscrawl uses without a public API, in one place, with the reason.

`tests/downloader/test_scrapy_internals.py` fails if a Scrapy version changes one of these.
"""

from __future__ import annotations

from scrapy import Spider
from scrapy.core.downloader import Downloader
from scrapy.core.downloader.handlers.http11 import HTTP11DownloadHandler
from scrapy.core.engine import ExecutionEngine


def is_closing(engine: ExecutionEngine | None) -> bool:
    """Whether a crawl ends. No signal is sent when that begins, and requests that wait for their host hold the end up."""
    slot = engine._slot if engine is not None else None
    return engine is None or not engine.running or slot is None or slot.closing is not None


def remove_slot_delay(downloader: Downloader) -> None:
    """Let slots send at once: the host throttle keeps the delay. Their own delay would also delay the end of a crawl."""
    downloader._delay = 0.0


def disable_automatic_retry(handler: HTTP11DownloadHandler) -> None:
    """Keep Twisted from repeating a request at once when a kept connection was closed: politeness counts each request."""
    handler._pool.retryAutomatically = False


def is_scraper_idle(engine: ExecutionEngine) -> bool:
    """Whether no response is under way and none is being read."""
    slot = engine.scraper.slot
    return not engine.downloader.active and slot is not None and slot.is_idle()


def close_idle_scraper(engine: ExecutionEngine | None, spider: Spider) -> None:
    """Let a scraper end that waits for its last item.

    Scrapy checks that after a response only, and a replay has none: stopping it would wait forever.
    """
    slot = engine.scraper.slot if engine is not None else None
    if slot is not None and slot.closing is not None and not slot.closing.called and slot.is_idle():
        slot.closing.callback(spider)


class NoRefererWarning:
    """Mixin for the redirect middleware: at each start it would warn that the referer middleware is off, as it should be."""

    def _engine_started(self) -> None: ...
